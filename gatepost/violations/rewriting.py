"""What do the statements of a pending migration that write rows make of them?

An UPDATE or a DELETE that reads only what is there as it is can be followed: its conditions and its
values are asked of the same rows.  Of the others it is remembered that they write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.linting import parsing
from gatepost.linting.parsing import within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.linting.parsing import Node
    from gatepost.violations.claims import Place
    from gatepost.violations.shapes import Held
    from gatepost.violations.state import State

_WHERE = sql.SQL("({}) is true")
_AMONG = sql.SQL("exists (select from {sources} where {condition})")
_CHOSEN = sql.SQL("case when {condition} then ({value})::{type} else {column} end")
# What an UPDATE takes from another table; where several rows match, the server takes any.
_TAKEN = sql.SQL("select {value} from {sources} where {condition} limit 1")


def updated(state: State, node: Node, place: Place) -> None:
    """Follow an UPDATE."""
    shape = state.shape(node.relation)
    values = [(one.name, one.val) for one in node.targetList]
    if shape is None or not _is_followed(state, node) or not _are_plain(shape.columns, values):
        state.written(node.relation, place)
        return
    sources, given = node.fromClause or (), node.whereClause
    condition = _condition(state, sources, given)
    changed: dict[str, tuple[Held, sql.Composable]] = {}
    for name, val in values:
        held = shape.columns[name]
        value: sql.Composable = state.spelled(val)
        if sources:
            value = _TAKEN.format(
                value=value, sources=_sources(sources), condition=_plain(state, given)
            )
        expression = _CHOSEN.format(
            condition=condition,
            value=value,
            type=sql.SQL(held.type),
            column=sql.Identifier(name),
        )
        changed[name] = (held, expression)
    state.put(shape.with_columns(changed, name=_called(node.relation)))


def deleted(state: State, node: Node, place: Place) -> None:
    """Follow a DELETE."""
    shape = state.shape(node.relation)
    if shape is None or not _is_followed(state, node):
        state.written(node.relation, place)
        return
    condition = _condition(state, node.usingClause or (), node.whereClause)
    keep = sql.SQL("({}) is not true").format(condition)
    state.put(shape.with_columns({}, name=_called(node.relation), keep=keep))


def emptied(state: State, node: Node, place: Place) -> None:
    """Follow a TRUNCATE; what it takes with it by CASCADE is not known here."""
    for one in node.relations:
        shape = state.shape(one)
        if shape is not None:
            state.put(shape.with_columns({}, keep=sql.SQL("false")))
    if node.behavior.name == "DROP_CASCADE":
        state.fog = state.fog or str(place)


def inserted(state: State, node: Node, place: Place) -> None:
    """Follow an INSERT: rows that are there stay as they are, unless a conflict changes them."""
    if node.onConflictClause and node.onConflictClause.action.name == "ONCONFLICT_UPDATE":
        state.written(node.relation, place)
    state.grown(node.relation, place)


def copied(state: State, node: Node, place: Place) -> None:
    """Follow a COPY."""
    if node.is_from and node.relation is not None:
        state.grown(node.relation, place)


def merged(state: State, node: Node, place: Place) -> None:
    """Follow a MERGE, of which it is known that it writes."""
    state.written(node.relation, place)


def _is_followed(state: State, node: Node) -> bool:
    """Whether all that an UPDATE or DELETE reads beside its own rows is there as it is."""
    return node.withClause is None and state.follows(_read(node))


def _read(node: Node) -> Iterator[Node]:
    for one in parsing.children(node):
        if one is not node.relation:
            yield from within(one)


def _are_plain(columns: object, values: list[tuple[str, Node]]) -> bool:
    """Whether each column is there and gets a value of its own."""
    assert isinstance(columns, dict)
    return all(
        name in columns and parsing.kind(value) not in ("MultiAssignRef", "SetToDefault")
        for name, value in values
    )


def _condition(state: State, sources: tuple[Node, ...], given: Node) -> sql.Composable:
    condition = _plain(state, given)
    if sources:
        return _AMONG.format(sources=_sources(sources), condition=condition)
    return condition


def _plain(state: State, given: Node) -> sql.Composable:
    return state.spelled(given) if given is not None else sql.SQL("true")


def _sources(nodes: tuple[Node, ...]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(parsing.spelled(one)) for one in nodes)


def _called(node: Node) -> str:
    return str(node.alias.aliasname if node.alias else node.relname)
