"""What has become of the tables and types so far, and what was demanded on the way?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.linting import parsing
from gatepost.names import Relation
from gatepost.schema.catalog import Catalog
from gatepost.violations import shapes
from gatepost.violations.claims import Claim
from gatepost.violations.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.linting.blocks import Place
    from gatepost.linting.parsing import Node

PUBLIC = "public"
_ROUTINES = ("function", "procedure")


@dataclass
class State:
    """The tables of a database while pending migrations are followed, statement by statement.

    :param path: the schemas in which a name without one is looked for.
    :param types: by name without schema, the labels of enums that are made or changed on the way,
        and None for other types: their values are followed as texts.
    :param fog: where something ran that may have written anything.
    :param indexes: by name, the columns of unique indexes that are made on the way.
    :param routines: the names of functions that are made on the way.
    :param waiting: by table and name, what a constraint that is NOT VALID demands later.
    """

    catalog: Catalog
    path: tuple[str, ...] = (PUBLIC,)
    shapes: dict[Relation, Shape] = field(default_factory=dict)
    types: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    fog: str = ""
    indexes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    routines: set[str] = field(default_factory=set)
    waiting: dict[tuple[Relation, str], list[Claim]] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)

    def __post_init__(self) -> None:
        for table in self.catalog.tables:
            if table.kind in ("table", "partitioned table"):
                self.shapes[table.relation] = shapes.of(table)

    def relation(self, node: Node) -> Relation:
        """Return what a `RangeVar` names: the first of that name on the path, or to be made."""
        if node.schemaname:
            return Relation(node.schemaname, node.relname)
        for schema in self.path:
            found = Relation(schema, node.relname)
            if found in self.shapes or self.catalog.table(found) is not None:
                return found
        return Relation(self.path[0] if self.path else PUBLIC, node.relname)

    def shape(self, node: Node) -> Shape | None:
        """Return the table that a `RangeVar` names; None of what is no table."""
        return self.shapes.get(self.relation(node))

    def volatilities(self, schemas: Iterable[str], name: str) -> set[str]:
        """Return how steady the functions of a name are; those made on the way may do anything."""
        if name in self.routines:
            return {"volatile"}
        starts = tuple(f"{kind} {Relation(one, name)}(" for one in schemas for kind in _ROUTINES)
        found = (one for one in self.catalog.objects if one.identity.startswith(starts))
        return {str(one.attributes.get("volatility", "volatile")) for one in found}

    def put(self, shape: Shape) -> None:
        """Keep what a table is now."""
        self.shapes[shape.relation] = shape

    def spelled(self, node: Node) -> sql.SQL:
        """Return an expression as SQL in which types that are not there yet are texts."""
        return sql.SQL(parsing.spelled(node, self.types))

    def type(self, node: Node) -> str:
        """Return a `TypeName` as SQL, `pg_catalog.text` for a type that is not there yet."""
        if node.names[-1].sval in self.types:
            return "pg_catalog.text[]" if node.arrayBounds else "pg_catalog.text"
        return parsing.spelled(node)

    def written(self, node: Node, place: Place) -> None:
        """Note that a table's rows are others from here on, in a way that is not followed."""
        shape = self.shape(node)
        if shape is None:
            self.fog = self.fog or str(place)
        else:
            self.put(replace(shape, written=shape.written or str(place)))

    def grown(self, node: Node, place: Place) -> None:
        """Note that a table gets rows."""
        shape = self.shape(node)
        if shape is None:
            self.fog = self.fog or str(place)
        else:
            self.put(replace(shape, grown=shape.grown or str(place)))

    def follows(self, nodes: Iterator[Node]) -> bool:
        """Whether all the tables that are read among ``nodes`` are still as they are there."""
        read = [self.shape(one) for one in nodes if parsing.kind(one) == "RangeVar"]
        return not self.fog and all(one is not None and one.is_untouched for one in read)

    def doubt(self, shape: Shape, *, parent: Shape | None = None) -> str:
        """Return where a statement may have changed which rows break a claim; else empty."""
        grown = parent.grown or parent.written if parent is not None else ""
        return shape.written or grown or self.fog
