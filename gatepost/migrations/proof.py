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
from gatepost.told import Told
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gatepost.migrations.files import Migration

_USUAL = Limits()
_SHOWN = 5


@dataclass(frozen=True)
class Proof:
    """What came of it.

    :param findings: one line each, with the script that did not do what it should.
    :param notes: what could not be tried, and what is otherwise and means the same: a column that
        was dropped and comes back is the last one of its table.
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
    findings: list[str] = []
    otherwise: dict[str, str] = {}
    try:
        for script, told in walk.back_and_there(tail, states):
            findings += (f"{script}: {line}" for line in told.findings)
            for line in told.notes:  # it stays so, whatever is taken back after it
                otherwise.setdefault(line, f"{script}: {line}")
            if findings:  # what comes after it would be told of the wrong script
                break
    except NotMigrated as error:
        findings.append(error.message)
    proved = () if findings else tuple(one.name for one in tail)
    return Proof(tuple(findings), (*notes, *otherwise.values()), proved)


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

    def back_and_there(
        self, tail: Sequence[Migration], states: Sequence[State]
    ) -> Iterator[tuple[str, Told]]:
        """Yield what was not as before, by the script after which it was not."""
        for one, before in reversed([*zip(tail, states, strict=False)]):
            assert one.down is not None  # it is of the tail
            apply.down(self.dsn, self.folder, table=self.table, limits=self.limits)
            yield one.down.path.name, _otherwise(before, self._state())
        for one, state in zip(tail, states[1:], strict=True):
            self._up(one)
            yield f"{one.path.name}, applied again", _otherwise_made(state, self._state())

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


def _otherwise(before: State, now: State) -> Told:
    """Return in what a database declares or holds something else than before."""
    return _told(before, now, _values)


def _otherwise_made(before: State, now: State) -> Told:
    """Return the same of what a migration has made anew.

    Its rows may hold moments and ids that are others each time; as many there must be.
    """
    return _told(before, now, _counts)


def _told(before: State, now: State, held: Callable[[str, Digest, Digest], str]) -> Told:
    declared = _declared_otherwise(before.declared, now.declared)
    rows = (held(*both) for both in _both(before, now))
    return Told((*declared.findings, *filter(None, rows)), declared.notes)


def _declared_otherwise(before: Catalog, now: Catalog) -> Told:
    was, is_ = ({one.identity: one for one in side.objects} for side in (before, now))
    other = [name for name in sorted(was.keys() | is_.keys()) if was.get(name) != is_.get(name)]
    findings: list[str] = []
    notes: list[str] = []
    for name in other:
        found = differences.between(name, before, now)
        notes += found.notes
        if found.findings or not found.notes:
            findings += found.findings or (f"{name}: it is declared otherwise than before",)
    more = counted(len(findings) - _SHOWN, "more difference") if len(findings) > _SHOWN else ""
    return Told((*findings[:_SHOWN], *([f"and {more}"] * bool(more))), tuple(notes))


def _both(before: State, now: State) -> Iterator[tuple[str, Digest, Digest]]:
    for name in sorted(before.held.keys() & now.held.keys()):
        yield name, before.held[name], now.held[name]


def _values(name: str, was: Digest, holds: Digest) -> str:
    if was.rows == holds.rows and was != holds:
        return f"{name}: other values in {counted(was.rows, 'row')}"
    return _counts(name, was, holds)


def _counts(name: str, was: Digest, holds: Digest) -> str:
    if was.rows == holds.rows:
        return ""
    return f"{name}: {counted(was.rows, 'row')} before, {counted(holds.rows, 'row')} after"
