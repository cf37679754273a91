"""How is a backup asked for, and what is told of it?"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from gatepost import dsn as dsns
from gatepost import project_file
from gatepost.backups.manifest import Manifest

from ..backups import making
from ..backups.copying import OWN, Wanted
from ..outcome import Exit
from ..programs.signals import Signals
from .verb import Verb, add_scratch

if TYPE_CHECKING:
    import argparse

    from ..backups.making import Made
    from ..screen.terminal import Terminal


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--of",
        choices=("target", "source"),
        default="target",
        help="which database (default: %(default)s)",
    )
    add_scratch(parser)


def _backup(given: argparse.Namespace, terminal: Terminal) -> int:
    settings = project_file.load(given.project.resolve(), given.target, given.source)
    wanted = Wanted(settings, given.of, given.server)
    terminal.say(f"back up the {given.of} into {wanted.store}", "bold")
    terminal.say(f"  restored {_where(wanted.where)}, and compared; it counts if all is there")
    with Signals().heeded() as signals:
        made = making.make(wanted, terminal, signals)
    verified = made.ended.exit_status == Exit.GO
    terminal.say()
    if verified:
        terminal.say(f"VERIFIED: {_told(made)}", "green")
    else:
        terminal.say(f"NOT A BACKUP: {_why(made)}", "red")
        terminal.say(f"  next      look into {made.folder}, and begin again")
    if given.json:
        sys.stdout.write(json.dumps(_as_data(made, verified=verified), indent=2) + "\n")
    return Exit.GO if verified else Exit.INCONCLUSIVE


def _where(where: str) -> str:
    if where == OWN:
        return "on the database's own server"
    return f"on {dsns.parse(where, of='--server')}" if where else "on a server of ours"


def _told(made: Made) -> str:
    assert made.stored is not None  # it was verified
    assert made.stored.manifest is not None
    known = made.stored.manifest
    return f"{known.archive}, {known.rows:,} rows in {known.relations} relations"


def _why(made: Made) -> str:
    failed = [one for one in made.ended.steps if one.state == "failed"]
    said = f"{failed[-1].name}: {failed[-1].detail}" if failed else made.ended.meaning
    return said if made.stored is None else f"{made.stored.name}: {said}"


def _as_data(made: Made, *, verified: bool) -> dict[str, Any]:
    known = made.stored.manifest if made.stored else None
    return {
        "verified": verified,
        "why": "" if verified else _why(made),
        "manifest": TypeAdapter(Manifest).dump_python(known, mode="json") if known else None,
    }


VERB = Verb(
    "backup",
    help="make a backup, restore it beside, and compare it before it counts",
    description="Dumps the database, restores the dump into a scratch database, and asks the data"
    " gate whether all of it is there. Exit status 0 if it is, 30 if not.",
    examples=(
        "gatepost backup --target=prod                  of the target, as it is before a migration",
        "gatepost backup --target=prod --of=source      of the source",
        "gatepost backup --target=prod --server=URL     restored on a server that is like its own",
    ),
    arguments=_arguments,
    act=_backup,
)
