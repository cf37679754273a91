"""Which tables do the project's queries fill, and with what?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.equivalence import Equivalence
from gatepost.mapping import claims
from gatepost.mapping.within import Query
from gatepost.names import Relation, relation
from gatepost.parity import queries
from gatepost.schema.catalog import Table
from gatepost.staging.places import view_of

if TYPE_CHECKING:
    from gatepost.mapping.mapped import Mapped
    from gatepost.settings import Settings
    from gatepost.side import Side

_VIEW = sql.SQL("select * from {}")


@dataclass(frozen=True)
class Filled:
    """A table that a query fills.

    :param name: of the query's file; ``yielded``: what the query yields.
    :param records: by collection that it reads, how many records that has.
    :param compare: by column, what the project declared to count as the same.
    """

    table: Table
    name: str
    query: Query
    yielded: Table
    records: Mapping[str, int]
    compare: Mapping[str, Equivalence]

    @property
    def relation(self) -> Relation:
        """The table's name."""
        return self.table.relation

    @cached_property
    def rows(self) -> sql.Composed:
        """All rows that the query yields."""
        return _VIEW.format(view_of(self.relation).identifier)

    @cached_property
    def typed(self) -> sql.Composed:
        """The select list of a row as the target would have it."""
        return claims.typed(self.table, self.yielded)


def relations(settings: Settings) -> tuple[Relation, ...]:
    """Return the tables that the project fills by a query, in the order of their names."""
    rules = settings.project.tables.items()
    return tuple(sorted(relation(name) for name, rule in rules if rule.query))


def of(settings: Settings, side: Side, mapped: Mapped) -> dict[Relation, Filled]:
    """Return the tables that queries fill and that the migrations make, by their names."""
    found = {}
    for one in relations(settings):
        table = side.catalog.table(one)
        if table is not None:
            found[one] = _filled(settings, side, mapped, table)
    return found


def _filled(settings: Settings, side: Side, mapped: Mapped, table: Table) -> Filled:
    rule = settings.rule(str(table.relation))
    view = view_of(table.relation)
    views = mapped.views(view.name)
    with side.lent() as conn:
        rows = _VIEW.format(view.identifier).as_string(conn)
        yielded = queries.described(conn, rows, table.relation)
    return Filled(
        table=table,
        name=rule.query,
        query=Query(queries.read(settings.path(rule.query)), views),
        yielded=yielded,
        records={one: mapped.collection(one).records for one in views},
        compare=rule.compare,
    )
