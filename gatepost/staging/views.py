"""Which views name the fields of a collection, those of what is nested in it among them?

Made of the census alone, so that a field of one record in a million has its column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.names import Relation
from gatepost.sources.census import Field
from gatepost.sources.paths import FILE, under
from gatepost.staging.places import STAGED, documents_of, fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# A view has at most 1,664 columns; an object with more keys than this is a map, and no record.
MOST = 1600
# What a file has beside its records.
_BESIDE = under(FILE, "")

_VIEW = sql.SQL("create view {view} as select {columns} from {documents} as d{joins}")
_LIST = sql.SQL(
    " cross join lateral pg_catalog.jsonb_array_elements(case pg_catalog.jsonb_typeof({value})"
    " when 'array' then {value} else '[]' end) with ordinality as {name} (doc, position)"
)
_SINGLE = sql.SQL(
    " cross join lateral (select {value} as doc"
    " where pg_catalog.jsonb_typeof({value}) = 'object') as {name}"
)


@dataclass(frozen=True)
class Column:
    """A column of a view, and the field that it holds."""

    name: str
    path: str
    expression: sql.Composable


@dataclass(frozen=True)
class View:
    """A view to be made."""

    relation: Relation
    collection: str
    columns: tuple[Column, ...]
    statement: sql.Composed


@dataclass
class Node:
    """A place in a document: the whole, a field, or the elements of a list.

    :param key: under which it lies in the object around it; of a list's elements empty.
    """

    path: str
    key: str
    kinds: frozenset[str] = frozenset()
    members: list[Node] = field(default_factory=list)
    elements: Node | None = None


_Key = tuple[str, sql.Composable]


def of(collection: str, fields: Mapping[str, Field], as_json: Iterable[str] = ()) -> list[View]:
    """Return the views of a collection, the one of its records first.

    :param fields: the census, by path: `name`, `settings.theme`, `tags[]`, `members[].userId`.
    :param as_json: paths that are read as jsonb even where no value says so.
    """
    return list(_views(collection, tree(fields), frozenset(as_json)))


def declared(paths: Iterable[str], seen: Mapping[str, Field]) -> dict[str, Field]:
    """Return what was seen with what was not, but is spoken of: each place around it as well."""
    found = dict(seen)
    for path in paths:
        if path not in found:
            found[path] = Field(0, 0, ())
            for around, kind in _around(path):
                was = found.get(around, Field(0, 0, ()))
                found[around] = replace(was, kinds=tuple(sorted({*was.kinds, kind})))
    return found


def _around(path: str) -> Iterator[tuple[str, str]]:
    """Yield the places that a path leads through, and what each of them must be."""
    for found in re.finditer(r"\.|\[\]", path):
        if found.start():
            yield path[: found.start()], "object" if found[0] == "." else "array"


def tree(fields: Mapping[str, Field]) -> Node:
    """Return what lies within what, told by paths alone."""
    root = Node("", "", frozenset({"object"}))
    nodes = {"": root}
    of_records = (path for path in fields if FILE in fields or not path.startswith(_BESIDE))
    for path in sorted(of_records):  # what is around a place comes before it
        within, key = _within(path, nodes)
        node = Node(path, key or "", frozenset(fields[path].kinds) - {"null"})
        nodes.setdefault(path, node)  # a key may be empty, and its path that of the record
        if key is None:
            within.elements = node
        else:
            within.members.append(node)
    return root


def _within(path: str, nodes: Mapping[str, Node]) -> tuple[Node, str | None]:
    """Return the place around a path, and the key there; the elements of a list have none.

    A key may hold a dot itself: the longest place that holds objects is the one around.
    """
    lists = nodes.get(path.removesuffix("[]"))
    if lists is not None and path != lists.path and "array" in lists.kinds:
        return lists, None
    for at in range(len(path) - 1, 0, -1):
        around = nodes.get(path[:at])
        if path[at] == "." and around is not None and "object" in around.kinds:
            return around, path[at + 1 :]
    return nodes[""], path


@dataclass(frozen=True)
class _Place:
    """From where the fields of a view are read.

    :param alias: of what holds the documents there, whose `doc` has the fields.
    :param keys: what tells the rows apart: name and expression.
    """

    node: Node
    alias: sql.Identifier
    keys: tuple[_Key, ...]
    joins: tuple[sql.Composable, ...] = ()
    depth: int = 0


def _views(collection: str, root: Node, as_json: frozenset[str]) -> Iterator[View]:
    documents = sql.Identifier("d")
    record = sql.SQL("{}.record").format(documents)
    waiting = [_Place(root, documents, (("record", record),))]
    names: set[str] = set()
    while waiting:
        place = waiting.pop(0)
        if place.node.members and len(place.node.members) <= MOST:
            name = fitted(".".join(filter(None, (collection, _spelled(place.node.path)))), names)
            names.add(name)
            yield _view(Relation(STAGED, name), collection, place, as_json)
        elif place.node is root:
            yield _view(Relation(STAGED, collection), collection, place, as_json)
        waiting += _below(place)


def _spelled(path: str) -> str:
    return path.replace("[]", "")


def _view(relation: Relation, collection: str, place: _Place, as_json: frozenset[str]) -> View:
    taken = {name for name, _ in place.keys}
    columns = []
    for member in place.node.members[:MOST]:
        name = fitted(member.key, taken)
        taken.add(name)
        structured = member.kinds & {"object", "array"} or member.path in as_json
        columns.append(Column(name, member.path, _value(place, member, as_json=bool(structured))))
    listed = [
        sql.SQL("{} as {}").format(expression, sql.Identifier(name))
        for name, expression in (*place.keys, *((one.name, one.expression) for one in columns))
    ]
    statement = _VIEW.format(
        view=relation.identifier,
        columns=sql.SQL(", ").join(listed),
        documents=documents_of(collection).identifier,
        joins=sql.SQL("").join(place.joins),
    )
    return View(relation, collection, tuple(columns), statement)


def _value(place: _Place, member: Node, *, as_json: bool) -> sql.Composed:
    key = sql.Literal(member.key)
    if as_json:
        # JSON's null is no value, as where a text is read.
        return sql.SQL("nullif({}.doc -> {}, 'null')").format(place.alias, key)
    return sql.SQL("{}.doc ->> {}").format(place.alias, key)


def _below(place: _Place) -> Iterator[_Place]:
    """Yield the places within a place that have fields of their own."""
    for member in place.node.members:
        value = sql.SQL("{}.doc -> {}").format(place.alias, sql.Literal(member.key))
        if member.members:
            yield _single(place, member, value)
        if member.elements is not None:
            yield from _lists(place, member.elements, value)


def _single(place: _Place, node: Node, value: sql.Composable) -> _Place:
    alias = sql.Identifier(f"d{place.depth + 1}")
    join = _SINGLE.format(value=value, name=alias)
    return _Place(node, alias, _as_child(place.keys), (*place.joins, join), place.depth + 1)


def _lists(place: _Place, node: Node, value: sql.Composable) -> Iterator[_Place]:
    alias = sql.Identifier(f"d{place.depth + 1}")
    join = _LIST.format(value=value, name=alias)
    position = sql.SQL("{}.position").format(alias)
    keys = (*_outer(_as_child(place.keys)), ("position", position))
    inner = _Place(node, alias, keys, (*place.joins, join), place.depth + 1)
    if node.members:
        yield inner
    if node.elements is not None:  # lists within lists
        yield from _lists(inner, node.elements, sql.SQL("{}.doc").format(alias))


def _as_child(keys: tuple[_Key, ...]) -> tuple[_Key, ...]:
    return tuple(("parent" if name == "record" else name, value) for name, value in keys)


def _outer(keys: tuple[_Key, ...]) -> tuple[_Key, ...]:
    return tuple((f"parent_{n}" if n.endswith("position") else n, value) for n, value in keys)
