"""How are fields counted at a cost that hardly shows beside the reading of them?

Of an object only its shape is looked at: its keys and the types of their values.  Objects of one
shape are counted by one number; a field that one record in a million has makes a shape of its own.
"""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from gatepost.sources import paths
from gatepost.sources.census import Field

if TYPE_CHECKING:
    from collections.abc import Collection as Sized
    from collections.abc import Iterable, Iterator

# Deeper than people nest, and less deep than the stacks of Python and PostgreSQL.
DEPTH = 200
# An object that had more keys than this, all records together, is a map, and its keys are data:
# those beyond are counted as one, or there would be no end to what is kept of them.  A view, which
# such an object cannot become, has at most 1,664 columns.
NAMES = 2000

# The most keys of all shapes that are kept apart, as many in each as the last one has; a shape
# weighs as much as some keys.
_HELD = 1 << 16
_SHAPE = 16
# What `jsonb_typeof` calls the types that JSON is read as.
KINDS = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}
_NESTS = {"array", "object"}


class TooDeep(Exception):
    """A document nests deeper than `DEPTH`."""


class Unclear(Exception):
    """A key's path is also that of what lies within another: which key, and which other."""


class _Shape:
    """Objects that have the same keys in the same order, and values of the same types.

    :param nested: the keys that hold objects or arrays, and where these are counted.
    """

    __slots__ = ("count", "kinds", "nested", "width")

    def __init__(self, kinds: list[tuple[str, type]], nested: list[tuple[str, Tally]]) -> None:
        self.kinds = kinds
        self.nested = nested
        self.width = len(kinds)
        self.count = 0


class Tally:
    """What was seen at one place of the documents: a record, a key's value, an array's elements."""

    __slots__ = ("_elements", "_fields", "_kinds", "_shapes", "_values")

    def __init__(self) -> None:
        self._shapes: dict[tuple[object, ...], _Shape] = {}
        self._fields: dict[str, Counter[type]] = {}
        self._values: dict[str, Tally] = {}
        self._kinds: Counter[type] = Counter()
        self._elements: Tally | None = None

    def add(self, document: dict[str, Any], depth: int = 1) -> int:
        """Count one object; return how many keys are in it, those of nested objects included.

        :raises TooDeep: the object was counted in part; the tally is of no more use.
        """
        signature = (*document, *map(type, document.values()))
        shape = self._shapes.get(signature)
        if shape is None:
            shape = self._learned(document, signature)
        shape.count += 1
        width = shape.width
        if shape.nested and depth > DEPTH:
            raise TooDeep
        for key, tally in shape.nested:
            value = document[key]
            if not value:
                continue
            if type(value) is dict:
                width += tally.add(value, depth + 1)
            else:
                width += tally.add_elements(value, depth + 1)
        return width

    def add_elements(self, elements: Sized[Any], depth: int = 1) -> int:
        """Count the elements of one array; return how many keys their objects have in all.

        :raises TooDeep: as `add`.
        """
        kinds = Counter(map(type, elements))
        self._kinds += kinds
        if dict not in kinds and list not in kinds:
            return 0
        if depth > DEPTH:
            raise TooDeep
        if self._elements is None:
            self._elements = Tally()
        tally, width = self._elements, 0
        for element in elements:
            if type(element) is dict:
                width += tally.add(element, depth + 1)
            elif type(element) is list:
                width += tally.add_elements(element, depth + 1)
        return width

    def add_values(self, key: str, kinds: Counter[type], values: Iterable[Any] = ()) -> int:
        """Count what many objects of this place have under one key, which was seen here before.

        :param values: all of them, where there may be objects and arrays among them.
        :return: how many keys are in these values.
        :raises TooDeep: as `add`.
        """
        self._fields.setdefault(key, Counter()).update(kinds)
        if dict not in kinds and list not in kinds:
            return 0
        tally, width = self._values.setdefault(key, Tally()), 0
        for value in values:
            if not value:
                continue
            if type(value) is dict:
                width += tally.add(value, 2)
            elif type(value) is list:
                width += tally.add_elements(value, 2)
        return width

    def fields(self) -> dict[str, Field]:
        """Return every path that was seen, sorted, and what was seen there.

        :raises Unclear: two places of the documents have one path.
        """
        places = list(self.places())
        found = {path: seen for path, _, seen in sorted(places, key=itemgetter(0))}
        nesting = {path for path, seen in found.items() if not _NESTS.isdisjoint(seen.kinds)}
        for path, others, _ in places:
            for other in nesting.intersection(others):
                raise Unclear(path, other)
        return found

    def places(self, path: str = "") -> Iterator[tuple[str, tuple[str, ...], Field]]:
        """Yield the path of every place, others within which it reads as if it lay, and a count."""
        self._summed()
        for key, kinds in self._fields.items():
            yield paths.under(path, key), (*paths.before(path, key),), _field(kinds)
        for key, tally in self._values.items():
            yield from tally.places(paths.under(path, key))
        if self._kinds:
            yield paths.within(path), (), _field(self._kinds)
        if self._elements:
            yield from self._elements.places(paths.within(path))

    def _learned(self, document: dict[str, Any], signature: tuple[object, ...]) -> _Shape:
        if len(self._shapes) * (len(document) + _SHAPE) >= _HELD:
            self._summed()
        kinds, nested = [], []
        for key, value in document.items():
            name = key if key in self._fields or len(self._fields) < NAMES else paths.ANY
            self._fields.setdefault(name, Counter())
            kinds.append((name, type(value)))
            if isinstance(value, (dict, list)):
                nested.append((key, self._values.setdefault(name, Tally())))
        shape = self._shapes[signature] = _Shape(kinds, nested)
        return shape

    def _summed(self) -> None:
        """Add up what was counted by shapes, and forget these."""
        for shape in self._shapes.values():
            for name, kind in shape.kinds:
                self._fields[name][kind] += shape.count
        self._shapes.clear()


def _field(kinds: Counter[type]) -> Field:
    told = tuple(sorted({KINDS[kind] for kind in kinds}))
    return Field(kinds.total(), kinds[type(None)], told)
