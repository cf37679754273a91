"""How is the project's own command told what to change, and what is kept of what it says?

Where the project has files of SQL instead, or a chain of Prisma's alone, the command is ours that
runs them.
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
from gatepost.migrations import prisma_project, prisma_url
from gatepost.migrations.session import Limits

from ..outcome import NoGo
from ..servers import databases
from . import chains, children
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
    declared, given = settings.project.migrate, settings.project.migrate.command
    if given:
        return ("/bin/sh", "-c", given) if isinstance(given, str) else given
    folder, table = settings.migrations, declared.ledger
    assert folder is not None  # refused before a run begins
    limits = Limits(declared.lock_timeout, declared.command_timeout)
    if declared.fill == "prisma":
        only = declared.phases.of(settings.phase) if settings.phase else ()
        return migrations.argv("deploy", folder, table=table, limits=limits, only=only)
    last = chains.last_of_phase(settings)
    return migrations.argv("up", folder, table=table, limits=limits, to=last)


def _folder(settings: Settings) -> Path | None:
    return settings.folder if settings.project.migrate.command else rooms.start_folder()


def _told(run: Migration, changed: Dsn, options: str) -> dict[str, str]:
    settings, there = run.plan.settings, changed.environment()
    if options:
        there["PGOPTIONS"] = f"{there.get('PGOPTIONS', '')} {options}".strip()
    name = f"{database.APPLICATION} {run.label} {NAME}"
    return {
        "GATEPOST_RUN": run.label,
        "GATEPOST_RUN_FOLDER": str(run.folder),
        "GATEPOST_TARGET_NAME": settings.target_name,
        "GATEPOST_DATABASE": changed.dbname,
        # In place there is nowhere to read from but where it writes.
        **({} if settings.of_itself else _source(run)),
        **there,
        **_phase(run, changed),
        **_urls(settings, changed, name, there.get("PGOPTIONS", "")),
        "PGAPPNAME": name,
    }


def _urls(settings: Settings, changed: Dsn, name: str, options: str) -> dict[str, str]:
    """Return the address as a URL: as Prisma reads one, in all variables by which it finds it."""
    declared, folder = settings.project.migrate, settings.migrations
    if declared.fill != "prisma" or not declared.command or folder is None:
        return {"DATABASE_URL": changed.url}
    url = prisma_url.of(changed, declared.ledger, application_name=name, options=options)
    return dict.fromkeys(prisma_project.variables(settings.folder, folder), url)


def _phase(run: Migration, changed: Dsn) -> dict[str, str]:
    settings = run.plan.settings
    if not settings.phase:
        return {}
    folder = chains.folder_for(settings, changed, run.folder)
    return {
        "GATEPOST_PHASE": settings.phase,
        **({"GATEPOST_PRISMA": str(folder)} if folder else {}),
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

    :raises GatepostError: that of the block, which may quote the command.
    """
    try:
        yield
    except (NoGo, ToolFailed) as error:
        raise type(error)(_without_passwords(run, error.message), hint=error.hint) from None
    finally:
        if command.output.exists():
            said = command.output.read_text(encoding="utf-8", errors="replace")
            kept = command.output.with_suffix(".txt")
            kept.write_text(_without_passwords(run, said), encoding="utf-8")
            command.output.unlink()


def check_on_clone(command: Command, status: int) -> None:
    """Make sure that a command did its work on a clone: what fails there fails on the original.

    :raises NoGo: it ended with a status that says so.
    :raises ToolFailed: a signal ended it.
    """
    try:
        children.check(command, status)
    except ToolFailed as error:
        if status < 0:
            raise
        raise NoGo(f"on a clone, {error.message}", hint=error.hint) from None


def _without_passwords(run: Migration, said: str) -> str:
    before, after = run.plan.settings.before, run.plan.settings.after
    return before.masked(after.masked(said))


def make_sure_it_is_gone(
    run: Migration, name: str, *, what: str = "the command", application: str = ""
) -> None:
    """Make sure that nothing of the command is left in a database that a gate is to judge.

    Who may stay behind the fence, since he only looks, may stay here.

    :param application: that its sessions call themselves; empty where every session counts.
    :raises ToolFailed: a session is still there, and could write after the gate has looked.
    """
    deadline = time.monotonic() + _PATIENCE
    while stayed := [one for one in _stayed(run, name) if application in ("", one.application)]:
        if time.monotonic() > deadline:
            raise ToolFailed(
                f"{what} has ended, and left in {name}: {', '.join(map(str, stayed))}",
                hint="have it wait for what it starts",
            )
        time.sleep(_PAUSE)


def _stayed(run: Migration, name: str) -> list[databases.Session]:
    spared = {_NOBODY, *run.plan.settings.project.fence.allow}
    found = databases.sessions(run.connection, name)
    return [one for one in found if one.role not in spared]
