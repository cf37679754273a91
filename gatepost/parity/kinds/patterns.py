"""What do the values of one column that changed say together, and none of them alone?

What is only another value in one row may be, in all of them, a shift or an exchange.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING

from gatepost.parity.kinds import moments
from gatepost.parity.kinds.values import Difference, Value, weak
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

# Fewer rows than these may agree by chance.
_ENOUGH = 3
# Values so common that two of them which changed places prove nothing.
COMMON = {None, "", "0", "t", "f", "true", "false", "{}"}
_MOMENTS = {f"pg_catalog.{name}" for name in ("date", "timestamp", "timestamptz")}
_NUMBERS = {f"pg_catalog.{name}" for name in ("int2", "int4", "int8", "numeric")}
# What a shift by whole hours looks like in a row that it happens to bring to a round time.
_ROUND = re.compile(r"time of day lost|cut to (minutes|hours)")


@dataclass(frozen=True)
class Entry:
    """One value that changed, and what it is said to have suffered."""

    key: str
    before: Value
    after: Value
    found: Difference

    @property
    def strong(self) -> bool:
        """Whether its kind names a cause already."""
        return not weak(self.found.kind)


def identity(value: Value) -> tuple[int, str] | None:
    """Return what two values share if they are equal, and only then; None for NULL."""
    return None if value.text is None else (value.length, value.digest)


def together(entries: list[Entry], base: str) -> list[Entry]:
    """Return the entries of one column, not empty, with the kinds that only many rows can tell."""
    if base in _MOMENTS:
        entries = _moved_alike(entries)
    entries = _cut_alike(entries)
    if len({entry.found.kind for entry in entries}) > 1 or not entries[0].strong:
        kind = _shifted_by_a_row(entries) or _between_rows(entries)
        if kind:
            return [replace(entry, found=Difference(kind)) for entry in entries]
    entries = _renamed(entries, _between_rows, lambda entry: not entry.strong)
    if base in _NUMBERS:
        entries = _renamed(entries, _by_the_same, lambda entry: not entry.strong)
    entries = _renamed(entries, _to_one, lambda entry: not entry.strong)
    filled = "NULL before, a value after"
    return _renamed(entries, _from_null, lambda entry: entry.found.kind == filled)


def _renamed(
    entries: list[Entry],
    recognise: Callable[[list[Entry]], str | None],
    concerns: Callable[[Entry], bool],
) -> list[Entry]:
    """Return the entries with a better kind for those that a recogniser is asked about."""
    kind = recognise([entry for entry in entries if concerns(entry)])
    if kind is None:
        return entries
    return [replace(e, found=Difference(kind)) if concerns(e) else e for e in entries]


def _shifted_by_a_row(entries: list[Entry]) -> str | None:
    """Each value stands where, in the order of keys, its neighbour's was."""
    if len(entries) < _ENOUGH or _common(entries):
        return None
    ordered = sorted(entries, key=lambda entry: _natural(entry.key))
    neighbours = list(pairwise(ordered))
    if all(identity(b.after) == identity(a.before) for a, b in neighbours):
        return "shifted by one row: each value is now in the next"
    if all(identity(a.after) == identity(b.before) for a, b in neighbours):
        return "shifted by one row: each value is now in the one before"
    return None


def _between_rows(entries: list[Entry]) -> str | None:
    """The same values, each as often as before, in other rows."""
    if len(entries) < 2 or _common(entries):  # noqa: PLR2004 - it takes two to change places
        return None
    was, now = (
        Counter(identity(value) for value in side)
        for side in ([e.before for e in entries], [e.after for e in entries])
    )
    return "values changed places between rows" if was == now else None


def _common(entries: list[Entry]) -> bool:
    return all({entry.before.text, entry.after.text} <= COMMON for entry in entries)


def _natural(key: str) -> list[str | int]:
    """Return what sorts `id = (10)` behind `id = (9)`."""
    return [int(part) if at % 2 else part for at, part in enumerate(re.split(r"(\d+)", key))]


def _moved_alike(entries: list[Entry]) -> list[Entry]:
    """Return the entries with one kind for all moments that moved by the commonest shift."""
    shifts = [moments.shift(e.before.text or "", e.after.text or "") for e in entries]
    known = [shift for shift in shifts if shift]
    common, times = Counter(known).most_common(1)[0] if known else (0, 0)
    if times < 2 or 2 * times < len(known):  # noqa: PLR2004 - more than one row, half of them
        return entries
    moved = Difference(moments.moved(common))
    alike = [e for e, shift in zip(entries, shifts, strict=True) if shift == common]
    if not any(entry.found == moved or not entry.strong for entry in alike):
        return entries
    return [
        replace(e, found=moved)
        if shift == common and (not e.strong or _ROUND.fullmatch(e.found.kind))
        else e
        for e, shift in zip(entries, shifts, strict=True)
    ]


def _cut_alike(entries: list[Entry]) -> list[Entry]:
    """Return the entries with values one character too long told like those cut at that length."""
    kinds = {entry.found.kind for entry in entries}

    def told(entry: Entry) -> Difference:
        cut = f"truncated at {counted(entry.after.length, 'character')}"
        loses_one = entry.found.kind == "last character lost"
        return Difference(cut, entry.found.place) if loses_one and cut in kinds else entry.found

    return [replace(entry, found=told(entry)) for entry in entries]


def _by_the_same(entries: list[Entry]) -> str | None:
    """Numbers that all differ by one amount."""
    if len(entries) < _ENOUGH:
        return None
    try:
        steps = {Decimal(e.after.text or "") - Decimal(e.before.text or "") for e in entries}
    except InvalidOperation:
        return None
    return f"off by {steps.pop():+,f}" if len(steps) == 1 else None


def _to_one(entries: list[Entry]) -> str | None:
    """Many values that became one, as a default takes their place."""
    before, after = ({identity(value) for value in side} for side in _sides(entries))
    became_one = len(before) >= _ENOUGH and len(after) == 1
    return "different values before, one and the same after" if became_one else None


def _from_null(entries: list[Entry]) -> str | None:
    after = {identity(entry.after) for entry in entries}
    filled = len(entries) >= _ENOUGH and len(after) == 1
    return "NULL before, one and the same value after" if filled else None


def _sides(entries: list[Entry]) -> tuple[list[Value], list[Value]]:
    return [entry.before for entry in entries], [entry.after for entry in entries]
