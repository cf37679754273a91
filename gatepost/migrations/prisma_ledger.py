"""What does Prisma write down of a migration that it runs, and when?

The table is made as its engine makes it.  A row is written before the script is sent and completed
after it, each time by itself: a row that was never finished is of a script that failed, that is
running, or whose program was killed while the server went on.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.errors import UsageError
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.names import Relation

_CREATE = sql.SQL("""
create table {table} (
    id pg_catalog.varchar(36) primary key not null,
    checksum pg_catalog.varchar(64) not null,
    finished_at pg_catalog.timestamptz,
    migration_name pg_catalog.varchar(255) not null,
    logs pg_catalog.text,
    rolled_back_at pg_catalog.timestamptz,
    started_at pg_catalog.timestamptz not null default pg_catalog.now(),
    applied_steps_count pg_catalog.int4 not null default 0
)
""")
_READ = sql.SQL(
    "select id::pg_catalog.text, checksum::pg_catalog.text, migration_name::pg_catalog.text,"
    " started_at::pg_catalog.timestamptz, finished_at::pg_catalog.timestamptz,"
    " rolled_back_at::pg_catalog.timestamptz, logs::pg_catalog.text,"
    " applied_steps_count::pg_catalog.int4"
    " from {table} order by started_at, migration_name, id"
)
_BY_HAND = "it has a row that Prisma cannot have written"
_WHO = "find out who wrote it, and which of its migrations ran"
_BEGIN = sql.SQL(
    "insert into {table} (id, checksum, migration_name, started_at) values (%s, %s, %s, %s)"
)
_STEP = sql.SQL("update {table} set applied_steps_count = applied_steps_count + 1 where id = %s")
_FINISH = sql.SQL("update {table} set finished_at = %s where id = %s")
_FAIL = sql.SQL("update {table} set logs = %s where id = %s")
_ROLL_BACK = sql.SQL(
    "update {table} set rolled_back_at = %s"
    " where finished_at is null and rolled_back_at is null and migration_name = any(%s)"
)


@dataclass(frozen=True)
class Row:
    """One row; several may be of one migration.

    :param steps: 1 where the script was run, 0 where a person has said that it had been.
    """

    id: str
    checksum: str
    name: str
    started_at: dt.datetime
    finished_at: dt.datetime | None
    rolled_back_at: dt.datetime | None
    logs: str | None
    steps: int

    @property
    def failed(self) -> bool:
        """Whether it was begun, not finished, and nobody has said since what became of it."""
        return self.finished_at is None and self.rolled_back_at is None


def read(conn: Connection, table: Relation) -> tuple[Row, ...] | None:
    """Return the rows in the order in which they were begun; None where there is no table.

    :raises UsageError: a row that Prisma cannot have written, whoever made the table.
    """
    known = {"schema": table.schema, "name": table.name}
    if not database.rows(conn, question("migrations_ledger"), known):
        return None
    try:
        found = database.rows(conn, _READ.format(table=table.identifier))
    except psycopg.DataError as error:  # an infinite time, or a text that is none
        raise UsageError(f"{table}: {_BY_HAND}: {error}", hint=_WHO) from None
    if any(None in (values[0], values[2], values[3]) for values in found):
        said = "without an id, a name or the time when it was begun"
        raise UsageError(f"{table}: {_BY_HAND}: {said}", hint=_WHO)
    return tuple(Row(*values) for values in found)


def create(conn: Connection, table: Relation) -> None:
    """Make the table."""
    conn.execute(_CREATE.format(table=table.identifier))


def begin(conn: Connection, table: Relation, name: str, checksum: str) -> str:
    """Note that a migration is about to run; return the row's id.

    By this machine's clock, as Prisma does it.
    """
    made = str(uuid.uuid4())
    given = (made, checksum, name, dt.datetime.now(dt.UTC))
    conn.execute(_BEGIN.format(table=table.identifier), given)
    return made


def finish(conn: Connection, table: Relation, row: str) -> None:
    """Note that its script was run, and then that all of it is done."""
    conn.execute(_STEP.format(table=table.identifier), (row,))
    conn.execute(_FINISH.format(table=table.identifier), (dt.datetime.now(dt.UTC), row))


def fail(conn: Connection, table: Relation, row: str, why: str) -> None:
    """Note why it failed; one whose session is gone stays without a word, as Prisma leaves it."""
    if not conn.closed:
        conn.execute(_FAIL.format(table=table.identifier), (why, row))


def roll_back(conn: Connection, table: Relation, *names: str) -> int:
    """Note of failed migrations that nothing of them is there, so that they may be run again.

    :return: how many rows that were.
    """
    given = (dt.datetime.now(dt.UTC), list(names))
    try:
        return conn.execute(_ROLL_BACK.format(table=table.identifier), given).rowcount
    except psycopg.errors.UndefinedTable:
        return 0
