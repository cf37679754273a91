"""Which columns has a query that the project wrote?

A query may stand for what a table should hold: where the data comes from another shape, or where
not all of it was to come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.catalog import Column, Table
from gatepost.errors import UsageError
from gatepost.sql import question

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.names import Relation


def read(file: Path) -> str:
    """Return the query of a file, without the semicolon that ends it.

    :raises UsageError: there is no such file, or it cannot be read.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{file.name}: cannot be read: {error}", hint="[tables] from names a file of SQL"
        ) from None
    # A line of comment at the end would swallow what is written behind the query.
    return text.strip().removesuffix(";") + "\n"


def described(conn: Connection, query: str, relation: Relation) -> Table:
    """Return what a query yields, as if it were a view of that name.

    :raises psycopg.Error: the server cannot read it.
    """
    with database.as_written(conn), conn.cursor() as cursor:
        cursor.execute(sql.SQL("select * from ({}) as t limit 0").format(sql.SQL(query)))
        named = [(one.name, one.type_code) for one in cursor.description or ()]
    types = {
        row["oid"]: row
        for row in database.mappings(conn, question("types"), {"oids": [oid for _, oid in named]})
    }
    return Table(
        relation=relation,
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
