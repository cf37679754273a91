"""Which files of SQL ran on a target, and how are they run, or taken back, by themselves?

Without gates, a copy or a way back of its own: for what is developed, and for what `gatepost
migrate` is too much for.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import TYPE_CHECKING, Any

from gatepost import project_file
from gatepost.errors import NotMigrated, UsageError
from gatepost.migrations import apply
from gatepost.migrations.session import Limits
from gatepost.wording import about, counted

from ..outcome import Exit
from ..record import lock, state
from .verb import Verb

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gatepost.migrations.apply import Applied
    from gatepost.migrations.files import Migration
    from gatepost.migrations.history import History
    from gatepost.settings import Settings

    from ..screen.terminal import Terminal

_WAYS = {"up": apply.up, "down": apply.down}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "way",
        nargs="?",
        choices=("status", *_WAYS),
        default="status",
        help="what is asked for (default: %(default)s)",
    )
    parser.add_argument(
        "--to",
        default="",
        metavar="VERSION",
        help="the last that runs, or that stays: 0 takes all back (default: all up, one down)",
    )
    parser.add_argument("--execute", action="store_true", help="do it")


def _migrations(given: argparse.Namespace, terminal: Terminal) -> int:
    settings = project_file.load(given.project.resolve(), given.target, given.source)
    folder = _folder(settings)
    found = apply.look(settings.after, folder, table=settings.project.migrate.ledger)
    _tell(found, terminal)
    todo = _chosen(found, given)
    done: tuple[Applied, ...] = ()
    failed = ""
    if given.way != "status" and not given.execute and not found.faults:
        _say_what_would_be_done(given.way, todo, terminal)
    elif todo:
        done, failed = _do(settings, folder, given, terminal)
    if given.json:
        sys.stdout.write(json.dumps(_as_data(found, todo, done, failed), indent=2) + "\n")
    return Exit.INCONCLUSIVE if failed or found.faults else Exit.GO


def _chosen(found: History, given: argparse.Namespace) -> tuple[Migration, ...]:
    if given.way == "status" or found.faults:
        return ()
    return found.to_run(given.to) if given.way == "up" else found.to_take_back(given.to)


def _folder(settings: Settings) -> Path:
    if settings.migrations is None:
        raise UsageError(
            "the project names no folder of migrations",
            hint='migrations = "FOLDER" under [migrate]',
        )
    if settings.project.migrate.fill == "prisma":
        raise UsageError(
            f"{settings.migrations.name}: these are Prisma's: deployed, and never taken back",
            hint="gatepost migrate, between its gates; prisma migrate status says what ran",
        )
    return settings.migrations


def _tell(found: History, terminal: Terminal) -> None:
    for one in found.applied:
        terminal.say(f"  applied   {_named(one)}")
    for one in found.pending:
        terminal.say(f"  pending   {_named(one)}", "yellow")
    for fault in found.faults:
        terminal.say(f"  no        {fault}", "red")


def _named(one: Migration) -> str:
    return one.name if one.down else f"{one.name}, which nothing takes back"


def _say_what_would_be_done(way: str, todo: Sequence[Migration], terminal: Terminal) -> None:
    if not todo:
        terminal.say("there is nothing to do")
        return
    word = "run" if way == "up" else "taken back"
    names = ", ".join(one.name for one in todo)
    terminal.say(f"nothing was changed; with --execute would be {word}: {names}")


def _do(
    settings: Settings, folder: Path, given: argparse.Namespace, terminal: Terminal
) -> tuple[tuple[Applied, ...], str]:
    """Do it; return what was done, and why no more."""
    declared = settings.project.migrate
    done: list[Applied] = []

    def told(one: Applied) -> None:
        done.append(one)
        terminal.say(f"  done      {one}, in {about(one.seconds)}", "green")

    failed = ""
    with _alone(settings):
        try:
            _WAYS[given.way](
                settings.after,
                folder,
                table=declared.ledger,
                limits=Limits(declared.lock_timeout, declared.command_timeout),
                to=given.to,
                told=told,
            )
        except NotMigrated as error:
            failed = error.message
            terminal.say(f"  failed    {error}", "red")
    terminal.say(f"{counted(len(done), 'file')} of SQL done" + ("" if failed else ", and no error"))
    return tuple(done), failed


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Keep runs away from this target until the block ends.

    :raises Unfinished: one stopped half-way: the database may not be what it seems.
    :raises Locked: one is under way.
    """
    there = state.look(settings)
    number = lock.key(there.system_identifier, there.name)
    work = settings.path(settings.project.migrate.work)
    with lock.held(work, there.maintenance, number) as held:
        state.refuse(state.look(settings, held.connection))
        yield


def _as_data(
    found: History, todo: Sequence[Migration], done: Sequence[Applied], failed: str
) -> dict[str, Any]:
    return {
        "applied": [one.name for one in found.applied],
        "pending": [one.name for one in found.pending],
        "faults": list(found.faults),
        "chosen": [one.name for one in todo],
        "done": [{"name": one.name, "seconds": one.seconds} for one in done],
        "failed": failed,
    }


VERB = Verb(
    "migrations",
    help="say which files of SQL ran, run what is pending, or take one back",
    description="Files run by themselves, without a gate, a copy or a fence: `gatepost migrate` is"
    " for what is live. Without --execute: say what would be done, and change nothing.",
    examples=(
        "gatepost migrations --target=dev               say what ran, and what is pending",
        "gatepost migrations up --target=dev --execute  run what is pending",
        "gatepost migrations down --target=dev --execute  take the last one back",
    ),
    arguments=_arguments,
    act=_migrations,
)
