"""What do the rows of one copy of the platform share: who is who, when is now, what is chance?

A world is one copy; `--scale 50` makes fifty, one after the other, so that no more than one is in
memory.  Chance is drawn by name: adding a column does not change what another one gets, and a
table can be made without those before it.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
import uuid
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from examples.fonana.inventory import Inventory

Label = TypeVar("Label")

BEGIN = dt.datetime(2025, 5, 26, 8, 0, 0)  # noqa: DTZ001 - the columns have no time zone
SPAN = dt.timedelta(weeks=5)
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_FINGERPRINT = "la0f"
_FIRST_MS = 1_748_246_400_000  # the epoch milliseconds of BEGIN


class World:
    """One copy of the platform.

    :param copy: 0 for the first; part of every name that must be unique.
    """

    def __init__(self, inventory: Inventory, seed: int, copy: int) -> None:
        self.inventory = inventory
        self.seed = seed
        self.copy = copy

    def chance(self, name: str) -> random.Random:
        """Return the generator that belongs to ``name``, the same in every process."""
        return random.Random(f"{self.seed} {self.copy} {name}")

    def deal(self, name: str, counts: Mapping[Label, int], total: int, rest: Label) -> list[Label]:
        """Return ``total`` labels in random order, each exactly as often as ``counts`` says."""
        labels = [label for label, count in counts.items() for _ in range(count)]
        if len(labels) > total:
            raise ValueError(f"{name}: {len(labels)} labels for {total} rows")
        labels += [rest] * (total - len(labels))
        self.chance(name).shuffle(labels)
        return labels

    def some(self, name: str, count: int, total: int) -> list[bool]:
        """Return ``total`` answers in random order, ``count`` of them yes."""
        return self.deal(name, {True: count}, total, rest=False)

    def moments(self, name: str, total: int) -> list[dt.datetime]:
        """Return ``total`` moments in order, all over the five weeks."""
        chance = self.chance(name)
        whole = SPAN // dt.timedelta(milliseconds=1)
        return [BEGIN + dt.timedelta(milliseconds=ms) for ms in _spread(chance, whole, total)]

    def ids(self, table: str, total: int, plain: int = 0) -> list[str]:
        """Return ``total`` keys, ``plain`` of which are none of the client's cuids."""
        chance = self.chance(f"{table} id")
        odd = self.some(f"{table} plain id", plain, total)
        form = itertools.cycle(_PLAIN_IDS)
        return [
            next(form)(chance, table.removesuffix("s"), number) if odd[n] else _cuid(chance, number)
            for n, number in enumerate(range(self.copy * total, (self.copy + 1) * total))
        ]

    def signature(self, name: str) -> str:
        """Return what looks like the signature of a Solana transaction."""
        return "".join(self.chance(f"signature {name}").choices(_BASE58, k=88))

    @cached_property
    def users(self) -> list[str]:
        """The keys of users: creators first, in no other order."""
        people = self.inventory.people
        return self.ids("users", people.users, people.plain_ids)

    @property
    def creators(self) -> list[str]:
        """The keys of users who are creators."""
        return self.users[: self.inventory.people.creators]

    @property
    def posters(self) -> list[str]:
        """The keys of creators who have posted."""
        return self.creators[self.inventory.people.idle :]

    @cached_property
    def wallets(self) -> list[str]:
        """The wallets of users, in their order."""
        people = self.inventory.people
        chance = self.chance("wallet")
        odd = self.some("odd wallet", people.odd_wallets, people.users)
        form = itertools.cycle(_ODD_WALLETS)
        first = self.copy * people.users
        return [
            next(form)(chance, first + n) if odd[n] else _number(chance.getrandbits(256), _BASE58)
            for n in range(people.users)
        ]

    @cached_property
    def posts(self) -> list[str]:
        """The keys of posts."""
        posts = self.inventory.posts
        return self.ids("posts", posts.posts, posts.plain_ids)


def _spread(chance: random.Random, whole: int, total: int) -> list[int]:
    # One in each equal part, so that the weeks are all there however few the rows.
    return [round((n + chance.random()) * whole / total) for n in range(total)]


def _cuid(chance: random.Random, number: int) -> str:
    """Return `c`, eight digits of time, four of a counter, four of a host, eight of chance."""
    time = _number(_FIRST_MS + chance.randrange(3_024_000_000), _BASE36)
    counter = _number(number % 36**4, _BASE36).rjust(4, "0")
    return f"c{time}{counter}{_FINGERPRINT}{''.join(chance.choices(_BASE36, k=8))}"


def _number(number: int, digits: str) -> str:
    """Return ``number`` in the base of as many ``digits`` as there are."""
    text = ""
    while number or not text:
        number, digit = divmod(number, len(digits))
        text = digits[digit] + text
    return text


# Keys as tests, seeds and inserts by hand left them, of 6 to 36 characters.
_PLAIN_IDS: tuple[Callable[[random.Random, str, int], str], ...] = (
    lambda _, of, number: f"{of[0]}{number:05d}",
    lambda chance, _, __: str(uuid.UUID(int=chance.getrandbits(128), version=4)),
    lambda _, of, number: f"test-{of}-{number}",
    lambda _, of, number: f"{of}_{_FIRST_MS + number}",
)

# What stands where a key should, of 7 to 51 characters: base58 has neither 0 nor _.
_ODD_WALLETS: tuple[Callable[[random.Random, int], str], ...] = (
    lambda _, number: f"w0_{number:04d}",
    lambda chance, _: f"0x{chance.getrandbits(160):040x}",
    lambda chance, number: f"placeholder_wallet_0{chance.getrandbits(96):024x}{number:07d}",
)
