"""Does a column that holds a count say what there is to be counted?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database, names
from gatepost.errors import UsageError
from gatepost.parity import queries, shown
from gatepost.told import Told
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Collection

    from gatepost.database import Connection
    from gatepost.mapping.declared import Counter
    from gatepost.schema.catalog import Table
    from gatepost.settings import Settings
    from gatepost.side import Side
    from gatepost.sides import Sides

_SHOWN = 5
# Of a row that the query does not name there is nothing to count.
_WRONG = sql.SQL(
    "from {table} as t left join ({query}) as q ({keys}, n) on {pairs}"
    " where t.{column} is distinct from coalesce(q.n, 0)"
)
_COUNTS = sql.SQL(
    "select pg_catalog.count(*), pg_catalog.count(*) filter (where t.{column} > coalesce(q.n, 0)),"
    " pg_catalog.count(*) filter (where t.{column} is null) {wrong}"
)
_KEYS = sql.SQL("select array[{shown}]::pg_catalog.text[] {wrong} order by 1 limit {some}")


@dataclass(frozen=True)
class Counted:
    """The rows of a column that say another count than there is.

    :param more: how many say more than there is; ``none``: how many say nothing; the rest says
        less.
    :param keys: the first of them, as in `id = (42)`.
    """

    rows: int
    more: int
    none: int
    keys: tuple[str, ...] = ()

    def told(self, counter: Counter) -> str:
        """Return it in words."""
        less = self.rows - self.more - self.none
        kinds = {"too much": self.more, "too little": less, "nothing": self.none}
        said = ", ".join(f"{number:,} {word}" for word, number in kinds.items() if number)
        rows = "1 row says" if self.rows == 1 else f"{self.rows:,} rows say"
        more = ", …" if self.rows > len(self.keys) else ""
        return (
            f"{counter.column}: {rows} another count than there is ({said}):"
            f" {'; '.join(self.keys)}{more}"
        )


def told(settings: Settings, sides: Sides, counter: Counter) -> Told:
    """Return whether a counter is right after; what was as wrong before is inherited."""
    relation, _ = names.column(counter.column)
    masked = settings.masked(str(relation))
    now = count(sides.after, counter, masked)
    if now is None:
        return Told((f"{counter.column}: the after side has no such column",))
    if not now.rows:
        return Told((), facts={"after": now})
    live = not settings.staged and settings.baseline is None
    was = count(sides.before, counter, masked) if live else None
    facts = {"before": was, "after": now}
    if was == now:
        return Told((), (f"{now.told(counter)}; it did before",), facts)
    if counter.warn:
        return Told((), (now.told(counter),), facts)
    return Told((now.told(counter),), facts=facts)


def count(side: Side, counter: Counter, masked: Collection[str]) -> Counted | None:
    """Return which rows of a counter are wrong on a side; None where it has no such column.

    :param masked: columns of which no value is shown, not of a key either.
    :raises UsageError: a table without a key, or a query that yields another number of columns.

    One join of the table with what the query yields.
    """
    relation, column = names.column(counter.column)
    table = side.catalog.table(relation)
    if table is None or table.column(column) is None:
        return None
    if not table.key:
        raise UsageError(
            f"[[counters]] {counter.column}: {relation} has no key, by which a count finds its row"
        )
    with side.lent() as conn:
        _check(conn, counter, table)
        wrong = _wrong(counter, table, column)
        with database.as_written(conn):
            ((rows, more, none),) = database.rows(
                conn, _COUNTS.format(column=sql.Identifier(column), wrong=wrong)
            )
            keys = _keys(conn, table, wrong, masked) if rows else ()
    return Counted(rows, more, none, keys)


def _check(conn: Connection, counter: Counter, table: Table) -> None:
    """Refuse a query that the server refuses, or that does not yield the key and a count."""
    try:
        yielded = queries.described(conn, queries.within(counter.equals), table.relation)
    except psycopg.Error as error:
        said = error.diag.message_primary
        raise UsageError(f"[[counters]] {counter.column}: equals: {said}") from None
    wanted = len(table.key) + 1
    if len(yielded.columns) != wanted:
        raise UsageError(
            f"[[counters]] {counter.column}: equals yields"
            f" {counted(len(yielded.columns), 'column')}",
            hint=f"the key, {', '.join(table.key)}, and the count",
        )


def _wrong(counter: Counter, table: Table, column: str) -> sql.Composed:
    keys = [f"k{at}" for at in range(len(table.key))]
    pairs = [
        sql.SQL("t.{} = q.{}").format(sql.Identifier(name), sql.Identifier(key))
        for name, key in zip(table.key, keys, strict=True)
    ]
    return _WRONG.format(
        table=table.relation.identifier,
        query=sql.SQL(queries.within(counter.equals)),
        keys=sql.SQL(", ").join(map(sql.Identifier, keys)),
        pairs=sql.SQL(" and ").join(pairs),
        column=sql.Identifier(column),
    )


def _keys(
    conn: Connection, table: Table, wrong: sql.Composed, masked: Collection[str]
) -> tuple[str, ...]:
    listed = sql.SQL(", ").join(
        sql.SQL("t.{}::pg_catalog.text").format(sql.Identifier(name)) for name in table.key
    )
    found = database.rows(conn, _KEYS.format(shown=listed, wrong=wrong, some=sql.Literal(_SHOWN)))
    return tuple(shown.key(table.key, values, masked) for (values,) in found)
