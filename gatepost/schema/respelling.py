"""Do two declarations differ, or is it only that two servers, or a restore, spell them otherwise?

Where the words of two catalogs leave that open, both are built anew on one scratch server, and read
there.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gatepost.schema.meaning import DEPARSED
from gatepost.schema.scratch import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatepost.schema.catalog import Catalog
    from gatepost.schema.scratch import Built, Scratch
    from gatepost.schema.telling import Difference
    from gatepost.side import Side

# Parts that are known by what they say: said otherwise, they are gone here and new there.
_KNOWN_BY_WORDS = frozenset({"constraints", "indexes", "triggers", "rules", "policies"})


class Respelling:
    """The catalogs of both sides: in their own words and, asked for, in those of one server.

    :param exists: False while the target's database is still to be made: the after side has none.
    """

    def __init__(self, scratch: Scratch, before: Side, after: Side, *, exists: bool = True) -> None:
        self._scratch = scratch
        self._before = before
        self._after = after
        self._exists = exists

    @cached_property
    def own(self) -> tuple[Catalog, Catalog]:
        """Both as they spell themselves."""
        return self._before.catalog, self._after.catalog if self._exists else NOTHING

    @property
    def alike(self) -> tuple[Catalog, Catalog]:
        """Both as the scratch server spells them; as they do themselves where it cannot."""
        return self.own if self._trouble else self._respelled

    def unsaid(self, identity: str) -> list[str]:
        """Return why an object is compared by its words all the same, in a line at most."""
        by_words = f"{identity}: compared by its words:"
        if self._trouble:
            return [f"{by_words} {self._trouble}"]
        could_not = any(is_failed(identity, one) for one in self._rebuilt)
        return [f"{by_words} a scratch server could not build it"] * could_not

    @cached_property
    def _trouble(self) -> str:
        return next((one.trouble for one in self._rebuilt if one.trouble), "")

    @cached_property
    def _rebuilt(self) -> tuple[Built, Built]:
        with ThreadPoolExecutor(max_workers=2) as pool:  # two servers, each built for one side
            was, now = pool.map(self._scratch.rebuilt, (self._before, self._after))
        return was, now

    @cached_property
    def _respelled(self) -> tuple[Catalog, Catalog]:
        was, now = map(respelled, self.own, self._rebuilt)
        return was, now


def respelled(own: Catalog, built: Built) -> Catalog:
    """Return a catalog with every deparsed text as the server spelled it that built it anew.

    All else stays as the side itself says: a scratch database knows nothing of validity or state.
    """
    return replace(
        own,
        objects=tuple(
            one
            if is_failed(one.identity, built)
            or (found := built.catalog.object(one.identity)) is None
            else replace(one, attributes=_in_words_of(one.attributes, found.attributes))
            for one in own.objects
        ),
    )


def is_failed(identity: str, built: Built) -> bool:
    """Whether building an object failed, or something of its name.

    pg_dump breaks circles by views that yield nothing at first: where the second half failed, what
    is there says nothing about the view.
    """
    name = identity.partition("(")[0].rpartition(".")[2].strip('"')
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return any(word.search(statement) for statement in built.failed)


def in_doubt(places: Iterable[Difference]) -> bool:
    """Whether two declarations may say the same in words that are not known to be alike."""
    gone: set[str] = set()
    new: set[str] = set()
    for one in places:
        if one.key and one.key[-1] in DEPARSED and one.before and one.after:
            return True
        if one.part in _KNOWN_BY_WORDS and not one.key:
            (new if one.before is None else gone).add(one.part)
    return bool(gone & new)


def _in_words_of(own: Any, built: Any, key: str = "") -> Any:
    if isinstance(own, dict) and isinstance(built, dict):
        return {name: _in_words_of(one, built.get(name), name) for name, one in own.items()}
    spelled = key in DEPARSED and isinstance(own, str) and isinstance(built, str)
    return built if spelled else own
