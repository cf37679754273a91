"""What do pending migrations take away, or call otherwise, of what is there?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gatepost.linting import blocks
from gatepost.linting.running import path_set
from gatepost.names import Relation
from gatepost.uses.state import State
from gatepost.uses.taken import Routine, Taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gatepost.linting.blocks import Place
    from gatepost.linting.parsing import Node
    from gatepost.migrations.chain import File
    from gatepost.schema.catalog import Catalog

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
class Read:
    """What the pending files take away, and what of them could not be read."""

    taken: tuple[Taken, ...]
    unread: tuple[str, ...]


def read(files: Iterable[File], catalog: Catalog, path: tuple[str, ...] = ("public",)) -> Read:
    """Return what files take away of what a database has, in their order.

    No two have the same subject.

    :param path: the schemas in which a file begins to look for names.
    :raises UsageError: pglast is not installed.
    """
    state, unread = State(catalog), []
    for file in files:
        state.path = path
        script = blocks.of(file)
        if script.unread:
            unread.append(script.unread)
        for place, step in script.steps:
            if step.unread:
                unread.append(f"{place}: {step.unread}")
            elif step.statement.kind in _READERS:
                _READERS[step.statement.kind](state, step.statement.node, place)
            if step.statement.kind == "CreateFunctionStmt":
                _function(state, step.statement.node, step.statement.text)
    return Read(_finished(state), tuple(unread))


def _finished(state: State) -> tuple[Taken, ...]:
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


def _drop(state: State, node: Node, place: Place) -> None:
    """Follow a DROP: of several things one may need another."""
    cascade = node.behavior.name == "DROP_CASCADE"
    found = [one for one in (_dropped(state, node.removeType.name, o) for o in node.objects) if one]
    state.gone |= {(relation.schema, relation.name) for _, relation in found}
    for kind, relation in found:
        state.take(kind, relation, "drops", place, cascade=cascade)


def _dropped(state: State, kind: str, node: Node) -> tuple[str, Relation] | None:
    """Return what a DROP is of, where it is there; a part of a table is gone, and nothing more."""
    if kind in _RELATIONS:
        relation = state.relation(tuple(part.sval for part in node))
        return (_RELATIONS[kind], relation) if state.is_there(relation) else None
    if kind in _TYPES:
        relation = state.type(tuple(part.sval for part in node.names))
        return (_TYPES[kind], relation) if state.has_type(relation) else None
    if kind in _FUNCTIONS:
        relation = state.routine(tuple(part.sval for part in node.objname))
        number = None if node.args_unspecified else len(node.objargs or ())
        state.without.add(Routine(relation, number))
        return (_FUNCTIONS[kind], relation) if state.has_routine(relation) else None
    if kind == "OBJECT_SCHEMA":
        return "schema", Relation(node.sval, "")
    if kind in _PARTS:
        *table, part = (name.sval for name in node)
        relation = state.relation(tuple(table))
        state.gone.add((relation.schema, relation.name, part))
    return None


def _alter(state: State, node: Node, place: Place) -> None:
    if node.objtype.name not in ("OBJECT_TABLE", "OBJECT_FOREIGN_TABLE"):
        return
    relation = state.of_range(node.relation)
    for one in node.cmds:
        column = one.name or ""
        match one.subtype.name:
            case "AT_DropColumn" if state.has_column(relation, column):
                cascade = one.behavior.name == "DROP_CASCADE"
                state.take("column", relation, "drops", place, column=column, cascade=cascade)
                state.gone |= state.keys_of(relation, column)
            case "AT_AlterColumnType" if state.has_column(relation, column):
                state.take("column", relation, "retypes", place, column=column)
                state.gone.discard((relation.schema, relation.name, column))
                state.gone.add((relation.schema, relation.name, column, "type"))
            case "AT_DropConstraint":
                state.gone.add((relation.schema, relation.name, column))
            case "AT_ColumnDefault" if one.def_ is None:
                state.gone.add((relation.schema, relation.name, column, "default"))
            case "AT_AddColumn":
                state.make(relation.schema, relation.name, one.def_.colname)


def _rename(state: State, node: Node, place: Place) -> None:
    kind = node.renameType.name
    if kind == "OBJECT_COLUMN":
        relation = state.of_range(node.relation)
        if state.has_column(relation, node.subname):
            state.take("column", relation, "renames", place, column=node.subname)
        state.make(relation.schema, relation.name, node.newname)
    elif kind in _RELATIONS:
        relation = state.of_range(node.relation)
        if state.is_there(relation):
            state.take(_RELATIONS[kind], relation, "renames", place)
            state.live[Relation(relation.schema, node.newname)] = relation
        state.make(relation.schema, node.newname)
    elif kind in _TYPES:
        relation = state.type(tuple(part.sval for part in node.object))
        if state.has_type(relation):
            state.take(_TYPES[kind], relation, "renames", place)
        state.make(relation.schema, node.newname)
    elif kind in _FUNCTIONS:
        relation = state.routine(tuple(part.sval for part in node.object.objname))
        if state.has_routine(relation):
            state.take(_FUNCTIONS[kind], relation, "renames", place)


def _move(state: State, node: Node, place: Place) -> None:
    kind = node.objectType.name
    if kind in _RELATIONS:
        relation = state.of_range(node.relation)
        if state.is_there(relation):
            state.take(_RELATIONS[kind], relation, "moves", place)
            state.live[Relation(node.newschema, relation.name)] = relation
        state.make(node.newschema, relation.name)


def _made(state: State, node: Node, _place: Place) -> None:
    relation = state.of_range(node.relation)
    state.make(relation.schema, relation.name)


def _view(state: State, node: Node, _place: Place) -> None:
    relation = state.of_range(node.view)
    if node.replace:
        state.gone.add((relation.schema, relation.name))
    state.make(relation.schema, relation.name)


def _enum(state: State, node: Node, _place: Place) -> None:
    relation = state.type(tuple(one.sval for one in node.typeName))
    state.make(relation.schema, relation.name)


def _function(state: State, node: Node, text: str) -> None:
    relation = state.routine(tuple(one.sval for one in node.funcname))
    given = [one for one in node.parameters or () if one.mode.name not in _RESULTS]
    routine = Routine(relation, len(given))
    state.replaced[routine] = text
    state.without.discard(routine)
    state.gone.add((relation.schema, relation.name))
    state.make(relation.schema, relation.name)


def _set(state: State, node: Node, _place: Place) -> None:
    if (path := path_set(node)) is not None:
        state.path = path


_READERS: Mapping[str, Callable[[State, Node, Place], None]] = {
    "AlterObjectSchemaStmt": _move,
    "AlterTableStmt": _alter,
    "CreateEnumStmt": _enum,
    "CreateStmt": _made,
    "DropStmt": _drop,
    "RenameStmt": _rename,
    "VariableSetStmt": _set,
    "ViewStmt": _view,
}
