"""What do pending migrations demand, statement by statement, of the rows that are there?

The statements are followed as the server will run them: what each makes of a table is what the next
one meets.  What cannot be followed is remembered, and what is demanded after it is in doubt.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gatepost.linting import blocks, parsing
from gatepost.linting.running import path_set
from gatepost.names import Relation
from gatepost.violations import altering, constraints, rewriting, types
from gatepost.violations.claims import Claim
from gatepost.violations.shapes import Held, Shape
from gatepost.violations.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gatepost.linting.blocks import Place, Step
    from gatepost.linting.parsing import Node
    from gatepost.migrations.chain import File
    from gatepost.schema.catalog import Catalog


@dataclass(frozen=True)
class Followed:
    """What pending migrations demand, and which of them could not be read."""

    claims: tuple[Claim, ...]
    unread: tuple[str, ...]


def follow(
    files: Iterable[File], catalog: Catalog, path: tuple[str, ...] = ("public",)
) -> Followed:
    """Return what files demand of the rows of a database, in the order in which they demand it.

    No two claims have the same subject.

    :param path: the schemas in which a file begins to look for names.
    :raises UsageError: pglast is not installed.
    """
    state, unread = State(catalog), []
    for file in files:
        state.path = path
        script = blocks.of(file)
        if script.unread:
            unread.append(script.unread)
            state.fog = state.fog or file.name
        for place, step in script.steps:
            _follow(state, step, place)
    return Followed(_distinct(state.claims), tuple(unread))


def _follow(state: State, step: Step, place: Place) -> None:
    node = step.statement.node
    if step.unread:
        state.fog = state.fog or str(place)
    elif step.statement.kind in _FOLLOWED:
        _FOLLOWED[step.statement.kind](state, node, place)


def _distinct(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return claims of which those that would be called alike say where they are made."""
    found = [one for one in claims if _counts(one)]
    times = Counter(one.subject for one in found)
    named: dict[str, Claim] = {}
    for one in found:
        said = f"{one.said}; {one.place}" if times[one.subject] > 1 else one.said
        number = 1
        while (
            claim := replace(one, said=said if number == 1 else f"{said}, {number}")
        ).subject in named:
            number += 1
        named[claim.subject] = claim
    return tuple(named.values())


def _counts(claim: Claim) -> bool:
    """Whether there may be rows: a new table has none that are there."""
    shape = claim.shape
    return shape.live is not None or bool(shape.grown or shape.written or claim.missing)


def _create(state: State, node: Node, place: Place) -> None:
    relation = state.relation(node.relation)
    if relation in state.shapes:  # IF NOT EXISTS, or an error that `lint` tells
        return
    columns: dict[str, Held] = {}
    key: tuple[str, ...] = ()
    known = not (node.inhRelations or node.ofTypename)
    for one in node.tableElts or ():
        if parsing.kind(one) == "ColumnDef" and one.typeName is None:  # told by its parent
            known = False
        elif parsing.kind(one) == "ColumnDef":
            columns[one.colname] = Held(types.of(state, one.typeName))
            if any(k.contype.name == "CONSTR_PRIMARY" for k in one.constraints or ()):
                key = (one.colname,)
        elif parsing.kind(one) == "Constraint":
            if one.contype.name == "CONSTR_PRIMARY":
                key = tuple(name.sval for name in one.keys or ())
        else:  # LIKE
            known = False
    state.put(Shape(relation, None, columns, key, known=known))
    if node.partbound and node.inhRelations:
        parent = state.shape(node.inhRelations[0])
        if parent is not None and parent.live is not None:
            state.claims.append(_partition(state, parent, relation, place))


def _partition(state: State, shape: Shape, partition: Relation, place: Place) -> Claim:
    return constraints.made(state, "partition", str(partition), shape, None, place)


def _create_as(state: State, node: Node, place: Place) -> None:
    relation = state.relation(node.into.rel)
    if relation not in state.shapes:
        state.put(Shape(relation, None, {}, grown=str(place), known=False))


def _alter(state: State, node: Node, place: Place) -> None:
    if node.objtype.name in ("OBJECT_TABLE", "OBJECT_FOREIGN_TABLE"):
        altering.table(state, node, place)


