"""How is a release watched after its GO, and taken back while that is safe?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from gatepost import project_file
from gatepost.durations import seconds, spoken
from gatepost.errors import UsageError

from ..outcome import Exit
from ..watching import watch
from .verb import Verb

if TYPE_CHECKING:
    import argparse

    from ..screen.terminal import Terminal
    from ..watching.watch import Watched

_COLOURS = {"HEALTHY": "green", "TROUBLE": "red", "ROLLED BACK": "yellow", "ROLLBACK FAILED": "red"}
_ACTIONS = {
    "notify": "somebody is notified",
    "rollback": "the old database is put back if nothing was written since, and somebody notified",
}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--for",
        dest="lasts",
        default="",
        metavar="TIME",
        help="how long, as in 30min (default: [watch] lasts)",
    )


def _watch(given: argparse.Namespace, terminal: Terminal) -> int:
    settings = project_file.load(given.project.resolve(), given.target, given.source)
    declared = settings.project.watch
    lasts = _seconds(given.lasts) if given.lasts else declared.lasts
    release = watch.find(settings, given.target, given.source)
    watching = watch.Watch(release, terminal)
    every = spoken(declared.every)
    terminal.say(f"watching run {release.label} for {spoken(lasts)}, every {every}", "bold")
    for name in watching.names:
        terminal.say(f"  {name}")
    terminal.say(f"  in trouble, {_ACTIONS[declared.action]}")
    ended = watching.until(lasts)
    _tell(ended, release.folder / watch.FILE, terminal)
    if given.json:
        sys.stdout.write(json.dumps(asdict(ended), indent=2, ensure_ascii=False) + "\n")
    return Exit(ended.exit_status)


def _seconds(text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise UsageError(f"--for: {error}") from None


def _tell(ended: Watched, file: object, terminal: Terminal) -> None:
    looks = f"{ended.looks} looks"
    terminal.say(f"{ended.word}: {ended.reason or f'no trouble in {looks}'}", _COLOURS[ended.word])
    terminal.say(f"  record    {file}")


VERB = Verb(
    "watch",
    help="watch a release after its GO, and say, or take it back, when it is in trouble",
    description="Health endpoints, the share of requests that fail, the database. Reads, unless"
    ' [watch] action = "rollback" and there is trouble. Exit status: 0 healthy to the end; 10'
    " trouble, and notified; 20 rolled back; 21 the rollback failed.",
    examples=(
        "gatepost watch --target=prod                   for as long as [watch] lasts says",
        "gatepost watch --target=prod --for=30min       for half an hour",
    ),
    arguments=_arguments,
    act=_watch,
)
