"""How is a run that stopped half-way taken back?"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from gatepost import project_file, run_file

from .. import lock, measuring, recovery, state
from ..outcome import Exit
from ..recovery import Given
from ..signals import Signals
from ..state import Kind
from .verb import Verb

if TYPE_CHECKING:
    import argparse

    from gatepost.run_file import Run

    from ..lock import Lock
    from ..state import State
    from ..terminal import Terminal


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--execute", action="store_true", help="do it")
    parser.add_argument(
        "--as-it-is",
        action="store_true",
        help="do not compare what the old database holds: a person has looked, and it is in use",
    )


def _abort(given: argparse.Namespace, terminal: Terminal) -> int:
    settings = project_file.load(given.project.resolve(), given.target, given.source)
    found = state.look(settings)
    if found.kind is Kind.RUNNING:
        raise lock.Locked(
            f"another run is under way for this target: {found.holder}",
            hint="it takes itself back when it is sent SIGTERM",
        )
    if not found.unfinished:
        return _nothing(found, terminal, as_json=given.json)
    if not found.abortable:
        state.refuse(found)
    tell(found, terminal, as_json=given.json and not given.execute)
    if not given.execute:
        terminal.say("nothing was touched; add --execute to do it")
        return Exit.GO
    number = lock.key(found.system_identifier, found.name)
    work = settings.path(settings.project.migrate.work)
    caller = Given(settings, given.target, given.source, os.environ)
    with lock.held(work, found.maintenance, number) as held, Signals().heeded() as signals:
        signals.deaf = True  # it is the way back: nobody is to be left in the middle of it
        ended = _all_back(state.look(settings, held.connection), caller, held, terminal, given)
    if ended is None:
        return _nothing(found, terminal, as_json=given.json)
    terminal.say()
    terminal.say(f"{ended.word}: {ended.meaning}")
    measuring.tell(ended.measured, settings.project.limits, terminal)
    if given.json:
        sys.stdout.write(f"{run_file.as_json(ended)}\n")
    return ended.exit_status


def _all_back(
    found: State, caller: Given, held: Lock, terminal: Terminal, given: argparse.Namespace
) -> Run | None:
    """Take back one run after the other; None where somebody has done so meanwhile."""
    ended = None
    while (
        found.unfinished
        and found.label
        and found.kind is not Kind.GOING_BACK
        and (ended is None or ended.rollback == "verified")
    ):
        ended = recovery.take_back(found, caller, held, terminal, as_it_is=given.as_it_is)
        found = state.look(caller.settings, held.connection)
    return ended


def tell(found: State, terminal: Terminal, *, as_json: bool) -> None:
    """Say what was found, and what would be done about it."""
    would = recovery.would_take_back(found)
    if as_json:
        data = {"state": found.kind.name.lower(), "run": found.label, "found": found.found}
        sys.stdout.write(json.dumps({**data, "would": would}, indent=2) + "\n")
    terminal.say(f"{found.kind}: {found.found}", "bold")
    for number, line in enumerate(would, 1):
        terminal.say(f"  {number:2}. {line}")


def _nothing(found: State, terminal: Terminal, *, as_json: bool) -> int:
    said = "nothing to take back"
    if found.kind is Kind.GO:
        said += f": run {found.label} is a GO, which only gatepost rollback takes back"
    terminal.say(said)
    if as_json:
        none: list[str] = []
        data = {"state": found.kind.name.lower(), "run": found.label or None, "would": none}
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
    return Exit.GO


VERB = Verb(
    "abort",
    help="take back what a run left that stopped half-way",
    description="Ends what still lives of the run, undoes its steps, drops only databases that say"
    " they are its own, and verifies. Possible before GO, any number of times. Exit status: 20"
    " taken back and verified; 21 not verified; 0 nothing to do.",
    examples=(
        "gatepost abort --target=prod                   say what would be taken back",
        "gatepost abort --target=prod --execute         do it",
    ),
    arguments=_arguments,
    act=_abort,
)
