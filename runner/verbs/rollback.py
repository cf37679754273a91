"""How is the old database put back after a GO?"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from gatepost import measured
from gatepost.durations import spoken

from .. import measuring
from ..outcome import Exit, NoGo
from ..returning import reversal
from ..returning.reversal import Wanted
from ..steps import back
from .verb import Verb

if TYPE_CHECKING:
    import argparse

    from ..returning.reversal import Found, Outcome
    from ..screen.terminal import Terminal

_COLOURS = {Exit.ROLLED_BACK: "green", Exit.ROLLBACK_FAILED: "red", Exit.REFUSED: "yellow"}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--execute", action="store_true", help="do it")
    parser.add_argument(
        "--run", default="", metavar="LABEL", help="the run to take back (default: what is live)"
    )
    parser.add_argument(
        "--lose-writes",
        type=int,
        default=0,
        metavar="N",
        help="what users have written since, by its exact number, to be left in the database that"
        " is taken away",
    )


def _rollback(given: argparse.Namespace, terminal: Terminal) -> int:
    wanted = Wanted(
        given.project.resolve(), given.target, given.source, given.run, given.lose_writes
    )
    planned = False
    try:
        found = reversal.look(wanted)
        planned = given.json and not given.execute
        _tell_plan(found, wanted, terminal, machine=planned)
        if found.writes is not None:
            back.refuse(found.writes, wanted.lose_writes)
        if not given.execute:
            terminal.say("nothing was touched; add --execute to do it")
            return Exit.GO
        outcome = reversal.execute(wanted, terminal)
    except NoGo as error:
        terminal.say(f"REFUSED: {error.message}", "yellow")
        if error.hint:
            terminal.say(f"  hint: {error.hint}")
        if given.json and not planned:
            refused = {"word": "REFUSED", "exit_status": int(Exit.REFUSED), "why": error.message}
            sys.stdout.write(json.dumps(refused, indent=2) + "\n")
        return Exit.REFUSED
    tell_outcome(outcome, terminal)
    if given.json:
        sys.stdout.write(f"{reversal.as_json(outcome)}\n")
    return outcome.exit_status


def _tell_plan(found: Found, wanted: Wanted, terminal: Terminal, *, machine: bool) -> None:
    plan = found.history.begun.plan(found.settings, "", "")
    told = [
        {"step": step.name, "does": step.says(plan)}
        for step in reversal.steps(found, wanted.lose_writes)
    ]
    terminal.say(f"{found.names.live}: how run {found.names.label} would be taken back", "bold")
    if found.writes is not None:
        terminal.say(f"  {found.writes} to {found.names.live} since the swap")
        if measuring.has_exercised(found.history.folder):
            terminal.say("  what the run's exercise wrote, and removed again, is among them")
    for number, line in enumerate(told, 1):
        terminal.say(f"  {number:2}. {line['step']:11} {line['does']}")
    if machine:
        lost = found.writes
        data = {
            "run": found.names.label,
            "database": found.names.live,
            "writes": None if lost is None or lost.unknown else lost.number,
            "by_table": dict(lost.tables) if lost else {},
            "unknown": list(lost.unknown) if lost else [],
            "steps": told,
        }
        sys.stdout.write(json.dumps(data, indent=2) + "\n")


def tell_outcome(ended: Outcome, terminal: Terminal) -> None:
    """Say how a rollback ended."""
    terminal.say()
    status = Exit(ended.exit_status)
    terminal.say(f"{ended.word}: {_MEANINGS[status]}", _COLOURS[status])
    for fault in ended.faults:
        terminal.say(f"  {fault}", "red")
    if ended.duration_s is not None:
        late = measured.is_late(ended.duration_s, ended.limit_s)
        limit = f"{spoken(ended.limit_s)} allowed" if ended.limit_s else "no limit"
        took = f"{spoken(ended.duration_s)}, {limit}"
        terminal.say(f"  took      {took}{': too long' if late else ''}", "red" if late else "")
    if ended.kept_as:
        terminal.say(f"  kept      {ended.kept_as}, the new database with all that is in it")


_MEANINGS = {
    Exit.ROLLED_BACK: "the old database is live, and verified",
    Exit.ROLLBACK_FAILED: "call a human: look at the databases before anything else",
    Exit.REFUSED: "the new database is live, as it was",
}

VERB = Verb(
    "rollback",
    help="put the old database back after a GO",
    description="Without --execute: say what would be done, and what would be lost. The new"
    " database is kept.",
    examples=(
        "gatepost rollback --target=prod                say what would be done, and what is lost",
        "gatepost rollback --target=prod --execute      do it, if nothing was written since",
        "gatepost rollback --target=prod --execute --lose-writes 12",
    ),
    arguments=_arguments,
    act=_rollback,
)
