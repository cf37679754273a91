"""How does a run that stopped half-way go on?"""

from __future__ import annotations

import json
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
from .verb import Verb, add_no_report, add_phase

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from gatepost.run_file import Run

    from ..plan import Plan
    from ..record.state import State
    from ..screen.terminal import Terminal

_AFTER_THE_SWAP: tuple[str, ...] = ("start the application", "ask the app gate", "mark the GO")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--execute", action="store_true", help="do it")
    add_phase(parser)
    add_no_report(parser)


def _resume(given: argparse.Namespace, terminal: Terminal) -> int:
    made = plan.make(given.project.resolve(), given.target, given.source, given.phase)
    found = state.look(made.settings)
    if found.kind is Kind.RUNNING:
        raise lock.Locked(f"another run is under way for this target: {found.holder}")
    if not (found.unfinished or found.unsaid):
        return _nothing(found, terminal, as_json=given.json)
    if not found.abortable:
        state.refuse(found)
    if found.history is not None:
        found.history.begun.refuse_another(made)
    _tell(found, terminal, as_json=given.json and not given.execute)
    if not given.execute:
        terminal.say("nothing was touched; add --execute to do it")
        return Exit.GO
    caller = Given(made.settings, given.target, given.source, os.environ)
    ended, begins_again = resumed(made, found, caller, terminal)
    if ended is None:  # somebody has done so meanwhile
        return _nothing(state.look(made.settings), terminal, as_json=given.json)
    if begins_again:
        again = plan.make(given.project.resolve(), given.target, given.source, given.phase)
        ended, _ = run.execute(again, terminal, report=not given.no_report)
    terminal.say()
    terminal.say(f"{ended.word}: {ended.meaning}")
    measuring.tell(ended.measured, made.settings.project.limits, terminal)
    if given.json:
        sys.stdout.write(f"{run_file.as_json(ended)}\n")
    return ended.exit_status


def _nothing(found: State, terminal: Terminal, *, as_json: bool) -> Exit:
    """Say that no run is there to go on with; only of one that came to GO is that a GO."""
    gone = found.kind is Kind.GO
    why = f"run {found.label} is a GO" if gone else "no run stopped half-way"
    terminal.say(f"nothing to resume: {why}" + ("" if gone else "; gatepost migrate begins one"))
    if as_json:
        _write(found, why, ())
    return Exit.GO if gone else Exit.INCONCLUSIVE


def resumed(made: Plan, found: State, caller: Given, terminal: Terminal) -> tuple[Run | None, bool]:
    """Take the run on where it had swapped, and back where it had not.

    :return: how it ended, None where there is nothing of it any more; and whether it is to be begun
        again: it was taken back, and nobody has asked us to end meanwhile.
    """
    number = lock.key(found.system_identifier, found.name)
    with (
        lock.held(made.work, found.maintenance, number) as held,
        Signals().heeded() as signals,
    ):
        found = state.look(made.settings, held.connection)
        if found.swapped or found.unsaid:
            return recovery.go_on(found, caller, held, terminal, signals), False
        if not found.abortable:
            return None, False
        signals.deaf = True
        ended = recovery.take_back(found, caller, held, terminal, as_it_is=False)
        return ended, ended.exit_status == Exit.ROLLED_BACK and not signals.heard


def _tell(found: State, terminal: Terminal, *, as_json: bool) -> None:
    said, would = f"{found.kind}: {found.found}", _AFTER_THE_SWAP
    if found.unsaid:
        said, would = f"run {found.label} is a GO", ("complete its journal and run.json",)
    elif not found.swapped:
        would = (*recovery.would_take_back(found), "begin again, as gatepost migrate does")
    terminal.say(said, "bold")
    for number, line in enumerate(would, 1):
        terminal.say(f"  {number:2}. {line}")
    if as_json:
        _write(found, said, would)


def _write(found: State, said: str, would: Sequence[str]) -> None:
    told = {"state": found.kind.name.lower(), "run": found.label or None, "found": said}
    sys.stdout.write(json.dumps({**told, "would": list(would)}, indent=2) + "\n")


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
