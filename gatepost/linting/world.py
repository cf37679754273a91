"""What will be there by the time that a statement runs?

The target's catalog, upon which the statements of pending migrations are played one after the
other, in memory: what they make, rename and drop is known to those behind them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gatepost.linting import datatypes, parsing
from gatepost.linting.datatypes import SERIAL, SYSTEM, UNKNOWN, Type
from gatepost.linting.facts import Facts, Function
from gatepost.linting.parsing import Unparsable
from gatepost.names import Relation, parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gatepost.linting.parsing import Node
    from gatepost.schema import catalog
    from gatepost.schema.catalog import Catalog, Object

_WORD = re.compile(r'[\w$]+|(?<=")[^"]+(?=")')
_LIBRARY = frozenset({SYSTEM, "information_schema"})


@dataclass(frozen=True)
class Column:
    """A column as far as statements need to know it.

    :param has_literal: its default is a value that is written out.
    """

    name: str
    type: Type
    not_null: bool = False
    has_literal: bool = False


@dataclass
class Table:
    """A relation with columns.

    :param columns: by name; not all of them where ``whole`` is False.
    :param constraints: the columns that a constraint says are not NULL, by its name; most say
        nothing of the kind.
    :param parts: of each index and each constraint, the columns that it names and is gone with.
    :param made: by a pending file: it is empty, and nobody waits for it.
    :param changed: columns of which a pending file changes the values.
    :param bytes: with indexes and TOAST.
    """

    relation: Relation
    kind: str
    columns: dict[str, Column]
    whole: bool = True
    made: bool = False
    changed: set[str] = field(default_factory=set)
    constraints: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parts: dict[str, frozenset[str]] = field(default_factory=dict)
    rows: float = 0
    bytes: int = 0
    pages: int = 0

    @property
    def holds_rows(self) -> bool:
        """Whether there is a row in it, for all that the catalog says."""
        return not self.made and (self.pages > 0 or self.rows > 0)


@dataclass
class World:
    """What is there.

    :param path: schemas in which names without one are looked for.
    :param indexes: by name, the table that each is of.
    :param enums: the labels of each, in order.
    :param obscure: where something was run whose text is made only then: what is there after it
        cannot be known; empty where all is known.
    """

    path: tuple[str, ...]
    facts: Facts
    tables: dict[Relation, Table] = field(default_factory=dict)
    indexes: dict[Relation, Relation] = field(default_factory=dict)
    sequences: set[Relation] = field(default_factory=set)
    enums: dict[Relation, list[str]] = field(default_factory=dict)
    types: set[Relation] = field(default_factory=set)
    schemas: set[str] = field(default_factory=set)
    functions: list[Function] = field(default_factory=list)
    gone: set[Relation] = field(default_factory=set)
    gone_types: set[Relation] = field(default_factory=set)
    obscure: str = ""

    @property
    def home(self) -> str:
        """The schema in which names without one are made."""
        return next((one for one in self.path if one in self.schemas), "public")

    def named(self, node: Node) -> Relation:
        """Return the relation that a `RangeVar` means; where it is to be made, if none is there."""
        return self.meant(*filter(None, (node.schemaname, node.relname)))

    def meant(self, *written: str) -> Relation:
        """Return the relation of a name of one part, or the last two of more."""
        if len(written) > 1:
            return Relation(written[-2], written[-1])
        found = (Relation(schema, written[0]) for schema in (SYSTEM, *self.path))
        return next((one for one in found if self.knows(one)), Relation(self.home, written[0]))

    def knows(self, relation: Relation) -> bool:
        """Whether there is such a relation, of whatever kind."""
        return (
            relation in self.tables
            or relation in self.indexes
            or relation in self.sequences
            or (relation in self.facts.relations and relation not in self.gone)
        )

    def is_library(self, relation: Relation) -> bool:
        """Whether it is the server's own."""
        return relation.schema in _LIBRARY or relation.schema.startswith("pg_")

    def table(self, node: Node) -> Table | None:
        """Return what a `RangeVar` means, if it has columns that are known."""
        return self.tables.get(self.named(node))

    def type(self, node: Node) -> Type:
        """Return the type that a `TypeName` means."""
        name = datatypes.written(node)
        if len(name) == 1 and name[0] in SERIAL:
            return Type(f"{SYSTEM}.{SERIAL[name[0]]}")
        found = self.type_named(*name)
        return Type(f"{found.schema}.{found.name}", datatypes.modifiers(node)) if found else UNKNOWN

    def type_named(self, *written: str) -> Relation | None:
        """Return the type of a name, if there is one."""
        if len(written) > 1:
            chosen = [Relation(written[-2], written[-1])]
        else:
            chosen = [Relation(schema, written[0]) for schema in (SYSTEM, *self.path)]
        return next((one for one in chosen if self._is_type(one)), None)

    def labels(self, of: Type) -> list[str] | None:
        """Return the labels of an enum; None where the type is none."""
        schema, _, name = of.name.partition(".")
        return self.enums.get(Relation(schema, name))

    def called(self, written: Sequence[str], arguments: int) -> list[Function]:
        """Return the functions that a call of so many arguments may mean."""
        schemas = written[:-1] or (SYSTEM, *self.path)
        found = (*self.functions, *self.facts.functions)
        return [
            one
            for one in found
            if one.name == written[-1] and one.schema in schemas and one.takes(arguments)
        ]

    def make(self, table: Table) -> None:
        """Put a relation there."""
        self.gone.discard(table.relation)
        self.tables[table.relation] = table

    def drop(self, relation: Relation) -> None:
        """Take a relation away, and what hangs on it."""
        self.gone.add(relation)
        self.tables.pop(relation, None)
        self.indexes.pop(relation, None)
        self.sequences.discard(relation)
        hanging = [one for one, table in self.indexes.items() if table == relation]
        for one in hanging:
            self.drop(one)

    def rename(self, relation: Relation, to: Relation) -> None:
        """Call a relation otherwise."""
        table, of = self.tables.get(relation), self.indexes.get(relation)
        hanging = [one for one, table in self.indexes.items() if table == relation]
        is_sequence = relation in self.sequences
        for one in hanging:
            self.indexes[one] = to
        self.drop(relation)
        if table is not None:
            self.make(replace(table, relation=to))
        if of is not None:
            self.indexes[to] = of
        if is_sequence:
            self.sequences.add(to)

    def forget(self, table: Table, column: str) -> None:
        """Take a column away, with the indexes and constraints that name it."""
        table.columns.pop(column, None)
        for name in [name for name, named in table.parts.items() if column in named]:
            del table.parts[name]
            table.constraints.pop(name, None)
            index = Relation(table.relation.schema, name)
            if index in self.indexes:
                self.drop(index)

    def numbered(self, table: Relation, column: str) -> None:
        """Put the sequence there that fills a column."""
        self.sequences.add(Relation(table.schema, f"{table.name}_{column}_seq"))

    def make_type(self, name: Relation, labels: list[str] | None = None) -> None:
        """Put a type there, an enum if it has labels."""
        self.gone_types.discard(name)
        if labels is None:
            self.types.add(name)
        else:
            self.enums[name] = labels

    def drop_type(self, name: Relation) -> list[str] | None:
        """Take a type away; returns the labels that it had, if it was an enum."""
        self.gone_types.add(name)
        self.types.discard(name)
        return self.enums.pop(name, None)

    def _is_type(self, name: Relation) -> bool:
        element = Relation(name.schema, name.name.removeprefix("_"))
        if {name, element} & self.gone_types:
            return False
        known = (self.facts.types, self.types, self.enums, self.tables)
        return any(one in there for there in known for one in (name, element))


