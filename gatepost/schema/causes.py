"""How few causes do the differences of many objects have?"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.schema import telling
from gatepost.schema.telling import MANY, SINGULAR, Difference, several

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Cause:
    """What differs in one way, at one place or at many.

    :param sentence: in what way, how often, and where for the first of many.
    :param places: in the order in which they were given.
    """

    sentence: str
    places: tuple[Difference, ...]


def causes(places: Iterable[Difference]) -> tuple[Cause, ...]:
    """Return the differences of many objects, those of one cause together, most first.

    One cause: the same attribute of the same kind of thing, with the same two values; or which all
    have lost, whatever it was.
    """
    alike: dict[object, list[Difference]] = defaultdict(list)
    for place in places:
        alike[_way(place)].append(place)
    told = [cause for ones in alike.values() for cause in _told(ones)]
    return tuple(sorted(told, key=lambda cause: -len(cause.places)))


def _way(place: Difference) -> object:
    values = "gone" if place.after is None else json.dumps([place.before, place.after])
    only_after = "only after" if place.before is None else ""
    if not place.key:
        values = ""
    return place.kind, place.part, place.key, only_after or values


def _told(places: list[Difference]) -> list[Cause]:
    if len(places) < MANY:
        return [Cause(telling.sentence(place), (place,)) for place in places]
    first = places[0]
    number = several(len(places), SINGULAR[first.part] if first.part else first.kind)
    names = telling.listed([telling.place(one) for one in places])
    return [Cause(f"{number}: {_said(places)}: {names}", tuple(places))]


def _said(places: list[Difference]) -> str:
    first = places[0]
    if not first.key:
        return telling.which_side(first)
    if all((one.before, one.after) == (first.before, first.after) for one in places):
        return telling.values(first)
    return f"{' '.join(first.key)} {telling.which_side(first, of_a_value=True)}"
