"""What does an ALTER TABLE make of a table's rows, and what does it demand of them?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.linting import parsing
from gatepost.linting.parsing import Unparsable, within
from gatepost.violations import constraints, retyping, types
from gatepost.violations.shapes import Held, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gatepost.linting.blocks import Place
    from gatepost.linting.parsing import Node
    from gatepost.violations.claims import Claim
    from gatepost.violations.state import State

# What the server does first, whatever the order in which it is written.
_PASSES = {"AT_DropColumn": 0, "AT_DropConstraint": 0, "AT_AlterColumnType": 1, "AT_AddColumn": 2}
_LATER, _LAST = 3, 4
_NUMBERED = sql.SQL("pg_catalog.row_number() over ()")
_AS = sql.SQL("({})::{}")
_KEPT = "the column is there already, and IF NOT EXISTS leaves it as it is"


def table(state: State, node: Node, place: Place) -> None:
    """Follow an ALTER TABLE, its parts in the order in which the server does them."""
    if state.shape(node.relation) is None:
        _of_no_table(state, node, place)
        return
    for one in sorted(node.cmds, key=_pass):
        shape = state.shape(node.relation)
        follow = _FOLLOWED.get(one.subtype.name)
        if follow is not None and shape is not None:
            follow(state, shape, one, place)


def _pass(command: Node) -> int:
    if command.subtype.name == "AT_AddConstraint":
        return _LAST
    return _PASSES.get(command.subtype.name, _LATER)


def _of_no_table(state: State, node: Node, place: Place) -> None:
    """Note what is demanded of a table that is not there; IF EXISTS asks for it only if it is."""
    relation = state.relation(node.relation)
    if node.missing_ok or state.catalog.table(relation) is not None:
        return
    shape = Shape(relation, None, {}, known=False)
    missing = (f"no table {relation}",)
    for one in node.cmds:
        if one.subtype.name == "AT_AddConstraint":
            for claim in constraints.of(state, shape, one.def_, place):
                state.claims.append(replace(claim, test=None, missing=missing))
        elif one.subtype.name == "AT_SetNotNull":
            claim = constraints.not_null(state, shape, one.name, place)
            state.claims.append(replace(claim, test=None, missing=missing))


def _add_column(state: State, shape: Shape, command: Node, place: Place) -> None:
    column = command.def_
    demands = column.constraints or ()
    kinds = {one.contype.name for one in demands}
    held = shape.columns.get(column.colname)
    if held is not None:
        if "CONSTR_NOTNULL" in kinds and not held.not_null:
            kept = constraints.not_null(state, shape, column.colname, place, kept=_KEPT)
            state.claims.append(kept)
        return
    filled = bool({"CONSTR_IDENTITY"} & kinds) or types.is_serial(column.typeName)
    expression, surely = _at_first(state, column, filled=filled)
    new = Held(types.of(state, column.typeName), not_null=filled)
    wider = shape.with_columns({column.colname: (new, expression)})
    state.put(wider)
    for one in demands:
        if one.contype.name == "CONSTR_NOTNULL" and surely:
            _has_become_not_null(state, wider, column.colname)
            continue
        _demand(state, wider, one, place, (column.colname,))


def _at_first(state: State, column: Node, *, filled: bool) -> tuple[sql.Composable, bool]:
    """Return what a new column holds in the rows that are there, and whether it is never NULL."""
    type_ = sql.SQL(types.of(state, column.typeName))
    for one in column.constraints or ():
        if one.contype.name in ("CONSTR_DEFAULT", "CONSTR_GENERATED"):
            if any(_takes_a_number(below) for below in within(one.raw_expr)):
                return _NUMBERED, True
            surely = parsing.kind(one.raw_expr) == "A_Const" and not one.raw_expr.isnull
            return _AS.format(state.spelled(one.raw_expr), type_), surely
    if filled:
        return _NUMBERED, True
    return _AS.format(sql.SQL("null"), type_), False


def _takes_a_number(node: Node) -> bool:
    return parsing.kind(node) == "FuncCall" and node.funcname[-1].sval == "nextval"


def _drop_column(state: State, shape: Shape, command: Node, _place: Place) -> None:
    if command.name in shape.columns:
        state.put(shape.with_columns({}, dropped=[command.name]))


def _retype(state: State, shape: Shape, command: Node, place: Place) -> None:
    column, given = command.name, command.def_
    claim = retyping.claim(state, shape, command, place)
    state.claims.append(claim)
    held = shape.columns.get(column)
    if held is None:
        return
    type_ = types.of(state, given.typeName)
    expression = retyping.expression(state, column, given)
    new = Held(type_, held.not_null)
    state.put(shape.with_columns({column: (new, _AS.format(expression, sql.SQL(type_)))}))


def _set_not_null(state: State, shape: Shape, command: Node, place: Place) -> None:
    held = shape.columns.get(command.name)
    if held is None or not held.not_null:
        state.claims.append(constraints.not_null(state, shape, command.name, place))
        _has_become_not_null(state, shape, command.name)


def _has_become_not_null(state: State, shape: Shape, column: str, *, to: bool = True) -> None:
    if held := shape.columns.get(column):
        state.put(replace(shape, columns={**shape.columns, column: Held(held.type, to)}))


def _drop_not_null(state: State, shape: Shape, command: Node, _place: Place) -> None:
    _has_become_not_null(state, shape, command.name, to=False)


def _add_constraint(state: State, shape: Shape, command: Node, place: Place) -> None:
    _demand(state, shape, command.def_, place)


def _demand(
    state: State, shape: Shape, node: Node, place: Place, columns: tuple[str, ...] = ()
) -> None:
    """Keep what a constraint demands: now, or once it is validated; never if nobody enforces it."""
    demanded = list(constraints.of(state, shape, node, place, columns))
    if node.skip_validation:
        if node.conname:
            state.waiting[shape.relation, node.conname] = demanded
    else:
        state.claims += demanded


def _validate(state: State, shape: Shape, command: Node, place: Place) -> None:
    waiting = state.waiting.pop((shape.relation, command.name), None)
    if waiting is None:
        state.claims += _declared(state, shape, command.name, place)
        return
    for one in waiting:
        # The rows as they are now: a statement in between may have mended them.
        now = replace(one, shape=shape, place=place, doubt=state.doubt(shape) or one.doubt)
        state.claims.append(now)


def _declared(state: State, shape: Shape, name: str, place: Place) -> list[Claim]:
    """Return what a constraint demands that is there, and that no rows were asked about yet."""
    found = state.catalog.object(str(shape.live.relation)) if shape.live else None
    declared = found.attributes.get("constraints", {}).get(name) if found else None
    if not declared or declared["validated"]:
        return []
    text = f'alter table t add constraint "{name}" {declared["definition"]}'
    try:
        (statement,) = parsing.statements(text)
    except Unparsable:
        return []
    return list(constraints.of(state, shape, statement.node.cmds[0].def_, place))


def _attach(state: State, shape: Shape, command: Node, place: Place) -> None:
    part = state.shape(command.def_.name)
    if part is not None:
        said = f"of {shape.relation}"
        state.claims.append(constraints.made(state, "partition", said, part, None, place))


_FOLLOWED: Mapping[str, Callable[[State, Shape, Node, Place], None]] = {
    "AT_AddColumn": _add_column,
    "AT_AddConstraint": _add_constraint,
    "AT_AlterColumnType": _retype,
    "AT_AttachPartition": _attach,
    "AT_DropColumn": _drop_column,
    "AT_DropNotNull": _drop_not_null,
    "AT_SetNotNull": _set_not_null,
    "AT_ValidateConstraint": _validate,
}
