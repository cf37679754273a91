"""Does a block's condition hold in a database, as it is now?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.errors import NotReadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gatepost.database import Connection
    from gatepost.linting.blocks import Condition


def are_met(
    conn: Connection, conditions: Iterable[Condition], path: Sequence[str] = ("public",)
) -> bool | None:
    """Whether all conditions are answered so that what they guard runs; None: nobody can tell.

    They are asked of the database before any pending migration has run: what these make may answer
    otherwise.

    :param path: the schemas in which names without one are looked for.
    """
    found: bool | None = True
    for one in conditions:
        query = sql.SQL("select ({}) is true").format(sql.SQL(one.text))
        try:
            with database.as_written(conn, path):
                if database.value(conn, query) != one.holds:
                    return False
        except (psycopg.Error, NotReadable):
            found = None
    return found
