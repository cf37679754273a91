"""How is the project's own command told what to change, and what is kept of what it says?

Where the project has files of SQL instead, the command is ours that runs them.
Addresses go by the environment alone: everybody may read a command line.  Its exit status is not
trusted: zero means that a gate may be asked, and nothing more.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from gatepost import database, rooms
from gatepost.errors import ToolFailed
from gatepost.migrations import command as migrations
from gatepost.migrations.session import Limits

from ..servers import databases
from .children import Command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.settings import Settings

    from ..migration import Migration

NAME = "command"
_PATIENCE = 5.0  # seconds for its sessions to be gone after it
_PAUSE = 0.1
# It comes and goes by itself, and whoever needs the database for himself sends it away.
_NOBODY = "autovacuum worker"


def against(run: Migration, changed: Dsn, output: Path, options: str = "") -> Command:
    """Return the project's command, to be run against a database.

    :param output: where its words are kept; until they are `masked`, in a `.part` beside it.
    :param options: for its sessions, as libpq takes them: `-c lock_timeout=1000`.
    """
    return Command(
        NAME,
        _argv(run.plan.settings),
        output.with_suffix(".part"),
        environment=_told(run, changed, options),
        cwd=_folder(run.plan.settings),
    )


def _argv(settings: Settings) -> tuple[str, ...]:
    declared = settings.project.migrate
    if declared.runs_migrations:
        assert settings.migrations is not None  # refused before a run begins
        limits = Limits(declared.lock_timeout, declared.command_timeout)
        return migrations.argv("up", settings.migrations, table=declared.ledger, limits=limits)
    given = declared.command
    return ("/bin/sh", "-c", given) if isinstance(given, str) else given


def _folder(settings: Settings) -> Path | None:
    return rooms.start_folder() if settings.project.migrate.runs_migrations else settings.folder


def _told(run: Migration, changed: Dsn, options: str) -> dict[str, str]:
    there = changed.environment()
    if options:
        there["PGOPTIONS"] = f"{there.get('PGOPTIONS', '')} {options}".strip()
    return {
        "GATEPOST_RUN": run.label,
        "GATEPOST_RUN_FOLDER": str(run.folder),
        "GATEPOST_TARGET_NAME": run.plan.settings.target_name,
        "GATEPOST_DATABASE": changed.dbname,
        # In place there is nowhere to read from but where it writes.
        **({} if run.plan.settings.in_place else _source(run)),
        **there,
        "DATABASE_URL": changed.url,
        "PGAPPNAME": f"{database.APPLICATION} {run.label} {NAME}",
    }


def _source(run: Migration) -> dict[str, str]:
    before = run.plan.settings.before
    return {
        "GATEPOST_SNAPSHOT": run.snapshot,
        "GATEPOST_SOURCE_URL": before.url,
        **{f"GATEPOST_SOURCE_{name}": value for name, value in before.environment().items()},
    }


@contextlib.contextmanager
def masked(run: Migration, command: Command) -> Iterator[None]:
    """Keep what the command says under its name once the passwords are out of it.

    :raises ToolFailed: that of the block, which may quote the command.
    """
    try:
        yield
    except ToolFailed as error:
        raise ToolFailed(_without_passwords(run, error.message), hint=error.hint) from None
    finally:
        if command.output.exists():
            said = command.output.read_text(encoding="utf-8", errors="replace")
            kept = command.output.with_suffix(".txt")
            kept.write_text(_without_passwords(run, said), encoding="utf-8")
            command.output.unlink()


def _without_passwords(run: Migration, said: str) -> str:
    before, after = run.plan.settings.before, run.plan.settings.after
    return before.masked(after.masked(said))


def make_sure_it_is_gone(run: Migration, name: str) -> None:
    """Make sure that nothing of the command is left in a database that a gate is to judge.

    Who may stay behind the fence, since he only looks, may stay here.

    :raises ToolFailed: a session is still there, and could write after the gate has looked.
    """
    deadline = time.monotonic() + _PATIENCE
    while stayed := _stayed(run, name):
        if time.monotonic() > deadline:
            raise ToolFailed(
                f"the command has ended, and left in {name}: {', '.join(map(str, stayed))}",
                hint="have it wait for what it starts",
            )
        time.sleep(_PAUSE)


def _stayed(run: Migration, name: str) -> list[databases.Session]:
    spared = {_NOBODY, *run.plan.settings.project.fence.allow}
    found = databases.sessions(run.connection, name)
    return [one for one in found if one.role not in spared]
