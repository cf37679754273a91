"""Is a table on both sides the same, and if not, which rows and what damage?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from gatepost import columns, digests, rows
from gatepost.digests import Part
from gatepost.wording import counted

if TYPE_CHECKING:
    from gatepost.catalog import Column, Table
    from gatepost.digests import Digest, Reading
    from gatepost.names import Relation
    from gatepost.rows import AtFault
    from gatepost.session import Session


@dataclass(frozen=True)
class Damage:
    """What happened to one column."""

    column: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.column}: {'; '.join(self.words)}"


class Comparison:
    """One table read on both sides.

    The digests are read at once; rows at fault and damage only where they differ and are asked for.
    """

    def __init__(self, session: Session, relation: Relation) -> None:
        self.session = session
        self.relation = relation
        self.before = session.before.catalog.table(relation)
        self.after = session.after.catalog.table(relation)

    def read(self) -> Comparison:
        """Read both digests at once: each is its own server's work."""
        was = self.session.beside.submit(lambda: self.was)
        _ = self.now
        was.result()
        return self

    @property
    def alike(self) -> bool:
        """Whether both sides hold the same rows: digests equal, or equal in value."""
        return self.was is not None and (self.was == self.now or self.alike_in_value)

    @cached_property
    def was(self) -> Digest | None:
        """The digest of the before side; None where it has no such table."""
        return self._digest(0)

    @cached_property
    def now(self) -> Digest | None:
        """The digest of the after side; None where it has no such table."""
        return self._digest(1)

    @cached_property
    def alike_in_value(self) -> bool:
        """Whether the only difference is the scale of numerics: 1.330 and 1.3300 are one value."""
        if self.was is None or self.now is None or self.readings is None:
            return False
        differing = self.was.differing(self.now)
        if not differing or not set(differing) <= self._numerics:
            return False
        was, now = (self._in_value(reading) for reading in self.readings)
        return self.session.before.digest(was) == self.session.after.digest(now)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is true and worth knowing, and no finding."""
        if self.was == self.now or self.was is None or not self.alike_in_value:
            return ()
        told = ", ".join(self.was.differing(self.now)) if self.now else ""
        return (
            f"{self.relation}: equal in value; numerics are written with another scale: {told}",
        )

    @property
    def finding(self) -> str:
        """What is wrong, culprits named; empty if nothing is."""
        if self.alike:
            return ""
        if self.was is None or self.now is None:
            return self._missing()
        counts = f"{counted(self.was.rows, 'row')} before, {self.now.rows:,} after"
        if self.was.rows == self.now.rows:
            counts = f"{counted(self.was.rows, 'row')} on both sides, not the same"
        return f"{self.relation}: {counts}; {self.at_fault}"

    @cached_property
    def at_fault(self) -> AtFault:
        """The rows that differ."""
        assert self.readings is not None
        assert self.was is not None
        assert self.now is not None
        before, after = self.session.before, self.session.after
        return rows.at_fault(
            (before.connection, self.readings[0], self.was),
            (after.connection, self.readings[1], self.now),
            masked=self.session.settings.masked(str(self.relation)),
        )

    @cached_property
    def damage(self) -> tuple[Damage, ...]:
        """What happened to each column whose digest differs."""
        if self.was is None or self.now is None or self.readings is None:
            return ()
        names = () if self.alike else self.was.differing(self.now)
        if not names:
            return ()
        sides = (self.session.before, self.session.after)
        was, now = (
            columns.census(side.connection, reading, self._named(names, table))
            for side, reading, table in zip(
                sides, self.readings, (self.before, self.after), strict=True
            )
        )
        found = (Damage(name, columns.damage(was[name], now[name])) for name in names)
        return tuple(damage for damage in found if damage.words)

    @cached_property
    def readings(self) -> tuple[Reading, Reading] | None:
        """How the two sides are read; None where one has no such table."""
        if self.before is None or self.after is None:
            return None
        handover = self.session.handover
        return digests.readings(self.before, self.after, method=handover.hash, utf8=handover.utf8)

    def _digest(self, side: int) -> Digest | None:
        if self.readings is None:
            return None
        asked = (self.session.before, self.session.after)[side]
        return asked.digest(self.readings[side])

    def _missing(self) -> str:
        if self.after is None:
            return f"{self.relation}: missing after, its rows with it"
        return f"{self.relation}: only after; the before side has no such table"

    @cached_property
    def _numerics(self) -> set[str]:
        tables = (self.before, self.after)
        found = [
            {c.name for c in table.columns if c.base == "pg_catalog.numeric"}
            for table in tables
            if table is not None
        ]
        return set.intersection(*found)

    def _in_value(self, reading: Reading) -> Reading:
        parts = tuple(
            Part(part.name, "value") if part.name in self._numerics else part
            for part in reading.columns
        )
        return replace(reading, columns=parts)

    @staticmethod
    def _named(names: tuple[str, ...], table: Table | None) -> list[Column]:
        found = [table.column(name) for name in names] if table else []
        return [column for column in found if column is not None]


def compare(session: Session, relation: Relation) -> Comparison:
    """Return the comparison of one table; both servers read their side at the same time."""
    return Comparison(session, relation).read()