def of(found: Catalog, facts: Facts, path: Iterable[str]) -> World:
    """Return the world before the first pending statement."""
    made = World(tuple(path), facts)
    for table in found.tables:
        made.tables[table.relation] = _table(table)
    made.sequences = {one.relation for one in found.sequences}
    made.schemas = {one.relation.schema for one in found.tables} | {"public"}
    for one in found.objects:
        _add(made, one)
    return made


def _table(found: catalog.Table) -> Table:
    columns = {
        one.name: Column(one.name, datatypes.of_column(one), one.not_null, _is_literal(one.default))
        for one in found.columns
    }
    return Table(
        relation=found.relation,
        kind=found.kind,
        columns=columns,
        rows=found.rows_estimate,
        bytes=found.bytes,
        pages=found.pages,
    )


def _is_literal(default: str) -> bool:
    if not default:
        return False
    try:
        (statement,) = parsing.statements(f"select {default}")
    except Unparsable:
        return False
    return parsing.is_literal(statement.node.targetList[0].val)


def _add(made: World, one: Object) -> None:
    kind, _, name = one.identity.partition(" ")
    if kind == "schema":
        made.schemas.add(parts(name)[0])
    elif one.kind == "enum":
        made.enums[Relation(*parts(name))] = list(one.attributes.get("labels", ()))
    elif one.kind in ("domain", "composite", "range", "base type"):
        made.types.add(Relation(*parts(one.identity.removeprefix(f"{one.kind} "))))
    elif "order" in one.attributes:
        _hang(made, Relation(*parts(one.identity)), one)


def _hang(made: World, relation: Relation, one: Object) -> None:
    """Note the indexes and constraints of a relation."""
    table = made.tables.get(relation)
    constraints, indexes = (one.attributes.get(part, {}) for part in ("constraints", "indexes"))
    for name in (*indexes, *constraints):
        attributes = constraints.get(name, {"valid": True})
        if "valid" in attributes:  # an index is behind it
            made.indexes[Relation(relation.schema, name)] = relation
    if table is not None:
        table.constraints = {name: _never_null(said) for name, said in constraints.items()}
        each = {**indexes, **constraints}
        table.parts = {name: _named(str(said["definition"])) for name, said in each.items()}


def _named(definition: str) -> frozenset[str]:
    """Return the words of a definition, the columns among them; none of what a key points to."""
    return frozenset(_WORD.findall(definition.partition(" REFERENCES ")[0]))


def _never_null(said: dict[str, object]) -> tuple[str, ...]:
    """Return the column of which a CHECK that holds says that it is not NULL."""
    words = str(said["definition"]).removeprefix("CHECK ").strip("()")
    column, is_it, rest = words.partition(" IS NOT NULL")
    return (column.strip('"'),) if is_it and not rest and said["validated"] else ()
