"""How are both sides of a relation read, so that what is one there and here reads as one?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from gatepost.equivalence import Within
from gatepost.names import Relation
from gatepost.parity import queries, readings
from gatepost.parity.changed import Change
from gatepost.parity.readings import Part
from gatepost.parity.types import NUMERIC
from gatepost.settings import Settings
from gatepost.sides import Sides

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gatepost.equivalence import Equivalence
    from gatepost.parity.hashes import Hash
    from gatepost.parity.readings import Reading
    from gatepost.schema.catalog import Column, Table
    from gatepost.settings import TableRule


class Terms(Protocol):
    """On what two servers agreed: how values are hashed, and whose texts are turned to UTF-8."""

    @property
    def hash(self) -> Hash:
        """The hash that both compute alike."""

    @property
    def utf8(self) -> tuple[bool, bool]:
        """By side, whether its texts are hashed as UTF-8."""


@dataclass(frozen=True)
class Pairing:
    """One relation, as each side has it and as both are read; nothing is read here."""

    sides: Sides
    settings: Settings
    terms: Terms
    relation: Relation

    @cached_property
    def rule(self) -> TableRule:
        """What the project said about it."""
        return self.settings.rule(str(self.relation))

    @cached_property
    def change(self) -> Change:
        """What a migration did to it."""
        before, after = self.sides.before.catalog, self.sides.after.catalog
        return Change(self.settings, before, after, self.relation)

    @cached_property
    def before(self) -> Table | None:
        """What stands for it before, by its names after."""
        if self.rule.query:
            return queries.yields(self.settings, self.sides.before, self.relation)
        return self.change.was

    @property
    def after(self) -> Table | None:
        """The relation after."""
        return self.sides.after.catalog.table(self.relation)

    @cached_property
    def readings(self) -> tuple[Reading, Reading] | None:
        """How the two sides are read; None where one has no such relation."""
        if self.wanted is None:
            return None
        was, now = self.wanted
        known = self.sides.before.verifiable(was)
        return (was, now) if known == was else (known, now.of(part.name for part in known.columns))

    @cached_property
    def wanted(self) -> tuple[Reading, Reading] | None:
        """How they would be read if the before side knew all."""
        if self.before is None or self.after is None:
            return None
        return self._readings(self.before, self.after, self.rule.compare)

    @cached_property
    def near(self) -> tuple[Reading, Reading] | None:
        """How the columns are read that need only be near what they were; None without any."""
        names = {name for name, one in self.rule.compare.items() if isinstance(one, Within)}
        if not names or self.before is None or self.after is None:
            return None
        # The key as it was declared: rows that it calls one must meet.
        others = {name: one for name, one in self.rule.compare.items() if name not in names}
        was, now = self._readings(self.before, self.after, others)
        return was.of(names), now.of(names)

    @cached_property
    def numerics(self) -> set[str]:
        """Columns whose scale says nothing, unless the project wants them exact."""
        tables = [table for table in (self.before, self.after) if table is not None]
        found = [
            {column.name for column in table.columns if column.base == NUMERIC} for table in tables
        ]
        return set.intersection(*found) - self.rule.compare.keys()

    def in_value(self, reading: Reading) -> Reading:
        """Return a reading by which numerics are the same that differ in their scale alone."""
        parts = tuple(
            Part(part.name, "value") if part.name in self.numerics else part
            for part in reading.columns
        )
        return replace(reading, columns=parts)

    def column(self, name: str) -> Column | None:
        """Return a column as the first side has it that has one of this name."""
        for table in (self.before, self.after):
            column = table.column(name) if table else None
            if column is not None:
                return column
        return None

    def _readings(
        self, before: Table, after: Table, compare: Mapping[str, Equivalence]
    ) -> tuple[Reading, Reading]:
        terms = self.terms
        was, now = readings.pair(before, after, method=terms.hash, utf8=terms.utf8, compare=compare)
        return replace(was, query=self._query), now

    @cached_property
    def _query(self) -> str:
        return queries.text(self.settings, self.relation) or self.change.query
