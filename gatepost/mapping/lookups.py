"""Which fields does a query look up in the map of legacy ids?  Its plan says so, as a rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A field of a document as a plan spells it, whatever the document lies in; and the map's column.
_KEY = r"\(+\w+\.doc(?: -> '(?:[^']|'')*'::text\))* ->> '(?P<key>(?:[^']|'')*)'::text\)+"
_OLD = r'(?P<alias>\w+|"(?:[^"]|"")+")\.old'
_PAIRS = (re.compile(rf"{_OLD} = {_KEY}"), re.compile(rf"{_KEY} = {_OLD}\b"))
_COLLECTION = re.compile(
    r"""(?P<alias>\w+|"(?:[^"]|"")+")\.collection = '(?P<name>(?:[^']|'')*)'::text"""
)


def of(plan: str) -> Iterator[tuple[str, str]]:
    """Yield the keys that are looked up, each with the collection among whose ids it is.  Pure.

    :param plan: by `explain (verbose)`, where every name of a table is one table's.
    """
    named = {one["alias"]: one["name"].replace("''", "'") for one in _COLLECTION.finditer(plan)}
    for pair in _PAIRS:
        for one in pair.finditer(plan):
            if one["alias"] in named:
                yield one["key"].replace("''", "'"), named[one["alias"]]
