"""Which tables, and which single changes to them, should a digest be tried with?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from psycopg import sql

from gatepost.names import Relation
from tests.exact.columns import KEYS, KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Row = tuple[str | None, ...]
Drawn = TypeVar("Drawn")
_MOST_ROWS = 30
_LEAST_ROWS = (0, 3, 3, 3, 10)  # a list is short, or empty, if it may be
_MOST_COLUMNS = 8
# Names are data as well: quotes, percent signs and braces have meanings in what composes SQL.
_NAMES = st.text("aZé%\"'{} .$()", min_size=1, max_size=4)


class Change(Protocol):
    """One thing that a migration may do to one table."""

    def statement(self, table: Table) -> sql.Composed:
        """Return the SQL that does it."""


@dataclass(frozen=True)
class Column:
    """A column of a table to be made."""

    name: str
    kind: Kind

    @property
    def identifier(self) -> sql.Identifier:
        """The name as SQL."""
        return sql.Identifier(self.name)

    def value(self, text: str | None) -> sql.Composed:
        """Return the value that a text stands for, as SQL."""
        return sql.SQL("{}::{}").format(sql.Literal(text), _type(self))


@dataclass(frozen=True)
class Table:
    """A table to be made, and what is then done to it.

    :param key: how many of the first columns are its primary key.
    :param order: the places of its columns in another order.
    """

    name: str
    columns: tuple[Column, ...]
    key: int
    rows: tuple[Row, ...]
    order: tuple[int, ...] = ()
    change: Change | None = None

    @property
    def relation(self) -> Relation:
        """Its name, schema included."""
        return Relation("public", self.name)

    @property
    def identifier(self) -> sql.Identifier:
        """Its name as SQL."""
        return self.relation.identifier

    def made(self) -> sql.Composed:
        """Return the SQL that makes it, rows included."""
        return sql.SQL("{};").format(self.declared(self.columns)) + sql.Composed(
            [self._inserted(row) for row in self.rows]
        )

    def _inserted(self, row: Row) -> sql.Composed:
        values = (c.value(text) for c, text in zip(self.columns, row, strict=True))
        return sql.SQL("insert into {} values ({});").format(self.identifier, _list(values))

    def declared(self, columns: Iterable[Column]) -> sql.Composed:
        """Return `create table` with the columns in this order."""
        parts = [sql.SQL("{} {}").format(c.identifier, _type(c)) for c in columns]
        if self.key:
            names = _list(column.identifier for column in self.columns[: self.key])
            parts.append(sql.SQL("constraint {} primary key ({})").format(self._constraint, names))
        return sql.SQL("create table {} ({})").format(self.identifier, _list(parts))

    def reordered(self) -> sql.Composed:
        """Return the SQL that makes it anew with columns and rows in another order."""
        columns = [self.columns[at] for at in self.order]
        return sql.SQL(
            "alter table {table} rename to old; alter table old drop constraint if exists {key};"
            "{declared}; insert into {table} select {names} from public.old order by ctid desc;"
            "drop table old"
        ).format(
            table=self.identifier,
            key=self._constraint,
            declared=self.declared(columns),
            names=_list(column.identifier for column in columns),
        )

    def changed(self) -> sql.Composed:
        """Return the SQL of its change, after the constraints that might refuse it are dropped."""
        assert self.change is not None
        names = [column.identifier for column in self.columns[: self.key]]
        drops = [sql.SQL("drop constraint if exists {}").format(self._constraint)]
        drops += [sql.SQL("alter {} drop not null").format(name) for name in names]
        return sql.SQL("alter table {} {}; {}").format(
            self.identifier, _list(drops), self.change.statement(self)
        )

    @property
    def _constraint(self) -> sql.Identifier:
        return sql.Identifier(f"{self.name}_pkey")


@dataclass(frozen=True)
class Put:
    """One value becomes another, or NULL, or is no longer NULL."""

    row: int
    column: int
    text: str | None

    def statement(self, table: Table) -> sql.Composed:
        column = table.columns[self.column]
        return sql.SQL("update {} set {} = {} where ctid = {}").format(
            table.identifier, column.identifier, column.value(self.text), _place(table, self.row)
        )


@dataclass(frozen=True)
class SwappedRows:
    """Two rows exchange one of their values."""

    row: int
    other: int
    column: int

    def statement(self, table: Table) -> sql.Composed:
        return sql.SQL(
            "update {table} as a set {column} = b.{column} from {table} as b"
            " where (a.ctid = {one} and b.ctid = {other}) or (a.ctid = {other} and b.ctid = {one})"
        ).format(
            table=table.identifier,
            column=table.columns[self.column].identifier,
            one=_place(table, self.row),
            other=_place(table, self.other),
        )


@dataclass(frozen=True)
class SwappedColumns:
    """One row exchanges the values of two columns of one type."""

    row: int
    column: int
    other: int

    def statement(self, table: Table) -> sql.Composed:
        one, other = (table.columns[at].identifier for at in (self.column, self.other))
        return sql.SQL("update {} set {one} = {other}, {other} = {one} where ctid = {}").format(
            table.identifier, _place(table, self.row), one=one, other=other
        )


@dataclass(frozen=True)
class Twice:
    """A row is there once more."""

    row: int

    def statement(self, table: Table) -> sql.Composed:
        return sql.SQL("insert into {table} select * from {table} where ctid = {row}").format(
            table=table.identifier, row=_place(table, self.row)
        )


@dataclass(frozen=True)
class Lost:
    """A row is there no more."""

    row: int

    def statement(self, table: Table) -> sql.Composed:
        return sql.SQL("delete from {} where ctid = {}").format(
            table.identifier, _place(table, self.row)
        )


@dataclass(frozen=True)
class Added:
    """A row is there that was not."""

    texts: Row

    def statement(self, table: Table) -> sql.Composed:
        values = (c.value(text) for c, text in zip(table.columns, self.texts, strict=True))
        return sql.SQL("insert into {} values ({})").format(table.identifier, _list(values))


@st.composite
def tables(draw: st.DrawFn, kind: Kind) -> Table:
    """Draw a table that has a column of ``kind``, and one change to it."""
    key = draw(st.just(()) | st.sampled_from(KEYS))
    others = draw(st.lists(st.sampled_from(KINDS), max_size=_MOST_COLUMNS - 2 - len(key)))
    # Two columns of one type, so that their values may be taken for one another.
    twin = [kind] if not key or draw(st.booleans()) else []
    kinds = [*key, *draw(st.permutations([kind, *twin, *others]))]
    names = draw(st.lists(_NAMES, min_size=len(kinds), max_size=len(kinds), unique=True))
    columns = tuple(map(Column, names, kinds))
    row = st.tuples(
        *(c.kind.texts if n < len(key) else st.none() | c.kind.texts for n, c in enumerate(columns))
    )
    unique = (lambda found: found[: len(key)]) if key else None
    least = draw(st.sampled_from(_LEAST_ROWS))
    rows = draw(st.lists(row, min_size=least, max_size=_MOST_ROWS, unique_by=unique))
    if rows and not key:
        rows += draw(st.lists(st.sampled_from(rows), max_size=_MOST_ROWS - len(rows)))
    order = tuple(draw(st.permutations(range(len(columns)))))
    table = Table("", columns, len(key), tuple(rows), order)
    return replace(table, change=draw(_changes(table, row)))


def _changes(table: Table, row: st.SearchStrategy[Row]) -> st.SearchStrategy[Change]:
    added: st.SearchStrategy[Change] = st.builds(Added, row)
    if not table.rows:
        return added
    places = st.integers(0, len(table.rows) - 1)
    columns = st.integers(0, len(table.columns) - 1)
    put = st.tuples(places, columns).flatmap(lambda at: _put(table, *at))
    found: list[st.SearchStrategy[Change]] = [put, put, st.builds(Twice, places)]
    found += [st.builds(Lost, places), added]
    if len(table.rows) > 1:
        two = st.lists(places, min_size=2, max_size=2, unique=True)
        found.append(st.builds(lambda rows, at: SwappedRows(rows[0], rows[1], at), two, columns))
    pairs = [
        (one, other)
        for one in range(len(table.columns))
        for other in range(one)
        if table.columns[one].kind is table.columns[other].kind
    ]
    if pairs:
        found.append(
            st.builds(lambda at, two: SwappedColumns(at, *two), places, st.sampled_from(pairs))
        )
    return st.one_of(found)


def _put(table: Table, row: int, column: int) -> st.SearchStrategy[Change]:
    was, kind = table.rows[row][column], table.columns[column].kind
    texts = st.none() | kind.texts
    if was is not None and (near := kind.near(was)):
        texts |= st.sampled_from(near)
    return st.builds(Put, st.just(row), st.just(column), texts.filter(lambda text: text != was))


def drawn(strategy: st.SearchStrategy[Drawn], count: int, *, start: int) -> list[Drawn]:
    """Return ``count`` examples of a strategy, the same at every run with the same ``start``.

    They are gathered, not tested one by one: dump and restore cost a second, whatever their number.
    """
    found: list[Drawn] = []
    without_fuss: Callable[..., Any] = settings(
        max_examples=count + 1,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @seed(start)
    @without_fuss
    @given(strategy)
    def gather(one: Drawn) -> None:
        found.append(one)

    gather()
    return found[-count:]  # the first one is the simplest that there is


def _place(table: Table, row: int) -> sql.Composed:
    """Return where the row lies that was inserted as the ``row``-th; dump and restore keep that."""
    return sql.SQL("(select ctid from {} order by ctid offset {} limit 1)").format(
        table.identifier, sql.Literal(row)
    )


def _type(column: Column) -> sql.SQL:
    return sql.SQL(column.kind.type)


def _list(items: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(items)
