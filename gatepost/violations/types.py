"""What becomes of the types that pending migrations make and change, and of the values in use?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.linting import parsing
from gatepost.violations import constraints
from gatepost.violations.claims import Against
from gatepost.violations.shapes import Held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.linting.blocks import Place
    from gatepost.linting.parsing import Node
    from gatepost.violations.shapes import Shape
    from gatepost.violations.state import State

TEXT = "pg_catalog.text"
_TEXT = sql.SQL("{}::pg_catalog.text")
# In a domain's condition VALUE is the value.
_OF_VALUE = sql.SQL("(select {condition} from (select {column} as value) as domain) is false")
_SERIALS = {"serial": "bigint", "bigserial": "bigint", "smallserial": "bigint"}
_SERIALS |= {"serial2": "bigint", "serial4": "bigint", "serial8": "bigint"}


def of(state: State, node: Node) -> str:
    """Return a `TypeName` as SQL; what is a sequence's number for the serial ones."""
    return _SERIALS.get(node.names[-1].sval, "") or state.type(node)


def is_serial(node: Node) -> bool:
    """Whether a sequence fills a column of this type."""
    return node.names[-1].sval in _SERIALS


def enum_made(state: State, node: Node, _place: Place) -> None:
    """Follow CREATE TYPE … AS ENUM."""
    name = node.typeName[-1].sval
    if not _is_there(state, node.typeName):
        state.types[name] = tuple(one.sval for one in node.vals or ())


def enum_changed(state: State, node: Node, _place: Place) -> None:
    """Follow ALTER TYPE … ADD VALUE and RENAME VALUE: what is there becomes text from here on.

    A query that names a label that is not there yet would fail.
    """
    name = node.typeName[-1].sval
    if name in state.types:
        labels = state.types[name]
        if labels is not None:
            state.types[name] = (*(one for one in labels if one != node.oldVal), node.newVal)
        return
    state.types[name] = None
    for shape in list(state.shapes.values()):
        changed: dict[str, tuple[Held, sql.Composable]] = {
            column: (Held(TEXT, shape.columns[column].not_null), _relabelled(column, node))
            for column in _of_type(shape, name)
        }
        if changed:
            state.put(shape.with_columns(changed))


def renamed(state: State, name: str, to: str) -> None:
    """Follow ALTER TYPE … RENAME TO."""
    if name in state.types:
        state.types[to] = state.types.pop(name)
    else:
        state.types[to] = None


def domain(state: State, node: Node, place: Place) -> None:
    """Follow ALTER DOMAIN: what it demands, it demands of every column of that domain."""
    name = node.typeName[-1].sval
    if node.subtype == "O":
        for shape, column in _uses(state, name):
            state.claims.append(constraints.not_null(state, shape, column, place))
    elif node.subtype == "C" and not node.def_.skip_validation:
        for shape, column in _uses(state, name):
            broken = _OF_VALUE.format(
                condition=state.spelled(node.def_.raw_expr), column=sql.Identifier(column)
            )
            said = f"{column}: {node.def_.conname or parsing.spelled(node.def_.raw_expr)}"
            test = Against(broken, "against it in {rows}")
            state.claims.append(constraints.made(state, "check", said, shape, test, place))


def _uses(state: State, name: str) -> Iterator[tuple[Shape, str]]:
    for shape in list(state.shapes.values()):
        for column in _of_type(shape, name, declared=True):
            yield shape, column


def _of_type(shape: Shape, name: str, *, declared: bool = False) -> list[str]:
    """Return the columns of a type, or of a domain over it."""
    live = shape.live.columns if shape.live else ()
    return [
        one.name
        for one in live
        if one.name in shape.columns
        and shape.columns[one.name].type == one.type
        and (_last(one.type) if declared else one.base.rpartition(".")[2]) == name
    ]


def _last(type_: str) -> str:
    return type_.rpartition(".")[2].strip('"')


def _relabelled(column: str, node: Node) -> sql.Composable:
    text = _TEXT.format(sql.Identifier(column))
    if not node.oldVal:
        return text
    return sql.SQL("case when {text} = {old} then {new} else {text} end").format(
        text=text, old=sql.Literal(node.oldVal), new=sql.Literal(node.newVal)
    )


def _is_there(state: State, names: tuple[Node, ...]) -> bool:
    """Whether a type of that name is there, which a block may have asked first."""
    *schema, name = (one.sval for one in names)
    among = schema or state.path
    return any(state.catalog.object(f"enum {one}.{name}") is not None for one in among)
