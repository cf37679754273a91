"""Does every query of the project stand over the staged views?  Each becomes a view of its own."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.errors import UsageError
from gatepost.names import relation
from gatepost.parity import queries
from gatepost.staging.places import STAGED, view_of
from gatepost.wording import meant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatepost.dsn import Dsn
    from gatepost.names import Relation
    from gatepost.settings import Settings

# As a subquery: what holds a second statement is refused, and not run.
_VIEW = sql.SQL("create view {view} as select * from ({query}) as q")


def make(dsn: Dsn, settings: Settings, views: Iterable[Relation]) -> None:
    """Make a view of every query of the project.

    :param views: that the queries can be of, for who misspells one.
    :raises UsageError: a file that cannot be read, or a query that the server refuses: which file,
        which line, and why.
    """
    known = [one.name for one in views]
    with contextlib.closing(database.maintenance(dsn, label="staging")) as conn:
        conn.execute(sql.SQL("set search_path = {}").format(sql.Identifier(STAGED)))
        for name, rule in settings.project.tables.items():
            if rule.query:
                query = queries.read(settings.path(rule.query))
                view = view_of(relation(name)).identifier
                try:
                    conn.execute(_VIEW.format(view=view, query=sql.SQL(query)))
                except psycopg.Error as error:
                    before = _VIEW.as_string().index("{query}") - len("{view}")
                    at = before + len(view.as_string(conn))
                    raise _refused(rule.query, query, error, at, known) from None


def _refused(
    name: str, query: str, error: psycopg.Error, begins: int, known: Iterable[str]
) -> UsageError:
    place = error.diag.statement_position
    where = f"{name}, line {query[: int(place) - 1 - begins].count(chr(10)) + 1}" if place else name
    said = error.diag.message_primary or type(error).__name__
    return UsageError(f"{where}: {said}", hint=_hint(error, said, known))


def _hint(error: psycopg.Error, said: str, known: Iterable[str]) -> str:
    if isinstance(error, psycopg.errors.UndefinedTable):
        quoted = said.partition('"')[2].partition('"')[0]
        return meant(quoted, known) or f"there are {', '.join(known)}"
    if isinstance(error, psycopg.errors.UndefinedColumn) and not error.diag.message_hint:
        return "fields keep their case and need quotes for it; one that no record has is declared"
    return error.diag.message_hint or ""
