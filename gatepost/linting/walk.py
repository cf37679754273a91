"""What do pending files do wrong, each by the time that it runs?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.errors import UsageError
from gatepost.linting import (
    acts,
    callers,
    conversions,
    effects,
    facts,
    known,
    labels,
    locks,
    losses,
    parsing,
    rules,
    sessions,
    steadiness,
    world,
)
from gatepost.linting.cases import Block, Case, Hit
from gatepost.linting.parsing import Statement, Unparsable
from gatepost.migrations import scripts
from gatepost.migrations import statements as cut
from gatepost.migrations.chain import File

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gatepost.database import Connection
    from gatepost.linting.acts import Act, Mode
    from gatepost.linting.running import Runner
    from gatepost.linting.world import World
    from gatepost.schema.catalog import Catalog

_BOM = "\ufeff"
_MARK = re.compile(rf"gatepost:\s*{scripts.NO_TRANSACTION}\s*", re.IGNORECASE)
# What may be wrong with one act, in the order in which it is told.
_LOOKS: tuple[Callable[[Case], Iterator[Hit]], ...] = (
    known.unknown,
    known.taken,
    labels.used,
    steadiness.unsteady,
    sessions.outside,
    sessions.disturbs,
    conversions.uncast,
    losses.refused,
    losses.lost,
    locks.waited_for,
    locks.brief,
    callers.renamed,
)


@dataclass(frozen=True)
class Read:
    """A pending file, read.

    :param hits: what keeps it from being read; then it has no statement.
    """

    file: File
    text: str
    statements: tuple[Statement, ...] = ()
    hits: tuple[Hit, ...] = ()


def read(file: File) -> Read:
    """Return the statements of a file, or why there are none."""
    try:
        text = file.text
    except UsageError as error:
        return Read(file, "", hits=(Hit(rules.TEXT, 1, error.message),))
    if text.startswith(_BOM):
        return Read(file, text, hits=(Hit(rules.TEXT, 1, "it begins with a byte order mark"),))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return Read(file, text, hits=(Hit(rules.TEXT, line, "it holds a NUL"),))
    try:
        found = parsing.statements(text)
    except Unparsable as error:
        return Read(file, text, hits=(Hit(rules.SYNTAX, error.line, error.message),))
    return Read(file, text, found, () if found else (Hit(rules.EMPTY, 1, "it holds no statement"),))


def over(
    files: Sequence[File],
    catalog: Catalog,
    conn: Connection | None,
    runner: Runner,
    path: tuple[str, ...] = ("public",),
) -> dict[str, tuple[Hit, ...]]:
    """Return what is wrong with each pending file, by name.

    :param catalog: of the database in which they will run.
    :param conn: to it, to be asked about functions; nothing is said of them without.
    :param runner: who will run them.
    :param path: schemas in which names without one are looked for.
    :raises UsageError: pglast is not installed.
    """
    found = [read(one) for one in files]
    done = [tuple(acts.of(one.statements, _mode(one, runner))) for one in found]
    nodes = [node for each in done for act in each for node in (act.node, act.on) if node]
    said = facts.read(conn, nodes, path) if conn is not None else facts.Facts()
    there = world.of(catalog, said, path)
    hits = {}
    for one, each in zip(found, done, strict=True):
        there.path = path  # each file begins as the session did
        mine = (*one.hits, *_of_file(each, _mode(one, runner), there))
        hits[one.file.name] = tuple(sorted(mine, key=lambda hit: hit.line))
    return hits


def _mode(one: Read, runner: Runner) -> Mode:
    """Return how a file is run: our own runner goes by its mark, all others send it whole."""
    if runner != "ours":
        return "query"
    try:
        comments = cut.split(one.text).comments
    except UsageError:
        return "transaction"
    marked = any(_MARK.fullmatch(comment.text) for comment in comments)
    return "statements" if marked else "transaction"


def _of_file(done: Sequence[Act], mode: Mode, there: World) -> Iterator[Hit]:
    for rule, line, said in sessions.file_faults(done, mode):
        yield Hit(rule, line, said)
    block, at = Block(), -1
    for act in done:
        if act.block != at:
            block, at = Block(), act.block
        case = Case(act, there, block, mode)
        for look in _LOOKS:
            yield from look(case)
        labels.remember(case)
        locks.remember(case)
        effects.play(there, act)
