"""Is a relation on both sides the same, and if not, which rows and what damage?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from gatepost import columns, digests, near, queries, rows
from gatepost.digests import Part
from gatepost.errors import UsageError
from gatepost.settings import Ignored, Within
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.catalog import Column, Table
    from gatepost.digests import Digest, Reading
    from gatepost.names import Relation
    from gatepost.near import Farther
    from gatepost.rows import AtFault
    from gatepost.session import Session
    from gatepost.side import Side

_SAID = {
    "value": "compared by value: 1.10 and 1.1 are one",
    "trimmed": "compared without blanks at the end",
    "ci": "compared without regard to case",
}


@dataclass(frozen=True)
class Damage:
    """What happened to one column."""

    column: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.column}: {'; '.join(self.words)}"


class Comparison:
    """One relation read on both sides.

    The digests are read at once; rows at fault and damage only where they differ and are asked for.
    """

    def __init__(self, session: Session, relation: Relation) -> None:
        self.session = session
        self.relation = relation
        self.rule = session.settings.rule(str(relation))
        self.before = self._described() or session.before.catalog.table(relation)
        self.after = session.after.catalog.table(relation)
        self._check_declared()

    def read(self) -> Comparison:
        """Read both digests at once: each is its own server's work."""
        _ = self._digests
        return self

    @property
    def alike(self) -> bool:
        """Whether both sides hold the same rows, or what was declared to be the same."""
        same = self.was is not None and (self.was == self.now or self.alike_in_value)
        return same and not self.farther

    @property
    def was(self) -> Digest | None:
        """The digest of the before side; None where it has no such relation."""
        return self._digests[0] if self._digests else None

    @property
    def now(self) -> Digest | None:
        """The digest of the after side; None where it has no such relation."""
        return self._digests[1] if self._digests else None

    @cached_property
    def alike_in_value(self) -> bool:
        """Whether the only difference is the scale of numerics: 1.330 and 1.3300 are one value."""
        if self.was is None or self.now is None or self.readings is None:
            return False
        differing = self.was.differing(self.now)
        if not differing or not set(differing) <= self._numerics:
            return False
        was, now = self._read((self._in_value(self.readings[0]), self._in_value(self.readings[1])))
        return was == now

    @cached_property
    def farther(self) -> tuple[Farther, ...]:
        """The columns that need only be near what they were, and are not."""
        if self._near is None or self.readings is None:
            return ()
        was, now = self._read(self._near)
        found = []
        for name in was.differing(now):
            declared, column = self.rule.compare[name], self._column(name)
            assert isinstance(declared, Within)
            assert column is not None
            found.append(
                near.farther(self.session.sides, self._near, name, column.base, declared.tolerance)
            )
        return tuple(one for one in found if one.values)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is true and worth knowing, and no finding."""
        return tuple(self._notes())

    @property
    def finding(self) -> str:
        """What is wrong, culprits named; empty if nothing is."""
        if self.alike:
            return ""
        if self.was is None or self.now is None:
            return self._missing()
        lines = [f"{self.relation}.{one}" for one in self.farther]
        if self.was != self.now and not self.alike_in_value:
            counts = f"{counted(self.was.rows, 'row')} before, {self.now.rows:,} after"
            if self.was.rows == self.now.rows:
                counts = f"{counted(self.was.rows, 'row')} on both sides, not the same"
            lines.insert(0, f"{self.relation}: {counts}; {self.at_fault}")
        return "\n".join(lines)

    @cached_property
    def at_fault(self) -> AtFault:
        """The rows that differ."""
        assert self.readings is not None
        assert self._digests is not None
        assert self.before is not None
        return rows.at_fault(
            self.session.sides,
            self.readings,
            self._digests,
            {column.name: column for column in self.before.columns},
            masked=self.session.settings.masked(str(self.relation)),
            show=self.rule.show,
        )

    @cached_property
    def damage(self) -> tuple[Damage, ...]:
        """What happened to each column whose digest differs."""
        if self.was is None or self.now is None or self.readings is None:
            return ()
        names = () if self.alike else self.was.differing(self.now)
        if not names:
            return ()
        readings, tables = self.readings, (self.before, self.after)

        def census(at: int, side: Side) -> dict[str, columns.Census]:
            with side.lent() as conn:
                return columns.census(conn, readings[at], self._named(names, tables[at]))

        was, now = self.session.sides.ask(census)
        found = (Damage(name, columns.damage(was[name], now[name])) for name in names)
        return tuple(damage for damage in found if damage.words)

    @cached_property
    def readings(self) -> tuple[Reading, Reading] | None:
        """How the two sides are read; None where one has no such relation."""
        if self.before is None or self.after is None:
            return None
        handover = self.session.handover
        was, now = digests.readings(
            self.before,
            self.after,
            method=handover.hash,
            utf8=handover.utf8,
            compare=self.rule.compare,
        )
        return replace(was, query=self._query), now

    @cached_property
    def _near(self) -> tuple[Reading, Reading] | None:
        """How the columns are read that need only be near what they were; None without any."""
        names = [n for n, one in self.rule.compare.items() if isinstance(one, Within)]
        if not names or self.readings is None or self.before is None or self.after is None:
            return None
        handover = self.session.handover
        was, now = digests.readings(
            self.before, self.after, method=handover.hash, utf8=handover.utf8
        )
        return replace(was, query=self._query).of(names), now.of(names)

    @property
    def _sides(self) -> tuple[Side, Side]:
        return self.session.before, self.session.after

    @cached_property
    def _digests(self) -> tuple[Digest, Digest] | None:
        return None if self.readings is None else self._read(self.readings)

    def _read(self, readings: tuple[Reading, Reading]) -> tuple[Digest, Digest]:
        return self.session.sides.ask(lambda at, side: side.digest(readings[at]))

    @cached_property
    def _query(self) -> str:
        name = self.rule.query
        return queries.read(self.session.settings.path(name)) if name else ""

    def _described(self) -> Table | None:
        if not self._query:
            return None
        with self.session.before.lent() as conn:
            return queries.described(conn, self._query, self.relation)

    def _check_declared(self) -> None:
        """Refuse a declaration that can mean nothing: who wrote it believes that it does."""
        for name, declared in self.rule.compare.items():
            column = self._column(name)
            where = f'[tables."{self.relation}"] compare'
            if column is None:
                raise UsageError(f"{where}: there is no column '{name}'")
            if isinstance(declared, Within):
                if column.base not in near.NUMBERS | near.MOMENTS:
                    raise UsageError(f"{where}: {name} is {column.type}, which knows no tolerance")
                if not (self.before and self.before.key) and not (self.after and self.after.key):
                    raise UsageError(f"{where}: {name}: without a key no value has a counterpart")

    def _notes(self) -> Iterator[str]:
        for name, declared in sorted(self.rule.compare.items()):
            where = f"{self.relation}.{name}"
            if isinstance(declared, Ignored):
                yield f"{where}: not compared, as declared: {declared.ignore}"
            elif isinstance(declared, Within):
                yield f"{where}: compared within {declared.tolerance:g}, as declared"
            elif declared in _SAID:
                yield f"{where}: {_SAID[declared]}, as declared"
        if self._query:
            yield f"{self.relation}: compared with what {self.rule.query} yields before"
        tables = [table for table in (self.before, self.after) if table is not None]
        if any(table.persistence == "unlogged" for table in tables):
            yield f"{self.relation}: unlogged: a crash would empty it"
        if any(side.catalog.inheritors(self.relation) for side in self._sides):
            yield f"{self.relation}: read without the rows of tables that inherit from it"
        if self.was != self.now and self.was and self.now and self.alike_in_value:
            told = ", ".join(self.was.differing(self.now))
            said = "equal in value; numerics are written with another scale"
            yield f"{self.relation}: {said}: {told}"

    def _missing(self) -> str:
        if self.after is None:
            return f"{self.relation}: missing after, its rows with it"
        return f"{self.relation}: only after; the before side has no such table"

    @cached_property
    def _numerics(self) -> set[str]:
        """Columns whose scale says nothing, unless the project wants them exact."""
        tables = [table for table in (self.before, self.after) if table is not None]
        found = [
            {column.name for column in table.columns if column.base == "pg_catalog.numeric"}
            for table in tables
        ]
        return set.intersection(*found) - self.rule.compare.keys()

    def _in_value(self, reading: Reading) -> Reading:
        parts = tuple(
            Part(part.name, "value") if part.name in self._numerics else part
            for part in reading.columns
        )
        return replace(reading, columns=parts)

    def _column(self, name: str) -> Column | None:
        for table in (self.before, self.after):
            column = table.column(name) if table else None
            if column is not None:
                return column
        return None

    @staticmethod
    def _named(names: tuple[str, ...], table: Table | None) -> list[Column]:
        found = [table.column(name) for name in names] if table else []
        return [column for column in found if column is not None]


def compare(session: Session, relation: Relation) -> Comparison:
    """Return the comparison of one relation; both servers read their side at the same time."""
    return session.compared(relation).read()
