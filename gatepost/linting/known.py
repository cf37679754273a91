"""Is what a statement names there when it runs, and what it makes not there yet?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.linting import rules, scopes
from gatepost.linting.datatypes import written
from gatepost.linting.parsing import kind, within
from gatepost.linting.written import INDEXED, index_name, words, written_table
from gatepost.names import Relation, dotted
from gatepost.wording import meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gatepost.linting.cases import Case, Hit
    from gatepost.linting.parsing import Node
    from gatepost.linting.world import Table

# By node, the field that holds what it makes.
_MADE = {
    "CreateStmt": "relation",
    "ViewStmt": "view",
    "IntoClause": "rel",
    "CreateSeqStmt": "sequence",
    "CompositeTypeStmt": "typevar",
}
_RELATIONS = ("TABLE", "VIEW", "MATVIEW", "INDEX", "SEQUENCE", "FOREIGN_TABLE")
_OF_COLUMNS = frozenset(
    {"AT_DropColumn", "AT_AlterColumnType", "AT_SetNotNull", "AT_DropNotNull", "AT_ColumnDefault"}
    | {"AT_SetStatistics", "AT_SetStorage", "AT_DropExpression"}
)
_OF_CONSTRAINTS = ("AT_DropConstraint", "AT_ValidateConstraint", "AT_AlterConstraint")
# The server's own names for these, which no catalog of ours tells.
_UNTOLD = "_not_null"


def unknown(case: Case) -> Iterator[Hit]:
    """Yield what an act names that will not be there."""
    found = (*_relations(case), *_types(case), *_functions(case), *_columns(case))
    for said, hint in dict(found).items():
        obscure = case.world.obscure
        if obscure:
            yield case.hit(rules.OBSCURE, f"{said}, unless {obscure} makes it", hint)
        else:
            yield case.hit(rules.UNKNOWN, said, hint)


def taken(case: Case) -> Iterator[Hit]:
    """Yield what an act makes that will be there already."""
    look = _TAKEN.get(case.act.kind)
    for what, lenient in look(case) if look else ():
        if lenient or case.act.guarded:
            yield case.hit(rules.HIDDEN, f"{what} is there already, and nothing is made")
        else:
            yield case.hit(rules.TAKEN, f"{what} is there already")


_Said = tuple[str, str]


def _relations(case: Case) -> Iterator[_Said]:
    world, nodes = case.world, _named(case)
    if case.act.kind == "ConstraintsSetStmt":  # constraints are written as relations are
        return
    own = {one.ctename for one in nodes if kind(one) == "CommonTableExpr"}
    made = {id(getattr(one, _MADE[kind(one)])) for one in nodes if kind(one) in _MADE}
    for node in nodes:
        if (
            kind(node) != "RangeVar"
            or id(node) in made
            or (node.relname in own and not node.schemaname)
        ):
            continue
        relation = world.named(node)
        if not (world.knows(relation) or world.is_library(relation) or _lenient(case)):
            yield (
                f"there is no {relation}",
                meant(node.relname, (str(one.name) for one in world.tables)),
            )
    yield from _dropped(case)


def _dropped(case: Case) -> Iterator[_Said]:
    node = case.act.node
    if case.act.kind != "DropStmt" or node.missing_ok or case.act.guarded:
        return
    what = node.removeType.name.removeprefix("OBJECT_")
    names = (words(one) for one in node.objects)
    if what in _RELATIONS:
        for name in names:
            if not case.world.knows(case.world.meant(*name)):
                yield f"there is no {what.lower().replace('_', ' ')} {dotted(*name)}", ""
    elif what == "TYPE":
        for name in names:
            if case.world.type_named(*name) is None:
                yield f"there is no type {dotted(*name)}", ""


def _lenient(case: Case) -> bool:
    """Whether the statement does without what it names."""
    whole = case.act.whole
    return bool(getattr(whole, "missing_ok", False))


def _types(case: Case) -> Iterator[_Said]:
    world, node = case.world, case.act.node
    # What an aggregate, an operator or a type is made of may look like a type.
    if not world.facts.asked or case.act.kind == "DefineStmt":
        return
    for one in _named(case):
        if kind(one) == "TypeName" and not one.pct_type and not world.type(one).name:
            name = written(one)
            yield (
                f"there is no type {dotted(*name)}",
                meant(name[-1], (t.name for t in world.enums)),
            )
    if case.act.kind == "AlterEnumStmt" and world.type_named(*words(node.typeName)) is None:
        name = words(node.typeName)
        yield f"there is no type {dotted(*name)}", meant(name[-1], (t.name for t in world.enums))


def _functions(case: Case) -> Iterator[_Said]:
    world = case.world
    if not world.facts.asked:
        return
    for node in _named(case):
        if kind(node) != "FuncCall":
            continue
        name = words(node.funcname)
        number = len(node.args or ()) + (len(node.agg_order or ()) if node.agg_within_group else 0)
        if not world.called(name, number) and world.type_named(*name) is None:
            arguments = "1 argument" if number == 1 else f"{number} arguments"
            yield f"there is no function {dotted(*name)} of {arguments}", ""


def _columns(case: Case) -> Iterator[_Said]:
    for of, name in _named_columns(case):
        if of.whole and name not in of.columns and name not in scopes.SYSTEM_COLUMNS:
            yield f"{of.relation} has no column '{name}'", meant(name, of.columns)
    for said in scopes.unknown(case):
        yield said, ""
    node = case.act.node
    if case.act.kind == "AlterTableCmd" and node.subtype.name in _OF_CONSTRAINTS:
        table = case.world.table(case.act.on)
        lenient = node.missing_ok or case.act.guarded or str(node.name).endswith(_UNTOLD)
        if table and not (lenient or table.made or node.name in table.constraints):
            yield f"{table.relation} has no constraint '{node.name}'", ""


def _named_columns(case: Case) -> Iterator[tuple[Table, str]]:
    """Yield columns that a declaration names, each with its table."""
    act = case.act
    look = _COLUMNS.get(act.kind)
    if look is not None:
        yield from look(case)
    for one in act.nodes:
        if kind(one) == "Constraint" and one.contype.name == "CONSTR_FOREIGN":
            parent = case.world.table(one.pktable)
            if parent is not None:
                yield from ((parent, column.sval) for column in one.pk_attrs or ())


def _of_index(case: Case) -> Iterator[tuple[Table, str]]:
    node = case.act.node
    table = case.world.table(node.relation)
    if table is None:
        return
    for one in (*(node.indexParams or ()), *(node.indexIncludingParams or ())):
        if one.name:
            yield table, one.name
        yield from _referred(table, one.expr)
    yield from _referred(table, node.whereClause)


def _of_alter(case: Case) -> Iterator[tuple[Table, str]]:
    act, node = case.act, case.act.node
    table = case.world.table(act.on)
    if table is None or (act.guarded and node.subtype.name == "AT_DropColumn"):
        return
    if node.subtype.name in _OF_COLUMNS and node.name and not node.missing_ok:
        yield table, node.name
    if node.subtype.name == "AT_AlterColumnType":
        yield from _referred(table, node.def_.raw_default)
    if node.subtype.name == "AT_AddConstraint":
        yield from _of_constraint(table, node.def_)


def _of_table(case: Case) -> Iterator[tuple[Table, str]]:
    node = case.act.node
    made = written_table(case.world, node)
    for one in node.tableElts or ():
        if kind(one) == "Constraint":
            yield from _of_constraint(made, one)


def _of_constraint(table: Table, node: Node) -> Iterator[tuple[Table, str]]:
    for one in (*(node.keys or ()), *(node.fk_attrs or ()), *(node.including or ())):
        yield table, one.sval
    yield from _referred(table, node.raw_expr)


def _of_rename(case: Case) -> Iterator[tuple[Table, str]]:
    node = case.act.node
    if node.renameType.name == "OBJECT_COLUMN" and node.relation is not None:
        table = case.world.table(node.relation)
        if table is not None:
            yield table, node.subname


def _of_comment(case: Case) -> Iterator[tuple[Table, str]]:
    node = case.act.node
    if node.objtype.name == "OBJECT_COLUMN":
        *relation, column = words(node.object)
        table = case.world.tables.get(case.world.meant(*relation))
        if table is not None:
            yield table, column


def _referred(table: Table, expression: Node | None) -> Iterator[tuple[Table, str]]:
    for one in within(expression):
        if kind(one) == "ColumnRef" and kind(one.fields[-1]) == "String":
            yield table, one.fields[-1].sval


def _named(case: Case) -> list[Node]:
    """Return all nodes of an act, the table that it is about among them."""
    on = [case.act.on] if case.act.on is not None else []
    return [*on, *case.act.nodes]


_Taken = tuple[str, bool]


def _taken_table(case: Case) -> Iterator[_Taken]:
    relation = case.world.named(case.act.node.relation)
    if case.world.knows(relation):
        yield str(relation), case.act.node.if_not_exists


def _taken_index(case: Case) -> Iterator[_Taken]:
    node, world = case.act.node, case.world
    table = world.named(node.relation)
    name = Relation(table.schema, index_name(table, node))
    # The server finds another name for one that nobody named.
    if node.idxname and world.knows(name):
        yield f"index {name}", node.if_not_exists


def _taken_part(case: Case) -> Iterator[_Taken]:
    node, table = case.act.node, case.world.table(case.act.on)
    if table is None:
        return
    if node.subtype.name == "AT_AddColumn" and node.def_.colname in table.columns:
        yield f"column {table.relation}.{dotted(node.def_.colname)}", node.missing_ok
    if node.subtype.name == "AT_AddConstraint":
        yield from _taken_constraint(case, table, node.def_)


def _taken_constraint(case: Case, table: Table, node: Node) -> Iterator[_Taken]:
    index = Relation(table.relation.schema, node.conname or "")
    if node.conname in table.constraints:
        yield f"constraint {node.conname} of {table.relation}", False
    elif node.contype.name in INDEXED and not node.indexname and case.world.knows(index):
        yield str(index), False


def _taken_view(case: Case) -> Iterator[_Taken]:
    relation = case.world.named(case.act.node.view)
    if case.world.knows(relation) and not case.act.node.replace:
        yield str(relation), False


def _taken_sequence(case: Case) -> Iterator[_Taken]:
    relation = case.world.named(case.act.node.sequence)
    if case.world.knows(relation):
        yield str(relation), case.act.node.if_not_exists


def _taken_enum(case: Case) -> Iterator[_Taken]:
    name = case.world.type_named(*words(case.act.node.typeName))
    if name is not None:
        yield f"type {name}", False


def _taken_label(case: Case) -> Iterator[_Taken]:
    node, world = case.act.node, case.world
    name = world.type_named(*words(node.typeName))
    labels = world.enums.get(name, []) if name else []
    if not node.oldVal and node.newVal in labels:
        yield f"label '{node.newVal}' of {name}", node.skipIfNewValExists


_COLUMNS: Mapping[str, Callable[[Case], Iterator[tuple[Table, str]]]] = {
    "IndexStmt": _of_index,
    "AlterTableCmd": _of_alter,
    "CreateStmt": _of_table,
    "RenameStmt": _of_rename,
    "CommentStmt": _of_comment,
}
_TAKEN: Mapping[str, Callable[[Case], Iterator[_Taken]]] = {
    "CreateStmt": _taken_table,
    "IndexStmt": _taken_index,
    "AlterTableCmd": _taken_part,
    "CreateEnumStmt": _taken_enum,
    "CreateSeqStmt": _taken_sequence,
    "ViewStmt": _taken_view,
    "AlterEnumStmt": _taken_label,
}
