"""Which tables did a change in place keep from their users, and for how long?

The runner watches from a session of its own while migrations run, on a clone first and then on the
original, and hands over what it saw; the check `locks` holds it against what the project can
afford.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from gatepost import handed
from gatepost.durations import spoken
from gatepost.measured import is_late
from gatepost.verdict import NotPlanned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.settings import Priority, Settings

FILE = "locks.json"
WATCH = "watch"
READERS = "ACCESS EXCLUSIVE"
_UNWATCHED = "nobody watched: `gatepost migrate` does, where a database is changed in place"
_WAYS = {
    "SHARE": "create index concurrently, alone in its file",
    "SHARE ROW EXCLUSIVE": "the constraint not valid first, and validated in another migration",
    READERS: "nullable columns first, constraints not valid, and rows filled in another migration",
}


@dataclass(frozen=True)
class Held:
    """The longest that one migration held one lock on one table.

    :param mode: as LOCK TABLE spells it; all that are kept here let nobody write, and
        `ACCESS EXCLUSIVE` lets nobody read either.
    :param seconds: no shorter than it was: from the look before the first at which it was there to
        the look after the last.
    :param migration: empty where nobody recorded which one ran.
    """

    table: str
    mode: str
    seconds: float
    migration: str = ""

    def __str__(self) -> str:
        by = f" by {self.migration}" if self.migration else ""
        return f"{self.mode} for {spoken(self.seconds)}{by}"


@dataclass(frozen=True)
class Locks:
    """What was seen of the locks that keep writers, or readers too, waiting.

    :param looks: how many times; a lock that came and went between two was not seen.
    :param interval_s: from one look to the next, as it was meant; ``gap_s``: the longest it was.
    :param broken: why nobody looked any more; empty if somebody did until the end.
    """

    looks: int
    interval_s: float
    gap_s: float
    held: tuple[Held, ...] = ()
    broken: str = ""

    @property
    def longest(self) -> Held | None:
        """The lock that lasted longest; None where none was seen."""
        return max(self.held, key=lambda one: one.seconds, default=None)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that were locked, by name."""
        return tuple(sorted({one.table for one in self.held}))

    def __str__(self) -> str:
        if self.broken:
            return f"locks were not watched to the end: {self.broken}"
        if self.longest is None:
            gap = f"looked {self.looks} times, {spoken(self.gap_s)} apart at the most"
            return f"no lock that others wait for was seen: {gap}"
        return f"longest lock: {self.longest.table}, {self.longest}"


@dataclass(frozen=True)
class Locked:
    """The subject of a check: a table, or the watch itself where that was broken."""

    name: str
    locks: Locks

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return self.name

    @property
    def held(self) -> tuple[Held, ...]:
        """The locks on this table, the longest first."""
        found = (one for one in self.locks.held if one.table == self.name)
        return tuple(sorted(found, key=lambda one: -one.seconds))


_LOCKS = TypeAdapter(Locks)


def write(locks: Locks, folder: Path) -> None:
    """Hand what was seen over to the gates that share ``folder``."""
    handed.write(_LOCKS, locks, folder / FILE)


def read(folder: Path | None) -> Locks | None:
    """Return what was handed over; None where nobody watched.

    :raises UsageError: there is something, but it cannot be read.
    """
    return handed.read(_LOCKS, folder / FILE if folder else None)


def planned(
    locks: Locks | None, settings: Settings
) -> Iterator[tuple[Locked, str, Priority] | NotPlanned]:
    """Yield what is to be asked: each table that was locked, and a watch that was not kept."""
    if locks is None:
        yield NotPlanned("locks", _UNWATCHED)
        return
    if _unwatched(locks, settings.project.limits.lock):
        yield Locked(WATCH, locks), WATCH, "important"
    for table in locks.tables:
        yield Locked(table, locks), table, settings.priority(table)


def _unwatched(locks: Locks, allowed: float) -> str:
    """Return why a lock that is too long may not have been seen; empty if each would have been."""
    if locks.broken:
        return str(locks)
    if is_late(locks.gap_s, allowed):
        return f"nobody looked for {spoken(locks.gap_s)}, and {spoken(allowed)} are allowed"
    return ""


def findings(subject: Locked, allowed: float) -> Iterator[str]:
    """Yield what is wrong with the locks on a table.

    :param allowed: seconds; 0 allows any length.
    """
    if subject.name == WATCH:
        yield f"{WATCH}: {_unwatched(subject.locks, allowed)}"
    for one in subject.held:
        if is_late(one.seconds, allowed):
            yield (
                f"{subject.name}: {one}, {spoken(allowed)} allowed"
                f"\n  hint: {_WAYS.get(one.mode, _WAYS[READERS])}"
            )


def notes(subject: Locked, allowed: float) -> Iterator[str]:
    """Yield what is worth knowing of locks that are short enough."""
    for one in subject.held:
        if not is_late(one.seconds, allowed):
            limit = f"{spoken(allowed)} allowed" if allowed else "no limit: [limits] lock"
            yield f"{subject.name}: {one}, {limit}"
