"""How often is a command tried on a database that others may still lock, and what is cleared up?

A command that waits in vain for a lock is one that did nothing, or a CREATE INDEX CONCURRENTLY that
left an invalid index behind: that is dropped, and the command tried again after a while.
"""

from __future__ import annotations

import contextlib
import random
import re
import time
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database, names
from gatepost.errors import ToolFailed
from gatepost.migrations import apply, chain, prisma, prisma_ledger
from gatepost.names import Relation
from gatepost.sql import question
from gatepost.wording import counted

from ..record import lock
from . import children, own_command

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.settings import Settings

    from ..migration import Migration

# SQLSTATE 55P03, as the server and the common drivers tell it.
_WAITED = re.compile(r"55P03|lock timeout|lock_not_available|LockNotAvailable", re.IGNORECASE)
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds
_MAY_BE = "what it did may be there, and would be done twice"


def until_done(run: Migration, changed: Dsn) -> str:
    """Run the project's command against a live database until it did not wait in vain for a lock.

    :return: what is worth telling of the attempts before the one that went through; or nothing.
    :raises ToolFailed: it failed for another reason, or too often for this one.
    """
    retries = run.plan.settings.project.migrate.retries
    with contextlib.closing(database.maintenance(changed, label="in place")) as conn:
        before, cleared = _invalid(conn), 0
        for attempt in range(retries + 1):
            output = run.folder / f"change-{attempt + 1}.txt"
            try:
                _try(run, changed, output)
            except ToolFailed as error:
                if not _WAITED.search(output.read_text(encoding="utf-8")):
                    raise
                if attempt == retries:
                    raise ToolFailed(
                        f"the command waited in vain for a lock {counted(attempt + 1, 'time')}:"
                        f" {error.message}",
                        hint="stop whoever holds it, or raise migrate.lock_timeout or retries",
                    ) from None
            else:
                return _told(attempt + 1, cleared)
            _refuse_half(run.plan.settings, changed)
            left = sorted(_invalid(conn) - before)
            cleared += len(left)
            _drop(conn, left, run.plan.settings.project.migrate.lock_timeout)
            _clear_row(conn, run.plan.settings)
            _pause(attempt)
            lock.still_held(run.connection)
    raise AssertionError  # the last attempt returns or raises


def _try(run: Migration, changed: Dsn, output: Path) -> None:
    migrate = run.plan.settings.project.migrate
    wait = f"-c lock_timeout={round(migrate.lock_timeout * 1000)}"
    command = own_command.against(run, changed, output, wait)
    with own_command.masked(run, command):
        (status,) = children.run(command, timeout=migrate.command_timeout)
        children.check(command, status)


def _invalid(conn: Connection) -> set[Relation]:
    found = database.rows(conn, question("runner_invalid_indexes"))
    return {Relation(schema, name) for schema, name in found}


def _drop(conn: Connection, left: list[Relation], timeout: float) -> None:
    """Drop the invalid indexes that an attempt left: a second one would stop at their names."""
    limit = sql.SQL("set lock_timeout = {}").format(sql.Literal(round(timeout * 1000)))
    conn.execute(limit)
    for index in left:
        conn.execute(sql.SQL("drop index if exists {}").format(index.identifier))


def _refuse_half(settings: Settings, changed: Dsn) -> None:
    """Make sure that a file of SQL that waited in vain has left nothing: it would be done twice.

    :raises ToolFailed: it is in no transaction, and has statements before the one that waited.
    """
    declared, folder = settings.project.migrate, settings.migrations
    if not declared.runs_migrations or folder is None:
        return
    pending = apply.look(changed, folder, table=declared.ledger).pending
    for waited in pending[:1]:
        if not waited.transactional and len(waited.up.statements) > 1:
            raise ToolFailed(
                f"{waited.name} waited in vain for a lock, and is in no transaction: {_MAY_BE}",
                hint="one statement in such a file, and it can be tried again",
            )


def _clear_row(conn: Connection, settings: Settings) -> None:
    """Note of a migration of Prisma's that it left nothing: else no deploy begins any more.

    :raises ToolFailed: it may have left something, or all of it: to run it again would do it twice.
    """
    if settings.project.migrate.fill != "prisma" or settings.migrations is None:
        return
    table = names.relation(settings.project.migrate.ledger)
    files = chain.of(settings.migrations)
    failed = [row for row in prisma_ledger.read(conn, table) or () if row.failed]
    for row in failed:
        file = files.named(row.name)
        if row.logs is None:  # of a script that the server refused, Prisma keeps what it said
            raise ToolFailed(f"{row.name} may have been run, and never be recorded: {_MAY_BE}")
        if file and not prisma.is_whole(file.text):
            raise ToolFailed(
                f"{row.name} waited in vain for a lock, and ends a transaction by itself:"
                f" {_MAY_BE}",
                hint="leave BEGIN and COMMIT out, and it can be tried again",
            )
    prisma_ledger.roll_back(conn, table, *(row.name for row in failed))


def _pause(attempt: int) -> None:
    """Wait before the next attempt, longer each time, and never as long as somebody else."""
    longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)
    time.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - nothing is secret about it


def _told(attempts: int, cleared: int) -> str:
    said = ""
    if attempts > 1:
        said += f"; at the {attempts}. attempt, after waiting for locks"
    if cleared:
        said += f"; invalid indexes of the others dropped: {cleared}"
    return said
