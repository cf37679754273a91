"""In what do two declarations of one object differ?  The one door to deepdiff.

Whether they differ is decided by `==` alone; deepdiff is asked only to point at the place, since
it takes seconds where `==` takes none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from deepdiff import DeepDiff

from gatepost.schema import counterparts, meaning, mending, telling
from gatepost.schema.counterparts import explained_by
from gatepost.schema.mending import Remedy
from gatepost.schema.telling import SINGULAR, Difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.schema.catalog import Catalog
    from gatepost.schema.declarations import Object

__all__ = ["Detail", "Differences", "between", "compare", "explained_by"]

Attributes = dict[str, Any]


@dataclass(frozen=True)
class Detail:
    """What lies behind a finding: each place that it is about, and what would mend it."""

    places: tuple[Difference, ...]
    remedy: Remedy


@dataclass(frozen=True)
class Differences:
    """What differs and matters, and what differs and does not; each a line about its place.

    :param details: one for each finding, in their order; none where a finding was not made here.
    """

    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()

    @property
    def told(self) -> str:
        """The findings for people: each with the statements that would mend it, or a hint."""
        lines = []
        for at, finding in enumerate(self.findings):
            lines.append(finding)
            if at < len(self.details):
                lines += self.details[at].remedy.lines
        return "\n".join(lines)

    @property
    def script(self) -> str:
        """Every statement that would mend a finding, whole, to be read before it is run."""
        statements = [line for detail in self.details for line in detail.remedy.statements]
        return "".join(f"{statement};\n" for statement in dict.fromkeys(statements))


def between(identity: str, before: Catalog, after: Catalog, *, strict: bool = False) -> Differences:
    """Return how an object differs between two catalogs, whatever either calls it.

    Beyond `compare`: a sequence is known by the column that owns it and extended statistics by
    what they are about; and what is missing only because its schema or table is, says so briefly.

    :param strict: another name of the same thing is a finding, not a note.
    :raises ValueError: neither side has it.
    """
    was, now = before.object(identity), after.object(identity)
    if was and now:
        return compare(was, counterparts.reworded(was, now, before, after), strict=strict)
    if pair := counterparts.pair(identity, before, after):
        # told once, where the name from before is asked about
        return _renamed(*pair, strict=strict) if was else Differences()
    if container := explained_by(identity, before, after):
        return Differences((f"{identity}: {'missing' if was else 'only'} after, with {container}",))
    return _on_one_side(was, now, counterparts.contained(identity, before, after))


def compare(before: Object | None, after: Object | None, *, strict: bool = False) -> Differences:
    """Return how the object differs between the two sides; None stands for a side without it.

    A note is no finding: another order of columns, another name for the same constraint or index,
    a unique index instead of a unique constraint, another tablespace.

    :param strict: another name of the same constraint or index is a finding.
    :raises ValueError: neither side has it.
    """
    if before is None or after is None:
        return _on_one_side(before, after)
    if before == after and "hidden" not in before.attributes:
        return Differences()
    if before.kind != after.kind:
        kinds = Difference(before.identity, before.kind, "", "", ("kind",), before.kind, after.kind)
        return _findings([kinds], before, after)
    both = meaning.aligned(before, after, strict=strict)
    if both.was == both.now:
        return Differences(notes=both.notes)
    places = list(_places(before, both.was, both.now))
    if not places:
        # deepdiff may find nothing to say; that the two differ is decided.
        return Differences((f"{before.identity}: declared otherwise after",), both.notes)
    return replace(_findings(places, before, after), notes=both.notes)


def _renamed(before: Object, after: Object, *, strict: bool) -> Differences:
    """Return how one thing differs that has another name on either side."""
    called = after.identity
    found = compare(before, counterparts.named_as(before, after), strict=strict)
    if not strict:
        return replace(found, notes=(*found.notes, f"{before.identity} is named {called} after"))
    name = Difference(before.identity, before.kind, "", "", ("name",), before.identity, called)
    named = _findings([name], before, after)
    return Differences(named.findings + found.findings, found.notes, named.details + found.details)


def _on_one_side(before: Object | None, after: Object | None, contained: int = 0) -> Differences:
    one = before or after
    if one is None:
        raise ValueError("an object that is on neither side cannot be compared")
    here = {"before": before and before.attributes, "after": after and after.attributes}
    found = _findings([Difference(one.identity, one.kind, "", "", (), **here)], before, after)
    if not contained:
        return found
    within = f"{found.findings[0]}, with {telling.several(contained, 'object')} in it"
    return replace(found, findings=(within,))


def _findings(places: list[Difference], before: Object | None, after: Object | None) -> Differences:
    told = telling.together(places)
    return Differences(
        findings=tuple(sentence for sentence, _ in told),
        details=tuple(Detail(ones, mending.remedy(ones, before, after)) for _, ones in told),
    )


def _places(one: Object, was: Attributes, now: Attributes) -> Iterator[Difference]:
    """Yield every place at which two aligned declarations differ, in the order of their paths."""
    ours, theirs = map(_leaves, _unequal(was, now))
    # with its threshold, a group of which much is gone would be told as one changed value
    found = DeepDiff(ours, theirs, view="tree", verbose_level=2, threshold_to_diff_deeper=0)
    paths = {
        tuple(map(str, level.path(output_format="list")))
        for kind in found.values()
        for level in kind
    }
    for path in sorted(paths):
        yield from _below(one, path, was, now)


def _unequal(was: Attributes, now: Attributes) -> tuple[Attributes, Attributes]:
    """Return both without what is equal, which deepdiff would take its time to walk through."""
    ours, theirs = dict(was), dict(now)
    for key in was.keys() & now.keys():
        if was[key] == now[key]:
            del ours[key], theirs[key]
        elif isinstance(was[key], dict) and isinstance(now[key], dict):
            ours[key], theirs[key] = _unequal(was[key], now[key])
    return ours, theirs


def _leaves(attributes: Any) -> Any:
    """Return the attributes with every list as one text: a list is told whole."""
    if isinstance(attributes, dict):
        return {key: _leaves(value) for key, value in attributes.items()}
    return json.dumps(attributes) if isinstance(attributes, list) else attributes


def _below(
    one: Object, path: tuple[str, ...], was: Attributes, now: Attributes
) -> Iterator[Difference]:
    """Yield the differences of one place: of a whole group, one for each name in it."""
    before, after = _at(was, path), _at(now, path)
    part, name, key = _split(path)
    # A group of nothing, as a published table without conditions, is told as a whole.
    grouped = any(isinstance(side, dict) and side for side in (before, after))
    if grouped and (key or not name):
        for below in sorted({*(before or {}), *(after or {})}):
            yield from _below(one, (*path, below), was, now)
    else:
        yield Difference(one.identity, one.kind, part, name, key, before, after)


def _split(path: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """Return which part a path leads to, whose name, and which attribute of it."""
    if path[0] not in SINGULAR or len(path) == 1:
        return "", "", path
    return path[0], path[1], path[2:]


def _at(attributes: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        attributes = attributes.get(key) if isinstance(attributes, dict) else None
    return attributes
