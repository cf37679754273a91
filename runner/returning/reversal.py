"""How is a release taken back after its GO, without losing what users have written since?"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from pydantic import TypeAdapter

from gatepost import database, project_file, run_file
from gatepost.errors import UsageError
from gatepost.settings import Settings

from .. import failpoints, run
from ..outcome import Exit, Interrupted, NoGo
from ..programs.signals import Signals
from ..record import history, lock
from ..record.history import History
from ..record.ledger import Ledger, told
from ..servers import databases, fence, labels, writes
from ..servers.labels import Names
from ..servers.writes import Writes
from ..steps import back

if TYPE_CHECKING:
    from gatepost.database import Connection

    from ..migration import Migration
    from ..screen.terminal import Terminal
    from ..servers.databases import Database
    from ..steps.step import Step


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for.

    :param project: the folder of the `gatepost.toml`.
    :param label: of the run to take back; empty for the one that is live.
    :param lose_writes: how many writes to the new database may be lost.
    """

    project: Path
    target: str
    source: str = ""
    label: str = ""
    lose_writes: int = 0


@dataclass(frozen=True)
class Found:
    """What there is to take back.

    :param interrupted: an earlier rollback has swapped already, and did not come to its end.
    :param writes: to the new database since the swap, so far; None where it is closed.
    """

    settings: Settings
    history: History
    names: Names
    interrupted: bool
    writes: Writes | None


@dataclass(frozen=True)
class Outcome:
    """How a rollback ended.

    :param duration_s: from the stop hook to the old application's being up; None where it is not.
    :param lost: writes by table that are only in the database that is kept.
    """

    exit_status: int
    word: str
    label: str
    database: str
    kept_as: str
    duration_s: float | None
    limit_s: float
    lost: dict[str, int]
    faults: tuple[str, ...]


_OUTCOME = TypeAdapter(Outcome)
_WORDS = {
    Exit.ROLLED_BACK: "ROLLED BACK",
    Exit.ROLLBACK_FAILED: "ROLLBACK FAILED",
    Exit.REFUSED: run_file.REFUSED,
}


def look(wanted: Wanted, conn: Connection | None = None) -> Found:
    """Return what there is to take back; nothing is written.

    :param conn: a maintenance connection to the target's server; one is made where none is given.
    :raises NoGo: there is nothing that could be taken back, or nobody could say what it was.
    """
    settings = project_file.load(wanted.project, wanted.target, wanted.source)
    maintenance = databases.maintenance(settings.after)
    if conn is None:
        with contextlib.closing(database.read_only(maintenance, label="rollback")) as looking:
            return _found(settings, looking, wanted.label)
    return _found(settings, conn, wanted.label)


def steps(found: Found, accepted: int) -> tuple[Step, ...]:
    """Return what will be done, in order."""
    known = back.Known(accepted)
    plan = found.history.begun.plan(found.settings, "", "")
    todo: tuple[Step, ...] = (
        back.Prove(known),
        back.ProveFiles(),
        back.StopNew(),
        back.Count(known),
        back.SwapBack(),
        back.Verify(known),
        # What was taken then is in the run's note, whatever the project declares today.
        *([back.LiftFence()] if fence.is_up(found.history.folder) else []),
        back.StartOld(),
    )
    if found.interrupted:
        # What is swapped was proved and counted; Verify reads all of it, since that is forgotten.
        behind = (back.Prove, back.ProveFiles, back.StopNew, back.Count)
        todo = tuple(step for step in todo if not isinstance(step, behind))
    return tuple(step for step in todo if step.applies(plan))


def execute(wanted: Wanted, terminal: Terminal) -> Outcome:
    """Roll back, and return how it ended; refusals are in the outcome, too.

    :raises Locked: a run is under way; nothing was changed.
    :raises GatepostError: it could not begin; nothing was changed.
    """
    settings = project_file.load(wanted.project, wanted.target, wanted.source)
    maintenance = databases.maintenance(settings.after)
    with contextlib.closing(database.read_only(maintenance, label="rollback")) as conn:
        system = lock.identity(conn).system_identifier
    number = lock.key(system, settings.after.dbname)
    work = settings.path(settings.project.migrate.work)
    with lock.held(work, maintenance, number) as held, Signals().heeded() as signals:
        found = look(wanted, held.connection)
        if found.writes is not None:
            back.refuse(found.writes, wanted.lose_writes)
        plan = found.history.begun.plan(settings, wanted.target, wanted.source)
        made = run.made(plan, found.names, held, terminal)
        with contextlib.closing(made.journal), made.held:
            return _carry_out(made, steps(found, wanted.lose_writes), signals)


def _carry_out(made: Migration, todo: tuple[Step, ...], signals: Signals) -> Outcome:
    failpoint = failpoints.given(os.environ, [step.name for step in todo])
    ledger = Ledger(todo, made.journal, made.terminal, failpoint)
    reached: list[Step] = []
    faults: list[str] = []
    status = Exit.ROLLED_BACK
    for step in todo:
        signals.deaf = signals.deaf or step.stage != "preflight"
        reached.append(step)
        try:
            if step.stage == "cut":
                made.lock.regain()  # nobody else could begin anything sensible now
            lock.still_held(made.connection)
            ledger.do(step, made)
        except (Exception, Interrupted) as error:  # noqa: BLE001 - each has a way out
            faults.append(f"{step.name}: {told(error)}")
            if step.stage != "cut":
                status = _give_up(made, ledger, reached, faults)
                break
            # What is swapped stays swapped, and an application that can be started again is.
            status = Exit.ROLLBACK_FAILED
    return _ended(made, status, todo, faults)


