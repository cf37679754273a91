"""What is known of a value that changed, and in which words is the difference told?

The words never hold a value: only kinds, positions, counts and a few constants such as 0 or '',
which stand for nothing in particular.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

A_VALUE = "a value"
ANOTHER = "another value"
# Kinds that name no cause: of many rows together a better one may be found.
_WEAK = re.compile(
    r"(.*: )?(another (value|label|uuid|address|shape|year|length|number of \w+)|value changed"
    r"|one (digit|character|byte) \w+|(digits|characters) swapped|off by [+-]1)"
)
# Of the text of a long value that was cut, the last characters are not compared once rewritten:
# what stood behind them may have belonged to them.
_EDGE = 8


@dataclass(frozen=True)
class Value:
    """One side's value, as the server writes it under pinned settings.

    :param text: None for NULL; of a long value only its beginning.
    :param length: characters of the whole text, of bytea those of its hex; 0 for NULL.
    :param digest: of the whole value and nothing else, so that it is the same in another column.
    """

    text: str | None
    length: int
    digest: str


@dataclass(frozen=True)
class Difference:
    """What two values differ by.

    :param kind: words that are the same for the same damage, so that rows can be grouped by them.
    :param place: `character 17 of 40`, `key meta.count`; empty where it does not apply.
    """

    kind: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.kind} ({self.place})" if self.place else self.kind


@dataclass(frozen=True)
class Pair:
    """Two texts, neither of them NULL, and how long their values are in all."""

    was: str
    now: str
    was_length: int
    now_length: int

    @classmethod
    def of(cls, was: str, now: str) -> Pair:
        """Return the pair of two texts that are there in full."""
        return cls(was, now, len(was), len(now))

    @property
    def whole(self) -> bool:
        """Whether both texts are there in full."""
        return len(self.was) == self.was_length and len(self.now) == self.now_length

    @property
    def reverse(self) -> Pair:
        """The pair seen from after to before."""
        return Pair(self.now, self.was, self.now_length, self.was_length)

    @property
    def first(self) -> int:
        """How many characters are alike before the first that is not."""
        alike = zip(self.was, self.now, strict=False)
        shorter = min(len(self.was), len(self.now))
        return next((at for at, (a, b) in enumerate(alike) if a != b), shorter)

    @property
    def place(self) -> str:
        """The first character that differs."""
        if not self.whole and self.first == min(len(self.was), len(self.now)):
            return f"beyond character {self.first:,} of {self.was_length:,}"
        longer = max(self.was_length, self.now_length)
        length = self.was_length if self.first < self.was_length else longer
        return f"character {self.first + 1:,} of {length:,}"

    def becomes(self, rewrite: Callable[[str], str | None]) -> bool:
        """Whether ``rewrite`` makes of the text before the text after, and changes it."""
        made = rewrite(self.was)
        if made is None or made == self.was:
            return False
        if self.whole:
            return made == self.now
        if len(self.was) == self.was_length and len(made) != self.now_length:
            return False
        size = min(len(made), len(self.now)) - _EDGE
        return size > 0 and made[:size] == self.now[:size] != self.was[:size]


def weak(kind: str) -> bool:
    """Whether a kind says that two values differ, and not by what."""
    return _WEAK.fullmatch(kind) is not None


def contrast(pair: Pair, word: Callable[[str], str]) -> Difference | None:
    """Tell a value from one that stands for nothing, such as 0, '' or NaN.

    :param word: what such a value is called, and `A_VALUE` for every other.
    """
    was, now = word(pair.was), word(pair.now)
    return None if was == now else Difference(f"{was} before, {now} after")


def first_of(
    recognisers: Iterable[Callable[[Pair], Difference | None]], pair: Pair
) -> Difference | None:
    """Return what the first recogniser says that has something to say."""
    return next((found for one in recognisers if (found := one(pair)) is not None), None)


def signed(number: int) -> str:
    """Return `+3`, `-3`."""
    return f"{number:+,}"
