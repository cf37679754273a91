"""What does a release's page say?  `summary.md`, the verdict in at most 200 lines."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from gatepost import verdict_file
from gatepost.durations import spoken
from gatepost.wording import sized

from .terminal import side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from gatepost.causes import Cause
    from gatepost.run_file import Run, SourceFile, Step
    from gatepost.verdict_file import Record

LONGEST = 200
_CULPRITS = 8
_SIGNS = re.compile(r"([\\`*_\[\]|#])")


def write(record: Record, folder: Path) -> Path:
    """Write `summary.md` and return its path."""
    file = folder / verdict_file.SUMMARY
    file.write_text(text(record), encoding="utf-8")
    return file


def write_run(run: Run, gates: Mapping[str, Record], folder: Path) -> Path:
    """Write the `summary.md` of a whole migration and return its path.

    :param gates: their verdicts, by the names of their folders: `data`, or `trial` of a clone.
    """
    file = folder / verdict_file.SUMMARY
    file.write_text(_joined(list(_run_lines(run, gates))), encoding="utf-8")
    return file


def text(record: Record) -> str:
    """Return a verdict as Markdown: the word first, then what led to it."""
    return _joined(list(_lines(record)))


def _joined(lines: list[str]) -> str:
    if len(lines) > LONGEST:
        cut = len(lines) - LONGEST + 2
        lines = [*lines[: LONGEST - 2], "", f"… and {cut} lines more: see verdict.json"]
    return "\n".join(lines) + "\n"


def _lines(record: Record) -> Iterator[str]:
    yield f"# {_plain(record.headline)}"
    yield ""
    yield (
        f"The {record.gate} gate of **{_plain(record.project)}**, target "
        f"**{_plain(record.target)}**, began {record.started:%Y-%m-%d %H:%M:%S %Z} "
        f"and took {spoken(record.duration_s)}."
    )
    yield ""
    for name, info in (("Before", record.sides.before), ("After", record.sides.after)):
        if info is not None:
            yield f"- {name}: {_plain(side(info))}"
    c = record.counts
    yield (
        f"- Checks: {c.planned} planned, {c.passed} passed, {c.failed} failed, {c.waived} waived, "
        f"{c.not_applicable} not applicable, {c.not_asked} not asked"
    )
    yield f"- Run: {_plain(record.run)}"
    yield from (f"- {_plain(one[0].upper() + one[1:])}" for one in record.remarks)
    yield from _list("Problems of the run", [_plain(one) for one in record.problems])
    yield from _findings(record)
    yield from _waived(record)
    yield from _list("Waivers to remove", [_plain(one) for one in record.stale_waivers])
    yield from _list("Not asked", [_said(o.check, o.subject, o.reason) for o in record.not_asked])
    yield from _list(
        "Not planned", [f"`{o.question}`: {_plain(o.reason)}" for o in record.not_planned]
    )
    yield from _list("Notes", [_said(o.check, o.subject, o.note) for o in record.notes])


def _run_lines(run: Run, gates: Mapping[str, Record]) -> Iterator[str]:
    yield f"# {run.word}: {_plain(run.meaning)}"
    yield ""
    yield (
        f"The migration of **{_plain(run.project)}**, target **{_plain(run.target)}**, began "
        f"{run.started:%Y-%m-%d %H:%M:%S %Z} and took {spoken(run.duration_s)}."
    )
    yield ""
    for name, info in (("Before", run.before), ("After", run.after)):
        if info is not None:
            yield f"- {name}: {_plain(side(info))}"
    if run.downtime_s is not None:
        yield f"- Downtime: {spoken(run.downtime_s)}"
    if run.measured is not None and run.measured.canaries is not None:
        there = run.measured.canaries - len(run.measured.lost)
        yield f"- Canaries: {there} of {run.measured.canaries} acknowledged rows are there"
    if run.rollback:
        took = run.measured.rollback_s if run.measured else None
        yield f"- Rollback: {run.rollback}{f', in {spoken(took)}' if took is not None else ''}"
    yield f"- Run: {_plain(run.label)}, exit status {run.exit_status}"
    remarks = dict.fromkeys(remark for one in gates.values() for remark in one.remarks)
    yield from (f"- {_plain(one[0].upper() + one[1:])}" for one in remarks)
    yield from _list("Gates", [f"{name}: {_plain(one.headline)}" for name, one in gates.items()])
    yield from _files(run.source)
    yield from _steps(run.steps)
    for name, record in gates.items():
        yield from _list(f"Problems of the {name} gate", [_plain(one) for one in record.problems])
        yield from _findings(record, f" of the {name} gate")


def _steps(steps: Sequence[Step]) -> Iterator[str]:
    if not steps:
        return
    yield from ("", f"## Steps ({len(steps)})", "")
    yield "| step | state | took | detail |"
    yield "|---|---|---|---|"
    for one in steps:
        yield f"| {one.name} | {one.state} | {spoken(one.duration_s)} | {_plain(one.detail)} |"


def _files(source: Sequence[SourceFile]) -> Iterator[str]:
    if not source:
        return
    yield from ("", f"## Files that were migrated ({len(source)})", "")
    yield "| collection | file | records | size | sha256 |"
    yield "|---|---|---|---|---|"
    for one in source:
        name, file = _plain(one.collection), _plain(one.file)
        yield f"| {name} | {file} | {one.records:,} | {sized(one.bytes)} | {one.sha256} |"


def _findings(record: Record, of: str = "") -> Iterator[str]:
    if not record.blocking:
        return
    yield from ("", f"## Findings{of} ({len(record.blocking)})", "")
    yield "| check | subject | priority | finding |"
    yield "|---|---|---|---|"
    for one in record.causes:
        if one.waiver is None:
            subject = _plain(one.subjects[0])
            yield f"| {one.check} | {subject} | {one.priority} | {_cause(one)} |"


def _waived(record: Record) -> Iterator[str]:
    if not record.waived:
        return
    yield from ("", f"## Waived ({len(record.waived)})", "")
    yield "| check | subject | finding | accepted because | until | by |"
    yield "|---|---|---|---|---|---|"
    for one in record.causes:
        if one.waiver is not None:
            subject, reason = _plain(one.subjects[0]), _plain(one.waiver.reason)
            yield (
                f"| {one.check} | {subject} | {_cause(one)} | {reason} "
                f"| {one.waiver.until} | {_plain(one.waiver.by)} |"
            )


def _cause(one: Cause) -> str:
    lines = [*_few(one.message), *filter(None, [one.others])]
    return "<br>".join(map(_plain, lines))


def _list(title: str, texts: Sequence[str]) -> Iterator[str]:
    if texts:
        yield from ("", f"## {title} ({len(texts)})", "")
        yield from (f"- {one}" for one in texts)


def _said(check: str, subject: str, said: str) -> str:
    return f"`{check}` {_plain(subject)}: {_plain(said)}"


def _few(message: str) -> list[str]:
    lines = message.splitlines() or [""]
    more = len(lines) - _CULPRITS
    return lines if more <= 0 else [*lines[:_CULPRITS], f"… {more} more"]


def _plain(text: str) -> str:
    """Return ``text`` as one line in which Markdown and HTML mean nothing."""
    return _SIGNS.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))
