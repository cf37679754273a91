"""Was a difference made by the move, or is it older?  What the migrations build is the third side.

Before and after alone tell that they differ.  Where the project's migrations were built on a
scratch server, the one of the two that agrees with them is what was meant.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gatepost.schema import counterparts, differences, telling
from gatepost.schema.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gatepost.schema.differences import Differences
    from gatepost.schema.telling import Difference

IN_NONE = "in no migration"
# The check of what the migrations build, beside those of what the sides have.
MIGRATIONS = "migrations"

Lineage = Literal["lost", "new", "drift before", "drift after", "drift each"]
WORDS: dict[Lineage, str] = {
    "lost": "lost in the move: the migrations build what before has",
    "new": "new in the target: the migrations build what after has",
    "drift before": "drift of one side: no migration builds what only before has",
    "drift after": "drift of one side: no migration builds what only after has",
    "drift each": "drift of each side: the migrations build it in a third way",
}


@dataclass(frozen=True)
class Sides:
    """Three catalogs, as one server spells them where their own words do not do.

    :param built: what the migrations build in an empty database.
    """

    built: Catalog
    before: Catalog
    after: Catalog


def traced(identity: str, found: Differences, sides: Sides) -> dict[Lineage, list[str]]:
    """Return the findings of an object by where they come from.

    A finding that counts what has come from several places is told once for each of them.
    """
    since = _places(identity, sides.before, sides.built)
    until = _places(identity, sides.built, sides.after)
    told: dict[Lineage, list[str]] = defaultdict(list)
    for at, finding in enumerate(found.findings):
        places = found.details[at].places if at < len(found.details) else ()
        of: dict[Lineage, list[Difference]] = defaultdict(list)
        for one in places:
            of[_of_place(one, since, until, _of_object(identity, sides))].append(one)
        if len(of) > 1:
            for lineage, ones in of.items():
                told[lineage] += [line for line, _ in telling.together(ones)]
        else:
            told[next(iter(of), _of_object(identity, sides))].append(finding)
    return dict(told)


def shared(identity: str, sides: Sides) -> list[Difference]:
    """Return the places at which both sides agree, and differ from the migrations."""
    was, now = (_places(identity, sides.built, side) for side in (sides.before, sides.after))
    return [one for one in was if one in now]


def drift_of_both(places: list[Difference]) -> tuple[str, ...]:
    """Return `shared` places in words, what differs in the same way in one line."""
    return tuple(
        f"drift that both have: {against(line, ones, 'on both sides', 'on neither side')}"
        for line, ones in telling.together(places)
    )


def drift_of(identity: str, built: Catalog, side: Catalog, label: str) -> tuple[str, ...]:
    """Return in what one side differs from the migrations, where there is no other yet."""
    found = telling.together(_places(identity, built, side))
    return tuple(
        f"drift of {label}: {against(line, ones, label, f'not {label}')}" for line, ones in found
    )


def on_neither(built: Catalog, sides: Iterable[Catalog]) -> tuple[str, ...]:
    """Return what the migrations build and no side has, by identity.

    What hangs on something that is missing itself, as a partition on its table, is not told.
    """
    sides = tuple(sides)
    return tuple(
        one.identity
        for one in built.objects
        if not any(_has(side, one.identity, built) for side in sides)
        and not all(counterparts.explained_by(one.identity, built, side) for side in sides)
    )


def _of_object(identity: str, sides: Sides) -> Lineage:
    if sides.before.object(identity):
        return "lost" if _has(sides.built, identity, sides.before) else "drift before"
    return "new" if _has(sides.built, identity, sides.after) else "drift after"


def _of_place(
    one: Difference, since: list[Difference], until: list[Difference], whole: Lineage
) -> Lineage:
    """Return the lineage of one place.

    :param since: where before and the migrations differ.
    :param until: where the migrations and after differ.
    :param whole: the lineage of the object, where that is what one side has alone.
    """
    if not (one.part or one.key):
        return whole
    as_before, as_after = not _differs(one, since), not _differs(one, until)
    if not one.key and one.before is None:
        return "new" if as_after else "drift after"
    if not one.key and one.after is None:
        return "lost" if as_before else "drift before"
    return "lost" if as_before else "new" if as_after else "drift each"


def _differs(one: Difference, places: list[Difference]) -> bool:
    """Whether two sides differ at a place, or in something that it is a part of."""
    return any(
        not (other.part or other.key)
        or ((other.part, other.name) == (one.part, one.name) and _within(one.key, other.key))
        for other in places
    )


def _within(key: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return key[: len(other)] == other


def _places(identity: str, one: Catalog, other: Catalog) -> list[Difference]:
    if not (one.object(identity) or other.object(identity)):
        return []
    found = differences.between(identity, one, other)
    return [place for detail in found.details for place in detail.places]


def _has(side: Catalog, identity: str, there: Catalog) -> bool:
    """Whether a side has what is called so there, under whichever name."""
    return bool(side.object(identity) or counterparts.pair(identity, there, side))


def against(
    line: str, ones: Sequence[Difference], here: str, not_here: str, never: str = IN_NONE
) -> str:
    """Return a sentence about the migrations and the sides, made of one about before and after.

    :param ones: the differences that it is about.
    :param here: where that is, which is called after in it.
    :param never: what is said of something that no migration builds.
    """
    names = f": {telling.listed([one.name for one in ones])}" if len(ones) > 1 else ""
    said = line.removesuffix(names)
    if said.endswith(" only after"):
        return f"{said.removesuffix(' only after')} {here}, {never}{names}"
    for ending in (" missing after", " gone"):
        if said.endswith(ending):
            return f"{said.removesuffix(ending)} in the migrations, {not_here}{names}"
    built, _, there = said.rpartition(" before, ")
    return f"{built} by the migrations, {there.removesuffix(' after')} {here}{names}"
