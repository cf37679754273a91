"""What would whoever reads two small tables whole say of them?

A second opinion that shares nothing with the engine: no hash, no image, no bucket.
"""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.parity import shown
from gatepost.parity.rows import AtFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn
    from tests.exact.strategies import Table

    Read = Callable[[Table], list["Stored"]]

# The key as a report shows it, and each column's value as the text of a row of its own.
Stored = tuple[str, tuple[str, ...]]
# What happened, to which key or how often the row was there and is, in which columns.
Difference = tuple[str, str, tuple[str, ...]]


@contextlib.contextmanager
def reader(dsn: Dsn) -> Iterator[Read]:
    """Open a database, to read small tables of it whole."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        yield lambda table: _read(conn, table)


def _read(conn: database.Connection, table: Table) -> list[Stored]:
    # A row of one column tells NULL from '', and keeps the blanks that a cast of char(n) strips.
    values = [sql.SQL("row({})::text").format(c.identifier) for c in table.columns]
    keys = [sql.SQL("{}::text").format(c.identifier) for c in table.columns[: table.key]]
    query = sql.SQL("select array[{}]::text[], array[{}]::text[] from {}").format(
        sql.SQL(", ").join(keys), sql.SQL(", ").join(values), table.identifier
    )
    names = ", ".join(column.name for column in table.columns[: table.key])
    return [
        (f"{names} = ({', '.join(map(shown.plain, key))})", tuple(value))
        for key, value in database.rows(conn, query)
    ]


def differences(table: Table, was: list[Stored], now: list[Stored]) -> list[Difference]:
    """Return what differs between two readings of a table, in order."""
    if not table.key:
        return sorted(_without_key(was, now))
    return sorted(_with_key(table, was, now))


def told(table: Table, found: object) -> list[Difference]:
    """Return what the engine says, in the same words."""
    assert isinstance(found, AtFault)
    assert found.complete
    return sorted(
        (row.kind, row.key if table.key else f"{row.before} {row.after}", tuple(row.columns))
        for row in found.rows
    )


def _without_key(was: list[Stored], now: list[Stored]) -> Iterator[Difference]:
    before, after = (Counter(values for _, values in side) for side in (was, now))
    for row in before.keys() | after.keys():
        if before[row] != after[row]:
            yield _kind(before[row], after[row]), f"{before[row]} {after[row]}", ()


def _with_key(table: Table, was: list[Stored], now: list[Stored]) -> Iterator[Difference]:
    before, after = (_by_key(table, side) for side in (was, now))
    for identity in before.keys() | after.keys():
        one, other = before[identity], after[identity]
        key = (one or other)[0][0]
        if len(one) != len(other):
            yield _kind(len(one), len(other)), key, ()
        elif changed := _changed(table, one, other):
            yield "changed", key, changed


def _kind(before: int, after: int) -> str:
    if before > after:
        return "gone"
    return "doubled" if before else "new"


def _by_key(table: Table, side: list[Stored]) -> defaultdict[tuple[str, ...], list[Stored]]:
    found = defaultdict(list)
    for key, values in side:
        found[values[: table.key]].append((key, values))
    return found


def _changed(table: Table, one: list[Stored], other: list[Stored]) -> tuple[str, ...]:
    def values(side: list[Stored], at: int) -> list[str]:
        return sorted(row[1][at] for row in side)

    places = range(table.key, len(table.columns))
    return tuple(
        sorted(table.columns[n].name for n in places if values(one, n) != values(other, n))
    )
