"""How is a run that stopped half-way taken back?"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from gatepost import project_file, run_file

from .. import measuring
from ..outcome import Exit
from ..programs.signals import Signals
from ..record import lock, state
from ..record.state import Kind
from ..returning import recovery
from ..returning.recovery import Given
from .verb import Verb

if TYPE_CHECKING:
    import argparse

    from gatepost.run_file import Run

    from ..record.lock import Lock
    from ..record.state import State
    from ..screen.terminal import Terminal


_UNSAID = "write the GO into its journal and run.json, which do not know it yet"


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
    if not (found.unfinished or found.unsaid):
        return _nothing(found, terminal, as_json=given.json)
    if not (found.abortable or found.unsaid):
        state.refuse(found)
    _tell(found, terminal, as_json=given.json and not given.execute)
    if not given.execute:
        terminal.say("nothing was touched; add --execute to do it")
        return Exit.GO
    number = lock.key(found.system_identifier, found.name)
    work = settings.path(settings.project.migrate.work)
    caller = Given(settings, given.target, given.source, os.environ)
    with lock.held(work, found.maintenance, number) as held, Signals().heeded() as signals:
        signals.deaf = True  # it is the way back: nobody is to be left in the middle of it
        found = state.look(settings, held.connection)
        ended: Run | None = None
        if found.unsaid:
            ended = recovery.go_on(found, caller, held, terminal, signals)
        elif found.abortable:
            ended = _all_back(found, caller, held, terminal, as_it_is=given.as_it_is)
    if ended is None:  # somebody has done so meanwhile
        return _nothing(found, terminal, as_json=given.json)
    terminal.say()
    terminal.say(f"{ended.word}: {ended.meaning}")
    measuring.tell(ended.measured, settings.project.limits, terminal)
    if given.json:
        sys.stdout.write(f"{run_file.as_json(ended)}\n")
    return ended.exit_status


def _all_back(
    found: State, caller: Given, held: Lock, terminal: Terminal, *, as_it_is: bool
) -> Run:
    """Take back one run after the other, and return how the last of them ended."""
    while True:
        ended = recovery.take_back(found, caller, held, terminal, as_it_is=as_it_is)
        found = state.look(caller.settings, held.connection)
        if not found.abortable or ended.rollback != "verified":
            return ended


def _tell(found: State, terminal: Terminal, *, as_json: bool) -> None:
    """Say what was found, and what would be done about it."""
    would = recovery.would_take_back(found) if found.unfinished else [_UNSAID]
    said = found.found if found.unfinished else f"run {found.label} is not taken back by abort"
    if as_json:
        data = {"state": found.kind.name.lower(), "run": found.label, "found": said}
        sys.stdout.write(json.dumps({**data, "would": would}, indent=2) + "\n")
    terminal.say(f"{found.kind}: {said}", "bold")
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
