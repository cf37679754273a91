"""What do pending migrations take away, or call otherwise, of what is there?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from gatepost.linting import blocks
from gatepost.linting.parsing import Unparsable
from gatepost.names import Relation, dotted
from gatepost.schema.catalog import Catalog
from gatepost.violations.claims import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gatepost.linting.parsing import Node
    from gatepost.migrations.chain import File

Act = Literal["drops", "renames", "moves", "retypes"]

# What a DROP is of, by what the grammar calls it.
_RELATIONS = {
    "OBJECT_TABLE": "table",
    "OBJECT_VIEW": "view",
    "OBJECT_MATVIEW": "materialized view",
    "OBJECT_SEQUENCE": "sequence",
    "OBJECT_FOREIGN_TABLE": "foreign table",
}
_TYPES = {"OBJECT_TYPE": "type", "OBJECT_DOMAIN": "domain"}
_FUNCTIONS = {"OBJECT_FUNCTION": "function", "OBJECT_PROCEDURE": "procedure"}
_FUNCTIONS["OBJECT_ROUTINE"] = "routine"
# Parameters that are no arguments.
_RESULTS = ("FUNC_PARAM_OUT", "FUNC_PARAM_TABLE")
# What hangs on a table, and is gone with it.
_PARTS = ("OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE")


@dataclass(frozen=True)
class Routine:
    """A function or procedure, by its name and the number of its arguments; None for any number."""

    relation: Relation
    number: int | None = None


@dataclass(frozen=True)
class Taken:
    """Something that is there, and will not be, or not as it was.

    :param kind: `table`, `column`, `function` and so on.
    :param relation: its schema and name; of a column, its table's.
    :param cascade: what depends on it goes with it.
    :param before: what the statements before have dropped or made anew, as `names` has it.
    :param also: what tells it apart from another of the same name.
    :param is_back: there is something of that name again, after all of them.
    :param replaced: the functions that they make anew, with their new definitions.
    :param without: those that are gone after all of them.
    """

    kind: str
    relation: Relation
    column: str
    act: Act
    cascade: bool
    place: Place
    before: frozenset[tuple[str, ...]] = frozenset()
    also: str = ""
    is_back: bool = False
    replaced: Mapping[Routine, str] = field(default_factory=dict)
    without: frozenset[Routine] = frozenset()

    def __repr__(self) -> str:
        return self.subject

    @property
    def name(self) -> str:
        """Its name, quoted where reading would go wrong."""
        parts = (self.relation.schema, self.relation.name, self.column)
        return dotted(*(one for one in parts if one))

    @property
    def names(self) -> tuple[str, ...]:
        """Its name in parts, as what is gone is known by."""
        parts = (self.relation.schema, self.relation.name, self.column)
        return tuple(one for one in parts if one)

    @property
    def subject(self) -> str:
        """Its name in the plan."""
        kind = f"type of {self.kind}" if self.act == "retypes" else self.kind
        return f"{kind} {self.name}{self.also}"


@dataclass(frozen=True)
class Read:
    """What the pending files take away, and what of them could not be read."""

    taken: tuple[Taken, ...]
    unread: tuple[str, ...]


@dataclass
class _State:
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


def relation_of(one: Taken) -> tuple[str, ...]:
    """Return the name of a thing, or of the table that a column is of."""
    return one.relation.schema, one.relation.name


def read(files: Iterable[File], catalog: Catalog, path: tuple[str, ...] = ("public",)) -> Read:
    """Return what files take away of what a database has, in their order.

    No two have the same subject.

    :param path: the schemas in which a file begins to look for names.
    :raises UsageError: pglast is not installed.
    """
    state, unread = _State(catalog), []
    for file in files:
        state.path = path
        try:
            steps = blocks.steps(file.text.removeprefix("\ufeff"))
        except Unparsable as error:
            unread.append(f"{file.name}, line {error.line}: {error.message}")
            continue
        for step in steps:
            place = Place(file.name, step.statement.line, step.conditions, step.swallows)
            if step.unread:
                unread.append(f"{place}: {step.unread}")
            elif step.statement.kind in _READERS:
                _READERS[step.statement.kind](state, step.statement.node, place)
            if step.statement.kind == "CreateFunctionStmt":
                _function(state, step.statement.node, step.statement.text)
    return Read(_finished(state), tuple(unread))


def _finished(state: _State) -> tuple[Taken, ...]:
    times = Counter(one.subject for one in state.taken)
    named = (
        replace(
            one,
            also=f" ({one.place})" if times[one.subject] > 1 else "",
            is_back=one.names in state.made,
            replaced=state.replaced,
            without=frozenset(state.without),
        )
        for one in state.taken
    )
    return tuple({one.subject: one for one in named}.values())


def _drop(state: _State, node: Node, place: Place) -> None:
    """Follow a DROP: of several things one may need another."""
    cascade = node.behavior.name == "DROP_CASCADE"
    found = [one for one in (_dropped(state, node.removeType.name, o) for o in node.objects) if one]
    state.gone |= {(relation.schema, relation.name) for _, relation in found}
    for kind, relation in found:
        state.take(kind, relation, "drops", place, cascade=cascade)


def _dropped(state: _State, kind: str, node: Node) -> tuple[str, Relation] | None:
    """Return what a DROP is of, where it is there; a part of a table is gone, and nothing more."""
    if kind in _RELATIONS:
        relation = state.relation(tuple(part.sval for part in node))
        return (_RELATIONS[kind], relation) if _is_there(state, relation) else None
    if kind in _TYPES:
        relation = _type(state, tuple(part.sval for part in node.names))
        return (_TYPES[kind], relation) if _has_type(state, relation) else None
    if kind in _FUNCTIONS:
        relation = _routine(state, tuple(part.sval for part in node.objname))
        number = None if node.args_unspecified else len(node.objargs or ())
        state.without.add(Routine(relation, number))
        return (_FUNCTIONS[kind], relation) if _has_routine(state, relation) else None
    if kind == "OBJECT_SCHEMA":
        return "schema", Relation(node.sval, "")
    if kind in _PARTS:
        *table, part = (name.sval for name in node)
        relation = state.relation(tuple(table))
        state.gone.add((relation.schema, relation.name, part))
    return None


def _alter(state: _State, node: Node, place: Place) -> None:
    if node.objtype.name not in ("OBJECT_TABLE", "OBJECT_FOREIGN_TABLE"):
        return
    relation = state.of_range(node.relation)
    for one in node.cmds:
        column = one.name or ""
        match one.subtype.name:
            case "AT_DropColumn" if _has_column(state, relation, column):
                cascade = one.behavior.name == "DROP_CASCADE"
                state.take("column", relation, "drops", place, column=column, cascade=cascade)
            case "AT_AlterColumnType" if _has_column(state, relation, column):
                state.take("column", relation, "retypes", place, column=column)
                state.gone.discard((relation.schema, relation.name, column))
                state.gone.add((relation.schema, relation.name, column, "type"))
            case "AT_DropConstraint":
                state.gone.add((relation.schema, relation.name, column))
            case "AT_ColumnDefault" if one.def_ is None:
                state.gone.add((relation.schema, relation.name, column, "default"))
            case "AT_AddColumn":
                state.make(relation.schema, relation.name, one.def_.colname)


def _rename(state: _State, node: Node, place: Place) -> None:
    kind = node.renameType.name
    if kind == "OBJECT_COLUMN":
        relation = state.of_range(node.relation)
        if _has_column(state, relation, node.subname):
            state.take("column", relation, "renames", place, column=node.subname)
        state.make(relation.schema, relation.name, node.newname)
    elif kind in _RELATIONS:
        relation = state.of_range(node.relation)
        if _is_there(state, relation):
            state.take(_RELATIONS[kind], relation, "renames", place)
            state.live[Relation(relation.schema, node.newname)] = relation
        state.make(relation.schema, node.newname)
    elif kind in _TYPES:
        relation = _type(state, tuple(part.sval for part in node.object))
        if _has_type(state, relation):
            state.take(_TYPES[kind], relation, "renames", place)
        state.make(relation.schema, node.newname)
    elif kind in _FUNCTIONS:
        relation = _routine(state, tuple(part.sval for part in node.object.objname))
        if _has_routine(state, relation):
            state.take(_FUNCTIONS[kind], relation, "renames", place)


def _move(state: _State, node: Node, place: Place) -> None:
    kind = node.objectType.name
    if kind in _RELATIONS:
        relation = state.of_range(node.relation)
        if _is_there(state, relation):
            state.take(_RELATIONS[kind], relation, "moves", place)
            state.live[Relation(node.newschema, relation.name)] = relation
        state.make(node.newschema, relation.name)


def _made(state: _State, node: Node, _place: Place) -> None:
    relation = state.of_range(node.relation)
    state.make(relation.schema, relation.name)


def _view(state: _State, node: Node, _place: Place) -> None:
    relation = state.of_range(node.view)
    if node.replace:
        state.gone.add((relation.schema, relation.name))
    state.make(relation.schema, relation.name)


def _enum(state: _State, node: Node, _place: Place) -> None:
    relation = _type(state, tuple(one.sval for one in node.typeName))
    state.make(relation.schema, relation.name)


def _function(state: _State, node: Node, text: str) -> None:
    relation = _routine(state, tuple(one.sval for one in node.funcname))
    given = [one for one in node.parameters or () if one.mode.name not in _RESULTS]
    routine = Routine(relation, len(given))
    state.replaced[routine] = text
    state.without.discard(routine)
    state.gone.add((relation.schema, relation.name))
    state.make(relation.schema, relation.name)


def _routine(state: _State, names: tuple[str, ...]) -> Relation:
    *schema, name = names
    return Relation((schema or state.path or ("public",))[0], name)


def _type(state: _State, names: tuple[str, ...]) -> Relation:
    *schema, name = names
    for one in schema or state.path:
        if _has_type(state, Relation(one, name)):
            return Relation(one, name)
    return Relation((schema or state.path or ("public",))[0], name)


def _has_type(state: _State, relation: Relation) -> bool:
    kinds = ("enum", "domain", "composite", "range", "base type")
    return any(state.catalog.object(f"{one} {relation}") is not None for one in kinds)


def _has_routine(state: _State, relation: Relation) -> bool:
    starts = tuple(f"{one} {relation}(" for one in ("function", "procedure", "aggregate"))
    return any(one.identity.startswith(starts) for one in state.catalog.objects)


def _is_there(state: _State, relation: Relation) -> bool:
    catalog = state.catalog
    return catalog.table(relation) is not None or catalog.sequence(relation) is not None


def _has_column(state: _State, relation: Relation, column: str) -> bool:
    table = state.catalog.table(relation)
    return table is not None and table.column(column) is not None


def _set(state: _State, node: Node, _place: Place) -> None:
    if node.name == "search_path" and node.args:
        state.path = tuple(one.val.sval for one in node.args if one.val.sval != '"$user"')


_READERS: Mapping[str, Callable[[_State, Node, Place], None]] = {
    "AlterObjectSchemaStmt": _move,
    "AlterTableStmt": _alter,
    "CreateEnumStmt": _enum,
    "CreateStmt": _made,
    "DropStmt": _drop,
    "RenameStmt": _rename,
    "VariableSetStmt": _set,
    "ViewStmt": _view,
}
