"""Which statements does a file run, or a block of PL/pgSQL in it, and on which conditions?

A `DO` block is how migrations ask first whether something is there.  What it runs is read from its
body; what it puts together as text, only the server knows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gatepost.errors import UsageError
from gatepost.linting import parsing
from gatepost.linting.parsing import Statement, Unparsable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.migrations.chain import File

_BOM = "\ufeff"
_PLPGSQL = "plpgsql"
# By kind of statement, the fields in which others are nested.
_NESTED = ("action", "body", "stmts", "case_when_list", "else_stmts")
# From which level on RAISE ends what runs: the server's ERROR.
_ERROR = 21
_UNTIL_KNOWN = "only the server knows which statement this is"


@dataclass(frozen=True)
class Condition:
    """What a branch asks first, as SQL that yields a boolean, and the answer on which it runs."""

    text: str
    holds: bool


@dataclass(frozen=True, eq=False)
class Step:
    """A statement, alone or inside a block.

    :param statement: its ``line`` counts from the file's first.
    :param conditions: all must be answered so, or it is not run.
    :param swallows: the names of the errors that an EXCEPTION around it forgets, as PL/pgSQL has
        them: `others`, `duplicate_object`.
    :param unread: why the block's statement could not be read; ``statement`` is then the block.
    """

    statement: Statement
    conditions: tuple[Condition, ...] = ()
    swallows: tuple[str, ...] = ()
    unread: str = ""


@dataclass(frozen=True)
class Place:
    """Which statement of which file it is.

    :param migration: the name of the file.
    :param line: from 1.
    :param conditions: what a block asks first.
    :param swallows: the errors that a block forgets.
    """

    migration: str
    line: int
    conditions: tuple[Condition, ...] = ()
    swallows: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.migration}, line {self.line}"


@dataclass(frozen=True)
class Script:
    """What a file runs.

    :param unread: why it could not be read, and where; then it has no steps.
    """

    steps: tuple[tuple[Place, Step], ...] = ()
    unread: str = ""


@dataclass(frozen=True)
class _Within:
    """Where in a block we are."""

    block: Statement
    first: int
    conditions: tuple[Condition, ...] = ()
    swallows: tuple[str, ...] = ()


def of(file: File) -> Script:
    """Return what a file runs, in order.

    :raises UsageError: pglast is not installed.
    """
    try:
        text = file.text
    except UsageError as error:
        return Script(unread=error.message)
    if "\0" in text:
        return Script(unread=f"{file.name}: it holds a NUL")
    try:
        found = steps(text.removeprefix(_BOM))
    except Unparsable as error:
        return Script(unread=f"{file.name}, line {error.line}: {error.message}")
    return Script(tuple((_place(file, one), one) for one in found))


def _place(file: File, step: Step) -> Place:
    return Place(file.name, step.statement.line, step.conditions, step.swallows)


def steps(text: str) -> tuple[Step, ...]:
    """Return what a file of SQL runs, in order; a `DO` block as the statements of its body.

    Both branches of an IF are in it, and a loop's body once.

    :raises Unparsable: the text is no SQL.
    """
    return tuple(step for one in parsing.statements(text) for step in unfolded(one))


def unfolded(statement: Statement) -> tuple[Step, ...]:
    """Return a statement as it is, or those that a `DO` block runs."""
    if statement.kind != "DoStmt":
        return (Step(statement),)
    given = {one.defname: one.arg for one in statement.node.args}
    if "language" in given and given["language"].sval.lower() != _PLPGSQL:
        return (Step(statement, unread=f"a block in {given['language'].sval}"),)
    try:
        tree = parsing.body(statement.text)
    except Unparsable as error:
        return (Step(statement, unread=error.message),)
    # PL/pgSQL counts lines from the one on which the body's quote opens.
    opened = statement.text.find(given["as"].sval)
    place = _Within(statement, statement.line + statement.text.count("\n", 0, max(0, opened)))
    return tuple(_read(tree, place))


def _read(tree: Any, place: _Within) -> Iterator[Step]:
    """Yield what a piece of PL/pgSQL's tree runs."""
    if isinstance(tree, list):
        for one in tree:
            yield from _read(one, place)
        return
    for kind, fields in tree.items():
        if kind in _QUERIES:
            yield from _written(_query(fields[_QUERIES[kind]]), fields, place)
        elif kind in _READERS:
            yield from _READERS[kind](fields, place)
        else:
            yield from _nested(fields, place)


