"""What happened to many rows at once, said once?

Pure.  Each value that changed is named by `kinds`, those of one column together by `patterns`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from gatepost.parity.kinds import Difference, Value, difference
from gatepost.parity.kinds.patterns import COMMON, Entry, identity, together
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_EXAMPLES = 3
# So many kinds that differ in a number only are too many lines to read.
_MANY_KINDS = 4
_SHOWN = 40
_SWAPPED = Difference("values swapped between the two columns")
_AMOUNT = re.compile(r"[+-]?\d[\d:.,]*")


@dataclass(frozen=True)
class Changed:
    """One row that changed, as it was read.

    :param values: before and after, by column, only of columns that differ.
    """

    key: str
    values: Mapping[str, tuple[Value, Value]]


@dataclass(frozen=True)
class Cause:
    """One thing that happened to one column, or between two.

    :param column: its name; `a, b` where values changed places between two columns.
    :param rows: in how many of the rows that were looked at.
    :param places: at most three examples of where in the value.
    :param shown: at most three examples of values before and after, where they may be shown.
    :param looked_at: how many changed rows were looked at, of ``changed`` in all.
    """

    column: str
    kind: str
    rows: int
    places: tuple[str, ...]
    shown: tuple[str, ...]
    looked_at: int
    changed: int

    def __str__(self) -> str:
        line = f"{self.column}: {self.kind} in {self.rows:,} of {counted(self.looked_at, 'row')}"
        if self.looked_at < self.changed:
            line += f" looked at, {self.changed:,} changed"
        if self.places:
            line += f" ({'; '.join(self.places)})"
        return f"{line}: {'; '.join(self.shown)}" if self.shown else line


def swapped(row: Changed) -> tuple[tuple[str, str], ...]:
    """Return the pairs of columns whose values changed places within the row; each column once."""
    found: list[tuple[str, str]] = []
    for a, b in combinations(row.values, 2):
        taken = {column for pair in found for column in pair}
        if not taken & {a, b} and _exchanged(row.values[a], row.values[b]):
            found.append((a, b))
    return tuple(found)


def causes(
    rows: Sequence[Changed],
    bases: Mapping[str, str],
    *,
    typtypes: Mapping[str, str] | None = None,
    show: frozenset[str] = frozenset(),
    looked_at: int,
    changed: int,
) -> tuple[Cause, ...]:
    """Return what happened to some rows, the most frequent first.

    A value has one cause; the counts of a column's causes add up to the rows in which it differs.

    :param bases: the base type of each column as `schema.typname`, and ``typtypes`` its typtype.
    :param show: columns whose values may be shown.
    :param looked_at: how many changed rows were looked at, of ``changed`` in all.
    """
    entries: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for row in rows:
        for columns, entry in _entries(row, bases, typtypes or {}):
            entries[columns].append(entry)
    found = [
        Cause(
            column=", ".join(columns),
            kind=kind,
            rows=len(some),
            places=_examples(entry.found.place for entry in some),
            shown=_examples(map(_values, some) if show.issuperset(columns) else ()),
            looked_at=looked_at,
            changed=changed,
        )
        for columns, of_columns in entries.items()
        for kind, some in _grouped(together(of_columns, bases.get(columns[0], "")))
    ]
    return tuple(sorted(found, key=lambda cause: (-cause.rows, cause.column, cause.kind)))


def _entries(
    row: Changed, bases: Mapping[str, str], typtypes: Mapping[str, str]
) -> Iterator[tuple[tuple[str, ...], Entry]]:
    """Yield a row's differences with the columns that each is between: one, or two."""
    pairs = swapped(row)
    for pair in pairs:
        yield pair, Entry(row.key, *row.values[pair[0]], _SWAPPED)
    for column, (before, after) in row.values.items():
        if not any(column in pair for pair in pairs):
            found = difference(before, after, bases.get(column, ""), typtypes.get(column, "b"))
            yield (column,), Entry(row.key, before, after, found)


def _exchanged(one: tuple[Value, Value], other: tuple[Value, Value]) -> bool:
    (a, a_now), (b, b_now) = one, other
    crosswise = identity(a) == identity(b_now) and identity(b) == identity(a_now)
    return crosswise and not {a.text, b.text} <= COMMON


def _grouped(entries: list[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Yield kinds and their entries.

    Of kinds that differ in a number only, as the lengths of many texts that were cut, the
    rarer ones are yielded as one, without the number.
    """
    rows = Counter(entry.found.kind for entry in entries)
    stems = {kind: _AMOUNT.sub("…", kind) for kind in rows}
    of_stem = Counter(stems[entry.found.kind] for entry in entries)
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        kind = entry.found.kind
        stem = stems[kind]
        many = list(stems.values()).count(stem) >= _MANY_KINDS
        groups[stem if many and rows[kind] * _MANY_KINDS <= of_stem[stem] else kind].append(entry)
    yield from groups.items()


def _examples(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))[:_EXAMPLES]


def _values(entry: Entry) -> str:
    """Return both values, in quotes and cut around the first character that differs."""
    was, now = entry.before.text, entry.after.text
    alike = (a == b for a, b in zip(was or "", now or "", strict=False))
    first = next((at for at, same in enumerate(alike) if not same), 0)
    start = max(0, first - _SHOWN // 2)
    return f"{_shown(was, start)} → {_shown(now, start)}"


def _shown(text: str | None, start: int) -> str:
    if text is None:
        return "NULL"
    dots = "…" if start else ""
    rest = "…" if len(text) > start + _SHOWN else ""
    return f"{dots}{text[start : start + _SHOWN]!r}{rest}"
