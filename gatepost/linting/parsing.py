"""Which statements does a text of SQL hold?  The one door to pglast, PostgreSQL's own grammar.

Only this module imports it.  What it returns are nodes named as in the server's source
(`AlterTableStmt`), whose fields are read by name; positions count characters.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# Where pglast keeps the classes of nodes.
_TREE = "pglast.ast"
# A node of the tree.  pglast declares its fields loosely: which are set depends on the statement.
Node = Any


class Unparsable(Exception):
    """A text is no SQL.

    :param line: on which line it stops being so, counted from 1.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True, eq=False)
class Statement:
    """A statement of a text.

    :param node: its root, such as a `CreateStmt`; ``kind`` is the name of its class.
    :param text: as it was written, without what stands before it and without its semicolon.
    :param offset: at which character of the text it begins, from 0.
    :param line: on which line, from 1.
    """

    node: Node
    text: str
    offset: int
    line: int

    @property
    def kind(self) -> str:
        """The name that the server's source has for what it is."""
        return kind(self.node)


@lru_cache(maxsize=64)
def statements(text: str) -> tuple[Statement, ...]:
    """Return the statements of ``text`` in order; comments and empty ones are none.

    The grammar is that of PostgreSQL 18, which reads what older servers read.  It knows nothing of
    psql's own commands.  Linear: a megabyte takes about a second.

    :raises Unparsable: the text is no SQL.
    :raises UsageError: pglast is not installed.
    """
    pglast = _library()
    try:
        found = pglast.parse_sql(text)
    except pglast.parser.ParseError as error:
        message, index = (*error.args, 0)[:2]
        raise Unparsable(str(message), _line(text, int(index or 0))) from None
    ends = [at for at, letter in enumerate(text) if letter == "\n"]
    return tuple(_statement(text, raw, ends) for raw in found)


def installed() -> bool:
    """Whether statements can be read here at all."""
    try:
        _library()
    except UsageError:
        return False
    return True


def kind(node: Node) -> str:
    """Return the name of a node's class."""
    return type(node).__name__


def is_literal(node: Node) -> bool:
    """Whether an expression is a value that is written out, with or without its type."""
    while kind(node) == "TypeCast":
        node = node.arg
    return kind(node) == "A_Const"


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes that a node holds, in the order of its fields."""
    return iter(_held(node))


def within(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, each before what it holds."""
    left = [node] if node is not None else []
    while left:
        one = left.pop()
        yield one
        left.extend(reversed(_held(one)))


def spelled(node: Node, as_text: Collection[str] = ()) -> str:
    """Return a node as SQL once more, on one line where no text in it has several.

    :param as_text: names of types, without their schemas: what is cast to one of them becomes text,
        since the type is not there yet, or has not all of its values.
    """
    library = _library()
    written = str(library.stream.RawStream()(node))
    if not any(_casts(one, as_text) for one in within(node)):
        return written
    # A tree of its own: those of `statements` are everybody's.
    (raw,) = library.parse_sql(f"select {written}")
    for one in within(raw.stmt):
        if _casts(one, as_text):
            one.typeName.names = (library.ast.String("pg_catalog"), library.ast.String("text"))
    return str(library.stream.RawStream()(raw.stmt.targetList[0].val))


def _casts(node: Node, types: Collection[str]) -> bool:
    return kind(node) == "TypeCast" and node.typeName.names[-1].sval in types


def body(text: str) -> Any:
    """Return what a `DO` block, or a function in PL/pgSQL, consists of, as PL/pgSQL keeps it.

    Mappings of one key each, such as `PLpgSQL_stmt_if`, and lists of them.

    :raises Unparsable: it is no PL/pgSQL.
    """
    library = _library()
    try:
        found: Any = library.parse_plpgsql(text)
    except library.parser.ParseError as error:
        message, index = (*error.args, None)[:2]
        raise Unparsable(str(message), _line(text, int(index or 0))) from None
    return found


def _held(node: Node) -> list[Node]:
    """Return the nodes that a node holds; a long file has millions, so none is asked twice."""
    found: list[Node] = []
    for name in node:
        value = getattr(node, name)
        if type(value) is tuple:
            _flatten(value, found)
        elif type(value).__module__ == _TREE:
            found.append(value)
    return found


def _flatten(values: tuple[Any, ...], found: list[Node]) -> None:
    for value in values:
        if type(value) is tuple:
            _flatten(value, found)
        elif type(value).__module__ == _TREE:
            found.append(value)


def _statement(text: str, raw: Node, ends: list[int]) -> Statement:
    start = raw.stmt_location
    written = text[start : start + raw.stmt_len] if raw.stmt_len else text[start:]
    return Statement(raw.stmt, written.strip(), start, bisect.bisect_left(ends, start) + 1)


def _line(text: str, index: int) -> int:
    return text.count("\n", 0, index) + 1


@lru_cache(maxsize=1)
def _library() -> Any:
    try:
        import pglast.stream  # noqa: PLC0415 - an extra: its licence is the GPL, nobody gets it unasked
    except ImportError:
        raise UsageError(
            "pglast, which reads migrations, is not installed",
            hint="pip install 'gatepost[lint]'",
        ) from None
    return pglast
