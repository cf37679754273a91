"""In what do owner and grants of one object differ?"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

from gatepost.schema.declarations import Object
from gatepost.schema.privileges.terms import (
    COLUMN,
    DATABASE,
    LARGE_OBJECTS,
    LOCAL,
    OWNER,
    PARAMETER,
    PUBLIC,
)
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.schema.privileges.terms import Facts, Terms

What = Literal["gained", "gone", "option", "grantor", "owner"]
# Whose right, and to what; and whether it may be handed on, and who granted it.
Key = tuple[str, str]
Right = tuple[bool, frozenset[str]]
# Of many large objects, those that a change carries by number; the others are counted.
NAMED = 20
# Whose owners no dump restores: they are whoever ran CREATE EXTENSION.
_EXTENSION = "extension"


@dataclass(frozen=True, order=True)
class Cause:
    """What many objects may have in common.

    :param role: by its name after; PUBLIC and OWNER are such names too.
    :param was: for an owner the one before, for a grantor who it was; else, whether what was held
        could be handed on, `yes` or `no`.
    :param noted: the project, or the matter itself, says that this is no finding.
    """

    what: What
    role: str = OWNER
    privileges: tuple[str, ...] = ()
    was: str = ""
    now: str = ""
    noted: bool = False


@dataclass(frozen=True)
class Change:
    """Something that differs, and of what; of very many large objects only some are named."""

    cause: Cause
    objects: tuple[Object, ...]
    number: int = 1


def changes(was: Object, now: Object, terms: Terms) -> Iterator[Change]:
    """Yield how owner and grants of one object differ."""
    for cause in _causes(was, now, terms):
        yield Change(cause, (now,))


def large_objects(terms: Terms) -> Iterator[Change]:
    """Yield how owner and grants of large objects differ, those that are alike as one."""
    sides = (
        [one for one in facts.objects.values() if one.kind == LARGE_OBJECTS]
        for facts in (terms.before, terms.after)
    )
    for was, now in product(*sides):
        causes = _causes(was, now, terms)
        if causes and (both := _oids(was) & _oids(now)):
            owner = now.attributes["owner"]
            named = tuple(_large_object(oid, owner) for oid in heapq.nsmallest(NAMED, both))
            yield from (Change(cause, named, len(both)) for cause in causes)


def not_known(terms: Terms) -> tuple[str, ...]:
    """Return what was granted that the other server has no word for."""
    notes = []
    for label, facts, other in (
        ("before", terms.before, terms.after),
        ("after", terms.after, terms.before),
    ):
        found = [
            (one, privilege, grantee)
            for one in facts.objects.values()
            for grantee, privilege, *_ in one.attributes.get("grants", ())
            if grantee != OWNER and _no_word_for(one, privilege, terms, other)
        ]
        for privilege in sorted({privilege for _, privilege, _ in found}):
            objects = {one.identity for one, word, _ in found if word == privilege}
            roles = sorted({grantee for _, word, grantee in found if word == privilege})
            notes.append(
                f"{privilege}, which the other server cannot grant, was not compared: {label} it is"
                f" granted to {', '.join(roles)} on {counted(len(objects), 'object')}"
            )
    return tuple(notes)


def _no_word_for(one: Object, privilege: str, terms: Terms, other: Facts) -> bool:
    return privilege in terms.unknown or (one.kind == PARAMETER and not other.server["parameters"])


def _causes(was: Object, now: Object, terms: Terms) -> list[Cause]:
    return [*_owners(was, now, terms), *_grants(was, now, terms)]


def _owners(was: Object, now: Object, terms: Terms) -> Iterator[Cause]:
    before, after = was.attributes["owner"], now.attributes["owner"]
    # Made by the server or an extension; and default privileges are a role's, not owned by it.
    if "initial" in was.attributes or "initial" in now.attributes:
        return
    if terms.same_owner(before, after):
        return
    noted = (
        terms.declared.owners == "note"
        or now.kind == _EXTENSION
        or (now.identity == "schema public" and terms.of_the_schema_public(before, after))
    )
    yield Cause("owner", was=terms.name(before), now=after, noted=noted)


def _grants(was: Object, now: Object, terms: Terms) -> Iterator[Cause]:
    owners = {terms.name(was.attributes["owner"]), now.attributes["owner"]}
    before = _rights(was.attributes.get("grants", ()), owners, terms, before=True)
    after = _rights(now.attributes.get("grants", ()), owners, terms, before=False)
    if "initial" in was.attributes and "initial" in now.attributes:
        before = _rebased(before, was, now, owners, terms)
    if before == after:
        return
    keys = before.keys() | after.keys()
    # Two owners' own rights are no more alike than the two are; of a column, no owner needs any.
    if len(owners) > 1 or now.kind == COLUMN:
        keys = {key for key in keys if key[0] != OWNER}
    told: dict[tuple[What, str, str, str], list[str]] = defaultdict(list)
    for role, privilege in sorted(keys):
        for what, had, has in _told(before.get((role, privilege)), after.get((role, privilege))):
            told[what, role, had, has].append(privilege)
    for (what, role, had, has), privileges in told.items():
        noted = what == "grantor" or _noted(what, role, now, terms)
        noted = noted or (what == "gained" and _lives_here(role, privileges, now, terms))
        yield Cause(what, role, tuple(privileges), had, has, noted=noted)


def _noted(what: What, role: str, one: Object, terms: Terms) -> bool:
    others = one.kind == PARAMETER and role not in terms.used and role != PUBLIC
    visit = what in ("gained", "option") and terms.visitor(role)
    return terms.declared.grants == "note" or others or visit


def _lives_here(role: str, privileges: list[str], one: Object, terms: Terms) -> bool:
    """Whether it is a matter of the server after alone: who of its own may come to the database."""
    local = role not in (OWNER, PUBLIC) and role not in terms.known_before
    return one.kind == DATABASE and local and LOCAL.issuperset(privileges)


def _rights(
    grants: Iterable[list[Any]], owners: set[str], terms: Terms, *, before: bool
) -> dict[Key, Right]:
    """Return who may do what, by the names after.

    What either owner was granted by name is an owner's right: where another role became the owner,
    a grant to it is spent, and one to the owner that was makes up for what it lost.
    """

    def named(role: str) -> str:
        known = terms.name(role) if before else role
        return OWNER if known in owners else known

    found: dict[Key, Right] = {}
    for grantee, privilege, grantable, grantor in grants:
        if privilege in terms.unknown:
            continue
        key = (named(grantee), privilege)
        held, grantors = found.get(key, (False, frozenset[str]()))
        handed_on = bool(grantable) and key[0] != OWNER
        found[key] = (held or handed_on, grantors | {named(grantor)})
    return found


def _rebased(
    rights: dict[Key, Right], was: Object, now: Object, owners: set[str], terms: Terms
) -> dict[Key, Right]:
    """Return the rights before as they would be on an object made as the one after was.

    Another version of the server or of an extension may make it with other grants, which is none of
    the migration's doing: only what was changed since counts.
    """
    made = _rights(was.attributes["initial"], owners, terms, before=True)
    makes = _rights(now.attributes["initial"], owners, terms, before=False)
    taken = made.keys() - rights.keys()
    kept = {key: rights.get(key, right) for key, right in makes.items() if key not in taken}
    return kept | {key: right for key, right in rights.items() if key not in made}


def _told(was: Right | None, now: Right | None) -> Iterator[tuple[What, str, str]]:
    had, has = ("yes" if right and right[0] else "no" for right in (was, now))
    if was is None or now is None:
        yield ("gained", "", has) if was is None else ("gone", had, "")
        return
    if had != has:
        yield "option", had, has
    if was[1] != now[1]:
        had, has = (", ".join(one or "the owner" for one in sorted(by)) for by in (was[1], now[1]))
        yield "grantor", had, has


def _oids(group: Object) -> frozenset[int]:
    found: set[int] = set()
    for piece in group.attributes["oids"].split():
        first, _, last = piece.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def _large_object(oid: int, owner: str) -> Object:
    named = {"schema": "", "name": str(oid), "arguments": "", "owner": owner}
    return Object(f"large object {oid}", "large object", named)
