"""Which records are behind rows that are wrong, or behind a query that fails?

Halves of a collection are asked until single records are left.  A half in which nothing is wrong is
asked once, so that one record of a million is found by some forty questions, most of them small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from gatepost.wording import counted

SHOWN = 20
# Questions after which the search ends, however many records are still in doubt.
_QUESTIONS = 2_000


@dataclass(frozen=True)
class Culprits:
    """Records of one collection.

    :param records: the first of them, by their places in the file, from 1.
    :param complete: these are all.
    """

    collection: str
    records: tuple[int, ...]
    complete: bool

    def __str__(self) -> str:
        if not self.records:
            return ""
        told = ", ".join(f"{one:,}" for one in self.records[:SHOWN])
        rest = "" if self.complete and len(self.records) <= SHOWN else ", …"
        noun = "record" if len(self.records) == 1 else "records"
        return f"{self.collection}, {noun} {told}{rest}"

    @property
    def number(self) -> str:
        """How many, in words."""
        at_least = "" if self.complete else "at least "
        return f"{at_least}{counted(len(self.records), 'record')}"


@dataclass
class Search:
    """A search for the records that break claims.

    :param ask: how many rows break each claim, of those that come of the records from the first to
        the last.
    :param wanted: the most records that are named for each claim.
    """

    ask: Callable[[int, int], tuple[int, ...]]
    wanted: int = SHOWN
    found: dict[int, list[int]] = field(default_factory=dict)
    given_up: bool = False
    _asked: int = 0

    def run(self, last: int) -> Search:
        """Search the records from 1 to ``last``."""
        if last:
            self._look(1, last)
        return self

    def culprits(self, claim: int, collection: str) -> Culprits:
        """Return the records that break one claim."""
        records = tuple(self.found.get(claim, ()))
        return Culprits(collection, records, not self.given_up and len(records) < self.wanted)

    def _look(self, first: int, last: int) -> None:
        if self._asked >= _QUESTIONS:
            self.given_up = True
            return
        self._asked += 1
        broken = [at for at, rows in enumerate(self.ask(first, last)) if rows and self._wants(at)]
        if not broken:
            return
        if first == last:
            for at in broken:
                self.found.setdefault(at, []).append(first)
            return
        middle = (first + last) // 2
        self._look(first, middle)
        self._look(middle + 1, last)

    def _wants(self, claim: int) -> bool:
        return len(self.found.get(claim, ())) < self.wanted
