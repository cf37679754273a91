"""Which backups are no longer needed, and why are the others kept?"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from gatepost import project_file
from gatepost.wording import counted, sized

from ..backups import pruning
from ..backups.copying import Wanted
from ..outcome import Exit
from .verb import Verb

if TYPE_CHECKING:
    import argparse

    from gatepost.backups.retention import Decision

    from ..backups.pruning import Pruning
    from ..screen.terminal import Terminal


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--execute", action="store_true", help="remove what is said to go")


def _prune(given: argparse.Namespace, terminal: Terminal) -> int:
    settings = project_file.load(given.project.resolve(), given.target, given.source)
    wanted = Wanted(settings)
    found = pruning.look(wanted.store, wanted.declared.keep)
    good = sum(one.backup.good for one in found.decisions)
    terminal.say(
        f"{counted(len(found.decisions), 'backup')} in {wanted.store}, {good} good", "bold"
    )
    for one in found.decisions:
        colour = "" if one.kept else "yellow"
        terminal.say(f"  {_act(one):6}  {one.backup.name}: {_why(one)}", colour)
    for file in found.left:
        terminal.say(
            f"  remove  {file.name}: begun more than a day ago, and never finished", "yellow"
        )
    told = _as_data(found, done=given.execute)  # of what goes, the sizes are known now alone
    if given.execute:
        pruning.execute(found)
    what = f"{counted(len(found.going), 'backup')}, {sized(told['bytes'])}"
    if given.execute:
        terminal.say(f"removed: {what}")
    else:
        terminal.say(f"nothing was removed; add --execute to remove {what}")
    if given.json:
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    return Exit.GO


def _act(one: Decision) -> str:
    return "keep" if one.kept else "remove"


def _why(one: Decision) -> str:
    why = "; ".join(one.kept) or one.goes
    if one.kept and one.backup.trouble:
        return f"not counted, for {one.backup.trouble}; {why}"
    return why


def _as_data(found: Pruning, *, done: bool) -> dict[str, Any]:
    return {
        "removed": done,
        "bytes": sum(pruning.size(one.backup) for one in found.going),
        "backups": [
            {
                "name": one.backup.name,
                "good": one.backup.good,
                "act": _act(one),
                "why": list(one.kept) or [one.goes],
                "instead": [other.name for other in one.instead],
            }
            for one in found.decisions
        ],
        "left": [file.name for file in found.left],
    }


VERB = Verb(
    "prune",
    help="say which backups are no longer needed, and remove them",
    description="Keeps the newest good backup of so many days, weeks, months and years, and the"
    " last good one whatever the rule says. Without --execute: say so, and remove nothing.",
    examples=(
        "gatepost prune --target=prod                   say what would go, and why others stay",
        "gatepost prune --target=prod --execute         remove it",
    ),
    arguments=_arguments,
    act=_prune,
    connects=False,
)
