"""What do the rows of a table look like when a statement of a pending migration meets them?

A constraint is counted on the rows that are there, as the statements before it leave them: renamed,
with new columns at their defaults, with a type changed, an UPDATE or a DELETE done.  Each of these
is one more query around the table, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.names import Relation
from gatepost.schema.catalog import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

# What no table has for a column: what names a row, whatever became of its columns.
KEY = "gatepost: key"
_HIDDEN = sql.Identifier(KEY)
_BASE = sql.SQL("select t.*, array[{key}]::pg_catalog.text[] as {hidden} from {only}{table} as t")
_LAYER = sql.SQL("select {columns} from ({rows}) as {name}")


@dataclass(frozen=True)
class Held:
    """What a shape has for a column.

    :param type: as SQL spells it.
    """

    type: str
    not_null: bool = False


@dataclass(frozen=True)
class Layer:
    """What one statement makes of rows.

    :param name: what its expressions call the table.
    :param columns: by name, the expression that yields a column; None where it stays as it was.
    :param keep: which rows stay; all of them where None.
    """

    name: str
    columns: Mapping[str, sql.Composable | None]
    keep: sql.Composable | None = None


@dataclass(frozen=True)
class Shape:
    """A table as the statements so far leave it.

    :param relation: what it is called now.
    :param live: the table that it was; None of one that is made by a pending migration.
    :param key: what a foreign key that names no columns points to.
    :param written: where what is not followed here changes its rows: there they are others.
    :param grown: where it gets rows.
    :param known: all of its columns are known.
    """

    relation: Relation
    live: Table | None
    columns: Mapping[str, Held]
    key: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = field(default=(), repr=False)
    written: str = ""
    grown: str = ""
    known: bool = True

    @property
    def is_untouched(self) -> bool:
        """Whether it is the table that is there, as it is."""
        return not self.layers and not self.written and not self.grown and self.live is not None

    @property
    def names(self) -> tuple[str, ...]:
        """Of which columns the key consists that tells its rows apart; their place if of none."""
        return (self.live.key if self.live else ()) or ("ctid",)

    def with_columns(
        self,
        changed: Mapping[str, tuple[Held, sql.Composable]],
        *,
        dropped: Iterable[str] = (),
        name: str = "",
        keep: sql.Composable | None = None,
    ) -> Shape:
        """Return what it is after a statement.

        :param changed: by column, new or not, what it is then and the expression that yields it.
        """
        gone = set(dropped)
        columns = {one: held for one, held in self.columns.items() if one not in gone}
        yielded: dict[str, sql.Composable | None] = dict.fromkeys(columns)
        for column, (held, expression) in changed.items():
            columns[column], yielded[column] = held, expression
        layer = Layer(name or self.relation.name, yielded, keep)
        return replace(self, columns=columns, layers=(*self.layers, layer))

    def renamed(self, column: str, to: str) -> Shape:
        """Return what it is once a column is called otherwise."""
        if column not in self.columns:
            return self
        changed = {to: (self.columns[column], sql.Identifier(column))}
        found = self.with_columns(changed, dropped=[column])
        return replace(found, key=tuple(to if one == column else one for one in self.key))

    def rows(self, *, alone: bool = False, part: sql.Composable | None = None) -> sql.Composed:
        """Return the query of its rows: its columns, and `KEY`.

        :param alone: without the rows of tables that inherit from it.
        :param part: a condition on a row `t` of the table that is there.
        """
        found = self._base(alone=alone)
        if part is not None:
            found = sql.SQL("{} where {}").format(found, part)
        for layer in self.layers:
            found = _around(found, layer)
        return found

    def _base(self, *, alone: bool) -> sql.Composed:
        assert self.live is not None, f"{self.relation} has no rows that are there"
        only = alone and self.live.kind == "table"
        return _BASE.format(
            key=sql.SQL(", ").join(
                sql.SQL("t.{}::pg_catalog.text").format(sql.Identifier(one)) for one in self.names
            ),
            hidden=_HIDDEN,
            only=sql.SQL("only " if only else ""),
            table=self.live.relation.identifier,
        )


def of(table: Table) -> Shape:
    """Return the shape of a table that is there."""
    columns = {one.name: Held(one.type, one.not_null) for one in table.columns}
    return Shape(table.relation, table, columns, table.key)


def _around(rows: sql.Composed, layer: Layer) -> sql.Composed:
    name = sql.Identifier(layer.name)
    columns = [
        sql.SQL("({}) as {}").format(expression, sql.Identifier(column))
        if expression is not None
        else sql.SQL("{}.{}").format(name, sql.Identifier(column))
        for column, expression in layer.columns.items()
    ]
    columns.append(sql.SQL("{}.{}").format(name, _HIDDEN))
    found = _LAYER.format(columns=sql.SQL(", ").join(columns), rows=rows, name=name)
    if layer.keep is not None:
        found = sql.SQL("{} where {}").format(found, layer.keep)
    return found
