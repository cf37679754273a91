"""What do the statements of a pending migration that write rows make of them?

An UPDATE or a DELETE that reads only what is there as it is can be followed: its conditions and its
values are asked of the same rows.  Of the others it is remembered that they write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.linting import parsing
from gatepost.linting.parsing import Node, within
from gatepost.violations.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatepost.linting.blocks import Place
    from gatepost.names import Relation
    from gatepost.violations.shapes import Held, Shape

_NOT_AMONG = sql.SQL("not exists (select from {sources} where {condition})")
_AMONG = sql.SQL("exists (select from {sources} where {condition})")
_CHOSEN = sql.SQL("case when {condition} then ({value})::{type} else {column} end")
# What an UPDATE takes from another table; where several rows match, the server takes any.
_TAKEN = sql.SQL("select {value} from {sources} where {condition} limit 1")
_CASCADES = re.compile(r"ON DELETE (CASCADE|SET)")


def updated(state: State, node: Node, place: Place) -> None:
    """Follow an UPDATE."""
    shape = state.shape(node.relation)
    values = [(one.name, one.val) for one in node.targetList]
    if shape is None or not _is_followed(state, node) or not _are_plain(shape.columns, values):
        state.written(node.relation, place)
        return
    what = _What(state, node, node.fromClause or ())
    changed: dict[str, tuple[Held, sql.Composable]] = {}
    for name, val in values:
        held = shape.columns[name]
        expression = _CHOSEN.format(
            condition=what.is_met(),
            value=what.value(val),
            type=sql.SQL(held.type),
            column=sql.Identifier(name),
        )
        changed[name] = (held, expression)
    state.put(shape.with_columns(changed, name=_called(node.relation)))


def deleted(state: State, node: Node, place: Place) -> None:
    """Follow a DELETE; what it takes with it in tables that point there is not followed."""
    shape = state.shape(node.relation)
    if shape is None or not _is_followed(state, node):
        state.written(node.relation, place)
    else:
        keep = _What(state, node, node.usingClause or ()).is_not_met()
        state.put(shape.with_columns({}, name=_called(node.relation), keep=keep))
    if shape is not None and shape.live is not None:
        for child in _cascading(state, shape.live.relation):
            state.put(replace(child, written=child.written or str(place)))


@dataclass(frozen=True)
class _What:
    """On which rows a statement works, and what it gives them.

    :param sources: what else it reads.
    """

    state: State
    node: Node
    sources: tuple[Node, ...]

    def is_met(self) -> sql.Composable:
        """Return the condition on which a row is one of them."""
        if self.sources:
            return _AMONG.format(sources=self._from(), condition=self._where())
        return self._with(self._where())

    def is_not_met(self) -> sql.Composable:
        """Return the condition on which it is none; in a form that the server makes a join of."""
        if self.sources:
            return _NOT_AMONG.format(sources=self._from(), condition=self._where())
        return sql.SQL("({}) is not true").format(self._with(self._where()))

    def value(self, node: Node) -> sql.Composable:
        """Return what a column is given."""
        value: sql.Composable = self.state.spelled(node)
        if not self.sources:
            return self._with(value)
        return _TAKEN.format(value=value, sources=self._from(), condition=self._where())

    def _where(self) -> sql.Composable:
        given = self.node.whereClause
        return self.state.spelled(given) if given is not None else sql.SQL("true")

    def _with(self, expression: sql.Composable) -> sql.Composable:
        """Return an expression that may read what a WITH has named."""
        if not self.node.withClause:
            return expression
        made = sql.SQL(", ").join(_cte(one) for one in _ctes(self.node))
        return sql.SQL("(with {} select ({}))").format(made, expression)

    def _from(self) -> sql.Composed:
        """Return what else it reads, the queries of a WITH in their places."""
        made = {one.ctename: one for one in _ctes(self.node)}
        return sql.SQL(", ").join(_source(one, made) for one in self.sources)


def _source(node: Node, made: Mapping[str, Node]) -> sql.Composable:
    if parsing.kind(node) != "RangeVar" or node.schemaname or node.relname not in made:
        return sql.SQL(parsing.spelled(node))
    one, called = made[node.relname], sql.Identifier(_called(node))
    return sql.SQL("{} as {}{}").format(_query(one), called, _columns(one))


def _cte(node: Node) -> sql.Composed:
    """Return one query of a WITH."""
    name = sql.Identifier(node.ctename)
    return sql.SQL("{}{} as {}").format(name, _columns(node), _query(node))


def _columns(node: Node) -> sql.Composable:
    names = [sql.Identifier(one.sval) for one in node.aliascolnames or ()]
    return sql.SQL("({})").format(sql.SQL(", ").join(names)) if names else sql.SQL("")


def _query(node: Node) -> sql.Composed:
    return sql.SQL("({})").format(sql.SQL(parsing.spelled(node.ctequery)))


def _ctes(node: Node) -> tuple[Node, ...]:
    return tuple(node.withClause.ctes) if node.withClause else ()


def _cascading(state: State, parent: Relation) -> Iterator[Shape]:
    """Yield the tables whose rows go, or change, with those of a table that they point to."""
    for key in state.catalog.foreign_keys:
        child = state.shapes.get(key.child)
        found = state.catalog.object(str(key.child)) if key.parent == parent else None
        declared = found.attributes.get("constraints", {}).get(key.name) if found else None
        if child is not None and declared and _CASCADES.search(declared["definition"]):
            yield child


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
    made = _ctes(node)
    if any(parsing.kind(one.ctequery) != "SelectStmt" for one in made):
        return False
    # A query of a WITH that reads another one of it is more than is followed here.
    named = {one.ctename for one in made}
    read = [one for one in _read(node) if parsing.kind(one) == "RangeVar"]
    among = [one for each in made for one in within(each) if parsing.kind(one) == "RangeVar"]
    if any(one.relname in named for one in among):
        return False
    return state.follows(one for one in read if one.relname not in named)


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


def _called(node: Node) -> str:
    return str(node.alias.aliasname if node.alias else node.relname)