def _give_up(made: Migration, ledger: Ledger, reached: list[Step], faults: list[str]) -> Exit:
    """Leave the new system as it was, unless the old database has its name again already."""
    try:
        made.lock.regain()
        if _kept(made):
            return Exit.ROLLBACK_FAILED
        for step in reversed(reached):
            if step.found(made):
                ledger.undo(step, made)
    except Exception as error:  # noqa: BLE001 - whatever it is, a person must look
        faults.append(f"the new system is not as it was: {told(error)}")
        return Exit.ROLLBACK_FAILED
    return Exit.REFUSED


def _kept(made: Migration) -> str:
    """Return what the new database is called once it was taken away; empty before that."""
    there = databases.beside(made.connection, made.names.live)
    return made.names.failed if made.names.failed in there else ""


def _ended(made: Migration, status: Exit, todo: tuple[Step, ...], faults: list[str]) -> Outcome:
    counting = next((step for step in todo if isinstance(step, back.Count)), None)
    lost = counting.lost if counting else None
    kept = ""
    with contextlib.suppress(psycopg.Error):  # a server that is gone is among the faults
        kept = _kept(made)
    outcome = Outcome(
        exit_status=int(status),
        word=_WORDS[status],
        label=made.label,
        database=made.names.live,
        kept_as=kept,
        duration_s=None if made.downtime is None else round(made.downtime, 3),
        limit_s=made.plan.settings.project.limits.rollback,
        lost=dict(lost.tables) if lost and status is not Exit.REFUSED else {},
        faults=tuple(faults),
    )
    made.journal.note("rollback", outcome.word, "; ".join(faults), status=int(status))
    with contextlib.suppress(OSError):  # the databases and the journal say it too
        (made.folder / run_file.ROLLBACK).write_text(as_json(outcome) + "\n", encoding="utf-8")
    return outcome


def as_json(outcome: Outcome) -> str:
    """Return the outcome for a program."""
    return _OUTCOME.dump_json(outcome, indent=2).decode()


def _found(settings: Settings, conn: Connection, wanted: str) -> Found:
    name = settings.after.dbname
    beside = databases.beside(conn, name)
    maintenance = databases.maintenance(settings.after)
    target = (lock.identity(conn).system_identifier, name)
    work = settings.path(settings.project.migrate.work)
    runs = {one.label: one for one in history.of(work, maintenance, target)}
    label, interrupted = _label(beside, name, wanted, runs)
    if label not in runs:
        raise NoGo(
            f"the folder of run {label} is not in {work}: nobody could say what was there",
            hint="roll back where the run was started, with its folder",
        )
    names = Names(name, label)
    is_first = settings.to_be_staged and runs[label].begun.survey.old is None
    if not interrupted and names.old not in beside and not is_first:
        gone = runs[label].begun.survey.old is not None
        raise NoGo(
            f"there is no old database to go back to: {names.old} "
            + ("was dropped" if gone else f"never was: {name} was made by run {label}")
        )
    counted = None if interrupted else _writes(settings, beside[name], work / label)
    return Found(settings, runs[label], names, interrupted, counted)


def _label(
    beside: dict[str, Database], name: str, wanted: str, runs: dict[str, History]
) -> tuple[str, bool]:
    """Return the run to take back, and whether that was begun already.

    :raises NoGo: the live database is not of a run that came to GO, or not of the one wanted.
    """
    live = beside.get(name)
    for label in sorted(runs, reverse=True):
        names, old = Names(name, label), runs[label].begun.survey.old
        # Only if what is live is still what that rollback has put there; of files, nothing.
        same = live.comment == old.comment if live and old else live is old
        is_back = names.failed in beside and same
        if is_back and wanted in ("", label) and not _is_over(runs[label]):
            return label, True
    mark = labels.read(live.comment) if live else None
    if mark is not None and mark.role == "swapped":
        raise NoGo(f"run {mark.label} came to no GO", hint="gatepost abort takes it back")
    if mark is None or mark.role != "live":
        raise NoGo(f"{name} is not what a run of ours made it: there is nothing to take back")
    if wanted not in ("", mark.label):
        raise NoGo(
            f"{name} is what run {mark.label} made it, not run {wanted}",
            hint="only the last one can be taken back; then the one before",
        )
    return mark.label, False


def _is_over(one: History) -> bool:
    ends = [line for line in one.lines if line.event == "rollback"]
    return bool(ends) and ends[-1].more.get("status") == Exit.ROLLED_BACK


def _writes(settings: Settings, live: Database, folder: Path) -> Writes | None:
    """Return what was written since the swap, so far; None where nobody can get in, or look.

    Whoever keeps others out of a table is sent away before it is counted in earnest.
    """
    try:
        was = writes.read(folder / writes.FILE)
    except UsageError as error:
        raise NoGo(error.message) from None
    if not live.allows_connections:
        return None
    patience = f"{settings.project.migrate.lock_timeout:g}s"
    with contextlib.closing(database.maintenance(settings.after, label="counts")) as conn:
        conn.execute("select pg_catalog.set_config('lock_timeout', %s, false)", (patience,))
        try:
            return writes.between(was, writes.count(conn))
        except psycopg.errors.LockNotAvailable:
            return None
