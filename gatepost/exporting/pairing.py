"""Which documents of two sorted streams are not the same, and which of them belong together?

Both streams come sorted by the hash of the documents' keys, then by their text; what is the same on
both sides is passed over as it comes, so that only what differs is ever held, a key at a time.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gatepost.exporting.documents import Document
from gatepost.parity.kinds import Difference, documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Of one key, more documents than these are counted and not paired.
_CROWD = 1_000
_BOTH = 2


@dataclass(frozen=True)
class Changed:
    """One document, as it was and as it is."""

    was: Document
    now: Document
    differences: tuple[Difference, ...]


@dataclass
class Met:
    """What became of the documents of one key that are not on both sides as they stand.

    :param equal: how many are equal in value, and only written otherwise: 1.50 and 1.5.
    :param uncounted: by side, how many more there are than are held.
    """

    equal: int = 0
    changed: list[Changed] = field(default_factory=list)
    gone: list[Document] = field(default_factory=list)
    new: list[Document] = field(default_factory=list)
    uncounted: tuple[int, int] = (0, 0)


def meet(before: Iterable[Document], after: Iterable[Document], *, by_key: bool) -> Iterator[Met]:
    """Yield, key by key, what is not the same on both sides.

    :param by_key: documents of one key are one document, which changed; else they are known by
        their content, and no two that differ are one.
    """
    for _, group in itertools.groupby(_merged(before, after), key=lambda one: one[1].hash):
        yield _met(group, by_key=by_key)


def _met(group: Iterable[tuple[int, Document]], *, by_key: bool) -> Met:
    held: tuple[list[Document], list[Document]] = ([], [])
    more = [0, 0]
    for side, document in group:
        if len(held[side]) < _CROWD:
            held[side].append(document)
        else:
            more[side] += 1
    if by_key and len(held[0]) == len(held[1]) == 1:  # as nearly all are
        return _changed(held[0][0], held[1][0])
    equal, gone, new = _without_equals(*held)
    met = Met(equal, uncounted=(more[0], more[1]))
    if by_key and gone and new:
        paired = min(len(gone), len(new))
        both = zip(gone[:paired], new[:paired], strict=True)
        met.changed = [Changed(was, now, _differences(was, now)) for was, now in both]
        gone, new = gone[paired:], new[paired:]
    met.gone, met.new = gone, new
    return met


def _changed(was: Document, now: Document) -> Met:
    differences = _differences(was, now)
    return Met(changed=[Changed(was, now, differences)]) if differences else Met(equal=1)


def _without_equals(
    was: list[Document], now: list[Document]
) -> tuple[int, list[Document], list[Document]]:
    """Return how many are on both sides and equal in value, and what is left of each side."""
    if not was or not now:
        return 0, was, now
    there = Counter(map(_in_value, now))
    gone: list[Document] = []
    met: Counter[str] = Counter()
    for document in was:
        value = _in_value(document)
        if met[value] < there[value]:
            met[value] += 1
        else:
            gone.append(document)
    equal = met.total()
    new = []
    for document in now:
        value = _in_value(document)
        if met[value]:
            met[value] -= 1
        else:
            new.append(document)
    return equal, gone, new


def _merged(
    before: Iterable[Document], after: Iterable[Document]
) -> Iterator[tuple[int, Document]]:
    """Yield every document that the other side has not, with its side: 0 or 1."""
    sides = (iter(before), iter(after))
    heads = [next(side, None) for side in sides]
    while (first := _first(*heads)) is not None:
        if first == _BOTH:
            heads = [next(side, None) for side in sides]
            continue
        one = heads[first]
        assert one is not None  # it is the lesser of two, or the only one
        yield first, one
        heads[first] = next(sides[first], None)


def _first(was: Document | None, now: Document | None) -> int | None:
    """Return whose document comes first: 0 or 1, `_BOTH` for the same; None at the end of both."""
    if was is None or now is None:
        return None if was is now else int(was is None)
    if _place(was) == _place(now):
        return _BOTH
    return int(_place(now) < _place(was))


def _place(document: Document) -> tuple[int, bool, str]:
    # The server sorts NULL behind all texts.
    return document.hash, document.text is None, document.text or ""


def _in_value(document: Document) -> str:
    """Return a text that documents of one key share if they are equal in value."""
    if document.text is None:
        return ""
    try:
        return f"{document.key} {documents.canonical(document.text)}"
    except ValueError:
        return f"{document.key} {document.text}"


def _differences(was: Document, now: Document) -> tuple[Difference, ...]:
    if was.text is None or now.text is None:
        return (Difference("no document"),)
    try:
        return documents.differences(was.text, now.text)
    except ValueError:
        return (Difference("cannot be compared value by value"),)
