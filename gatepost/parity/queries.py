"""Which columns has a query that the project wrote?

A query may stand for what a table should hold: where the data comes from another shape, or where
not all of it was to come.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.errors import UsageError
from gatepost.names import relation
from gatepost.schema.catalog import Column, Table
from gatepost.sql import question
from gatepost.staging.places import view_of

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.names import Relation
    from gatepost.settings import Settings
    from gatepost.side import Side

# The semicolon that ends a query, and comments behind it.
_END = re.compile(r";\s*(--[^\n]*\s*)*\Z")
_MAPPED = sql.SQL("select * from {}")
_DESCRIBE = sql.SQL("select * from ({}) as t limit 0")


def yielded(settings: Settings, side: Side) -> dict[Relation, Table]:
    """Return, for every table that a query stands for, what the query yields on that side.

    :raises UsageError: a file that cannot be read, or a query that the server refuses.
    """
    rules = settings.project.tables.items()
    named = [relation(name) for name, rule in rules if rule.query]
    return {one: yields(settings, side, one) for one in named}


def yields(settings: Settings, side: Side, one: Relation) -> Table:
    """Return what the query of a table yields, as if it were a view of that name.

    :raises UsageError: a file that cannot be read, or a query that the server refuses.
    """
    name = settings.rule(str(one)).query
    query = text(settings, one)

    def ask() -> Table:
        with side.lent() as conn:
            try:
                return described(conn, query, one)
            except psycopg.Error as error:
                raise refused(name, query, error) from None

    found = side.store.once(f"{side.label} columns of {one}: {query}", Table, ask)
    times = Counter(column.name for column in found.columns)
    twice = [column for column, count in times.items() if count > 1]
    if twice:
        raise UsageError(f"{name}: yields the column '{twice[0]}' twice", hint="give one a name")
    return found


def text(settings: Settings, one: Relation) -> str:
    """Return the query of a table, as it is asked of the before side; empty if it has none.

    Of a staged source it is kept as a view, that names what the author meant among the rest.

    :raises UsageError: a file that cannot be read.
    """
    name = settings.rule(str(one)).query
    if name and settings.staged:
        return _MAPPED.format(view_of(one).identifier).as_string()
    return read(settings.path(name)) if name else ""


def read(file: Path) -> str:
    """Return the query of a file, without the semicolon that ends it.

    :raises UsageError: there is no such file, it cannot be read, or there is nothing in it.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UsageError(
            f"{file.name}: cannot be read: {why}", hint="[tables] from names a file of SQL"
        ) from None
    query = within(text)
    if not query.strip():
        raise UsageError(f"{file.name}: holds no query")
    return query


def within(text: str) -> str:
    """Return a query as it can stand within another: without the semicolon that ends it."""
    # A line of comment at the end would swallow what is written behind the query.
    return _END.sub("", text).rstrip() + "\n"


def described(conn: Connection, query: str, one: Relation) -> Table:
    """Return what a query yields, as if it were a view of that name.

    :raises psycopg.Error: the server cannot read it.
    """
    with database.as_written(conn), conn.cursor() as cursor:
        cursor.execute(_DESCRIBE.format(sql.SQL(query)))
        named = [(one.name, one.type_code) for one in cursor.description or ()]
    types = {
        row["oid"]: row
        for row in database.mappings(conn, question("types"), {"oids": [oid for _, oid in named]})
    }
    return Table(
        relation=one,
        kind="view",
        persistence="permanent",
        columns=tuple(
            _column(name, types[oid], at) for at, (name, oid) in enumerate(named, start=1)
        ),
        key=(),
        is_partition=False,
        inherits=(),
        rows_estimate=-1,
        bytes=0,
        pages=0,
        row_security=False,
    )


def refused(name: str, query: str, error: psycopg.Error) -> UsageError:
    """Return what the server says of a query that `described` sent it, with the file's line."""
    at = error.diag.statement_position
    # The server counts from the beginning of the statement around it.
    before = _DESCRIBE.as_string().index("{}")
    line = query[: int(at) - before].count("\n") + 1 if at else 0
    where = f"{name}, line {line}" if line else name
    return UsageError(f"{where}: {error.diag.message_primary}")


def _column(name: str, found: dict[str, str], position: int) -> Column:
    return Column(
        name=name,
        type=found["type"],
        base=found["base"],
        kind=found["kind"],
        element="",
        not_null=False,
        default="",
        identity="",
        generated="",
        collation="",
        position=position,
    )
