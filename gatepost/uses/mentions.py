"""Which tables, columns, functions and types does a text of SQL or PL/pgSQL name?

Of what the server keeps as text it knows nothing: a function's body may name a column that is gone.
Names are looked up as the server would, scope by scope.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gatepost.linting import parsing
from gatepost.linting.parsing import Unparsable, kind
from gatepost.names import Relation
from gatepost.schema.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gatepost.linting.parsing import Node

_QUERIES = {"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"}
_SOURCES = ("relation", "fromClause", "usingClause", "sourceRelation")
# What a trigger's function calls the row.
_OF_TRIGGER = {"new", "old"}
_WORD = re.compile(r'"((?:[^"]|"")+)"|([A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*)')

# What a query calls tables, and which each may be; none where it has made it itself.
Scope = dict[str, frozenset[Relation]]
_NONE: frozenset[Relation] = frozenset()


@dataclass
class Mentions:
    """What a text names.

    :param columns: each with its table.
    :param whole: tables into which rows are written without naming columns.
    :param loose: columns of a variable, of which nobody can tell here what row it holds.
    :param words: all words of a text that could not be read; None of one that could.
    """

    relations: set[Relation] = field(default_factory=set)
    columns: set[tuple[Relation, str]] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    whole: set[Relation] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    words: set[str] | None = None

    def column(self, relation: Relation, name: str) -> bool:
        """Whether a column is named, or may be."""
        if self.words is not None:
            return {relation.name, name} <= self.words
        return (relation, name) in self.columns or (
            relation in self.relations and name in self.loose
        )

    def relation(self, relation: Relation) -> bool:
        """Whether a table or view is named, or may be."""
        return relation in self.relations or relation.name in (self.words or ())

    def function(self, name: str) -> bool:
        """Whether a function is named, or may be."""
        return name in self.functions or name in (self.words or ())

    def type(self, name: str) -> bool:
        """Whether a type is named, or may be."""
        return name in self.types or name in (self.words or ())


@dataclass(frozen=True)
class Reader:
    """Reads texts against a catalog.

    :param path: the schemas in which names without one are looked for.
    :param rows: the tables whose row a trigger's function is given.
    """

    catalog: Catalog
    path: tuple[str, ...] = ("public",)
    rows: tuple[Relation, ...] = ()

    def sql(self, text: str) -> Mentions:
        """Return what statements of SQL name; of a text that is none, its words."""
        found = Mentions()
        try:
            for one in parsing.statements(text):
                self._read(one.node, [], found)
        except Unparsable:
            return Mentions(words=words(text))
        return found

    def plpgsql(self, definition: str) -> Mentions:
        """Return what a function in PL/pgSQL names, by the statement that creates it."""
        found = Mentions()
        try:
            for text in _queries(parsing.body(definition)):
                for one in _parsed(text):
                    self._read(one, [], found)
        except Unparsable:
            return Mentions(words=words(definition))
        return found

    def body_of(self, definition: str) -> Mentions:
        """Return what a function in SQL names, by the statement that creates it."""
        try:
            (statement,) = parsing.statements(definition)
        except Unparsable:
            return Mentions(words=words(definition))
        given = {one.defname: one.arg for one in statement.node.options or ()}
        if "as" not in given:  # parsed when it was created, and known to the server
            return Mentions()
        return self.sql(given["as"][0].sval)

    def _read(self, node: Node, scopes: list[Scope], found: Mentions) -> None:
        name = kind(node)
        if name in _QUERIES:
            scopes = [self._scope(node, found), *scopes]
            self._targets(node, found)
        elif name == "RangeVar":
            found.relations |= self._relations(node)
        elif name == "ColumnRef":
            self._column(node, scopes, found)
        elif name == "JoinExpr":
            for one in node.usingClause or ():
                found.columns |= self._having(one.sval, scopes)
        elif name == "IndexElem" and node.name:
            found.columns |= self._having(node.name, scopes)
        elif name == "FuncCall":
            found.functions.add(node.funcname[-1].sval)
        elif name == "TypeName":
            found.types.add(node.names[-1].sval)
        for child in parsing.children(node):
            self._read(child, scopes, found)

    def _scope(self, node: Node, found: Mentions) -> Scope:
        """Return what a query calls the tables that it reads itself."""
        scope: Scope = {}
        made = {one.ctename for one in node.withClause.ctes} if node.withClause else set()
        for source in _SOURCES:
            for one in _outer(getattr(node, source, None)):
                if kind(one) != "RangeVar":
                    continue
                called = one.alias.aliasname if one.alias else one.relname
                scope[called] = _NONE if one.relname in made else self._relations(one)
                found.relations |= scope[called]
        return scope

    def _targets(self, node: Node, found: Mentions) -> None:
        """Note the columns that a statement writes, and tables whose columns it counts on."""
        if kind(node) not in _WRITTEN:
            return
        relations = self._relations(node.relation)
        written = {one.name for one in _WRITTEN[kind(node)](node) if one.name}
        found.columns |= {(relation, name) for relation in relations for name in written}
        if kind(node) == "InsertStmt" and not node.cols and node.selectStmt:
            found.whole |= relations

    def _column(self, node: Node, scopes: list[Scope], found: Mentions) -> None:
        parts = [one.sval for one in node.fields if kind(one) == "String"]
        if len(parts) != len(node.fields):  # all columns of something: none by its name
            return
        *qualifier, name = parts
        if not qualifier:
            found.columns |= self._having(name, scopes)
        elif len(qualifier) > 1:
            found.columns.add((Relation(qualifier[-2], qualifier[-1]), name))
        elif qualifier[0] in _OF_TRIGGER and self.rows:
            found.columns |= {(one, name) for one in self.rows}
        else:
            scope = next((one for one in scopes if qualifier[0] in one), None)
            if scope is None:
                found.loose.add(name)
            else:
                found.columns |= {(one, name) for one in scope[qualifier[0]]}

    def _having(self, column: str, scopes: list[Scope]) -> set[tuple[Relation, str]]:
        """Return a column of the tables of the nearest scope that have it."""
        for scope in scopes:
            found = {
                (relation, column)
                for relation in _NONE.union(*scope.values())
                if (table := self.catalog.table(relation)) is not None
                and table.column(column) is not None
            }
            if found:
                return found
        return set()

    def _relations(self, node: Node) -> frozenset[Relation]:
        """Return what a name means: the first on the path, or all that are called so elsewhere."""
        schemas = (node.schemaname,) if node.schemaname else self.path
        for schema in schemas:
            found = Relation(schema, node.relname)
            if self.catalog.table(found) is not None:
                return frozenset({found})
        # Who asked may have another path, by a setting of his role or of his session.
        return _NONE if node.schemaname else self._elsewhere.get(node.relname, _NONE)

    @cached_property
    def _elsewhere(self) -> dict[str, frozenset[Relation]]:
        """Tables by their names alone."""
        found: dict[str, frozenset[Relation]] = {}
        for one in self.catalog.tables:
            name = one.relation.name
            found[name] = found.get(name, _NONE) | {one.relation}
        return found


def words(text: str) -> set[str]:
    """Return the words of a text, those without quotes in lower case."""
    return {
        quoted.replace('""', '"') if quoted else plain.lower()
        for quoted, plain in _WORD.findall(text)
    }


def _inserted(node: Node) -> Iterator[Node]:
    """Yield the columns that an INSERT writes, also where the row is there already."""
    yield from node.cols or ()
    if node.onConflictClause:
        yield from node.onConflictClause.targetList or ()


def _updated(node: Node) -> Iterator[Node]:
    yield from node.targetList or ()


def _merged(node: Node) -> Iterator[Node]:
    for one in node.mergeWhenClauses or ():
        yield from one.targetList or ()


# By the statements that write into columns, where these are named.
_WRITTEN: dict[str, Callable[[Node], Iterator[Node]]] = {
    "InsertStmt": _inserted,
    "MergeStmt": _merged,
    "UpdateStmt": _updated,
}


def _outer(value: Any) -> Iterator[Node]:
    """Yield what a FROM names itself, joins among it, and no query within it."""
    if isinstance(value, tuple):
        for one in value:
            yield from _outer(one)
    elif value is not None:
        if kind(value) == "JoinExpr":
            yield from _outer((value.larg, value.rarg))
        else:
            yield value


def _queries(tree: Any) -> Iterator[str]:
    """Yield every text of SQL in PL/pgSQL's tree."""
    if isinstance(tree, list):
        for one in tree:
            yield from _queries(one)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if key == "PLpgSQL_expr":
                yield value["query"]
            else:
                yield from _queries(value)


def _parsed(text: str) -> Iterable[Node]:
    """Return the nodes of a statement, of an expression, or of both sides of an assignment."""
    for attempt in (text, f"select {text}"):
        try:
            return [one.node for one in parsing.statements(attempt)]
        except Unparsable:
            continue
    left, _, right = text.partition(":=")
    return [one.node for side in (left, right) for one in parsing.statements(f"select {side}")]
