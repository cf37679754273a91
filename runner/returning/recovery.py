"""How is a run that died taken back, or on, by another process?

What it left is looked for where it would be: in the databases, on the disk, among the sessions.
Its journal says with what it began and which steps it had come to; without a journal, the marks of
the databases have to do.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import psycopg

from gatepost import database, tools, verdict_file
from gatepost.errors import GatepostError, UsageError
from gatepost.run_file import GateRun
from gatepost.settings import Settings
from gatepost.wording import counted

from .. import failpoints, measuring, run, steps
from ..outcome import Exit
from ..plan import Plan
from ..record.ledger import Ledger, told
from ..servers import backends, fence, labels, previous, quiet, staging, survey
from ..servers.labels import Names
from . import rollback

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.run_file import Run

    from ..migration import Migration
    from ..programs.signals import Signals
    from ..record.lock import Lock
    from ..record.state import State
    from ..screen.terminal import Terminal
    from ..servers.databases import Database
    from ..steps.step import Step

_WAITED = 2.0  # seconds for sessions that end by themselves once their client is gone
_PAUSE = 0.1
# The steps that leave the mark `swapped`, of a swap and of a change in place: after them the live
# database is the new one.
_CUTS = ("swap", "change gate")


@dataclasses.dataclass(frozen=True)
class Given:
    """What the caller said: which target, and from where."""

    settings: Settings
    target: str
    source: str
    environ: Mapping[str, str]


def would_take_back(state: State) -> list[str]:
    """Return in words what taking a run back would do, in order."""
    names = Names(state.name, state.label)
    said = [f"end {what} of the run" for what in living(state)]
    reached = {step.name for step in _reached(state)}
    if state.swapped or state.changing:
        old = f" and {names.old} to {state.name}" if names.old in state.beside else ""
        said.append(f"rename {state.name} to {names.next}{old}")
    said += [
        f"drop {name}"
        for name in (*state.left, *([names.next] * (state.swapped or state.changing)))
    ]
    if state.live is not None and not (state.live.allows_connections or state.swapped):
        said.append(f"open {state.name} to sessions")
    if "fence" in reached:
        said.append("take down the fence, as its note says")
    if "stop" in reached:
        said.append("start the old application, if it is down")
    return [*said, f"make sure that {state.name} is what it was before the run"]


def living(state: State) -> list[str]:
    """Return in words what of the run still lives."""
    processes, sessions = len(state.processes), len(state.sessions)
    said = [_processes(processes)] * bool(processes)
    return said + [counted(sessions, "session")] * bool(sessions)


def _processes(number: int) -> str:
    return f"{number:,} process" if number == 1 else f"{number:,} processes"


def take_back(state: State, given: Given, held: Lock, terminal: Terminal, *, as_it_is: bool) -> Run:
    """Take back whatever a run has left, verify, and return how it ended.

    May be repeated, and begun from any point.

    :param as_it_is: leave out what the old database held: a person has looked.
    """
    end_what_lives(state, given, held, terminal)
    there = _again(state, given, held, terminal)
    reached = [
        step
        for step in _steps(there.plan, state)
        if step in _reached(state) and not (as_it_is and step.name == "old facts")
    ]
    with contextlib.closing(there.journal), there.held, backends.marked(there.label):
        ledger = _ledger(there, state, given)
        back = rollback.go_back(there, ledger, reached) or "verified"
        if state.history is None and _is_in_doubt(there):
            back = "failed"
        for part in there.folder.rglob("*.part"):
            part.unlink(missing_ok=True)
        measuring.end(there, went_back=True)
        status = Exit.ROLLED_BACK if back == "verified" else Exit.ROLLBACK_FAILED
        return run.conclude(there, ledger, status, back)


def go_on(state: State, given: Given, held: Lock, terminal: Terminal, signals: Signals) -> Run:
    """Do what is left to do after the swap, and return how it ended.

    :param state: swapped, or GO without the line that says so.
    :raises NoGo: the source was written to meanwhile; nothing was done.
    """
    end_what_lives(state, given, held, terminal)
    there = _again(state, given, held, terminal)
    done, todo = _divided(there, state)
    with contextlib.closing(there.journal), there.held, backends.marked(there.label):
        ledger = _ledger(there, state, given)
        if state.swapped:
            quiet.prove_again(there)
        _repair(there, state, ledger)
        if not todo:
            return run.conclude(there, ledger, Exit.GO, None)
        return run.carry_out(there, ledger, signals, todo, done)


def end_what_lives(state: State, given: Given, held: Lock, terminal: Terminal) -> None:
    """End the processes and sessions of a run that died, on this machine and on both servers.

    :raises ToolFailed: some do not end: nothing may be undone beside them.
    """
    ended = backends.end_processes(state.label)
    # Most see by themselves that their client is gone.
    deadline = time.monotonic() + _WAITED
    while backends.sessions(held.connection, state.label) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    sessions = backends.end_sessions(held.connection, state.label)
    if given.settings.to_be_staged:
        work = given.settings.path(given.settings.project.migrate.work)
        if staging.remove_left(given.settings, work):
            terminal.say("  what was staged of the files is dropped")
    else:
        sessions += _end_on_the_source(state, given, terminal)
    if ended or sessions:
        what = f"{_processes(ended)}, {counted(sessions, 'session')}"
        terminal.say(f"  ended what still lived of the run: {what}")


def _end_on_the_source(state: State, given: Given, terminal: Terminal) -> int:
    try:
        source = database.maintenance(given.settings.before, label="abort")
    except GatepostError as error:
        # They only read there; what must be undone on the source will say so itself.
        terminal.say(f"  the source cannot be asked for sessions: {error.message}", "yellow")
        return 0
    with contextlib.closing(source):
        return backends.end_sessions(source, state.label)


def _again(state: State, given: Given, held: Lock, terminal: Terminal) -> Migration:
    """Return the run as its own process held it, as far as that is known."""
    plan = _plan(state, given)
    names = Names(state.name, state.label)
    (plan.work / state.label).mkdir(mode=0o700, parents=True, exist_ok=True)
    there = run.made(plan, names, held, terminal)
    there.recovering = True
    history = state.history
    if history is None:
        terminal.say(f"  no journal of run {state.label} here: going by the databases", "yellow")
        there.stopped = time.monotonic() if there.hooks.has("stop") else None
        return there
    now = dt.datetime.now(dt.UTC)
    there.started = history.begun.at
    there.began = time.monotonic() - (now - history.begun.at).total_seconds()
    if history.stopped_at is not None and there.hooks.has("stop"):
        there.stopped = time.monotonic() - (now - history.stopped_at).total_seconds()
    if not history.facts_verified:
        with contextlib.suppress(UsageError):
            there.fingerprint = previous.read(history.folder)
    there.gates += _gates(there)
    return there


def _plan(state: State, given: Given) -> Plan:
    if state.history is not None:
        return state.history.begun.plan(given.settings, given.target, given.source)
    names = Names(state.name, state.label)
    beside = {name: one for name, one in state.beside.items() if name not in state.left}
    beside.pop(names.next, None)
    beside.pop(names.old, None)
    beside.pop(names.live, None)
    was = _old(state, names)
    seen = survey.look(given.settings)
    return Plan(
        settings=given.settings,
        survey=dataclasses.replace(seen, beside=beside | ({was.name: was} if was else {})),
        tools=tools.choose(
            seen.source.major, seen.target.major, given.settings.project.migrate.pg_bin
        ),
        names=names,
        given_target=given.target,
        given_source=given.source,
    )


def _old(state: State, names: Names) -> Database | None:
    """Return what the live database was before the run, going by the marks alone."""
    if state.changing:
        was = labels.unmarked(state.live.comment) if state.live else ""
        return state.live and dataclasses.replace(state.live, allows_connections=True, comment=was)
    if not state.swapped:
        return state.live and dataclasses.replace(state.live, allows_connections=True)
    kept = state.beside.get(names.old)
    return kept and dataclasses.replace(
        kept, name=names.live, allows_connections=True, comment=labels.unmarked(kept.comment)
    )


def _reached(state: State) -> Sequence[Step]:
    """Return the steps whose work may be there; without a journal, all that could have left any."""
    if state.history is not None:
        return state.history.reached
    if state.swapped:
        return steps.ALL
    return [step for step in steps.ALL if step.stage != "cut" or step.name in ("swap", "change")]


def _steps(plan: Plan, state: State) -> tuple[Step, ...]:
    """Return the steps that the run would have today, and those that it had."""
    now, had = steps.of(plan), state.history.reached if state.history else ()
    return tuple(step for step in steps.ALL if step in now or step in had)


def _is_in_doubt(there: Migration) -> bool:
    """Say what a fence may have taken whose note is gone with the run's folder, if it may have."""
    settings, name = there.plan.settings, there.plan.survey.origin.name
    if settings.to_be_staged or not fence.is_declared(settings.project.fence):
        return False
    try:
        with contextlib.closing(database.read_only(settings.before, label="abort")) as conn:
            doubts = fence.in_doubt(conn, name, settings.project.fence)
    except (GatepostError, psycopg.Error) as error:
        doubts = (told(error),)
    for doubt in doubts:
        said = f"a fence may be up, and nobody here knows what there was before it: {doubt}"
        there.journal.note("failed", "fence", said)
        there.terminal.say(f"  rollback: {said}", "red")
    return bool(doubts)


