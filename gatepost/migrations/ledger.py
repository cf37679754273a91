"""Which migrations did run in a database?  The table that says so, of ours alone.

A row is written in the transaction of what it tells of, or, for what runs in none, after its last
statement: there is no row of something that failed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.errors import UsageError
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.migrations.files import Migration
    from gatepost.names import Relation

TABLE = "public.gatepost_migrations"
COLUMNS = ("version", "name", "sha256", "applied_at", "duration", "by")

_CREATE = sql.SQL("""
create table {table} (
    version pg_catalog.text primary key,
    name pg_catalog.text not null unique,
    sha256 pg_catalog.text not null check (sha256 ~ '^[0-9a-f]{{64}}$'),
    applied_at pg_catalog.timestamptz not null default pg_catalog.clock_timestamp(),
    duration pg_catalog.interval not null,
    "by" pg_catalog.text not null default session_user
)
""")
_READ = sql.SQL(
    'select version, name, sha256, applied_at, duration, "by" from {table}'
    " order by version::pg_catalog.numeric"
)
_ADD = sql.SQL("insert into {table} (version, name, sha256, duration) values (%s, %s, %s, %s)")
_REMOVE = sql.SQL("delete from {table} where version = %s and sha256 = %s")


@dataclass(frozen=True)
class Row:
    """A migration that was applied, when, how long that took, and which role did it."""

    version: str
    name: str
    sha256: str
    applied_at: dt.datetime
    duration: dt.timedelta
    by: str


def exists(conn: Connection, table: Relation) -> bool:
    """Whether the table is there.

    :raises UsageError: it is, and is not of our making: a second ledger would begin.
    """
    known = {"schema": table.schema, "name": table.name}
    columns = {name for (name,) in database.rows(conn, question("migrations_ledger"), known)}
    if columns and columns != set(COLUMNS):
        raise UsageError(
            f"{table}: it has the columns {', '.join(sorted(columns))}, and a ledger of ours"
            f" {', '.join(COLUMNS)}",
            hint="name another table: ledger = … under [migrate]",
        )
    return bool(columns)


def read(conn: Connection, table: Relation) -> tuple[Row, ...]:
    """Return the rows in the order of their versions; none where there is no table yet.

    :raises UsageError: as `exists` does.
    """
    if not exists(conn, table):
        return ()
    return tuple(database.records(conn, Row, _READ.format(table=table.identifier)))


def add(conn: Connection, table: Relation, done: Migration, duration: dt.timedelta) -> None:
    """Record a migration as applied; the first makes the table."""
    if not exists(conn, table):
        conn.execute(_CREATE.format(table=table.identifier))
    given = (done.version, done.name, done.sha256, duration)
    conn.execute(_ADD.format(table=table.identifier), given)


def remove(conn: Connection, table: Relation, undone: Migration, _: dt.timedelta) -> None:
    """Remove the row of a migration that was taken back.

    :raises UsageError: it is gone already.
    """
    given = (undone.version, undone.sha256)
    if conn.execute(_REMOVE.format(table=table.identifier), given).rowcount != 1:
        raise UsageError(f"{table}: it has no row of {undone.name} any more")
