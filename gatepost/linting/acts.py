"""What does a file do, one thing after the other, and in which of its transactions?

A statement is one act; ALTER TABLE one for each of its parts; a DO block of PL/pgSQL one for each
statement that it may run, be it under a condition.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from gatepost.linting import blocks
from gatepost.linting.parsing import Node, Statement, kind, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


# How a file is run: sent whole as one query, in one transaction, or each statement by itself.
Mode = Literal["query", "transaction", "statements"]

_BEGINS = ("TRANS_STMT_BEGIN", "TRANS_STMT_START")
_ENDS = ("TRANS_STMT_COMMIT", "TRANS_STMT_ROLLBACK", "TRANS_STMT_PREPARE")


@dataclass(frozen=True, eq=False)
class Act:
    """One thing that a file does.

    :param on: of a part of ALTER TABLE, the `RangeVar` that it is about.
    :param line: of the file, from 1.
    :param block: which of the file's transactions it is in, from 0.
    :param alone: it is in none but its own.
    :param inside: it is in a body of PL/pgSQL, whose variables look like columns.
    :param guarded: it need not be run, or may fail unseen.
    :param whole: the statement that it is a part of.
    :param of: that statement with its text, where it stands in the file itself.
    """

    node: Node
    line: int
    block: int
    alone: bool
    on: Node | None = None
    inside: bool = False
    guarded: bool = False
    whole: Node | None = None
    of: Statement | None = None

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Its node and all below it: every rule looks at them."""
        return tuple(within(self.node))

    @property
    def kind(self) -> str:
        """The name that the server's source has for what it is."""
        return kind(self.node)


def of(found: Sequence[Statement], mode: Mode) -> Iterator[Act]:
    """Yield what the statements of a file do, in order."""
    for statement, block, alone in _placed(found, mode):
        for node, on in _parts(statement.node):
            yield Act(node, statement.line, block, alone, on, whole=statement.node, of=statement)
        if statement.kind == "DoStmt":
            yield from _inside(statement, block)


def _placed(found: Sequence[Statement], mode: Mode) -> Iterator[tuple[Statement, int, bool]]:
    """Yield each statement with its transaction, and whether that is its own."""
    block, begun = 0, False
    for statement in found:
        word = statement.node.kind.name if statement.kind == "TransactionStmt" else ""
        begun = begun or word in _BEGINS
        each = mode == "statements" and not begun
        yield statement, block, each or (mode == "query" and len(found) == 1)
        if word in _ENDS:
            begun = False
        if word in _ENDS or each:
            block += 1


def _parts(node: Node) -> Iterator[tuple[Node, Node | None]]:
    if kind(node) != "AlterTableStmt":
        yield node, None
        return
    for command in node.cmds:
        yield command, node.relation


def _inside(statement: Statement, block: int) -> Iterator[Act]:
    """Yield what a DO block may do, besides being one."""
    for step in blocks.unfolded(statement):
        one = step.statement
        if step.unread:
            continue  # `unread` tells
        for node, on in _parts(one.node):
            yield Act(
                node,
                one.line,
                block,
                alone=False,
                on=on,
                inside=True,
                guarded=bool(step.conditions or step.swallows),
                whole=one.node,
            )
