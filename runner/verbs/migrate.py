"""How is a target filled beside its old database, asked about, and put in its place?"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from gatepost import run_file

from .. import measuring, plan, run
from ..outcome import Exit
from ..record import state, timings
from ..rehearsals import rehearsal
from ..screen import telling
from .verb import Verb, add_no_report, add_phase

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from gatepost.run_file import Run
    from gatepost.settings import Limits

    from ..screen.terminal import Terminal

_COLOURS = {"GO": "green", "NO-GO": "red", "INCOMPLETE": "yellow"}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--execute", action="store_true", help="do it")
    parser.add_argument(
        "--accept-window",
        action="store_true",
        help="do it though the last rehearsal took longer than limits.downtime allows",
    )
    add_phase(parser)
    add_no_report(parser)


def _migrate(given: argparse.Namespace, terminal: Terminal) -> int:
    made = plan.make(given.project.resolve(), given.target, given.source, given.phase)
    expected = rehearsal.expect(made)
    if not given.execute:
        state.refuse(state.look(made.settings))
        if given.json:
            sys.stdout.write(json.dumps(telling.as_data(made, expected), default=str, indent=2))
            sys.stdout.write("\n")
            return Exit.GO
        telling.to_person(made, expected, terminal, "what would be done")
        telling.window(expected, terminal)
        terminal.say("nothing was touched; add --execute to do it")
        return Exit.GO
    telling.to_person(made, expected, terminal, "what is done")
    telling.window(expected, terminal)
    if expected is not None and not given.accept_window:
        expected.refuse()
    earlier = timings.last(made.work, made.settings.target_name)
    terminal.expect(expected.steps if expected else earlier)
    ended, folder = run.execute(made, terminal, report=not given.no_report)
    _tell_outcome(ended, folder, terminal, made.settings.project.limits)
    if given.json:
        sys.stdout.write(f"{run_file.as_json(ended)}\n")
    return ended.exit_status


def _tell_outcome(ended: Run, folder: Path, terminal: Terminal, limits: Limits) -> None:
    terminal.say()
    terminal.say(f"{ended.word}: {ended.meaning}", _COLOURS[ended.word])
    measuring.tell(ended.measured, limits, terminal)
    report = folder / run.REPORT
    terminal.say(f"  report    {report if report.exists() else folder / run_file.FILE}")
    terminal.say(f"  next      {_next(ended, folder)}")


def _next(ended: Run, folder: Path) -> str:
    """Return what to try next."""
    if ended.exit_status == Exit.GO:
        return "look at the report, and keep the old database until its date"
    if ended.exit_status == Exit.ROLLBACK_FAILED:
        return f"read {folder / 'journal.jsonl'}, and look at the databases before anything else"
    if ended.exit_status == Exit.INTERNAL:
        return f"report the error: {folder / run.LOG}"
    return "mend what is named above, and begin again"


VERB = Verb(
    "migrate",
    help="fill the target beside its old database, ask the gates, swap",
    description="Without --execute: say what would be done, and touch nothing.",
    examples=(
        "gatepost migrate --target=prod                 say what would be done, and touch nothing",
        "gatepost migrate --target=prod --execute       do it",
        "gatepost migrate --target=prod --json          the plan, for a program to read",
    ),
    arguments=_arguments,
    act=_migrate,
)
