"""Is a relation on both sides the same, and if not, which rows and what damage?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from gatepost.equivalence import Within
from gatepost.errors import NotRecorded
from gatepost.parity import columns, near, noted, ranges, rows
from gatepost.parity.pairing import Pairing
from gatepost.recorded import Recorded
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.names import Relation
    from gatepost.parity.digests import Digest
    from gatepost.parity.near import Farther
    from gatepost.parity.pairing import Terms
    from gatepost.parity.ranges import Narrowed
    from gatepost.parity.readings import Reading
    from gatepost.parity.rows import AtFault
    from gatepost.schema.catalog import Column, Table
    from gatepost.settings import Settings
    from gatepost.side import Side
    from gatepost.sides import Sides

# Seconds that rows of a live table may take to arrive, where the project says nothing.
_SETTLE = 10.0


@dataclass(frozen=True)
class Damage:
    """What happened to one column."""

    column: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.column}: {'; '.join(self.words)}"


class Compares(Protocol):
    """Whoever keeps the one comparison of a relation."""

    def compared(self, relation: Relation) -> Comparison:
        """Return it."""


class Comparison:
    """One relation read on both sides.

    The digests are read at once; rows at fault and damage only where they differ and are asked for.
    """

    def __init__(self, sides: Sides, settings: Settings, terms: Terms, relation: Relation) -> None:
        self.sides = sides
        self.settings = settings
        self.relation = relation
        self.rule = settings.rule(str(relation))
        self.pairing = Pairing(sides, settings, terms, relation)
        self.change = self.pairing.change
        self.before, self.after = self.pairing.before, self.pairing.after

    def read(self) -> Comparison:
        """Read both digests at once: each is its own server's work."""
        _ = self._digests
        return self

    @property
    def width(self) -> int:
        """How many columns are compared, the key as one of them; 0 before anybody asked."""
        # Of whoever reads ahead, too: where workers ask, this process compares nothing itself.
        read: tuple[Reading, Reading] | None = self.pairing.__dict__.get("readings")
        return 1 + len(read[0].columns) if read else 0

    @property
    def readings(self) -> tuple[Reading, Reading] | None:
        """How the two sides are read; None where one has no such relation."""
        return self.pairing.readings

    @property
    def alike(self) -> bool:
        """Whether both sides hold the same, or what was declared to be the same, and all of it."""
        if self.change.dropped:
            return True
        return self.was is not None and not (self.rows_differ or self.farther or self.unverified)

    @property
    def was(self) -> Digest | None:
        """The digest of the before side; None where it has no such relation."""
        return self._digests[0] if self._digests else None

    @property
    def now(self) -> Digest | None:
        """The digest of the after side; None where it has no such relation."""
        return self._digests[1] if self._digests else None

    @property
    def rows_differ(self) -> bool:
        """Whether both sides have the relation, and rows of it are not on both sides alike."""
        return self._differ and not self.has_settled

    @property
    def has_settled(self) -> bool:
        """Whether rows differed because they were on their way, and none does any more."""
        return self._differ and self.rule.live and self.at_fault.none_left

    @cached_property
    def rescaled(self) -> frozenset[str]:
        """Columns whose only difference is the scale of numerics: 1.330 and 1.3300 are one."""
        if self.was is None or self.now is None or self.readings is None:
            return frozenset()
        differing = set(self.was.differing(self.now))
        names = differing & self.pairing.numerics
        whole = self.readings[0].whole
        if not names or (whole and names != differing):
            return frozenset()
        wanted = self.was.columns.keys() if whole else names
        before, after = (self.pairing.in_value(reading.of(wanted)) for reading in self.readings)
        try:
            was, now = self._read((before, after))
        except NotRecorded:  # then they are not the same, as far as anybody can tell
            return frozenset()
        still = names if whole and was != now else set(was.differing(now))
        return frozenset(names - still)

    @cached_property
    def farther(self) -> tuple[Farther, ...]:
        """The columns that need only be near what they were, and are not."""
        if self.pairing.near is None or not self.pairing.near[0].key:
            return ()
        was, now = self._read(self.pairing.near)
        found = (self._farther(self.pairing.near, name) for name in was.differing(now))
        return tuple(one for one in found if one.values)

    @property
    def unverified(self) -> tuple[str, ...]:
        """What a yes would claim without its having been compared."""
        return tuple(self._unverified())

    @property
    def notes(self) -> tuple[str, ...]:
        """What is true and worth knowing, and no finding."""
        return tuple(self._notes())

    @property
    def finding(self) -> str:
        """What is wrong, culprits named; empty if nothing is."""
        if self.change.dropped:
            return ""
        if self.was is None or self.now is None:
            return self._missing()
        lines = [f"{self.relation}{one}" for one in self.unverified]
        lines += [f"{self.relation}.{one}" for one in self.farther]
        if self.rows_differ:
            counts = f"{counted(self.was.rows, 'row')} before, {self.now.rows:,} after"
            if self.was.rows == self.now.rows:
                counts = f"{counted(self.was.rows, 'row')} on both sides, not the same"
            lines.insert(0, f"{self.relation}: {counts}; {self.at_fault}")
        return "\n".join(lines)

    @cached_property
    def at_fault(self) -> AtFault | Narrowed:
        """The rows that differ, or what a baseline tells of them; both sides have the relation."""
        assert self.before is not None
        readings, both = self._telling
        masked = self.settings.masked(str(self.relation))
        if isinstance(self.sides.before, Recorded):
            return ranges.at_fault(self.sides.before, self.sides.after, readings, both, masked)
        return rows.at_fault(
            self.sides,
            readings,
            both,
            {column.name: column for column in self.before.columns},
            masked=masked,
            show=self.rule.show,
            settle=self._settle,
        )

    @cached_property
    def damage(self) -> tuple[Damage, ...]:
        """What happened to each column whose digest differs."""
        if not self.rows_differ:
            return ()
        readings, (before, after) = self._telling
        names, tables = before.differing(after), (self.before, self.after)
        if not names:
            return ()

        was, now = self.sides.ask(
            lambda at, side: side.census(readings[at], self._named(names, tables[at]))
        )
        found = (Damage(name, columns.damage(was[name], now[name])) for name in names)
        return tuple(damage for damage in found if damage.words)

    def _farther(self, readings: tuple[Reading, Reading], name: str) -> Farther:
        declared, column = self.rule.compare[name], self.pairing.column(name)
        assert isinstance(declared, Within)
        assert column is not None
        masked = self.settings.masked(str(self.relation))
        return near.farther(self.sides, readings, column, declared.tolerance, masked=masked)

    @property
    def _differ(self) -> bool:
        """Whether what was read differs in more than the scale of numerics."""
        return self._digests is not None and self._telling[1][0] != self._telling[1][1]

    @cached_property
    def _telling(self) -> tuple[tuple[Reading, Reading], tuple[Digest, Digest]]:
        """How the sides are read, and what they hold, without what only looks different."""
        assert self.readings is not None
        assert self._digests is not None
        (was, now), (old, new) = self.readings, self._digests
        if not self.rescaled:
            return (was, now), (old, new)
        if was.whole:
            return (was, now), (old, old)
        names = old.columns.keys() - self.rescaled
        return (was.of(names), now.of(names)), (old.of(names), new.of(names))

    @property
    def _settle(self) -> float:
        """How many seconds rows may take to arrive; 0 where nobody writes to the relation."""
        declared = self.settings.project.limits.settle
        return (declared or _SETTLE) if self.rule.live else 0

    @property
    def _sides(self) -> tuple[Side, Side]:
        return self.sides.before, self.sides.after

    @cached_property
    def _digests(self) -> tuple[Digest, Digest] | None:
        return None if self.readings is None else self._read(self.readings)

    def _read(self, readings: tuple[Reading, Reading]) -> tuple[Digest, Digest]:
        return self.sides.ask(lambda at, side: side.digest(readings[at]))

    def _unverified(self) -> Iterator[str]:
        for name, declared in self.rule.compare.items():
            if isinstance(declared, Within) and self.pairing.near and not self.pairing.near[0].key:
                yield f".{name}: not verified: no key that both sides have finds its counterpart"
        if self.pairing.wanted is not None and self.readings is not None:
            for part in self.pairing.wanted[0].columns:
                if part not in self.readings[0].columns:
                    yield f".{part.name}: not verified: not recorded as it must be compared now"
        if self.rule.query and self.before is not None and self.after is not None:
            new = self.change.new
            yield from noted.not_yielded(self.rule, self.before, self.after, new=new)
        else:
            yield from self.change.unverified()

    def _notes(self) -> Iterator[str]:
        for declared in noted.declared(self.rule, self.pairing.column):
            yield f"{self.relation}.{declared}"
        yield from self.change.notes()
        if self.rule.query:
            yield f"{self.relation}: compared with what {self.rule.query} yields before"
        if retyped := ", ".join(noted.retyped(self.before, self.after)):
            yield f"{self.relation}: compared by what two types have in common: {retyped}"
        tables = [table for table in (self.before, self.after) if table is not None]
        if any(table.persistence == "unlogged" for table in tables):
            yield f"{self.relation}: unlogged: a crash would empty it"
        if any(side.catalog.inheritors(self.relation) for side in self._sides):
            yield f"{self.relation}: read without the rows of tables that inherit from it"
        if self.has_settled:
            told = counted(self.at_fault.settled, "row")
            yield f"{self.relation}: {told} differed at first, and did not when read again"
        if self.rescaled:
            said = "equal in value; numerics are written with another scale"
            yield f"{self.relation}: {said}: {', '.join(sorted(self.rescaled))}"

    def _missing(self) -> str:
        if self.after is None:
            return f"{self.relation}: missing after, its rows with it{self.change.hint}"
        return f"{self.relation}: only after; the before side has no such table"

    @staticmethod
    def _named(names: tuple[str, ...], table: Table | None) -> list[Column]:
        found = [table.column(name) for name in names] if table else []
        return [column for column in found if column is not None]


def compare(session: Compares, relation: Relation) -> Comparison:
    """Return the comparison of one relation; both servers read their side at the same time."""
    return session.compared(relation).read()
