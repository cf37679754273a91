"""Which labels of enums does a statement use, and are they there yet?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from gatepost.linting import blocks, parsing, rules
from gatepost.linting.datatypes import SYSTEM
from gatepost.linting.parsing import Unparsable, kind, within
from gatepost.linting.written import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.linting.acts import Act
    from gatepost.linting.cases import Case, Hit
    from gatepost.linting.parsing import Node
    from gatepost.linting.world import Table, World

_Use = tuple[str, str]


def used(case: Case) -> Iterator[Hit]:
    """Yield labels that an act uses before they are there, or before they may be used."""
    for name, label in dict.fromkeys(_uses(case)):
        labels = _labels(case.world, name)
        added = case.block.labels.get((name, label))
        if labels is not None and label not in labels:
            yield case.hit(rules.LABEL, f"{name} has no label '{label}'")
        elif added is not None and name not in case.block.types:
            yield case.hit(
                rules.FRESH_LABEL,
                f"'{label}' of {name} is used in the transaction that adds it, on line {added}",
            )


def remember(case: Case) -> None:
    """Note what an act adds to an enum, or makes, in its transaction."""
    act, world = case.act, case.world
    if act.kind == "CreateEnumStmt":
        name = world.meant(*words(act.node.typeName))
        case.block.types.add(f"{name.schema}.{name.name}")
    elif act.kind == "AlterEnumStmt" and not act.node.oldVal:
        found = world.type_named(*words(act.node.typeName))
        if found is not None and act.node.newVal not in world.enums.get(found, []):
            case.block.labels[(f"{found.schema}.{found.name}", act.node.newVal)] = act.line


def _labels(world: World, name: str) -> list[str] | None:
    for one, labels in world.enums.items():
        if f"{one.schema}.{one.name}" == name:
            return labels
    return None


def _uses(case: Case) -> Iterator[_Use]:
    act, world = case.act, case.world
    table = _table(case)
    for node in (*act.nodes, *(below for one in _asked(act) for below in within(one))):
        yield from _literal(world, node)
        yield from _compared(world, table, node)
        yield from _written(world, node)
    yield from _defaults(case)


def _asked(act: Act) -> Iterator[Node]:
    """Yield the conditions of a DO block: they are computed, whatever comes of them."""
    steps = blocks.unfolded(act.of) if act.of is not None else ()
    for text in dict.fromkeys(one.text for step in steps for one in step.conditions):
        with contextlib.suppress(Unparsable):
            yield from (one.node for one in parsing.statements(f"select {text}"))


def _table(case: Case) -> Table | None:
    """Return the one table that an act is about, if it is one."""
    act = case.act
    if act.on is not None:
        return case.world.table(act.on)
    found = [one for one in act.nodes if kind(one) == "RangeVar"]
    return case.world.table(found[0]) if len(found) == 1 else None


def _literal(world: World, node: Node) -> Iterator[_Use]:
    """Yield the label of `'x'::status` and of `'x' = any (enum_range(null::status))`."""
    if kind(node) == "TypeCast":
        yield from _pair(world.type(node.typeName).name, node.arg)
    if kind(node) == "A_Expr" and kind(node.rexpr) == "FuncCall":
        function = node.rexpr
        if words(function.funcname)[-1] == "enum_range" and function.args:
            one = function.args[0]
            if kind(one) == "TypeCast":
                yield from _pair(world.type(one.typeName).name, node.lexpr)


def _compared(world: World, table: Table | None, node: Node) -> Iterator[_Use]:
    """Yield the labels that a column of an enum is compared with."""
    if kind(node) != "A_Expr" or table is None:
        return
    for column, other in ((node.lexpr, node.rexpr), (node.rexpr, node.lexpr)):
        if kind(column) == "ColumnRef" and kind(column.fields[-1]) == "String":
            found = table.columns.get(column.fields[-1].sval)
            if found is not None and world.labels(found.type) is not None:
                for one in other if isinstance(other, tuple) else (other,):
                    yield from _pair(found.type.name, one)


def _written(world: World, node: Node) -> Iterator[_Use]:
    """Yield the labels that an INSERT or UPDATE writes into columns of enums."""
    if kind(node) == "UpdateStmt":
        table = world.table(node.relation)
        for one in node.targetList or ():
            yield from _into(world, table, one.name, one.val)
    elif kind(node) == "InsertStmt" and kind(node.selectStmt) == "SelectStmt":
        table = world.table(node.relation)
        if table is None or not table.whole:
            return
        named = [one.name for one in node.cols or ()] or list(table.columns)
        for row in _rows(node.selectStmt):
            for name, value in zip(named, row, strict=False):
                yield from _into(world, table, name, value)


def _rows(select: Node) -> Iterator[tuple[Node, ...]]:
    yield from select.valuesLists or ()
    if select.targetList:
        yield tuple(one.val for one in select.targetList)


def _into(world: World, table: Table | None, name: str, value: Node) -> Iterator[_Use]:
    column = table.columns.get(name) if table else None
    if column is not None and world.labels(column.type) is not None:
        yield from _pair(column.type.name, value)


def _defaults(case: Case) -> Iterator[_Use]:
    """Yield the labels that are defaults of columns."""
    act, world = case.act, case.world
    for node in act.nodes:
        if kind(node) == "ColumnDef" and node.typeName is not None:
            for one in node.constraints or ():
                if one.contype.name == "CONSTR_DEFAULT":
                    yield from _pair(world.type(node.typeName).name, one.raw_expr)
    if act.kind == "AlterTableCmd" and act.node.subtype.name == "AT_ColumnDefault":
        yield from _into(world, world.table(act.on), act.node.name, act.node.def_)


def _pair(name: str, value: Node) -> Iterator[_Use]:
    text = getattr(getattr(value, "val", None), "sval", None)
    if (
        name
        and not name.startswith(f"{SYSTEM}.")
        and kind(value) == "A_Const"
        and isinstance(text, str)
    ):
        yield name, text
