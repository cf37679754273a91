"""Can a column take the type that it had before without a value being lost?"""

from __future__ import annotations

import re

_TYPE = re.compile(r"([a-z ]+?)(?:\(([\d,]+)\))?( with(?:out)? time zone)?((?:\[\])*)")
# Each holds every value of those before it.
_CHAINS = (
    ("smallint", "integer", "bigint", "numeric"),
    ("real", "double precision"),
    ("character varying", "text"),
    ("text", "character varying"),
)
_LENGTHS = frozenset({"character varying", "bit varying", "timestamp", "time"})


def holds(wide: str, narrow: str) -> bool:
    """Whether every value of a type is one of the other, as SQL spells them.

    Only types of the system are known; of anything else the answer is no.
    """
    ours, theirs = _TYPE.fullmatch(wide), _TYPE.fullmatch(narrow)
    if not ours or not theirs or ours.group(3, 4) != theirs.group(3, 4):
        return False
    if ours[1] == theirs[1]:
        return ours[1] in {*_LENGTHS, "numeric"} and _wider(ours[1], ours[2], theirs[2])
    between = any(
        {ours[1], theirs[1]} <= {*chain} and chain.index(theirs[1]) < chain.index(ours[1])
        for chain in _CHAINS
    )
    return between and ours[2] is None


def _wider(base: str, wide: str | None, narrow: str | None) -> bool:
    if wide is None or narrow is None:
        return wide is None
    if base == "numeric":
        (digits, scale), (few, small) = (_numeric(each) for each in (wide, narrow))
        return scale >= small and digits - scale >= few - small
    return int(wide) >= int(narrow)


def _numeric(modifier: str) -> tuple[int, int]:
    digits, _, scale = modifier.partition(",")
    return int(digits), int(scale or 0)
