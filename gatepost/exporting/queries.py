"""Which query writes a collection back, and does it yield documents?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import psycopg

from gatepost.errors import CannotConnect, UsageError
from gatepost.names import Relation
from gatepost.parity import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.origin import Export
    from gatepost.settings import Settings

_DOCUMENT = ("doc", "pg_catalog.jsonb")


def written(settings: Settings, export: Export) -> str:
    """Return the query of an export as its author wrote it.

    :raises UsageError: there is no such file, it cannot be read, or there is nothing in it.
    """
    return queries.read(settings.path(export.query))


@contextlib.contextmanager
def blamed(name: str) -> Iterator[None]:
    """Let an error say in which query of the project it is.

    :raises UsageError: the server refuses it, or what it comes to while it runs.
    :raises CannotConnect: the server is gone.
    """
    try:
        yield
    except psycopg.OperationalError as error:
        raise CannotConnect(f"{name}: the server ended it: {_said(error)}") from None
    except psycopg.Error as error:
        raise UsageError(f"{name}: {_said(error)}") from None


def _said(error: psycopg.Error) -> str:
    return error.diag.message_primary or str(error).strip().splitlines()[0]


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
