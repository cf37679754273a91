"""What does a gate say?  A child process asks; the answer is its `verdict.json`, nothing else."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from gatepost import rooms, verdict_file
from gatepost.errors import ToolFailed, UsageError
from gatepost.run_file import GateRun
from gatepost.verdict import told

from . import children
from .children import Command
from .outcome import NoGo

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.settings import Gate
    from gatepost.verdict_file import Record

    from .migration import Migration

_SHOWN = 10  # findings
_WORTH_WORKERS = 256 * 1024 * 1024  # bytes of a source: below it workers cost more than they save
_PERCENT = re.compile(rb"\[ *(\d+%)\]")
_TAIL = 400  # bytes of output in which the last percentage stands


def ask(run: Migration, gate: Gate, *, database: str = "") -> str:
    """Ask a gate; return its headline if it is a GO.

    :param database: what stands for the target's own, for the data gate.
    :raises NoGo: it said no.
    :raises ToolFailed: it did not say: incomplete, unreadable, of another run, or a GO of a
        process that failed.
    """
    folder = run.folder / gate
    folder.mkdir(exist_ok=True)
    command = Command(
        f"{gate} gate",
        _arguments(run, gate, folder, database),
        folder / "output.txt",
        environment=run.plan.environment,
        cwd=rooms.start_folder(),
    )

    def watch() -> None:
        run.terminal.progress(f"{gate} gate", _percentage(command.output))

    (status,) = children.run(command, watch=watch)
    record = _read(run, gate, folder)
    run.gates.append(GateRun(gate, gate, record.verdict))
    _show(run, record)
    if record.verdict == "NO-GO":
        raise NoGo(f"the {gate} gate said no: {record.headline}")
    if record.verdict != "GO" or status:
        raise ToolFailed(f"the {gate} gate did not answer: {record.headline} (status {status})")
    return record.headline


def _arguments(run: Migration, gate: Gate, folder: Path, database: str) -> tuple[str, ...]:
    given = [sys.executable, "-m", "pytest", *rooms.checks(), *run.plan.arguments]
    given += [f"--gate={gate}", f"--gatepost-out={folder}", f"--gatepost-run={run.label}"]
    if gate != "pre":  # what the pre gate reads is older than the snapshot, and not shared
        given += [f"--gatepost-before-snapshot={run.snapshot}", f"--gatepost-facts={run.facts}"]
    if database:
        given.append(f"--gatepost-database={database}")
    jobs = run.plan.settings.project.migrate.jobs
    if gate == "data" and jobs > 1 and run.plan.survey.source_bytes > _WORTH_WORKERS:
        given += ["-n", str(jobs)]
    return (*given, "--gatepost-no-report", "-q", "-p", "no:cacheprovider")


def _read(run: Migration, gate: Gate, folder: Path) -> Record:
    try:
        record = verdict_file.read(folder / verdict_file.FILE)
    except UsageError as error:
        run.gates.append(GateRun(gate, gate, "INCOMPLETE"))
        words = (folder / "output.txt").read_text(encoding="utf-8", errors="replace").strip()
        last = words.splitlines()[-1] if words else "it said nothing"
        raise ToolFailed(f"the {gate} gate left no verdict: {error.message}: {last}") from None
    if (record.run, record.gate) != (run.label, gate):
        raise ToolFailed(f"the {gate} gate's verdict is of run {record.run}, gate {record.gate}")
    return record


def _show(run: Migration, record: Record) -> None:
    found = [told(one.check, one.subject, _first(one.message)) for one in record.blocking]
    found += [
        told(one.check, one.subject, f"not asked: {_first(one.reason)}") for one in record.not_asked
    ]
    found += [_first(problem) for problem in record.problems]
    for line in found[:_SHOWN]:
        run.terminal.keep(line)
    if len(found) > _SHOWN:
        run.terminal.keep(f"… and {len(found) - _SHOWN} more in {record.gate}/")


def _first(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else ""


def _percentage(output: Path) -> str:
    with output.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        found = _PERCENT.findall(file.read())
    return found[-1].decode() if found else ""
