"""Which small questions go to the server together, as the way there costs more than they do?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.errors import NotReadable

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from gatepost.database import Connection
    from gatepost.schema.catalog import Table

    Name = TypeVar("Name", bound=Hashable)

# Bytes of a table, indexes included, below which reading it keeps nobody waiting.
_SMALL = 1 << 20
_AT_ONCE = 100


def is_small(table: Table) -> bool:
    """Whether a question about all rows of ``table`` may go with others.

    What has no storage of its own has no size either: a partitioned table is never small.
    """
    return table.kind == "table" and table.bytes < _SMALL


def asked(conn: Connection, queries: Mapping[Name, sql.Composed]) -> dict[Name, tuple[Any, ...]]:
    """Return the one row of each query by its name; `_AT_ONCE` queries are one statement.

    Where one of them fails, the names of that statement are missing: whoever then asks each by
    itself hears which one it was, and why.

    :param queries: all of them yield the same types of columns.
    """
    names = list(queries)
    found: dict[Name, tuple[Any, ...]] = {}
    for first in range(0, len(names), _AT_ONCE):
        some = names[first : first + _AT_ONCE]
        rows = _together(conn, [queries[name] for name in some])
        found |= {some[at]: tuple(row) for at, *row in rows}
    return found


def _together(conn: Connection, queries: Sequence[sql.Composed]) -> list[tuple[Any, ...]]:
    one = sql.SQL("select {at}, q.* from ({query}) as q")
    statement = sql.SQL(" union all ").join(
        one.format(at=sql.Literal(at), query=query) for at, query in enumerate(queries)
    )
    try:
        with conn.transaction():  # a savepoint: an error must not end the snapshot
            return database.rows(conn, statement)
    except (NotReadable, psycopg.Error):
        return []
