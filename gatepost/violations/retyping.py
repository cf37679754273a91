"""Will every value of a column fit the type that a pending migration gives it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.linting import parsing
from gatepost.violations import constraints, types
from gatepost.violations.claims import Against, Becoming

if TYPE_CHECKING:
    from gatepost.linting.blocks import Place
    from gatepost.linting.parsing import Node
    from gatepost.violations.claims import Claim, Test
    from gatepost.violations.shapes import Held, Shape
    from gatepost.violations.state import State

# Of whole numbers, the least and the most.
_BOUNDS = {
    "int2": (-(1 << 15), (1 << 15) - 1),
    "int4": (-(1 << 31), (1 << 31) - 1),
    "int8": (-(1 << 63), (1 << 63) - 1),
}
_NUMBERS = ("smallint", "integer", "bigint", "numeric")
_TEXTS = ("varchar", "bpchar")
# Blanks at the end are cut off without an error.
_LONG = sql.SQL("pg_catalog.length(pg_catalog.rtrim(({})::pg_catalog.text)) > {}")
_LARGE = sql.SQL("pg_catalog.round(({value})::pg_catalog.numeric) not between {least} and {most}")
_STRANGE = sql.SQL("({})::pg_catalog.text <> all ({}::pg_catalog.text[])")


def claim(state: State, shape: Shape, command: Node, place: Place) -> Claim:
    """Return the demand that every value of a column fits its new type."""
    column, given = command.name, command.def_
    names = constraints.named(shape, given.raw_default) if given.raw_default else ()
    test = _test(state, shape, column, given)
    return constraints.made(
        state, "type", column, shape, test, place, names=dict.fromkeys((column, *names))
    )


def expression(state: State, column: str, given: Node) -> sql.Composable:
    """Return what becomes of a value: what USING says, or the value itself."""
    return state.spelled(given.raw_default) if given.raw_default else sql.Identifier(column)


def _test(state: State, shape: Shape, column: str, given: Node) -> Test:
    value = expression(state, column, given)
    name = given.typeName.names[-1].sval
    said = parsing.spelled(given.typeName)
    labels = state.types.get(name)
    if labels is not None:
        strange = _STRANGE.format(value, sql.Literal(list(labels)))
        return Against(strange, f"no value of the new {name} in {{rows}}")
    held = shape.columns.get(column)
    limit = _limit(given.typeName)
    # The server assigns, with USING too: what does not fit is an error, where a cast would cut it.
    if name in _TEXTS and limit and not given.typeName.arrayBounds:
        return Against(_LONG.format(value, limit), f"too long for {said} in {{rows}}")
    if held is not None and given.raw_default is None and name in _BOUNDS and _is_number(held):
        least, most = (sql.Literal(one) for one in _BOUNDS[name])
        large = _LARGE.format(value=value, least=least, most=most)
        return Against(large, f"too large for {said} in {{rows}}")
    type_ = sql.SQL(types.of(state, given.typeName))
    return Becoming(sql.SQL("({})::{}").format(value, type_), said)


def _is_number(held: Held) -> bool:
    return held.type.partition("(")[0] in _NUMBERS


def _limit(node: Node) -> sql.Literal | None:
    """Return how long a text may be, where the type says so."""
    if not node.typmods:
        return None
    return sql.Literal(node.typmods[0].val.ival)
