"""What did a migration do to one table, and what of it can its rows not be compared for?

Nothing, where the two sides are two databases: then what is gone, or new, is a fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gatepost.additions import evolution
from gatepost.equivalence import Ignored
from gatepost.names import Relation
from gatepost.schema.catalog import Catalog
from gatepost.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.schema.catalog import Table

_HINT = "[[dropped]] says that this is meant, and why; [[renamed]] where it went"


@dataclass(frozen=True)
class Change:
    """One table in two catalogs of one database, by its name after."""

    settings: Settings
    before: Catalog
    after: Catalog
    relation: Relation

    @cached_property
    def was(self) -> Table | None:
        """The table before, by the names that it and its columns have after."""
        return evolution.earlier(self.settings, self.before, self.after, self.relation)

    @cached_property
    def query(self) -> str:
        """What yields the table before by these names; empty where it had them."""
        return evolution.query(self.settings, self.before, self.after, self.relation)

    @cached_property
    def dropped(self) -> str:
        """Why the table may be gone; empty where nobody said so, or it is there."""
        there = self.after.table(self.relation)
        return "" if there else evolution.because(self.settings, self.relation)

    @property
    def new(self) -> frozenset[str]:
        """The columns of which the table before has nothing."""
        if self._none or self.was is None:
            return frozenset()
        return frozenset(evolution.gone(self.after.table(self.relation) or self.was, self.was))

    @cached_property
    def gone(self) -> dict[str, str]:
        """Why the project says that columns may be gone; empty for those of which it does not."""
        now = self.after.table(self.relation)
        if self._none or self.was is None or now is None:
            return {}
        compare = self.settings.rule(str(self.relation)).compare
        earlier, _ = evolution.name_before(self.settings, self.before, self.after, self.relation)
        return {
            name: evolution.because(self.settings, self.relation, name)
            or evolution.because(self.settings, earlier, name)
            for name in evolution.gone(self.was, now)
            if not isinstance(compare.get(name), Ignored)
        }

    @property
    def hint(self) -> str:
        """What a project can say of what is gone; empty where that would be no answer."""
        return "" if self._none else f"\n  hint: {_HINT}"

    def unverified(self) -> Iterator[str]:
        """Yield what is gone without anybody having said so."""
        if lost := ", ".join(name for name, because in self.gone.items() if not because):
            yield f": gone after, and what it held with it: {lost}{self.hint}"

    def notes(self) -> Iterator[str]:
        """Yield what is compared under another name, and what is gone as declared."""
        if self.dropped:
            yield f"{self.relation}: dropped with what it held, as declared: {self.dropped}"
        if self.query:
            yield f"{self.relation}: compared with what it held by its names before, as declared"
        for name, because in self.gone.items():
            if because:
                yield f"{self.relation}.{name}: dropped with what it held, as declared: {because}"

    @cached_property
    def _none(self) -> bool:
        return not evolution.is_one_database(self.settings)
