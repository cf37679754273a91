"""Does an expression say the same whenever it is computed?  The server knows its functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.linting import rules
from gatepost.linting.datatypes import SYSTEM
from gatepost.linting.parsing import children, kind
from gatepost.linting.written import words, written_table
from gatepost.names import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.linting.cases import Case, Hit
    from gatepost.linting.facts import Function
    from gatepost.linting.parsing import Node
    from gatepost.linting.world import Table, World

_CLOCKS = {
    "SVFOP_CURRENT_DATE": "current_date",
    "SVFOP_CURRENT_TIME": "current_time",
    "SVFOP_CURRENT_TIMESTAMP": "current_timestamp",
    "SVFOP_LOCALTIME": "localtime",
    "SVFOP_LOCALTIMESTAMP": "localtimestamp",
}
_TEXT = f"{SYSTEM}.text"
_CONSTANTS = {"Integer": "int4", "Float": "numeric", "Boolean": "bool", "BitString": "bit"}


def unsteady(case: Case) -> Iterator[Hit]:
    """Yield what an index, a generated column or a partition key computes and is not immutable."""
    for table, expression, where in _computed(case):
        for said in _faults(case.world, table, expression):
            yield case.hit(rules.UNSTEADY, f"{where}: {said}")


def volatile(world: World, table: Table | None, expression: Node) -> bool:
    """Whether each row would get a value of its own: then each of them is written anew."""
    if kind(expression) == "FuncCall":
        found = _meant(world, table, expression)
        if found and all(one.volatility == "volatile" for one in found):
            return True
    return any(volatile(world, table, one) for one in children(expression))


def type_of(world: World, table: Table | None, node: Node) -> str:
    """Return the type of an expression as `schema.typname`; empty where nobody can tell."""
    what = kind(node)
    if what == "TypeCast":
        return world.type(node.typeName).name
    if what == "ColumnRef" and table is not None and kind(node.fields[-1]) == "String":
        column = table.columns.get(node.fields[-1].sval)
        return column.type.name if column else ""
    if what == "A_Const" and kind(node.val) in _CONSTANTS:
        return f"{SYSTEM}.{_CONSTANTS[kind(node.val)]}"
    if what == "FuncCall":
        results = {one.result for one in _meant(world, table, node)}
        return results.pop() if len(results) == 1 else ""
    return ""


def _computed(case: Case) -> Iterator[tuple[Table | None, Node, str]]:
    """Yield each expression that must be immutable, its table, and where it stands."""
    act, node = case.act, case.act.node
    if act.kind == "IndexStmt":
        yield from _indexed(case.world.table(node.relation), node)
    elif act.kind == "AlterTableCmd" and kind(node.def_) == "ColumnDef":
        yield from _generated(case.world.table(act.on), node.def_)
    elif act.kind == "CreateStmt":
        table = written_table(case.world, node)
        for one in node.tableElts or ():
            yield from _generated(table, one) if kind(one) == "ColumnDef" else ()
        for one in node.partspec.partParams if node.partspec else ():
            yield from ((table, one.expr, "partition key"),) if one.expr is not None else ()


def _indexed(table: Table | None, node: Node) -> Iterator[tuple[Table | None, Node, str]]:
    for one in node.indexParams or ():
        if one.expr is not None:
            yield table, one.expr, "index expression"
    if node.whereClause is not None:
        yield table, node.whereClause, "index predicate"


def _generated(table: Table | None, column: Node) -> Iterator[tuple[Table | None, Node, str]]:
    for one in column.constraints or ():
        if one.contype.name == "CONSTR_GENERATED" and one.raw_expr is not None:
            yield table, one.raw_expr, f"generated column {dotted(column.colname)}"


def _faults(world: World, table: Table | None, node: Node) -> Iterator[str]:
    what = kind(node)
    if what == "FuncCall":
        found = _meant(world, table, node)
        if found and all(one.is_unsteady for one in found):
            yield f"{dotted(*words(node.funcname))}() is {found[0].volatility}"
    elif what == "SQLValueFunction" and node.op.name in _CLOCKS:
        yield f"{_CLOCKS[node.op.name]} is stable"
    elif what == "TypeCast":
        yield from _cast(world, table, node)
    elif what == "A_Expr" and node.lexpr is not None:
        yield from _operator(world, table, node)
    for one in children(node):
        yield from _faults(world, table, one)


def _cast(world: World, table: Table | None, node: Node) -> Iterator[str]:
    if kind(node.arg) == "A_Const":
        return  # it is read once, when the statement is
    one, to = type_of(world, table, node.arg), type_of(world, table, node)
    if one and to and one != to and not _leads_steadily(world, one, to):
        yield f"a cast from {_short(one)} to {_short(to)} is stable"


def _leads_steadily(world: World, one: str, to: str) -> bool:
    """Whether a value of one type always becomes the same of another, be it by way of text."""
    by_text = not {one, to} & world.facts.unsteady_texts
    return world.facts.casts.get((one, to), by_text)


def _operator(world: World, table: Table | None, node: Node) -> Iterator[str]:
    if isinstance(node.rexpr, tuple) or node.rexpr is None:
        return
    left, right = type_of(world, table, node.lexpr), type_of(world, table, node.rexpr)
    # A text that stands there is read as what it is compared with.
    left, right = left or right, right or left
    if left and not _is_steady(world, node.name[-1].sval, left, right):
        yield f"{_short(left)} {node.name[-1].sval} {_short(right)} is stable"


def _is_steady(world: World, symbol: str, left: str, right: str) -> bool:
    known = world.facts.operators
    if (symbol, left, right) in known:
        return known[symbol, left, right]
    if symbol == "||" and _TEXT in (left, right):
        return not {left, right} & world.facts.unsteady_texts
    # One side becomes what the other is, unless it was told to be something.
    for one, to in ((left, right), (right, left)):
        if (symbol, to, to) in known and (one, to) in world.facts.casts:
            return known[symbol, to, to] and world.facts.casts[one, to]
    return True


def _meant(world: World, table: Table | None, node: Node) -> Sequence[Function]:
    """Return the functions that a call may mean, by the types of what it is given."""
    given = [type_of(world, table, one) for one in node.args or ()]
    found = world.called(words(node.funcname), len(given))
    exact = [one for one in found if one.made or _fits(one, given)]
    return exact or found


def _fits(function: Function, given: Sequence[str]) -> bool:
    pairs = zip(function.arguments, given, strict=False)
    return all(not two or one == two or one.startswith(f"{SYSTEM}.any") for one, two in pairs)


def _short(name: str) -> str:
    return name.removeprefix(f"{SYSTEM}.")
