"""By what is an object known whose name a server may have invented?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatepost.schema.declarations import Object

_NAME = r'(?:"(?:[^"]|"")+"|[^\s."]+)'
_STATISTICS = re.compile(
    rf"^CREATE STATISTICS {_NAME}(?:\.{_NAME})?(.*?FROM ({_NAME}\.{_NAME}))$", re.DOTALL
)


def meaning(one: Object) -> str:
    """Return by what an object is known beside its name; empty for one that somebody named."""
    if one.kind == "sequence":
        return f"sequence of {owner}" if (owner := column(one)) else ""
    if one.kind == "statistics" and (found := _statistics(one)):
        return f"statistics{found[1]}"
    return ""


def column(sequence: Object) -> str:
    """Return the column that owns a sequence, as `schema.table.column`; empty if none does."""
    owner: str = sequence.attributes.get("owner", "")
    return owner


def analysed(statistics: Object) -> str:
    """Return the table that statistics are about, as their definition spells it."""
    found = _statistics(statistics)
    return found[2] if found else ""


def _statistics(one: Object) -> re.Match[str] | None:
    return _STATISTICS.match(one.attributes.get("definition", ""))
