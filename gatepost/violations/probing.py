"""On which rows does an expression fail that a pending migration will compute?

The server says neither on which row it fails nor on how many.  Halves of the table are asked until
single rows are left.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.mapping import failures
from gatepost.mapping.culprits import Search
from gatepost.violations import asking
from gatepost.violations.found import SHOWN, Found
from gatepost.violations.shapes import KEY

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.schema.catalog import Catalog, Table
    from gatepost.violations.claims import Becoming
    from gatepost.violations.found import Key
    from gatepost.violations.shapes import Shape

# What is wrong with a value, a key or a row, and not with the question.
OF_ROWS = (*failures.OF_VALUES, psycopg.IntegrityError)
# What cannot be asked before the migration has run, or not of a session that may only read.
NOT_YET = (
    psycopg.ProgrammingError,
    psycopg.NotSupportedError,
    psycopg.errors.ReadOnlySqlTransaction,
)
# A page of 32 kB, the largest, holds no more rows.
_ON_A_PAGE = 1_200

_BECOMING = sql.SQL(
    "select pg_catalog.count(*), pg_catalog.count({expression}) from ({rows}) as {name}"
)
_WITHIN = sql.SQL("t.ctid >= {}::pg_catalog.tid and t.ctid <= {}::pg_catalog.tid")
_AT = sql.SQL("select {name}.{key} from ({rows}) as {name}")


def becoming(conn: Connection, shape: Shape, test: Becoming, catalog: Catalog) -> Found:
    """Return the rows of whose values something will not become.

    One scan; where it fails, some forty smaller ones for each row that is named.
    """
    try:
        ((among, _),) = _tried(conn, shape, test, None)
    except OF_ROWS as error:
        return _failing(conn, shape, test, catalog, failures.said(error))
    return Found(0, among)


def _tried(
    conn: Connection, shape: Shape, test: Becoming, part: sql.Composable | None
) -> list[tuple[int, int]]:
    query = _BECOMING.format(
        expression=test.expression,
        rows=shape.rows(part=part),
        name=sql.Identifier(shape.relation.name),
    )
    with conn.transaction():
        return [(among, rows) for among, rows in asking.rows(conn, query)]


def _failing(conn: Connection, shape: Shape, test: Becoming, catalog: Catalog, said: str) -> Found:
    """Return the rows on which an expression fails: halves are asked until they are single rows."""
    assert shape.live is not None  # it is asked about
    leaves = catalog.leaves(shape.live.relation) or (shape.live,)
    keys: list[Key] = []
    for leaf in leaves:
        one = _of_leaf(shape, leaf)

        def ask(first: int, last: int, one: Shape = one) -> tuple[int, ...]:
            try:
                _tried(conn, one, test, _between(first, last))
            except OF_ROWS:
                return (1,)
            return (0,)

        search = Search(ask, wanted=SHOWN - len(keys)).run(max(leaf.pages, 1) * _ON_A_PAGE)
        for at in search.found.get(0, ()):
            query = _AT.format(
                name=sql.Identifier(shape.relation.name),
                key=sql.Identifier(KEY),
                rows=_bare(one).rows(part=_between(at, at)),
            )
            keys += [tuple(key) for (key,) in database.rows(conn, query)]
        if len(keys) >= SHOWN:
            break
    return Found(max(len(keys), 1), keys=tuple(keys), more=len(keys) in (0, SHOWN), said=said)


def _of_leaf(shape: Shape, leaf: Table) -> Shape:
    return replace(shape, live=replace(leaf, key=shape.live.key if shape.live else leaf.key))


def _bare(shape: Shape) -> Shape:
    return replace(shape, layers=())


def _between(first: int, last: int) -> sql.Composed:
    """Return the condition that a row lies between two places, counted from 1."""
    return _WITHIN.format(*(sql.Literal(_place(one)) for one in (first, last)))


def _place(number: int) -> str:
    page, offset = divmod(number - 1, _ON_A_PAGE)
    return f"({page},{offset + 1})"
