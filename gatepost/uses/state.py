"""What does a name mean, after the statements so far?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gatepost.names import Relation
from gatepost.schema.catalog import Catalog
from gatepost.uses.taken import Act, Routine, Taken

if TYPE_CHECKING:
    from gatepost.linting.blocks import Place
    from gatepost.linting.parsing import Node


@dataclass
class State:
    """What has become of names so far, statement by statement.

    :param path: the schemas in which names without one are looked for.
    :param gone: what was dropped or made anew, by its name in parts; ``made`` what is there since.
    :param replaced: functions made anew, with their definitions; ``without`` those that are gone.
    :param live: by the name that a table has now, the one that it has in the database.
    """

    catalog: Catalog
    path: tuple[str, ...] = ("public",)
    taken: list[Taken] = field(default_factory=list)
    gone: set[tuple[str, ...]] = field(default_factory=set)
    made: set[tuple[str, ...]] = field(default_factory=set)
    replaced: dict[Routine, str] = field(default_factory=dict)
    without: set[Routine] = field(default_factory=set)
    live: dict[Relation, Relation] = field(default_factory=dict)

    def relation(self, names: tuple[str, ...]) -> Relation:
        """Return what a name means, called as it is called now: the first of it on the path."""
        *schema, name = names
        for one in schema or self.path:
            found = Relation(one, name)
            if found in self.live:
                return self.live[found]
            if self.catalog.table(found) is not None or self.catalog.sequence(found) is not None:
                return found
        return Relation((schema or self.path or ("public",))[0], name)

    def of_range(self, node: Node) -> Relation:
        """Return what a `RangeVar` means."""
        return self.relation(
            (node.schemaname, node.relname) if node.schemaname else (node.relname,)
        )

    def take(
        self,
        kind: str,
        relation: Relation,
        act: Act,
        place: Place,
        *,
        column: str = "",
        cascade: bool = False,
    ) -> None:
        """Keep that something is taken, unless the pending files have made it."""
        one = Taken(kind, relation, column, act, cascade, place, frozenset(self.gone))
        if one.names not in self.made and relation_of(one) not in self.made:
            self.taken.append(one)
        self.gone.add(one.names)
        self.made.discard(one.names)

    def make(self, *names: str) -> None:
        """Keep that something is made, or made anew."""
        self.made.add(names)

    def routine(self, names: tuple[str, ...]) -> Relation:
        """Return what the name of a function means."""
        *schema, name = names
        return Relation((schema or self.path or ("public",))[0], name)

    def type(self, names: tuple[str, ...]) -> Relation:
        """Return what the name of a type means: the first of it on the path."""
        *schema, name = names
        for one in schema or self.path:
            if self.has_type(Relation(one, name)):
                return Relation(one, name)
        return Relation((schema or self.path or ("public",))[0], name)

    def has_type(self, relation: Relation) -> bool:
        """Whether there is a type of that name, an enum or a domain among them."""
        kinds = ("enum", "domain", "composite", "range", "base type")
        return any(self.catalog.object(f"{one} {relation}") is not None for one in kinds)

    def has_routine(self, relation: Relation) -> bool:
        """Whether there is a function or procedure of that name."""
        starts = tuple(f"{one} {relation}(" for one in ("function", "procedure", "aggregate"))
        return any(one.identity.startswith(starts) for one in self.catalog.objects)

    def is_there(self, relation: Relation) -> bool:
        """Whether there is a table, a view or a sequence of that name."""
        catalog = self.catalog
        return catalog.table(relation) is not None or catalog.sequence(relation) is not None

    def has_column(self, relation: Relation, column: str) -> bool:
        """Whether a table has a column."""
        table = self.catalog.table(relation)
        return table is not None and table.column(column) is not None

    def keys_of(self, relation: Relation, column: str) -> set[tuple[str, ...]]:
        """Return the foreign keys that go with a column, by their names in parts."""
        return {
            (relation.schema, relation.name, one.name)
            for one in self.catalog.foreign_keys
            if one.child == relation and column in one.child_columns
        }


def relation_of(one: Taken) -> tuple[str, ...]:
    """Return the name of a thing, or of the table that a column is of."""
    return one.relation.schema, one.relation.name
