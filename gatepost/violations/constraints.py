"""What does a constraint that a pending migration adds demand of the rows?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.linting import parsing
from gatepost.names import dotted
from gatepost.violations.claims import Against, Claim, Excluding, Pointing, Shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.linting.blocks import Place
    from gatepost.linting.parsing import Node
    from gatepost.violations.claims import Kind, Test
    from gatepost.violations.shapes import Shape
    from gatepost.violations.state import State


def of(
    state: State, shape: Shape, node: Node, place: Place, columns: tuple[str, ...] = ()
) -> Iterator[Claim]:
    """Yield what a `Constraint` demands.

    :param columns: the column that it is written beside.
    """
    match node.contype.name:
        case "CONSTR_NOTNULL":
            for one in _names(node.keys) or columns:
                yield not_null(state, shape, one, place)
        case "CONSTR_CHECK":
            yield _check(state, shape, node, place)
        case "CONSTR_UNIQUE":
            keys = _names(node.keys) or columns
            if keys:  # else an index that is there already
                yield unique(state, shape, keys, place, nulls_are_one=node.nulls_not_distinct)
        case "CONSTR_PRIMARY":
            yield from _primary(state, shape, node, place, columns)
        case "CONSTR_FOREIGN":
            yield _foreign(state, shape, node, place, columns)
        case "CONSTR_EXCLUSION":
            yield _exclusion(state, shape, node, place)


def not_null(state: State, shape: Shape, column: str, place: Place, *, kept: str = "") -> Claim:
    """Return the demand that a column is never NULL."""
    broken = sql.SQL("{} is null").format(sql.Identifier(column))
    test = Against(broken, "NULL in {rows}")
    return made(state, "not null", column, shape, test, place, names=(column,), kept=kept)


def unique(
    state: State, shape: Shape, columns: tuple[str, ...], place: Place, *, nulls_are_one: bool
) -> Claim:
    """Return the demand that no two rows are alike in some columns."""
    keys = tuple(sql.Identifier(one) for one in columns)
    test = Shared(keys, nulls_are_one=nulls_are_one, plain=columns)
    return made(state, "unique", ", ".join(columns), shape, test, place, names=columns)


def of_index(state: State, shape: Shape, node: Node, place: Place, *, kept: str = "") -> Claim:
    """Return what a unique index demands, expressions and a predicate among it."""
    said = ", ".join(_said(one) for one in node.indexParams)
    if node.whereClause:
        said = f"{said} where {parsing.spelled(node.whereClause)}"
    test = Shared(
        keys=tuple(_element(state, one) for one in node.indexParams),
        given=state.spelled(node.whereClause) if node.whereClause else None,
        nulls_are_one=bool(node.nulls_not_distinct),
        plain=_names(one for one in node.indexParams if one.name),
    )
    read = (*node.indexParams, *([node.whereClause] if node.whereClause else ()))
    names = named(shape, *read)
    return made(state, "unique", said, shape, test, place, names=names, kept=kept)


def named(shape: Shape, *nodes: Node) -> tuple[str, ...]:
    """Return the columns that expressions name, those of queries within them left out."""
    found: dict[str, None] = {}
    for node in nodes:
        for one in _outside(node):
            if parsing.kind(one) == "IndexElem" and one.name:
                found[one.name] = None
            elif parsing.kind(one) == "ColumnRef":
                last = one.fields[-1]
                if parsing.kind(last) == "String" and last.sval != shape.relation.name:
                    found[last.sval] = None
    return tuple(found)


def made(
    state: State,
    kind: Kind,
    said: str,
    shape: Shape,
    test: Test | None,
    place: Place,
    *,
    names: Iterable[str] = (),
    parent: Shape | None = None,
    missing: tuple[str, ...] = (),
    kept: str = "",
) -> Claim:
    """Return a claim on a shape as it is now, with what of the names in it is not there."""
    if shape.known:
        absent = tuple(f"no column {one}" for one in names if one not in shape.columns)
        missing = (*absent, *missing)
    doubt = state.doubt(shape, parent=parent)
    return Claim(kind, said, shape, test, place, state.path, missing, kept, doubt)


def _check(state: State, shape: Shape, node: Node, place: Place) -> Claim:
    # NULL is no breach: only what is false is.
    broken = sql.SQL("({}) is false").format(state.spelled(node.raw_expr))
    spelled = parsing.spelled(node.raw_expr)
    said = node.conname or spelled
    test = Against(broken, "against it in {rows}")
    names = named(shape, node.raw_expr)
    return made(state, "check", said, shape, test, place, names=names)


def _primary(
    state: State, shape: Shape, node: Node, place: Place, columns: tuple[str, ...]
) -> Iterator[Claim]:
    keys = _names(node.keys) or columns
    if not keys:  # an index that is there, or was made on the way, and is unique already
        keys = state.indexes.get(node.indexname or "", ())
    else:
        yield unique(state, shape, keys, place, nulls_are_one=False)
    for one in keys:
        held = shape.columns.get(one)
        if held is None or not held.not_null:
            yield not_null(state, shape, one, place)


def _foreign(
    state: State, shape: Shape, node: Node, place: Place, columns: tuple[str, ...]
) -> Claim:
    mine = _names(node.fk_attrs) or columns
    relation = state.relation(node.pktable)
    parent = shape if relation == shape.relation else state.shapes.get(relation)
    said = f"{', '.join(mine)} -> {relation}"
    missing: tuple[str, ...] = ()
    if parent is None:
        missing = (f"no table {relation}",)
        return made(state, "foreign key", said, shape, None, place, names=mine, missing=missing)
    theirs = _names(node.pk_attrs) or parent.key
    if len(theirs) != len(mine):  # `lint` tells of numbers that differ; here there is no key
        missing = (f"no primary key of {relation}",) if not theirs and parent.known else ()
        return made(state, "foreign key", said, shape, None, place, names=mine, missing=missing)
    absent = tuple(
        f"no column {dotted(relation.schema, relation.name, one)}"
        for one in theirs
        if parent.known and one not in parent.columns
    )
    test = Pointing(mine, parent, theirs, full=node.fk_matchtype == "f")
    return made(
        state, "foreign key", said, shape, test, place, names=mine, parent=parent, missing=absent
    )


def _exclusion(state: State, shape: Shape, node: Node, place: Place) -> Claim:
    pairs = tuple(
        (_element(state, element), _operator(names)) for element, names in node.exclusions
    )
    said = ", ".join(f"{_said(one)} with {names[-1].sval}" for one, names in node.exclusions)
    given = state.spelled(node.where_clause) if node.where_clause else None
    read = [element for element, _ in node.exclusions]
    names = named(shape, *read, *([node.where_clause] if node.where_clause else ()))
    return made(
        state, "exclusion", node.conname or said, shape, Excluding(pairs, given), place, names=names
    )


def _operator(names: tuple[Node, ...]) -> sql.Composable:
    *schema, symbol = (one.sval for one in names)
    if not schema:
        return sql.SQL(symbol)
    return sql.SQL("operator({}.{})").format(sql.Identifier(*schema), sql.SQL(symbol))


def _element(state: State, element: Node) -> sql.Composable:
    """Return what an index is made of, without how it sorts."""
    found: sql.Composable = sql.Identifier(element.name) if element.name else sql.SQL("")
    if not element.name:
        found = sql.SQL("({})").format(state.spelled(element.expr))
    if element.collation:
        collation = sql.Identifier(*(one.sval for one in element.collation))
        found = sql.SQL("{} collate {}").format(found, collation)
    return found


def _said(element: Node) -> str:
    return str(element.name) if element.name else parsing.spelled(element.expr)


def _names(nodes: Iterable[Node] | None) -> tuple[str, ...]:
    return tuple(getattr(one, "name", None) or one.sval for one in nodes or ())


def _outside(node: Node) -> Iterator[Node]:
    """Yield a node and those below it, without what a query inside of it reads."""
    if parsing.kind(node) == "SubLink":
        if node.testexpr is not None:
            yield from _outside(node.testexpr)
        return
    yield node
    for child in parsing.children(node):
        yield from _outside(child)
