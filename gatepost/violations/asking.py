"""Is a question about rows worth its answer?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

from gatepost import database

if TYPE_CHECKING:
    from gatepost.database import Connection

# What the planner may expect of a question, in its own units, of which a scan of a million rows is
# some 20 000: what each row asks of a whole table again is not asked of production.
DEAREST = 1e8


class TooDear(Exception):
    """A question would take longer than its answer is worth."""


def rows(conn: Connection, query: sql.Composed) -> list[tuple[Any, ...]]:
    """Return the rows of a query.

    :raises TooDear: the planner expects far more work than scans and sorts are.
    """
    plan = database.value(conn, sql.SQL("explain (format json) {}").format(query))
    if plan[0]["Plan"]["Total Cost"] > DEAREST:
        raise TooDear
    return database.rows(conn, query)