def _nested(fields: dict[str, Any], place: _Within) -> Iterator[Step]:
    for name in _NESTED:
        yield from _read(fields.get(name, []), place)


def _block(fields: dict[str, Any], place: _Within) -> Iterator[Step]:
    handler = fields.get("exceptions", {}).get("PLpgSQL_exception_block", {})
    caught = [one["PLpgSQL_exception"] for one in handler.get("exc_list", [])]
    names = [
        condition["PLpgSQL_condition"]["condname"]
        for one in caught
        for condition in one.get("conditions", [])
        if not _raises(one.get("action", []))
    ]
    inner = replace(place, swallows=(*place.swallows, *names))
    yield from _read(fields.get("body", []), inner)
    for one in caught:
        yield from _read(one.get("action", []), place)


def _raises(action: list[dict[str, Any]]) -> bool:
    """Whether a handler raises an error of its own: `RAISE;` or `RAISE EXCEPTION …`."""
    raised = [one["PLpgSQL_stmt_raise"] for one in action if "PLpgSQL_stmt_raise" in one]
    return any(one.get("elog_level", 0) >= _ERROR for one in raised)


def _branches(fields: dict[str, Any], place: _Within) -> Iterator[Step]:
    """Yield the statements of each branch: those of a later one run where no earlier one did."""
    branches = [(_query(fields["cond"]), fields.get("then_body", []))]
    for one in fields.get("elsif_list", []):
        branch = one["PLpgSQL_if_elsif"]
        branches.append((_query(branch["cond"]), branch.get("stmts", [])))
    before: tuple[Condition, ...] = ()
    for text, body in branches:
        conditions = (*place.conditions, *before, Condition(text, holds=True))
        yield from _read(body, replace(place, conditions=conditions))
        before = (*before, Condition(text, holds=False))
    inner = replace(place, conditions=(*place.conditions, *before))
    yield from _read(fields.get("else_body", []), inner)


def _written(text: str, fields: dict[str, Any], place: _Within) -> Iterator[Step]:
    try:
        found = parsing.statements(text)
    except Unparsable as error:
        yield _unread(fields, place, error.message)
        return
    for one in found:
        statement = replace(one, line=_line(fields, place))
        yield Step(statement, place.conditions, place.swallows)


def _put_together(text: str, fields: dict[str, Any], place: _Within) -> Iterator[Step]:
    """Yield what EXECUTE runs where its text is a constant; else that nobody knows."""
    (select,) = parsing.statements(f"select {text}")
    value = select.node.targetList[0].val
    if parsing.kind(value) == "A_Const" and parsing.kind(value.val) == "String":
        yield from _written(value.val.sval, fields, place)
    else:
        yield _unread(fields, place, _UNTIL_KNOWN)


def _unread(fields: dict[str, Any], place: _Within, why: str) -> Step:
    statement = replace(place.block, line=_line(fields, place))
    return Step(statement, place.conditions, place.swallows, unread=why)


def _executed(fields: dict[str, Any], place: _Within) -> Iterator[Step]:
    yield from _put_together(_query(fields["query"]), fields, place)
    yield from _nested(fields, place)


def _line(fields: dict[str, Any], place: _Within) -> int:
    return place.first + int(fields.get("lineno", 1)) - 1


def _query(expression: dict[str, Any]) -> str:
    return str(expression["PLpgSQL_expr"]["query"])


# By kind of statement, where the one query is that it runs, or else who reads it.
_QUERIES = {
    "PLpgSQL_stmt_execsql": "sqlstmt",
    "PLpgSQL_stmt_perform": "expr",
    "PLpgSQL_stmt_call": "expr",
}
_READERS: dict[str, Callable[[dict[str, Any], _Within], Iterator[Step]]] = {
    "PLpgSQL_stmt_block": _block,
    "PLpgSQL_stmt_if": _branches,
    "PLpgSQL_stmt_dynexecute": _executed,
    "PLpgSQL_stmt_dynfors": _executed,
}