def _divided(there: Migration, state: State) -> tuple[list[Step], list[Step]]:
    """Return the steps up to the cut, and those after it; none of these after a GO."""
    all_ = steps.of(there.plan)
    at = next(number for number, step in enumerate(all_, 1) if step.name in _CUTS)
    return list(all_[:at]), list(all_[at:]) if state.swapped else []


def _ledger(there: Migration, state: State, given: Given) -> Ledger:
    all_ = _steps(there.plan, state)
    failpoint = failpoints.given(given.environ, [step.name for step in all_])
    ledger = Ledger(all_, there.journal, there.terminal, failpoint)
    if state.history is not None:
        ledger.recall(state.history.lines)
    return ledger


def _repair(there: Migration, state: State, ledger: Ledger) -> None:
    """Say in the journal what the databases say: committed, and then killed before the line."""
    known = state.history.done if state.history else frozenset()
    before, _ = _divided(there, state)
    found = [before[-1].name, *(["go"] if not state.swapped else [])]
    for name in found:
        if name not in known:
            detail = "found done by its mark in the database"
            there.journal.write("done", name, detail)
            ledger.found_done(name, detail)


def _gates(there: Migration) -> list[GateRun]:
    """Return what the gates of the run had said before it died."""
    found = []
    for gate in ("pre", "trial", "data"):
        with contextlib.suppress(UsageError):
            record = verdict_file.read(there.folder / gate / verdict_file.FILE)
            found.append(GateRun(record.gate, gate, record.verdict))
    return found
