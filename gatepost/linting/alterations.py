"""What is another about a table after a part of ALTER TABLE?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gatepost.linting.parsing import is_literal, kind
from gatepost.linting.written import (
    INDEXED,
    LONGEST,
    NAMED,
    column,
    index_name,
    is_column,
    is_serial,
    named,
)
from gatepost.names import Relation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gatepost.linting.acts import Act
    from gatepost.linting.parsing import Node
    from gatepost.linting.world import Table, World

# Before a column of which a constraint says that it is not NULL, and nobody has looked yet.
UNPROVEN = "?"


def alter(world: World, act: Act) -> None:
    """Let a part of ALTER TABLE be so."""
    table = world.table(act.on) if act.on is not None else None
    change = _CHANGES.get(act.node.subtype.name)
    if table is not None and change is not None:
        change(world, table, act)


def _add_column(world: World, table: Table, act: Act) -> None:
    made = column(world, act.node.def_)
    table.columns.setdefault(made.name, made)
    constrain_column(world, table.relation, act.node.def_)


def _drop_column(world: World, table: Table, act: Act) -> None:
    if not act.guarded:
        world.forget(table, act.node.name)


def _retype(world: World, table: Table, act: Act) -> None:
    found = table.columns.get(act.node.name)
    if found is not None:
        table.columns[found.name] = replace(found, type=world.type(act.node.def_.typeName))


def _default(_: World, table: Table, act: Act) -> None:
    found = table.columns.get(act.node.name)
    if found is not None:
        given = act.node.def_
        literal = given is not None and is_literal(given)
        table.columns[found.name] = replace(found, has_literal=literal)


def _not_null(_: World, table: Table, act: Act) -> None:
    found = table.columns.get(act.node.name)
    if found is not None:
        table.columns[found.name] = replace(
            found, not_null=act.node.subtype.name == "AT_SetNotNull"
        )


def _add_constraint(world: World, table: Table, act: Act) -> None:
    constrain(world, table.relation, act.node.def_)


def _validate(_: World, table: Table, act: Act) -> None:
    # The columns were noted, with a mark before them, when it was added.
    columns = table.constraints.get(act.node.name, ())
    table.constraints[act.node.name] = tuple(one.removeprefix(UNPROVEN) for one in columns)


def _drop_constraint(world: World, table: Table, act: Act) -> None:
    if not act.guarded:
        table.constraints.pop(act.node.name, None)
        world.indexes.pop(Relation(table.relation.schema, act.node.name), None)


def constrain(world: World, relation: Relation, node: Node) -> None:
    """Let a constraint of a table be there, and the index behind it."""
    table, what = world.tables.get(relation), node.contype.name
    if table is None:
        return
    if what in INDEXED:
        world.indexes[Relation(relation.schema, index_name(relation, node))] = relation
    if what == "CONSTR_PRIMARY":
        for one in node.keys or ():
            if one.sval in table.columns:
                table.columns[one.sval] = replace(table.columns[one.sval], not_null=True)
    if what in NAMED:
        name = index_name(relation, node)
        table.constraints.setdefault(name, tuple(_tested(node)))
        table.parts[name] = named(node)


def constrain_column(world: World, relation: Relation, node: Node) -> None:
    """Let the constraints be there that stand with a column."""
    if is_serial(node):
        world.numbered(relation, node.colname)
    for one in node.constraints or ():
        what = one.contype.name
        if what in NAMED:
            ending = NAMED[what]
            held = (relation.name,) if ending == "pkey" else (relation.name, node.colname)
            name = str(one.conname or "_".join((*held, ending)))[:LONGEST]
            world.tables[relation].constraints.setdefault(name, tuple(_tested(one)))
            world.tables[relation].parts[name] = named(one) | {node.colname}
        if what in INDEXED:
            world.indexes[Relation(relation.schema, name)] = relation


def _tested(node: Node) -> Iterator[str]:
    """Yield the column that a CHECK says is not NULL, marked where it is not valid."""
    test = node.raw_expr
    if node.contype.name != "CONSTR_CHECK" or kind(test) != "NullTest":
        return
    if test.nulltesttype.name == "IS_NOT_NULL" and is_column(test.arg):
        mark = UNPROVEN if node.skip_validation else ""
        yield f"{mark}{test.arg.fields[-1].sval}"


_CHANGES: Mapping[str, Callable[[World, Table, Act], None]] = {
    "AT_AddColumn": _add_column,
    "AT_DropColumn": _drop_column,
    "AT_AlterColumnType": _retype,
    "AT_ColumnDefault": _default,
    "AT_SetNotNull": _not_null,
    "AT_DropNotNull": _not_null,
    "AT_AddConstraint": _add_constraint,
    "AT_ValidateConstraint": _validate,
    "AT_DropConstraint": _drop_constraint,
}
