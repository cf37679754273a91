"""What does `verdict.json` say?  The verdict as others read it: a release, a runner, a report.

It says INCOMPLETE from the moment a run begins until its verdict replaces it, so that a run that
was killed says so.  A missing file means NO-GO to whoever reads it.  Its `seal` shows whether it
was changed since.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import os
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter, ValidationError, computed_field
from pydantic.dataclasses import dataclass

from gatepost import seal
from gatepost.causes import Cause, Found, causes
from gatepost.errors import UsageError
from gatepost.settings import Gate as GateName
from gatepost.verdict import (
    EXIT,
    SCHEMA_VERSION,
    Counts,
    MigrationFile,
    NotPlanned,
    SideInfo,
    Verdict,
    Word,
    headline,
)

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.gate import Gate

FILE = "verdict.json"
SUMMARY = "summary.md"
JUNIT = "junit.xml"
REPORT = "report.html"
ALLURE = "allure-results"

UNFINISHED = "the run has not finished"
WITHDRAWN = "a later run could not begin: what was said before it no longer counts"


@dataclass(frozen=True)
class Unasked:
    """A planned check without an answer."""

    check: str
    subject: str
    reason: str


@dataclass(frozen=True)
class Noted:
    """Something true about one check that is no finding."""

    check: str
    subject: str
    note: str


@dataclass(frozen=True)
class Sides:
    """Which databases were compared."""

    before: SideInfo | None = None
    after: SideInfo | None = None


@dataclass(frozen=True)
class Record:
    """One `verdict.json`, field by field.

    :param schema_version: grows when a field goes or means something else, not with a new one.
    :param run: the run's label.
    :param exit_status: what pytest ended with: 0 only for GO, 1 for NO-GO, 7 for INCOMPLETE, or
        pytest's own 2 to 6.
    :param remarks: how the two sides were compared, and what held reading back.
    :param rehearsal: the target was a stand-in.
    :param phase: of those in which the project migrates, the one that was asked about.
    :param migrations: the files of the project's migrations, in their order.
    :param evidence_sha256: of everything that was recorded, as canonical JSON.
    """

    schema_version: Literal[1]
    verdict: Word
    gate: GateName
    project: str
    target: str
    run: str
    started: dt.datetime
    finished: dt.datetime
    duration_s: float
    exit_status: int
    counts: Counts
    sides: Sides = Sides()
    versions: dict[str, str] = dataclasses.field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    findings: tuple[Found, ...] = ()
    not_asked: tuple[Unasked, ...] = ()
    not_planned: tuple[NotPlanned, ...] = ()
    notes: tuple[Noted, ...] = ()
    problems: tuple[str, ...] = ()
    stale_waivers: tuple[str, ...] = ()
    rehearsal: bool = False
    phase: str = ""
    migrations: tuple[MigrationFile, ...] = ()
    evidence_sha256: str = ""

    # Written, and never read: it cannot say anything but what the findings say.
    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorator of one
    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """The findings once more, what many of them say alike told once."""
        return causes(self.findings)

    @property
    def headline(self) -> str:
        """One line: the word, and how many checks stand behind it."""
        return headline(self.verdict, self.counts, self.problems)

    @property
    def blocking(self) -> tuple[Found, ...]:
        """The findings that nobody accepted."""
        return tuple(one for one in self.findings if one.waiver is None)

    @property
    def waived(self) -> tuple[Found, ...]:
        """The findings that were accepted in writing."""
        return tuple(one for one in self.findings if one.waiver is not None)


_RECORD = TypeAdapter(Record)


def write(verdict: Verdict, folder: Path, *, exit_status: int | None = None) -> Record:
    """Replace the `verdict.json` of ``folder``, whole or not at all, and return what it says.

    :param exit_status: where pytest ended with one of its own.
    """
    record = _record(verdict, verdict.exit_status if exit_status is None else exit_status)
    _replace(record, folder)
    return record


def begin(gate: Gate) -> None:
    """Write INCOMPLETE and take away what an earlier run left in the gate's folder.

    :raises UsageError: the folder holds Allure results that are not ours.
    """
    _clear_views(gate.out)
    planned = len(gate.plan)
    record = Record(
        schema_version=SCHEMA_VERSION,
        verdict="INCOMPLETE",
        gate=gate.name,
        project=gate.settings.project.name,
        target=gate.settings.target_name,
        run=gate.label,
        started=gate.started,
        finished=gate.started,
        duration_s=0.0,
        exit_status=EXIT["INCOMPLETE"],
        counts=Counts(planned, 0, 0, 0, 0, not_asked=planned),
        sides=Sides(gate.before, gate.after),
        not_planned=gate.not_planned,
        rehearsal=gate.settings.rehearsal,
        phase=gate.settings.phase,
        problems=(UNFINISHED,),
    )
    _replace(record, gate.out)


def withdraw(folder: Path) -> None:
    """Make an earlier verdict in ``folder`` INCOMPLETE, because the run after it cannot begin.

    One that cannot be read is removed: a missing file says NO-GO.  Without any it does nothing.
    """
    file = folder / FILE
    if not file.exists():
        return
    _clear_views(folder)
    try:
        earlier = read(file)
    except UsageError:
        file.unlink()
        return
    withdrawn = dataclasses.replace(
        earlier,
        verdict="INCOMPLETE",
        exit_status=EXIT["INCOMPLETE"],
        counts=Counts(earlier.counts.planned, 0, 0, 0, 0, not_asked=earlier.counts.planned),
        findings=(),
        not_asked=(),
        notes=(),
        problems=(WITHDRAWN,),
        stale_waivers=(),
        evidence_sha256="",
    )
    _replace(withdrawn, folder)


def read(path: Path) -> Record:
    """Return what a `verdict.json` says.

    :param path: the file, or the folder it lies in.
    :raises UsageError: it is missing, garbled, or of a version that we do not know.  Whoever
        asks for a verdict must take each of them for a NO-GO.
    """
    file = path / FILE if path.is_dir() else path
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"no {file.name} in {file.parent}: the gate never began",
            hint="without a verdict the answer is NO-GO",
        ) from None
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from None
    try:
        return _RECORD.validate_json(text)
    except ValidationError as error:
        raise UsageError(f"{file}: no verdict that can be read: {_fault(error)}") from None


def _fault(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]


def _record(verdict: Verdict, exit_status: int) -> Record:
    run = verdict.run
    return Record(
        schema_version=SCHEMA_VERSION,
        verdict=verdict.word,
        gate=run.gate,
        project=run.project,
        target=run.target,
        run=run.label,
        started=run.started,
        finished=run.finished,
        duration_s=round((run.finished - run.started).total_seconds(), 3),
        exit_status=exit_status,
        counts=verdict.counts,
        sides=Sides(run.before, run.after),
        versions=run.versions,
        findings=tuple(map(Found.of, verdict.findings)),
        not_asked=tuple(
            Unasked(one.check.question, one.check.subject, one.reason) for one in verdict.not_asked
        ),
        not_planned=verdict.not_planned,
        notes=tuple(Noted(check.question, check.subject, note) for check, note in verdict.notes),
        remarks=run.remarks,
        problems=verdict.problems,
        stale_waivers=verdict.stale_waivers,
        rehearsal=run.rehearsal,
        phase=run.phase,
        migrations=run.migrations,
        evidence_sha256=_digest(verdict),
    )


def _digest(verdict: Verdict) -> str:
    """Return the SHA-256 of all evidence: the same evidence in any order gives the same one."""
    kept = sorted(
        [r.check.question, r.check.subject, one.name, one.type, one.body]
        for r in verdict.results
        if r.answer
        for one in r.answer.evidence
    )
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _replace(record: Record, folder: Path) -> None:
    """Write the file so that a reader, and a machine that loses power, sees the old or the new."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{FILE}.part"
    with part.open("wb") as file:
        file.write(_text(record) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / FILE)


def _text(record: Record) -> bytes:
    plain = json.loads(_RECORD.dump_json(record, exclude_none=True))
    return json.dumps(seal.sealed(plain), ensure_ascii=False, indent=2).encode()


def _clear_views(folder: Path) -> None:
    results = folder / ALLURE
    left = [file for file in results.glob("*") if file.is_file()]
    if left and not (folder / FILE).exists():
        raise UsageError(
            f"{results} holds the results of something else",
            hint="give the gate a folder of its own",
        )
    for file in (*left, folder / REPORT, folder / SUMMARY, folder / JUNIT):
        file.unlink(missing_ok=True)
