"""How are the migrations of a Prisma project deployed where Prisma itself is not at hand?

As `prisma migrate deploy` does it, and with the same traces: under the same lock, each script sent
as one query, and of each the same row.  Whoever looks afterwards, Prisma included, cannot tell.
"""

from __future__ import annotations

import contextlib
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database, names
from gatepost.errors import NotMigrated, UsageError
from gatepost.migrations import chain, prisma_ledger, scripts, session, statements
from gatepost.migrations.session import Limits
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.migrations.chain import Chain, File
    from gatepost.names import Relation

TABLE = "public._prisma_migrations"
LOCK = 72707369  # the key of the advisory lock that every deploy takes
PATIENCE = 10.0  # seconds that it waits for it

_LOCKED = "migration_lock.toml"
_PROVIDERS = ("postgresql", "postgres")
_PROVIDER = re.compile(r"""^\s*provider\s*=\s*["'](.*?)["']""", re.MULTILINE)
_TAKE = "select pg_catalog.pg_advisory_lock(%s)"
_SET = "select pg_catalog.set_config(%s, %s, false)"
_IDLE = psycopg.pq.TransactionStatus.IDLE
_ACTIVE = psycopg.pq.TransactionStatus.ACTIVE
_USUAL = Limits()
# What is alone in a script is in no transaction of the script's, and may end its own.
_ENDS_ITS_OWN = re.compile(r"call\b|do\b.*\b(commit|rollback)\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Deployed:
    """A migration that was run to its end, and how long it took, in seconds."""

    name: str
    sha256: str
    seconds: float

    def __str__(self) -> str:
        return self.name


def _silent(_: Deployed) -> None:
    """Tell nobody."""


def deploy(
    dsn: Dsn,
    folder: Path,
    *,
    table: str = TABLE,
    limits: Limits = _USUAL,
    only: Collection[str] | None = None,
    told: Callable[[Deployed], None] = _silent,
) -> tuple[Deployed, ...]:
    """Run the migrations of a folder that are pending, in the order of their names.

    A script is one query, and so one transaction unless it holds BEGIN or COMMIT itself.  The first
    error ends the run; its row stays unfinished, and nothing is deployed until somebody has said
    what became of it.

    :param table: Prisma's own; its schema is the one in which scripts find and make things.
    :param only: the names of those that may run now; all that are pending if None.
    :param told: called after each, as soon as it is recorded.
    :raises UsageError: the folder is no chain of Prisma's for PostgreSQL.
    :raises NotMigrated: another deploy is under way; an earlier one has failed; there is no ledger
        in a database that is not empty; or a script failed.  Those before it are applied.
    """
    there, place = read(folder), names.relation(table)
    with _opened(dsn, place, limits) as conn:
        rows = _rows(conn, place)
        known = {row.name for row in rows if row.rolled_back_at is None}
        done: list[Deployed] = []
        for file in there.files:
            if file.name in known or (only is not None and file.name not in only):
                continue
            done.append(_one(conn, place, file))
            told(done[-1])
        return tuple(done)


def is_whole(text: str) -> bool:
    """Whether a script that fails leaves nothing: no transaction is ended within it."""
    try:
        found = statements.split(text).statements
    except UsageError:  # what is no SQL to us need not be none to the server
        return False
    if len(found) == 1 and _ENDS_ITS_OWN.match(found[0].text):
        return False
    return not any(scripts.is_about_transactions(one) for one in found)


def read(folder: Path) -> Chain:
    """Return the chain of a folder.

    :raises UsageError: it is none that Prisma would deploy to PostgreSQL.
    """
    found = chain.of(folder)
    if found.layout != "prisma":
        raise UsageError(
            f"{folder.name}: it holds no migration of Prisma's, NAME/{chain.SCRIPT}",
            hint='migrations = "prisma/migrations" under [migrate]',
        )
    if found.empty:
        raise UsageError(
            f"{folder.name}/{found.empty[0]}: it has no {chain.SCRIPT} (P3015)",
            hint="remove the folder, or bring its script back",
        )
    if other := other_provider(folder):
        raise UsageError(f"{_LOCKED}: the migrations are for {other} (P3019)")
    return found


def other_provider(folder: Path) -> str:
    """Return for which other kind of database migrations are, by the file that says so."""
    lock = folder / _LOCKED
    said = lock.read_text(encoding="utf-8", errors="replace") if lock.is_file() else ""
    found = _PROVIDER.search(said)
    return "" if found is None or found[1] in _PROVIDERS else found[1]


@contextlib.contextmanager
def _opened(dsn: Dsn, table: Relation, limits: Limits) -> Iterator[Connection]:
    """Yield the one session that deploys; the lock ends with it.

    :raises NotMigrated: another one holds the lock.
    """
    with contextlib.closing(database.unpinned(dsn, label="migrations")) as conn:
        _set(conn, lock_timeout=f"{PATIENCE:g}s", statement_timeout="0")
        try:
            conn.execute(_TAKE, (LOCK,))
        except psycopg.errors.LockNotAvailable:
            who = database.rows(conn, question("migrations_lock_holder"), {"key": LOCK})
            holder = ", ".join(f"{name} (pid {pid})" for pid, name in who) or "it has just ended"
            raise NotMigrated(
                f"another deploy is under way, or what is left of one: {holder} (P1002)",
                hint="wait until its script has ended; a killed one goes on by itself",
            ) from None
        _set(
            conn,
            lock_timeout=str(round(limits.lock * 1000)),
            statement_timeout=str(round(limits.statement * 1000)),
            search_path=sql.Identifier(table.schema).as_string(conn),
        )
        yield conn


def _set(conn: Connection, **settings: str) -> None:
    for name, value in settings.items():
        conn.execute(_SET, (name, value))


def _rows(conn: Connection, table: Relation) -> tuple[prisma_ledger.Row, ...]:
    """Return what was deployed so far; the table is made in a database that holds nothing.

    :raises NotMigrated: something else made what is there, or a migration has failed.
    """
    rows = prisma_ledger.read(conn, table)
    if rows is None:
        made = database.rows(conn, question("prisma_tables"), {"schema": table.schema})
        if made:
            raise NotMigrated(
                f"{table}: there is none, and {table.schema} is not empty: {made[0][0]} (P3005)",
                hint="prisma migrate resolve --applied NAME, for each that is in the database",
            )
        prisma_ledger.create(conn, table)
        return ()
    failed = next((row for row in rows if row.failed), None)
    if failed is not None:
        why = "with an error" if failed.logs else "and nobody knows how: it may have been committed"
        raise NotMigrated(
            f"{failed.name}: it was begun at {failed.started_at:%Y-%m-%d %H:%M:%S} and never"
            f" finished, {why} (P3009)",
            hint=f"look what of it is there: prisma migrate resolve --rolled-back {failed.name} if"
            " nothing is, --applied if all of it is",
        )
    return rows


def _one(conn: Connection, table: Relation, file: File) -> Deployed:
    text, began = file.text, time.monotonic()
    if "\0" in text:  # libpq would send what stands before it, and no more
        raise UsageError(f"{file.name}: it holds a NUL, as no text of SQL may")
    row = prisma_ledger.begin(conn, table, file.name, file.sha256)
    try:
        conn.execute(text.encode())
    except psycopg.Error as error:
        _free(conn)
        why = _told(error, text)
        prisma_ledger.fail(conn, table, row, why)
        raise NotMigrated(f"{file.name}: {why} (P3018)") from None
    _refuse_what_stays(conn, table, file.name)
    try:
        prisma_ledger.finish(conn, table, row)
    except psycopg.Error as error:
        raise NotMigrated(
            f"{file.name}: it was run, and that could not be written down: {session.said(error)}",
            hint="does it set a role, or something else, for longer than itself?",
        ) from None
    return Deployed(file.name, file.sha256, time.monotonic() - began)


def _free(conn: Connection) -> None:
    """End what a script has begun; where it waits for a client's rows, the session as well."""
    if conn.info.transaction_status is _ACTIVE:
        conn.close()
    elif not conn.closed:
        conn.rollback()


def _told(error: psycopg.Error, text: str) -> str:
    """Return the server's words; in a script that is one query, it does not always say where."""
    at = error.diag.statement_position
    line = f"line {text.count(chr(10), 0, int(at) - 1) + 1}: " if at else ""
    return f"{line}{session.said(error)}"


def _refuse_what_stays(conn: Connection, table: Relation, name: str) -> None:
    """Refuse what would keep Prisma from writing down that the script was run.

    :raises NotMigrated: the row stays unfinished, as Prisma leaves it.
    """
    if conn.info.transaction_status is not _IDLE:
        conn.rollback()
        raise NotMigrated(f"{name}: it leaves a transaction open, which was rolled back")
    found = database.value(conn, "select pg_catalog.current_schema()::pg_catalog.text")
    if found != table.schema:
        raise NotMigrated(
            f"{name}: it has set search_path, and {table} is not found any more; what it did"
            " stays (P1014)",
            hint="set local search_path …, or schema-qualified names",
        )
