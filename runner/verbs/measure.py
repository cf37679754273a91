"""How fast is the application, and does it do what it says it does?"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from gatepost import project_file
from gatepost.errors import UsageError
from gatepost.exercised import Exercised

from ..exercise import delivering, exercise
from ..outcome import Exit
from .verb import Verb

if TYPE_CHECKING:
    import argparse

    from ..screen.terminal import Terminal


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--execute", action="store_true", help="do it")


def _measure(given: argparse.Namespace, terminal: Terminal) -> int:
    settings = project_file.load(given.project.resolve(), given.target, given.source)
    if not exercise.is_declared(settings):
        raise UsageError(
            f"nothing to measure on target '{settings.target_name}'",
            hint="an app of the target, and [[uploads]], [[deliveries]] or [[probes]]",
        )
    delivering.refuse(settings.project.deliveries)
    if not given.execute:
        would = exercise.says(settings)
        terminal.say(f"would write {would}")
        terminal.say("nothing was written; add --execute to do it")
        if given.json:
            sys.stdout.write(json.dumps({"written": False, "would": would}, indent=2) + "\n")
        return Exit.GO
    terminal.say(f"write {exercise.says(settings)}", "bold")
    found = exercise.use(settings, settings.after)
    status = Exit.GO
    for text, complaints in exercise.lines(found, settings):
        terminal.say(text, "red" if complaints else "green")
        for one in complaints:
            terminal.say(f"  {one}", "red")
            status = Exit.REFUSED
    if given.json:
        sys.stdout.write(TypeAdapter(Exercised).dump_json(found, indent=2).decode() + "\n")
    return status


VERB = Verb(
    "measure",
    help="use the application as its users do: files, messages, rows",
    description="Writes through the application in front of the target what [[uploads]],"
    " [[deliveries]] and [[probes]] say, measures it, looks for it, and removes it again. Exit"
    " status: 0 all is as declared; 10 something is not.",
    examples=(
        "gatepost measure --target=prod                 say what would be written",
        "gatepost measure --target=prod --execute       do it",
    ),
    arguments=_arguments,
    act=_measure,
)
