"""How is a plan carried out?  Step by step, and back the same way."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import sys
import time
import traceback
from typing import TYPE_CHECKING

import psycopg

from gatepost import rooms, run_file
from gatepost.errors import GatepostError, ToolFailed
from gatepost.run_file import Run

from . import children, labels, lock, measuring, outcome, rollback, steps, survey
from .children import Command
from .hooks import Hooks
from .journal import Journal
from .ledger import Ledger, told
from .migration import Migration
from .outcome import MEANINGS, WORDS, Exit, Interrupted
from .signals import Signals

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.run_file import Rollback

    from .outcome import Stage
    from .plan import Plan
    from .steps.step import Step
    from .terminal import Terminal

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
    with (
        lock.held(plan.work, plan.survey.maintenance, number) as connection,
        Signals().heeded() as signals,
    ):
        # Once more, now that nobody else can be at it: what was seen may have been another run's.
        plan = dataclasses.replace(plan, survey=survey.look(plan.settings))
        survey.refuse(plan.survey)
        survey.refuse_unfinished(plan.survey)
        run = _begin(plan, connection, terminal)
        with contextlib.closing(run.journal), run.held:
            ended = _carry_out(run, signals)
        if report:
            _report(run)
        return ended, run.folder


def _begin(plan: Plan, connection: Connection, terminal: Terminal) -> Migration:
    names = labels.Names(plan.names.live, labels.new(dt.datetime.now(dt.UTC)))
    folder = plan.work / names.label
    folder.mkdir(mode=0o700)  # all the data will be in it
    told_to_hooks = {
        "GATEPOST_RUN": names.label,
        "GATEPOST_RUN_FOLDER": str(folder),
        "GATEPOST_TARGET_NAME": plan.settings.target_name,
        "GATEPOST_DATABASE": names.live,
    }
    hooks = Hooks(
        plan.settings.project.migrate, folder / "hooks", plan.settings.folder, told_to_hooks
    )
    return Migration(
        plan=plan,
        names=names,
        folder=folder,
        connection=connection,
        journal=Journal(folder),
        terminal=terminal,
        hooks=hooks,
    )


def _carry_out(run: Migration, signals: Signals) -> Run:
    todo = steps.of(run.plan)
    ledger = Ledger(todo, run.journal, run.terminal)
    run_file.write(_outcome(run, ledger, Exit.INCONCLUSIVE, None), run.folder)
    run.terminal.say(f"run {run.label}", "bold")
    reached: list[Step] = []
    failure: BaseException | None = None
    try:
        for step in todo:
            lock.still_held(run.connection)
            reached.append(step)
            ledger.do(step, run)
    except (Exception, Interrupted) as error:  # noqa: BLE001 - each has a way back
        failure = error
    signals.deaf = True
    back = rollback.go_back(run, ledger, reached) if failure else None
    measuring.end(run, went_back=failure is not None)
    status = outcome.exit_status(_kind(failure), _stage(reached), back)
    if failure is not None and _is_ours(failure):
        _log(run, failure)
    ended = _outcome(run, ledger, status, back)
    run.journal.note("verdict", ended.word, ended.meaning)
    try:
        run_file.write(ended, run.folder)
    except OSError as error:
        # What lies there says INCOMPLETE; what was done to the databases is done all the same.
        run.terminal.say(f"  {run_file.FILE} cannot be written: {error.strerror}", "red")
    return ended


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
        meaning=MEANINGS[status],
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
    )


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


def _report(run: Migration) -> None:
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
