"""What kind of difference is there between two values of a column, and where in them is it?

Pure, and told in words that hold neither of the two values.  Each family of types has a module of
recognisers, tried from the most particular to the least: what none of them knows is another value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gatepost.parity.kinds import documents, lists, moments, numbers, others, text
from gatepost.parity.kinds.values import A_VALUE, Difference, Pair, Value

__all__ = ["Difference", "Value", "difference"]


@dataclass(frozen=True)
class _Family:
    """How values of some types are told apart.

    :param word: what a value is called that stands for nothing, such as 0 or ''.
    """

    told: Callable[[Pair], Difference]
    word: Callable[[str], str]


def _plain(_: str) -> str:
    return A_VALUE


_TEXT = _Family(text.told, text.word)
_NUMBER = _Family(numbers.told, numbers.word)
_MOMENT = _Family(moments.told, moments.word)
_DOCUMENT = _Family(documents.told, documents.word)
_ADDRESS = _Family(others.told_of_addresses, _plain)
_BITS = _Family(others.told_of_bits, others.word_of_bits)
_SHAPE = _Family(others.told_of_shapes, _plain)
_LABEL = _Family(others.told_of_labels, _plain)
_ROW = _Family(lists.told_of_rows, _plain)

_FAMILIES = {
    **dict.fromkeys(("int2", "int4", "int8", "oid", "numeric"), _NUMBER),
    "float4": _Family(numbers.told_of_singles, numbers.word),
    "float8": _Family(numbers.told_of_doubles, numbers.word),
    "money": _Family(others.told_of_money, numbers.word),
    **dict.fromkeys(("date", "timestamp", "timestamptz", "time", "timetz"), _MOMENT),
    "interval": _Family(moments.told_of_intervals, moments.word_of_intervals),
    **dict.fromkeys(("json", "jsonb"), _DOCUMENT),
    "bool": _Family(others.told_of_booleans, others.word_of_booleans),
    "uuid": _Family(others.told_of_uuids, others.word_of_uuids),
    "bytea": _Family(others.told_of_bytes, others.word_of_bytes),
    **dict.fromkeys(("bit", "varbit"), _BITS),
    **dict.fromkeys(("inet", "cidr"), _ADDRESS),
    **dict.fromkeys(("point", "line", "lseg", "box", "path", "polygon", "circle"), _SHAPE),
    **dict.fromkeys(("vector", "halfvec", "sparsevec", "cube"), _SHAPE),
}
_BOUNDS = {
    "int4range": "int4",
    "int8range": "int8",
    "numrange": "numeric",
    "daterange": "date",
    "tsrange": "timestamp",
    "tstzrange": "timestamptz",
}
_BY_TYPTYPE = {
    "c": _ROW,
    "e": _LABEL,
    "r": _Family(lists.told_of_ranges(text.told), lists.word),
}


def difference(before: Value, after: Value, base: str, typtype: str = "b") -> Difference:
    """Return how a value differs from what it was.

    :param base: the type below domains as `schema.typname`; of an array `schema._typname`.  Types
        of extensions go by their name alone; those nobody knows are told apart as texts.
    :param typtype: as in pg_type, since a name does not say what is an enum or a composite.

    Takes less than a millisecond for short values, some ten for 2,000 characters beyond ASCII.
    """
    if (before.text, before.digest) == (after.text, after.digest):
        return Difference("the same value")
    family = _family(base.rpartition(".")[2], typtype)
    if before.text is None or after.text is None:
        was, now = (
            "NULL" if side.text is None else family.word(side.text) for side in (before, after)
        )
        return Difference(f"{was} before, {now} after")
    pair = Pair(before.text, after.text, before.length, after.length)
    if pair.whole and before.text == after.text:
        return _unseen(base)
    found = family.told(pair)
    if base == "pg_catalog.bpchar" and found.kind.startswith("trailing blanks"):
        return Difference(f"{found.kind} (char(n))", found.place)
    return found


def _family(name: str, typtype: str) -> _Family:
    if name.startswith("_"):
        element = _family(name[1:], "b")
        return _Family(lists.told_of_arrays(element.told), lists.word)
    if name.endswith("multirange"):
        ranges = _family(name.replace("multirange", "range"), "r")
        return _Family(lists.told_of_multiranges(ranges.told), lists.word)
    if name in _BOUNDS:
        bound = _FAMILIES[_BOUNDS[name]]
        return _Family(lists.told_of_ranges(bound.told), lists.word)
    return _FAMILIES.get(name) or _BY_TYPTYPE.get(typtype, _TEXT)


def _unseen(base: str) -> Difference:
    """Tell two values apart whose texts are one, since a cast left out what they differ by."""
    if base == "pg_catalog.bpchar":
        return Difference("trailing blanks changed (char(n))")
    return Difference("another value of the same text")
