"""Which query writes a collection back, and does it yield documents?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from gatepost.errors import UsageError
from gatepost.names import Relation
from gatepost.parity import queries

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.origin import Export
    from gatepost.settings import Settings

_DOCUMENT = ("doc", "pg_catalog.jsonb")


def written(settings: Settings, export: Export) -> str:
    """Return the query of an export as its author wrote it.

    :raises UsageError: there is no such file, it cannot be read, or there is nothing in it.
    """
    return queries.read(settings.path(export.query))


def check(conn: Connection, name: str, query: str) -> None:
    """Refuse a query that yields something else than one column `doc` of type jsonb.

    :raises UsageError: it does, or the server refuses it.
    """
    try:
        found = queries.described(conn, query, Relation("", name)).columns
    except psycopg.Error as error:
        raise queries.refused(name, query, error) from None
    yielded = [(column.name, column.base) for column in found]
    if yielded != [_DOCUMENT]:
        said = ", ".join(f"{column.name} {column.type}" for column in found) or "nothing"
        raise UsageError(
            f"{name}: yields {said}; one column is wanted: doc jsonb",
            hint="select jsonb_build_object('id', id, …) as doc from …",
        )
