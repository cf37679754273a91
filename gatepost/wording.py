"""How is a number of things said?"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from gatepost.durations import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable


def counted(number: int, noun: str) -> str:
    """Return `1 row`, `2 rows`, `1,204,331 rows`; the noun takes an s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def rounded(number: float) -> str:
    """Return `5,120`, `41 million`, `1.2 billion`: as much as an estimate can say."""
    for unit, name in ((1e9, "billion"), (1e6, "million")):
        if number >= unit:
            return f"{_two_digits(number / unit)} {name}"
    return f"{number:,.0f}"


def sized(size: float) -> str:
    """Return a number of bytes as `812 bytes`, `64 MB`, `2.1 GB`; 1,024 of each make the next."""
    for power, name in ((4, "TB"), (3, "GB"), (2, "MB"), (1, "kB")):
        if size >= 1024**power:
            return f"{_two_digits(size / 1024**power)} {name}"
    return counted(round(size), "byte")


def about(duration: float) -> str:
    """Return seconds as `3 ms`, `0.3 s`, `14 s`, `3 min 20 s`: no more digits than are known."""
    if 0.1 <= duration < 60:  # noqa: PLR2004 - a minute
        return f"{_two_digits(duration)} s"
    return spoken(duration)


def meant(word: str, known: Iterable[str]) -> str:
    """Return `did you mean 'price'?` for the nearest of what is known; empty if none is near."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""


def _two_digits(number: float) -> str:
    return f"{number:.1f}" if number < 10 else f"{number:,.0f}"  # noqa: PLR2004 - two digits
