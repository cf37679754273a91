"""What does a table hold on one side, as far as the project or the catalog asks?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database, names
from gatepost.additions import expectations, values
from gatepost.additions.expectations import Asked
from gatepost.additions.values import Values, text
from gatepost.errors import UsageError
from gatepost.parity import queries, shown
from gatepost.schema.catalog import Table
from gatepost.settings import Settings
from gatepost.side import Side
from gatepost.sql import question
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gatepost.additions.declared import Expectation
    from gatepost.database import Connection
    from gatepost.schema.catalog import Column

_SHOWN = 5
# What a default may be that is asked for its value: a literal, and casts of it.  Anything else may
# do something, or say something else each time.
_LITERAL = re.compile(
    r"(?:'(?:[^']|'')*'|\(?-?[0-9.]+\)?|true|false)"
    r"(?:::[A-Za-z_\"][\w\". ]*(?:\([0-9, ]+\))?(?: without time zone| with time zone)?(?:\[\])?)*"
)
_OFFENDERS = sql.SQL("select {columns} from ({query}) as q order by 1 limit {some}")
_HOW_MANY = sql.SQL("select pg_catalog.count(*) from ({}) as q")
_FIRST = sql.SQL("select array[{key}]::pg_catalog.text[] from {relation} as t order by 1 limit {n}")


@dataclass(frozen=True)
class Held:
    """What a column holds, and what is known of it without its rows.

    :param filled: the value that rows got which were there when the column came, or that a row
        gets which says none: as text, as it may be shown.  None where nobody can tell it.
    """

    asked: Asked
    values: Values
    filled: str | None = None


@dataclass(frozen=True)
class Holding:
    """What a table holds.

    :param findings: what was declared, and is not so.
    :param first: the keys of its first rows, where they are asked for.
    """

    rows: int
    columns: dict[str, Held]
    findings: tuple[str, ...]
    first: tuple[str, ...] = ()


def of(
    settings: Settings,
    side: Side,
    table: Table,
    expected: Sequence[Expectation],
    columns: Iterable[Column] = (),
    *,
    key: str,
    first: bool = False,
) -> Holding:
    """Return what a table holds: what is expected, and of further columns what there is.

    :param expected: of this table and its columns.
    :param key: under which that stands in `gatepost.toml`.
    :param first: name its first rows.
    :raises UsageError: an expectation that this table cannot have.

    One scan, and one more for each query and for each column whose rows are to be named.
    """
    return _Table(settings, side, table, key).holding(tuple(expected), tuple(columns), first=first)


@dataclass(frozen=True)
class _Table:
    """A table of one side, and the rules by which values of it are shown."""

    settings: Settings
    side: Side
    table: Table
    key: str

    def holding(
        self, expected: tuple[Expectation, ...], columns: tuple[Column, ...], *, first: bool
    ) -> Holding:
        findings: list[str] = []
        with self.side.lent() as conn:
            asked = {one.watched.column.name: one for one in self._asked(conn, expected, columns)}
            filled = self._filled(conn, columns)
            asked = {name: _knowing(one, filled.get(name)) for name, one in asked.items()}
            rows, found = values.count(conn, self.table, [one.watched for one in asked.values()])
            held = {}
            for one in found:
                at = asked[one.column]
                said = self._found(conn, at, one)
                findings += said
                held[one.column] = Held(at, one, filled.get(one.column))
            for each in expected:
                findings += self._of_rows(conn, each, rows)
            named = self._first(conn) if first else ()
        return Holding(rows, held, tuple(findings), named)

    def _asked(
        self, conn: Connection, expected: Sequence[Expectation], columns: Sequence[Column]
    ) -> Iterator[Asked]:
        said: dict[str, list[Expectation]] = {column.name: [] for column in columns}
        for one in expected:
            if one.of_values:
                said.setdefault(names.column(one.column)[1], []).append(one)
        for name, ones in said.items():
            column = self.table.column(name)
            if column is not None:
                yield expectations.asked(
                    conn,
                    names.dotted(self.table.relation.schema, self.table.relation.name, name),
                    column,
                    ones,
                    is_open=self._is_open(column),
                )

    def _found(self, conn: Connection, one: Asked, found: Values) -> list[str]:
        said = list(expectations.findings(one, found))
        nulls = one.not_null and found.nulls > 0
        if not said or not (found.wrong or nulls):
            return said
        keys = values.offenders(conn, self.table, one.watched, self._masked, nulls=nulls)
        return [*said, f"  at {'; '.join(keys)}"] if keys else said

    def _of_rows(self, conn: Connection, one: Expectation, rows: int) -> Iterator[str]:
        if one.rows is not None and one.rows != rows:
            yield f"{one.name}: holds {counted(rows, 'row')}, and {one.rows:,} were declared"
        if one.query:
            yield from self._queried(conn, one)

    def _queried(self, conn: Connection, one: Expectation) -> Iterator[str]:
        """Yield what a query finds that should find nothing."""
        query = queries.within(one.query)
        try:
            yielded = queries.described(conn, query, self.table.relation)
        except psycopg.Error as error:
            said = error.diag.message_primary
            raise UsageError(f"[[{self.key}]] {one.name}: query: {said}") from None
        with database.as_written(conn):
            rows = database.value(conn, _HOW_MANY.format(sql.SQL(query)))
            if not rows:
                return
            told = [column.name for column in yielded.columns if self._may_tell(column.name)]
            first = self._yielded(conn, query, told) if told else []
        more = f": {'; '.join(first)}{', …' if rows > len(first) else ''}" if first else ""
        yield f"{one.name}: its query yields {counted(rows, 'row')}, and should yield none{more}"

    def _yielded(self, conn: Connection, query: str, told: Sequence[str]) -> list[str]:
        columns = [sql.SQL("q.{}::pg_catalog.text").format(sql.Identifier(name)) for name in told]
        found = database.rows(
            conn,
            _OFFENDERS.format(
                columns=sql.SQL(", ").join(columns), query=sql.SQL(query), some=sql.Literal(_SHOWN)
            ),
        )
        return [shown.key(told, row, ()) for row in found]

    def _filled(self, conn: Connection, columns: Sequence[Column]) -> dict[str, str]:
        """Return what rows got in columns that came after them, where it can be told."""
        relation = self.table.relation
        found = dict(
            database.rows(
                conn,
                question("additions_filled"),
                {"schema": relation.schema, "relation": relation.name},
            )
        )
        known: dict[str, str] = {}
        for column in columns:
            default = _by_default(conn, column)
            value = found.get(column.name, default)
            told = (
                expectations.spelled(conn, column, (value,))[value] if value is not None else None
            )
            if told is not None:
                known[column.name] = told
        return known

    def _first(self, conn: Connection) -> tuple[str, ...]:
        if not self.table.key:
            return ()
        told = [
            sql.SQL("t.{}::pg_catalog.text").format(sql.Identifier(name)) for name in self.table.key
        ]
        query = _FIRST.format(
            key=sql.SQL(", ").join(told),
            relation=values.source(self.table),
            n=sql.Literal(_SHOWN),
        )
        found = database.rows(conn, query)
        return tuple(shown.key(self.table.key, one, self._masked) for (one,) in found)

    def _is_open(self, column: Column) -> bool:
        if column.name in self._masked:
            return False
        labels = column.kind == "e" or column.base == "pg_catalog.bool"
        return labels or column.name in self.settings.rule(str(self.table.relation)).show

    def _may_tell(self, name: str) -> bool:
        """Whether a query's column is one whose values a report may show: a key, or an open one."""
        column = self.table.column(name)
        if column is None or name in self._masked:
            return False
        return name in self.table.key or self._is_open(column)

    @property
    def _masked(self) -> frozenset[str]:
        return self.settings.masked(str(self.table.relation))


def _knowing(one: Asked, value: str | None) -> Asked:
    """Return how a column is counted, the value of its default with the rest."""
    if value is None:
        return one
    was = one.watched
    whole = was.whole or len(value.encode()) > values.LONG
    return replace(one, watched=replace(was, wanted=(*was.wanted, value), whole=whole))


def _by_default(conn: Connection, column: Column) -> str | None:
    """Return the value of a default that is a literal, as text."""
    if not _LITERAL.fullmatch(column.default):
        return None
    default = sql.SQL("({})").format(sql.SQL(column.default))
    value: str | None = database.value(conn, sql.SQL("select {}").format(text(column, default)))
    return value
