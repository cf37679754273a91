"""Could we go back, if we had to?  Tried, and timed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from gatepost import project_file
from gatepost.backups.drills import Drill
from gatepost.durations import spoken

from ..backups import drilling
from ..backups.copying import Wanted
from ..outcome import Exit
from ..programs.signals import Signals
from .verb import Verb, add_scratch

if TYPE_CHECKING:
    import argparse

    from ..screen.terminal import Terminal

_ENDS = {
    "GO": (Exit.GO, "green"),
    "NO-GO": (Exit.REFUSED, "red"),
    "INCOMPLETE": (Exit.INCONCLUSIVE, "yellow"),
}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--backup",
        type=Path,
        metavar="FILE",
        help="an archive with its manifest beside it (default: the newest that counts)",
    )
    add_scratch(parser)


def _drill(given: argparse.Namespace, terminal: Terminal) -> int:
    settings = project_file.load(given.project.resolve(), given.target, given.source)
    wanted = Wanted(settings, "target", given.server)
    stored = drilling.chosen(wanted, given.backup)
    terminal.say(f"drill with {stored.archive}, of {stored.at:%Y-%m-%d %H:%M} UTC", "bold")
    terminal.say("  restored beside and compared with its baseline; then the swap is tried")
    with Signals().heeded() as signals:
        made = drilling.drill(wanted, stored, terminal, signals)
    status, colour = _ENDS[made.word]
    terminal.say()
    terminal.say(f"{made.word}: {made.why or _told(made)}", colour)
    if given.json:
        sys.stdout.write(TypeAdapter(Drill).dump_json(made, indent=2).decode() + "\n")
    return status


def _told(made: Drill) -> str:
    assert made.back_s is not None  # all of it was done
    assert made.swap_s is not None
    allowed = f", {spoken(made.allowed_s)} allowed" if made.allowed_s else ""
    return (
        f"{made.backup} is back after {spoken(made.back_s)}{allowed};"
        f" a swap forth and back takes {spoken(made.swap_s)}"
    )


VERB = Verb(
    "drill",
    help="restore the newest backup elsewhere, compare it, and try the swap",
    description="Restores a backup into a scratch database, compares it with the facts recorded"
    " when it was made, and times it; then tries the swap and its way back on the target's server"
    " with a scratch database. The target's own database is only read.",
    examples=(
        "gatepost drill --target=prod                   the newest backup that counts",
        "gatepost drill --target=prod --backup=FILE     that one",
    ),
    arguments=_arguments,
    act=_drill,
)
