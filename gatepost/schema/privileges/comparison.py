"""In what do the rights of two sides differ, one subject after another?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from gatepost.names import dotted
from gatepost.schema.declarations import Object
from gatepost.schema.declared import Privileges
from gatepost.schema.privileges import grants, rights, roles
from gatepost.schema.privileges.terms import (
    DATABASE,
    DEFAULTS,
    LARGE_OBJECTS,
    ROLE,
    SERVER,
    Terms,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.schema.differences import Differences

ROLES = "roles"

Named = dict[str, Object]


@dataclass(frozen=True)
class Comparison:
    """The rights of two sides, which are gone through once for all subjects.

    :param before: from `privileges.read`, as is ``after``.
    """

    before: tuple[Object, ...]
    after: tuple[Object, ...]
    declared: Privileges

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects of the check: each schema of either side, and what is in none."""
        schemas = (f"schema {dotted(name)}" for name in sorted(self._terms.schemas))
        return (DATABASE, ROLES, DEFAULTS, *schemas)

    def of(self, subject: str) -> Differences:
        """Return how owners, grants, default privileges or roles differ between the two sides.

        What only one side has is for `schema` to tell.  One cause is one line, with the number of
        objects that it touched and what would mend it.

        :param subject: one of ``subjects``.
        """
        terms = self._terms
        if subject == ROLES:
            return roles.compare(terms)
        was, now = (side.get(subject, {}) for side in self._by_subject)
        changes = [one for pair in _pairs(was, now, terms) for one in grants.changes(*pair, terms)]
        if subject != DATABASE:
            return rights.told(changes, subject)
        told = rights.told([*changes, *grants.large_objects(terms)], subject)
        return replace(told, notes=(*told.notes, *grants.not_known(terms)))

    @cached_property
    def _terms(self) -> Terms:
        return Terms.of(self.before, self.after, self.declared)

    @cached_property
    def _by_subject(self) -> tuple[dict[str, Named], dict[str, Named]]:
        """What each subject is about, by identity, of either side."""
        schemas = self._terms.schemas
        return _sorted_in(self.before, schemas), _sorted_in(self.after, schemas)


def _sorted_in(side: tuple[Object, ...], schemas: frozenset[str]) -> dict[str, Named]:
    found: dict[str, Named] = defaultdict(dict)
    for one in side:
        if one.kind not in (ROLE, SERVER, LARGE_OBJECTS):
            found[_subject(one, schemas)][one.identity] = one
    return found


def _subject(one: Object, schemas: frozenset[str]) -> str:
    if one.kind == DEFAULTS:
        return DEFAULTS
    schema = one.attributes["name" if one.kind == "schema" else "schema"]
    return f"schema {dotted(schema)}" if schema in schemas else DATABASE


def _pairs(was: Named, now: Named, terms: Terms) -> Iterator[tuple[Object, Object]]:
    """Yield what both sides have; for a list of grants that only one has, what it was made with."""
    renamed = {terms.identity_after(one): one for one in was.values()}
    for identity in sorted(renamed.keys() | now.keys()):
        one, other = renamed.get(identity), now.get(identity)
        if one is None and other is not None:
            one = terms.untouched(other, "before")
        elif other is None and one is not None:
            other = terms.untouched(one, "after")
        if one is not None and other is not None:
            yield one, other
