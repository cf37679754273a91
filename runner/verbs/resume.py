"""How does a run that stopped half-way go on?"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from gatepost import run_file

from .. import measuring, plan, run
from ..outcome import Exit
from ..programs.signals import Signals
from ..record import lock, state
from ..record.state import Kind
from ..returning import recovery
from ..returning.recovery import Given
from . import abort
from .verb import Verb, add_phase

if TYPE_CHECKING:
    import argparse

    from gatepost.run_file import Run

    from ..plan import Plan
    from ..record.state import State
    from ..screen.terminal import Terminal


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--execute", action="store_true", help="do it")
    add_phase(parser)
    parser.add_argument(
        "--no-report", action="store_true", help="leave the HTML report to `gatepost.reports RUN`"
    )


def _resume(given: argparse.Namespace, terminal: Terminal) -> int:
    made = plan.make(given.project.resolve(), given.target, given.source, given.phase)
    found = state.look(made.settings)
    if found.kind is Kind.RUNNING:
        raise lock.Locked(f"another run is under way for this target: {found.holder}")
    if not (found.unfinished or found.unsaid):
        return _nothing(found, terminal)
    if not found.abortable:
        state.refuse(found)
    if found.history is not None:
        found.history.begun.refuse_another(made)
    _tell(found, terminal, as_json=given.json and not given.execute)
    if not given.execute:
        terminal.say("nothing was touched; add --execute to do it")
        return Exit.GO
    caller = Given(made.settings, given.target, given.source, os.environ)
    ended = _resumed(made, found, caller, terminal)
    if ended.exit_status == Exit.ROLLED_BACK and not found.swapped:
        again = plan.make(given.project.resolve(), given.target, given.source, given.phase)
        ended, _ = run.execute(again, terminal, report=not given.no_report)
    terminal.say()
    terminal.say(f"{ended.word}: {ended.meaning}")
    measuring.tell(ended.measured, made.settings.project.limits, terminal)
    if given.json:
        sys.stdout.write(f"{run_file.as_json(ended)}\n")
    return ended.exit_status


def _nothing(found: State, terminal: Terminal) -> Exit:
    """Say that no run is there to go on with; only of one that came to GO is that a GO."""
    if found.kind is Kind.GO:
        terminal.say(f"nothing to resume: run {found.label} is a GO")
        return Exit.GO
    terminal.say("nothing to resume: no run stopped half-way; gatepost migrate begins one")
    return Exit.INCONCLUSIVE


def _resumed(made: Plan, found: State, caller: Given, terminal: Terminal) -> Run:
    """Take the run on where it had swapped, and back where it had not."""
    number = lock.key(found.system_identifier, found.name)
    with (
        lock.held(made.work, found.maintenance, number) as held,
        Signals().heeded() as signals,
    ):
        found = state.look(made.settings, held.connection)
        if found.swapped or found.unsaid:
            return recovery.go_on(found, caller, held, terminal, signals)
        signals.deaf = True
        return recovery.take_back(found, caller, held, terminal, as_it_is=False)


def _tell(found: State, terminal: Terminal, *, as_json: bool) -> None:
    if found.unsaid:
        terminal.say(f"run {found.label} is a GO; its journal and run.json are completed", "bold")
    elif found.swapped:
        terminal.say(f"{found.kind}: {found.found}", "bold")
        terminal.say("  go on after the swap: start the application, ask the app gate, mark the GO")
    else:
        abort.tell(found, terminal, as_json=as_json)
        terminal.say("  then begin again, as gatepost migrate does")


VERB = Verb(
    "resume",
    help="go on with a run that stopped half-way, or begin it again",
    description="After the swap: goes on to GO. Before it: takes back what was left, as abort does,"
    " and begins again. Refused with another configuration than the run had.",
    examples=(
        "gatepost resume --target=prod                  say what would be done",
        "gatepost resume --target=prod --execute        do it",
    ),
    arguments=_arguments,
    act=_resume,
)
