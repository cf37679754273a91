"""Do migrations go up, down and up again, and leave everything as it was?

Told by what the database then declares and holds, not by how the scripts ended.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import database, fingerprint, names
from gatepost.dsn import Dsn
from gatepost.errors import NotMigrated
from gatepost.migrations import apply, ledger
from gatepost.migrations.session import Limits
from gatepost.parity.digests import Digest
from gatepost.schema import catalog, differences
from gatepost.schema.catalog import Catalog
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.migrations.files import Migration

_USUAL = Limits()
_SHOWN = 5


@dataclass(frozen=True)
class Proof:
    """What came of it.

    :param findings: one line each, with the script that did not do what it should.
    :param notes: what could not be tried.
    :param proved: the migrations that went up, down and up.
    """

    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    proved: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """What a database declares and holds, but for the record of migrations itself."""

    declared: Catalog
    held: dict[str, Digest]


def there_and_back(
    dsn: Dsn, folder: Path, *, table: str = ledger.TABLE, limits: Limits = _USUAL
) -> Proof:
    """Apply what is pending, take it back one by one, and apply it again.

    Only on a database that nobody needs: an empty one, or a copy.  All that is pending is applied
    in the end, unless something is found.  A look at all declarations, and a scan of all tables,
    after each script.

    :raises UsageError: a file may not be run.
    :raises NotMigrated: what is pending cannot be applied here.
    """
    todo = apply.look(dsn, folder, table=table).pending
    # What lies below one that cannot be taken back cannot be reached.
    tail = tuple(itertools.takewhile(lambda one: one.down is not None, reversed(todo)))[::-1]
    stuck = todo[: len(todo) - len(tail)]
    notes = tuple(f"{one.name}: nothing takes it back" for one in stuck if one.down is None)
    walk = _Walk(dsn, folder, table, limits)
    states = walk.there(stuck, tail)
    try:
        findings = tuple(walk.back_and_there(tail, states))
    except NotMigrated as error:
        findings = (error.message,)
    proved = () if findings else tuple(one.name for one in tail)
    return Proof(findings, notes, proved)


@dataclass(frozen=True)
class _Walk:
    """A way through the migrations of a folder."""

    dsn: Dsn
    folder: Path
    table: str
    limits: Limits

    def there(self, stuck: Sequence[Migration], tail: Sequence[Migration]) -> list[State]:
        """Apply all, and return what was there before each of the tail, and in the end."""
        for one in stuck:
            self._up(one)
        states = [self._state()]
        for one in tail:
            self._up(one)
            states.append(self._state())
        return states

    def back_and_there(self, tail: Sequence[Migration], states: Sequence[State]) -> Iterator[str]:
        """Yield what was not as before; the first script that leaves something ends the walk."""
        for one, before in reversed([*zip(tail, states, strict=False)]):
            assert one.down is not None  # it is of the tail
            apply.down(self.dsn, self.folder, table=self.table, limits=self.limits)
            if lines := [*_otherwise(before, self._state())]:
                yield from (f"{one.down.path.name}: {line}" for line in lines)
                return
        for one, state in zip(tail, states[1:], strict=True):
            self._up(one)
            if lines := [*_otherwise_made(state, self._state())]:
                yield from (f"{one.path.name}, applied again: {line}" for line in lines)
                return

    def _up(self, one: Migration) -> None:
        apply.up(self.dsn, self.folder, table=self.table, limits=self.limits, to=one.version)

    def _state(self) -> State:
        own = str(names.relation(self.table))
        with contextlib.closing(database.read_only(self.dsn, label="proof")) as conn:
            found = catalog.read(conn)
            found = dataclasses.replace(
                found,
                tables=tuple(one for one in found.tables if str(one.relation) != own),
                objects=tuple(one for one in found.objects if one.identity != own),
            )
            return State(found, fingerprint.held(conn, found))


def _otherwise(before: State, now: State) -> Iterator[str]:
    """Yield in what a database declares or holds something else than before."""
    yield from _declared_otherwise(before.declared, now.declared)
    for name, was, holds in _both(before, now):
        if was.rows != holds.rows:
            yield _counts(name, was, holds)
        elif was != holds:
            yield f"{name}: other values in {counted(was.rows, 'row')}"


def _otherwise_made(before: State, now: State) -> Iterator[str]:
    """Yield the same of what a migration has made anew.

    Its rows may hold moments and ids that are others each time; as many there must be.
    """
    yield from _declared_otherwise(before.declared, now.declared)
    for name, was, holds in _both(before, now):
        if was.rows != holds.rows:
            yield _counts(name, was, holds)


def _declared_otherwise(before: Catalog, now: Catalog) -> Iterator[str]:
    was, is_ = ({one.identity: one for one in side.objects} for side in (before, now))
    other = [name for name in sorted(was.keys() | is_.keys()) if was.get(name) != is_.get(name)]
    for name in other[:_SHOWN]:
        found = differences.between(name, before, now).findings
        yield from found or (f"{name}: it is declared otherwise than before",)
    if len(other) > _SHOWN:
        yield f"and {counted(len(other) - _SHOWN, 'more object')} differ"


def _both(before: State, now: State) -> Iterator[tuple[str, Digest, Digest]]:
    for name in sorted(before.held.keys() & now.held.keys()):
        yield name, before.held[name], now.held[name]


def _counts(name: str, was: Digest, holds: Digest) -> str:
    return f"{name}: {counted(was.rows, 'row')} before, {counted(holds.rows, 'row')} after"
