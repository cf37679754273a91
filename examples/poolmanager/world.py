"""What do the rows of one copy of the pools share: who is who, when is now, what is chance?

A world is one copy of whatever belongs to pools; teams and games are the season's, and there is one
season, `World(seed, 0)`'s.  Chance is drawn by name: a column that is added changes no other, and
a table can be made without those before it.
"""

from __future__ import annotations

import datetime as dt
import random
from functools import cached_property

SEED = 20250904

SEASON = 2025
WEEKS = 18
PLAYED = 3  # weeks that are over

POOLS = 5
SURVIVOR_POOLS = 2  # the last of them
ENTRIES = POOLS - SURVIVOR_POOLS
SURVIVORS = 50

# Thursday of the first week, midnight of Greenwich: the columns have no time zone.
BEGIN = dt.datetime(2025, 9, 4)  # noqa: DTZ001 - see above
WEEK = dt.timedelta(weeks=1)
NOW = BEGIN + PLAYED * WEEK - dt.timedelta(days=1)
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_HOST = "pm25"
_FIRST_MS = 1_755_300_000_000  # the epoch milliseconds of August 2025


class World:
    """One copy of the pools, and of what people did in them.

    :param copy: 0 for the first; part of every name that must be unique.
    """

    def __init__(self, seed: int, copy: int) -> None:
        self.seed = seed
        self.copy = copy

    @property
    def season(self) -> World:
        """The world that holds what all copies share."""
        return self if self.copy == 0 else World(self.seed, 0)

    def chance(self, name: str) -> random.Random:
        """Return the generator that belongs to ``name``, the same in every process."""
        return random.Random(f"{self.seed} {self.copy} {name}")

    def ids(self, table: str, total: int) -> list[str]:
        """Return ``total`` keys as the client makes them: cuids, in the order of their making."""
        chance = self.chance(f"{table} id")
        return [
            _cuid(chance, number) for number in range(self.copy * total, (self.copy + 1) * total)
        ]

    def moments(
        self, name: str, total: int, since: dt.datetime, span: dt.timedelta
    ) -> list[dt.datetime]:
        """Return ``total`` moments in order, no two alike, with milliseconds."""
        chance = self.chance(name)
        part = span / dt.timedelta(milliseconds=1) / total
        return [
            since + dt.timedelta(milliseconds=int(part * (n + chance.random() * 0.9)))
            for n in range(total)
        ]

    @cached_property
    def pools(self) -> list[str]:
        """The keys of pools; the survivors' are the last."""
        return self.ids("pools", POOLS)

    @cached_property
    def entries(self) -> list[str]:
        """The keys of entries, one in each pool that is no survivors'."""
        return self.ids("entries", ENTRIES)

    @cached_property
    def survivors(self) -> list[str]:
        """The keys of entries into survivor pools."""
        return self.ids("survivor_entries", SURVIVORS)

    @cached_property
    def uploads(self) -> list[str]:
        """The keys of uploads, one for each entry."""
        return self.ids("uploads", ENTRIES)


def _cuid(chance: random.Random, number: int) -> str:
    """Return `c`, eight digits of time, four of a counter, four of a host, eight of chance."""
    time = _base36(_FIRST_MS + number * 1000 + chance.randrange(1000))
    counter = _base36(number % 36**4).rjust(4, "0")
    return f"c{time}{counter}{_HOST}{''.join(chance.choices(_BASE36, k=8))}"


def _base36(number: int) -> str:
    text = ""
    while number or not text:
        number, digit = divmod(number, len(_BASE36))
        text = _BASE36[digit] + text
    return text
