"""How are rights written, so that the text of one server is that of another?

A list of grants is a set, which each database sorts in its own order.  Owners may do all there is
to do with their tables, and newer servers know more of that: `all` stands for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gatepost.schema.privileges.terms import OWNER, RELATIONS, SERVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.schema.declarations import Object

Grant = list[Any]

_LISTS = ("grants", "initial")
_ALL: Grant = [OWNER, "all", False, OWNER]
# Of these it is always the same.
_NEVER_FOLDED = "sequence"


def settled(rights: Iterable[Object]) -> Iterator[Object]:
    """Yield what was read of rights in an order of our own, and without minor versions."""
    for one in rights:
        attributes = {key: _sorted(key, value) for key, value in one.attributes.items()}
        if one.kind == SERVER:
            attributes["known"] = sorted(attributes["known"])
            attributes["version"] -= attributes["version"] % 10_000
        yield replace(one, attributes=attributes)


def folded(rights: Iterable[Object]) -> Iterator[Object]:
    """Yield what is `settled` with one word for all that owners may do with a table."""
    rights = tuple(rights)
    everything = _everything(rights)
    for one in rights:
        yield _replaced(one, everything, [_ALL])


def unfolded(rights: Iterable[Object]) -> Iterator[Object]:
    """Yield what was `folded`: the inverse, for the server that it was read of."""
    rights = tuple(rights)
    everything = _everything(rights)
    for one in rights:
        yield _replaced(one, [_ALL], everything)


def _sorted(key: str, value: Any) -> Any:
    return sorted(value) if key in _LISTS else value


def _everything(rights: Iterable[Object]) -> list[Grant]:
    known = (one.attributes["known"] for one in rights if one.kind == SERVER)
    return [[OWNER, privilege, False, OWNER] for privilege in next(known, ())]


def _replaced(one: Object, what: list[Grant], by: list[Grant]) -> Object:
    """Return an object with some grants in the place of others, if it has all of those."""
    grants = one.attributes.get("grants", ())
    foldable = one.kind in RELATIONS and one.kind != _NEVER_FOLDED
    owners = [grant for grant in grants if grant[0] == OWNER]
    if not what or not foldable or sorted(owners) != sorted(what):
        return one
    others = [grant for grant in grants if grant[0] != OWNER]
    return replace(one, attributes=one.attributes | {"grants": sorted(others + by)})
