"""How is a number of things said?"""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return `1 row`, `2 rows`, `1,204,331 rows`; the noun takes an s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
