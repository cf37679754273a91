"""Which rows break what a pending migration demands?"""

from __future__ import annotations

from dataclasses import dataclass

# Rows that a report names.
SHOWN = 5

Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Found:
    """Rows that break a claim.

    :param rows: how many; ``among``: of how many, -1 where nobody counted.
    :param keys: of some of them.
    :param groups: of a key that no two rows may share: how many keys several have.
    :param values: what some of these are; with ``keys`` in pairs.
    :param more: there may be others.
    :param said: by the server, values left out.
    """

    rows: int
    among: int = -1
    keys: tuple[Key, ...] = ()
    groups: int = 0
    values: tuple[Key, ...] = ()
    more: bool = False
    said: str = ""
