"""What are the rows of a ledger, where somebody may have written into it by hand?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from gatepost import database
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from psycopg import sql

    from gatepost.database import Connection
    from gatepost.names import Relation

_WHO = "find out who wrote it, and which of its migrations ran"


def of(
    conn: Connection, table: Relation, query: sql.Composed, *needed: str
) -> list[tuple[Any, ...]]:
    """Return the rows of a query about a ledger.

    :param needed: the first columns of the query, without which a row tells of no migration.
    :raises UsageError: a row that no runner can have written.
    """
    try:
        found = database.rows(conn, query)
    except (psycopg.DataError, psycopg.errors.CannotCoerce) as error:
        said = error.diag.message_primary or error
        raise UsageError(f"{table}: a row is none of a ledger: {said}", hint=_WHO) from None
    for row in found:
        for name, value in zip(needed, row, strict=False):
            if value is None:
                raise UsageError(f"{table}: a row tells of no migration: {name} is NULL", hint=_WHO)
    return found
