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
        return f"sequence of {name}" if (name := column(one)) else ""
    if one.kind == "statistics" and (found := _statistics(one)):
        return f"statistics{found[1]}"
    return ""


def column(sequence: Object) -> str:
    """Return the column that owns a sequence, as `schema.table.column`; empty if none does."""
    found: str = sequence.attributes.get("owner", "")
    return found


def owner(name: str) -> tuple[str, ...]:
    """Return schema, table and column of an owner's name; none where a name has a dot in it.

    The catalog's question quotes none of the three.
    """
    found = tuple(name.split("."))
    return found if len(found) == 3 else ()  # noqa: PLR2004 - schema, table and column


def analysed(statistics: Object) -> str:
    """Return the table that statistics are about, as their definition spells it."""
    found = _statistics(statistics)
    return found[2] if found else ""


def _statistics(one: Object) -> re.Match[str] | None:
    return _STATISTICS.match(one.attributes.get("definition", ""))
