"""What does a gate say?  A child process asks; the answer is its `verdict.json`, nothing else."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import rooms, verdict_file
from gatepost.dsn import Dsn
from gatepost.errors import ToolFailed, UsageError
from gatepost.run_file import GateRun
from gatepost.settings import Gate
from gatepost.verdict import told

from .outcome import NoGo
from .programs import children
from .programs.children import Command

if TYPE_CHECKING:
    from gatepost.verdict_file import Record

    from .migration import Migration

CHANGED = "changed"  # below a run's folder: what the gate is told of a change in place
_SHOWN = 10  # findings
_WORTH_WORKERS = 256 * 1024 * 1024  # bytes of a source: below it workers cost more than they save
_PERCENT = re.compile(rb"\[ *(\d+)%\]")
_TAIL = 400  # bytes of output in which the last percentage stands


@dataclass(frozen=True)
class Asked:
    """What a gate is asked about.

    :param database: what stands for the target's own, for the data gate.
    :param against: what stands for the source, where nobody else writes and no snapshot is held.
    :param folder: below the run's, for its verdict; the gate's own name by default.
    :param facts: what was handed over for this gate alone, where ``against`` stands for the source.
    """

    gate: Gate
    database: str = ""
    against: Dsn | None = None
    folder: str = ""
    facts: Path | None = None

    @property
    def place(self) -> str:
        """The folder, below the run's."""
        return self.folder or self.gate


def ask(run: Migration, gate: Gate, *, database: str = "") -> str:
    """Ask a gate; return its headline if it is a GO: `answer`, for the usual cases."""
    return answer(run, Asked(gate, database))


def answer(run: Migration, asked: Asked) -> str:
    """Ask a gate; return its headline if it is a GO.

    :raises NoGo: it said no.
    :raises ToolFailed: it did not say: incomplete, unreadable, of another run, or a GO of a
        process that failed.
    """
    gate, folder = asked.gate, run.folder / asked.place
    folder.mkdir(exist_ok=True)
    against = {"GATEPOST_SOURCE": asked.against.raw} if asked.against else {}
    command = Command(
        f"{gate} gate",
        _arguments(run, asked, folder),
        folder / "output.txt",
        environment=run.plan.environment | against,
        cwd=rooms.start_folder(),
    )

    def watch() -> None:
        if percentage := _percentage(command.output):
            run.terminal.advance(percentage, 100, "percent")

    (status,) = children.run(command, watch=watch)
    record = _read(run, asked, folder)
    run.gates.append(GateRun(gate, asked.place, record.verdict))
    _show(run, record)
    if record.verdict == "NO-GO":
        raise NoGo(f"the {gate} gate said no: {record.headline}")
    if record.verdict != "GO" or status:
        raise ToolFailed(f"the {gate} gate did not answer: {record.headline} (status {status})")
    return record.headline


def _arguments(run: Migration, asked: Asked, folder: Path) -> tuple[str, ...]:
    gate = asked.gate
    given = [sys.executable, "-m", "pytest", *rooms.checks(), *run.plan.arguments]
    given += [f"--gate={gate}", f"--gatepost-out={folder}", f"--gatepost-run={run.label}"]
    # What the pre gate reads is older than the snapshot, and not shared.
    if gate != "pre" and asked.against is None:
        given += [f"--gatepost-before-snapshot={run.snapshot}", f"--gatepost-facts={run.facts}"]
    elif gate == "app":  # what the run has measured is handed over there
        given.append(f"--gatepost-facts={run.facts}")
    elif asked.facts:
        given.append(f"--gatepost-facts={asked.facts}")
    if phase := run.plan.settings.phase:
        given.append(f"--gatepost-phase={phase}")
    if asked.database:
        given.append(f"--gatepost-database={asked.database}")
    if run.plan.settings.in_place:
        given.append("--gatepost-in-place")
    if run.plan.rehearsal:
        given.append("--gatepost-rehearsal")
    jobs = run.plan.settings.project.migrate.jobs
    if gate == "data" and jobs > 1 and run.plan.survey.source_bytes > _WORTH_WORKERS:
        given += ["-n", str(jobs)]
    return (*given, "--gatepost-no-report", "-q", "-p", "no:cacheprovider")


def _read(run: Migration, asked: Asked, folder: Path) -> Record:
    gate = asked.gate
    try:
        record = verdict_file.read(folder / verdict_file.FILE)
    except UsageError as error:
        run.gates.append(GateRun(gate, asked.place, "INCOMPLETE"))
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


def _percentage(output: Path) -> int:
    with output.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        found = _PERCENT.findall(file.read())
    return int(found[-1]) if found else 0
