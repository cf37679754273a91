"""How is a plan carried out?  Step by step, and back the same way."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import os
import sys
import time
import traceback
from typing import TYPE_CHECKING

import psycopg

from gatepost import rooms, run_file
from gatepost.errors import GatepostError, ToolFailed, UsageError
from gatepost.run_file import Run

from . import failpoints, measuring, outcome, steps
from .migration import Migration
from .outcome import WORDS, Exit, Interrupted
from .programs import changing, children
from .programs.children import Command
from .programs.hooks import Hooks
from .programs.signals import Signals
from .programs.watchman import Watchman
from .record import begun, lock, state
from .record.journal import Journal
from .record.ledger import Ledger, told
from .returning import rollback
from .servers import backends, databases, files, labels, survey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.run_file import Rollback, SourceFile

    from .outcome import Stage
    from .plan import Plan
    from .record.lock import Lock
    from .screen.terminal import Terminal
    from .steps.step import Step

LOG = "internal.log"
REPORT = "report.html"
_REPORT_TIMEOUT = 300.0


def execute(plan: Plan, terminal: Terminal, *, report: bool = True) -> tuple[Run, Path]:
    """Migrate; return how it ended and the run's folder.

    Whatever goes wrong once the folder is there is in the outcome and is not raised.

    :raises Locked: another run is under way; nothing was changed.
    :raises Unfinished: an earlier run stopped half-way; nothing was changed.
    :raises GatepostError: the run could not begin; nothing was changed.
    """
    number = lock.key(plan.survey.target.system_identifier, plan.names.live)
    failpoint = failpoints.given(os.environ, [step.name for step in steps.of(plan)])
    with (
        lock.held(plan.work, plan.survey.maintenance, number) as held,
        Signals().heeded() as signals,
    ):
        # Once more, now that nobody else can be at it: what was seen may have been another run's.
        plan = dataclasses.replace(plan, survey=survey.look(plan.settings))
        survey.refuse(plan.survey)
        state.refuse(state.look(plan.settings, held.connection))
        run, todo = _begin(plan, held, terminal), steps.of(plan)
        with contextlib.closing(run.journal), run.held, backends.marked(run.label):
            begun.note(run.journal, plan, run.label)
            ledger = Ledger(todo, run.journal, run.terminal, failpoint)
            ended = carry_out(run, ledger, signals, todo)
        if report:
            build_report(run)
        return ended, run.folder


def _begin(plan: Plan, held: Lock, terminal: Terminal) -> Migration:
    names = labels.Names(plan.names.live, labels.new(dt.datetime.now(dt.UTC)))
    (plan.work / names.label).mkdir(mode=0o700)  # all the data will be in it
    return made(plan, names, held, terminal)


def made(plan: Plan, names: labels.Names, held: Lock, terminal: Terminal) -> Migration:
    """Return the run of that label, whose folder is there."""
    folder = plan.work / names.label
    return Migration(
        plan=plan,
        names=names,
        folder=folder,
        lock=held,
        journal=Journal(folder),
        terminal=terminal,
        hooks=Hooks.of(plan, names, folder),
    )


def carry_out(
    run: Migration,
    ledger: Ledger,
    signals: Signals,
    todo: Sequence[Step],
    done: Sequence[Step] = (),
) -> Run:
    """Do the steps, or go back; return how it ended.

    :param todo: the last of them is the point of no return.
    :param done: those before them, which an earlier process of the run has done.
    """
    with contextlib.suppress(OSError):  # the journal decides whether there is a disk to work with
        run_file.write(_outcome(run, ledger, Exit.INCONCLUSIVE, None), run.folder)
    run.terminal.say(f"run {run.label}", "bold")
    reached = list(done)
    try:
        failure = _attempt(run, ledger, signals, todo, reached)
    except Interrupted as late:  # heard while another failure was being caught
        failure = late
    # A rehearsal takes the way back, too: it is part of what is rehearsed.
    returns = failure is not None or run.plan.rehearsal
    back = rollback.go_back(run, ledger, reached) if returns else None
    measuring.end(run, went_back=failure is not None)
    status = outcome.exit_status(_kind(failure), _stage(reached), back)
    if failure is not None and _is_ours(failure):
        _log(run, failure)
    return conclude(run, ledger, status, back)


def conclude(run: Migration, ledger: Ledger, status: Exit, back: Rollback | None) -> Run:
    """Write how the run ended, and return it."""
    ended = _outcome(run, ledger, status, back)
    run.journal.note("verdict", ended.word, ended.meaning, status=int(status))
    try:
        run_file.write(ended, run.folder)
    except OSError as error:
        # What lies there says INCOMPLETE; what was done to the databases is done all the same.
        run.terminal.say(f"  {run_file.FILE} cannot be written: {error.strerror}", "red")
    return ended


def _attempt(
    run: Migration, ledger: Ledger, signals: Signals, todo: Sequence[Step], reached: list[Step]
) -> BaseException | None:
    """Do the steps, and return what kept the last of them from being done."""
    *acts, last = todo
    migrate = run.plan.settings.project.migrate
    watchman = Watchman(run.lock, run.label, lambda: _servers(run), migrate.deadlines)
    try:
        with watchman.watching():
            for step in acts:
                lock.still_held(run.connection)
                reached.append(step)
                ledger.do(step, run, watchman.timing)
        signals.deaf = True  # from here on a request to end comes too late
        lock.still_held(run.connection)
        reached.append(last)
        ledger.do(last, run)
    except (Exception, Interrupted) as error:  # noqa: BLE001 - each has a way back
        signals.deaf = True
        return None if last in reached and _is_live(run) else error
    return None


def _servers(run: Migration) -> list[Dsn]:
    """Return an address on each server where the run has sessions by now, the lock's first."""
    settings = run.plan.settings
    sides = [] if settings.to_be_staged else [settings.before]
    staging = [run.staging.server] if run.staging else []
    return [run.lock.maintenance, *sides, *staging]


