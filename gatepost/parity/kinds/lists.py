"""How do two arrays, ranges or rows differ, and in which of their parts?"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from gatepost.parity.kinds import text
from gatepost.parity.kinds.values import A_VALUE, ANOTHER, Difference, Pair, contrast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Told: TypeAlias = "Callable[[Pair], Difference]"

_ARRAY = re.compile(r"(?P<bounds>(?:\[-?\d+:-?\d+\])+=)?(?P<body>\{.*\})", re.DOTALL)
# An element in quotes, in which a backslash stands before what is meant as it is; or one without.
_ELEMENT = re.compile(r'"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^{},"]+)', re.DOTALL)
_FIELD = re.compile(r'"(?P<quoted>(?:[^"\\]|""|\\.)*)"|(?P<bare>[^(),"]*)', re.DOTALL)
_RANGE = re.compile(r"(?P<open>[\[(])(?P<lower>[^,]*),(?P<upper>[^\])]*)(?P<close>[\])])")
_ENDS = {"[": "inclusive", "]": "inclusive", "(": "exclusive", ")": "exclusive"}


def word(text: str) -> str:
    """Return what an array or a range that holds nothing is called."""
    return {"{}": "{}", "empty": "an empty range", "(,)": "an unbounded range"}.get(text, A_VALUE)


def told_of_arrays(element: Told) -> Told:
    """Return what tells how two arrays differ, given how two of their elements are told apart."""

    def told(pair: Pair) -> Difference:
        if empty := contrast(pair, word):
            return empty
        was, now = (_ARRAY.fullmatch(text) for text in (pair.was, pair.now))
        if not pair.whole or was is None or now is None:
            return Difference(ANOTHER, pair.place)
        if was["body"] == now["body"]:
            return Difference("array bounds changed")
        return _of_elements(_elements(was["body"]), _elements(now["body"]), element)

    return told


def told_of_ranges(bound: Told) -> Told:
    """Return what tells how two ranges differ, given how two of their bounds are told apart."""

    def told(pair: Pair) -> Difference:
        if empty := contrast(pair, word):
            return empty
        was, now = (_RANGE.fullmatch(text) for text in (pair.was, pair.now))
        if was is None or now is None:
            return Difference(ANOTHER, pair.place)
        for side, end in (("lower", "open"), ("upper", "close")):
            a, b = was[side].strip('"'), now[side].strip('"')
            if a != b and not (a and b):
                return Difference(f"{side} bound {'lost' if a else 'new'}")
            if a != b:
                return Difference(f"bound: {bound(Pair.of(a, b)).kind}", f"{side} bound")
            if was[end] != now[end]:
                return Difference(f"{side} bound {_ENDS[was[end]]} before, {_ENDS[now[end]]} after")
        return Difference("quoting of bounds changed")

    return told


def told_of_multiranges(told_of_range: Told) -> Told:
    """Return what tells how two multiranges differ, given how two ranges are told apart."""

    def told(pair: Pair) -> Difference:
        if empty := contrast(pair, word):
            return empty
        was, now = ([m.group() for m in _RANGE.finditer(text)] for text in (pair.was, pair.now))
        if not pair.whole or len(was) != len(now) or was == now:
            return Difference("another number of ranges", pair.place)
        return _first(was, now, told_of_range, "range")

    return told


def told_of_rows(pair: Pair) -> Difference:
    """Return how two values of a composite type differ: in which field."""
    was, now = _fields(pair.was), _fields(pair.now)
    if not pair.whole or was is None or now is None:
        return text.told(pair)
    if len(was) != len(now):
        return Difference("another number of fields")
    return _first(was, now, text.told, "field")


def _of_elements(was: list[str | None], now: list[str | None], element: Told) -> Difference:
    if was == now:
        return Difference("array dimensions changed")
    if Counter(was) == Counter(now):
        return Difference("array order changed")
    if list(dict.fromkeys(was)) == now:
        return Difference("duplicate elements lost")
    if len(was) != len(now):
        return _of_lengths(was, now)
    return _first(was, now, element, "element")


def _elements(body: str) -> list[str | None]:
    return [
        None
        if match["bare"] and match["bare"].upper() == "NULL"
        else match["bare"] or re.sub(r"\\(.)", r"\1", match["quoted"] or "", flags=re.DOTALL)
        for match in _ELEMENT.finditer(body)
    ]


def _of_lengths(was: list[str | None], now: list[str | None]) -> Difference:
    alike = zip(was, now, strict=False)
    shorter = min(len(was), len(now))
    place = f"element {next((at for at, (a, b) in enumerate(alike) if a != b), shorter) + 1:,}"
    if not Counter(now) - Counter(was):
        only_nulls = not any(part for part in Counter(was) - Counter(now) if part is not None)
        return Difference("NULL element lost" if only_nulls else "element lost", place)
    if not Counter(was) - Counter(now):
        return Difference("element new", place)
    return Difference("another number of elements", place)


def _first(
    was: Sequence[str | None], now: Sequence[str | None], tell: Told, part: str
) -> Difference:
    at, (a, b) = next(
        (at, both)
        for at, both in enumerate(zip(was, now, strict=True), start=1)
        if both[0] != both[1]
    )
    place = f"{part} {at:,}"
    if a is None or b is None:
        names = ["NULL" if one is None else text.word(one) for one in (a, b)]
        return Difference(f"{part}: {names[0]} before, {names[1]} after", place)
    return Difference(f"{part}: {tell(Pair.of(a, b)).kind}", place)


def _fields(text: str) -> list[str | None] | None:
    """Return the fields of a row; None if the text is none."""
    if not (text.startswith("(") and text.endswith(")")):
        return None
    fields: list[str | None] = []
    at = 1
    while at < len(text):
        match = _FIELD.match(text, at)
        if match is None or text[match.end() : match.end() + 1] not in (",", ")"):
            return None
        quoted = match["quoted"]
        fields.append(
            (match["bare"] or None) if quoted is None else re.sub(r'""|\\(.)', _meant, quoted)
        )
        at = match.end() + 1
    return fields


def _meant(match: re.Match[str]) -> str:
    return match[1] or '"'