def _index(state: State, node: Node, place: Place) -> None:
    shape = state.shape(node.relation)
    if not node.unique:
        return
    name = node.idxname or ""
    plain = tuple(one.name for one in node.indexParams if one.name)
    if len(plain) == len(node.indexParams) and not node.whereClause:
        state.indexes[name] = plain
    kept = ""
    if shape is None:
        missing = (f"no table {state.relation(node.relation)}",)
        shape = Shape(state.relation(node.relation), None, {}, known=False)
        claim = constraints.of_index(state, shape, node, place)
        state.claims.append(replace(claim, test=None, missing=missing))
        return
    if node.if_not_exists and _is_index(state, shape.relation.schema, name):
        kept = f"an index {name} is there already, and IF NOT EXISTS leaves it as it is"
    state.claims.append(constraints.of_index(state, shape, node, place, kept=kept))


def _is_index(state: State, schema: str, name: str) -> bool:
    """Whether an index is called so, of whatever table: IF NOT EXISTS asks for the name alone."""
    parts = ("indexes", "constraints")
    tables = (one for one in state.catalog.tables if one.relation.schema == schema)
    found = (state.catalog.object(str(one.relation)) for one in tables)
    return any(name in one.attributes.get(part, {}) for one in found if one for part in parts)


def _rename(state: State, node: Node, _place: Place) -> None:
    match node.renameType.name:
        case "OBJECT_COLUMN":
            if shape := state.shape(node.relation):
                state.put(shape.renamed(node.subname, node.newname))
        case "OBJECT_TABLE":
            _moved(state, node.relation, lambda old: Relation(old.schema, node.newname))
        case "OBJECT_TYPE":
            types.renamed(state, node.object[-1].sval, node.newname)
        case "OBJECT_SCHEMA":
            for one in [one for one in state.shapes if one.schema == node.subname]:
                moved = Relation(node.newname, one.name)
                state.put(replace(state.shapes.pop(one), relation=moved))


def _schema(state: State, node: Node, _place: Place) -> None:
    if node.objectType.name == "OBJECT_TABLE":
        _moved(state, node.relation, lambda old: Relation(node.newschema, old.name))


def _moved(state: State, node: Node, to: Callable[[Relation], Relation]) -> None:
    if shape := state.shapes.pop(state.relation(node), None):
        state.put(replace(shape, relation=to(shape.relation)))


def _drop(state: State, node: Node, _place: Place) -> None:
    if node.removeType.name == "OBJECT_TABLE":
        for names in node.objects:
            *schema, name = (one.sval for one in names)
            relations = [Relation(one, name) for one in (schema or state.path)]
            for relation in relations:
                if state.shapes.pop(relation, None):
                    break


def _set(state: State, node: Node, _place: Place) -> None:
    if (path := path_set(node)) is not None:
        state.path = path


def _select(state: State, node: Node, place: Place) -> None:
    """Follow a query: one may write by what it calls, or by a WITH."""
    for one in parsing.within(node):
        if parsing.kind(one) == "FuncCall" and _may_write(state, one):
            state.fog = state.fog or str(place)
        elif parsing.kind(one) in ("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"):
            state.written(one.relation, place)
    if node.intoClause is not None:
        state.put(
            Shape(state.relation(node.intoClause.rel), None, {}, grown=str(place), known=False)
        )


def _may_write(state: State, call: Node) -> bool:
    """Whether a function may change rows: one of this database, volatile or made on the way.

    Of an extension's own, where its schema is written, nobody knows.
    """
    *schema, name = (one.sval for one in call.funcname)
    if schema == ["pg_catalog"]:
        return False
    known = state.volatilities(schema or state.path, name)
    return "volatile" in known or (bool(schema) and not known)


def _routine(state: State, node: Node, _place: Place) -> None:
    state.routines.add(node.funcname[-1].sval)


def _call(state: State, _node: Node, place: Place) -> None:
    state.fog = state.fog or str(place)


_FOLLOWED: Mapping[str, Callable[[State, Node, Place], None]] = {
    "AlterDomainStmt": types.domain,
    "AlterEnumStmt": types.enum_changed,
    "AlterObjectSchemaStmt": _schema,
    "AlterTableStmt": _alter,
    "CallStmt": _call,
    "CopyStmt": rewriting.copied,
    "CreateEnumStmt": types.enum_made,
    "CreateFunctionStmt": _routine,
    "CreateStmt": _create,
    "CreateTableAsStmt": _create_as,
    "DeleteStmt": rewriting.deleted,
    "DropStmt": _drop,
    "IndexStmt": _index,
    "InsertStmt": rewriting.inserted,
    "MergeStmt": rewriting.merged,
    "RenameStmt": _rename,
    "SelectStmt": _select,
    "TruncateStmt": rewriting.emptied,
    "UpdateStmt": rewriting.updated,
    "VariableSetStmt": _set,
}