def _is_live(run: Migration) -> bool:
    """Whether the databases say that this run is a GO, whatever became of the line about it."""
    with contextlib.suppress(GatepostError, psycopg.Error):
        run.lock.regain()
        return state.is_live(databases.named(run.connection, run.names.live), run.label)
    return False


def _kind(failure: BaseException | None) -> BaseException | None:
    """Return the failure, what the server refused as the failed tool that it is."""
    return ToolFailed(told(failure)) if isinstance(failure, psycopg.Error) else failure


def _is_ours(failure: BaseException) -> bool:
    return not isinstance(failure, (GatepostError, psycopg.Error, Interrupted))


def _stage(reached: list[Step]) -> Stage:
    return reached[-1].stage if reached else "preflight"


def _outcome(run: Migration, ledger: Ledger, status: Exit, back: Rollback | None) -> Run:
    return Run(
        schema_version=run_file.SCHEMA_VERSION,
        word=WORDS[status],
        exit_status=status,
        meaning=outcome.meaning(status, rehearsal=run.plan.rehearsal),
        label=run.label,
        project=run.plan.settings.project.name,
        target=run.plan.settings.target_name,
        started=run.started,
        finished=dt.datetime.now(dt.UTC),
        duration_s=round(time.monotonic() - run.began, 3),
        downtime_s=_downtime(run),
        steps=ledger.records,
        gates=tuple(run.gates),
        rollback=back,
        measured=run.measured,
        before=run.plan.before(run.snapshot),
        after=run.plan.after(),
        source=_source(run),
        migrations=changing.read(run.folder),
    )


def _source(run: Migration) -> tuple[SourceFile, ...]:
    with contextlib.suppress(UsageError):  # at worst, the report does not list them
        return files.read(run.folder)
    return ()


def _downtime(run: Migration) -> float | None:
    if run.measured is not None:
        return run.measured.downtime_s
    return None if run.downtime is None else round(run.downtime, 3)


def _log(run: Migration, failure: BaseException) -> None:
    """Keep the traceback of an error of ours where a developer finds it, without a password."""
    text = "".join(traceback.format_exception(failure))
    for secret in run.plan.secrets:
        text = text.replace(secret, "****")
    with contextlib.suppress(OSError):  # a full disk may be the very error
        (run.folder / LOG).write_text(text, encoding="utf-8")


def build_report(run: Migration) -> None:
    """Have the report built; the verdict stands without it."""
    command = Command(
        "report",
        (sys.executable, "-m", rooms.module("reports"), str(run.folder)),
        run.folder / "report.txt",
        cwd=rooms.start_folder(),
    )
    try:
        with run.terminal.running("report"):
            (status,) = children.run(command, timeout=_REPORT_TIMEOUT)
        children.check(command, status)
    except GatepostError as error:
        run.terminal.say(f"  no report: {error.message}", "yellow")
