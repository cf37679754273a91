"""Are the roles that a database uses what they were, and members of what they were?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gatepost.names import dotted
from gatepost.schema.differences import Detail, Differences
from gatepost.schema.mending import Remedy
from gatepost.schema.privileges.rights import listed, quoted
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.schema.privileges.terms import Terms

Attributes = dict[str, Any]

# SQL's own words for an attribute that a role has; without it, with `no` in front.
_WORDS = (
    *("superuser", "inherit", "createrole", "createdb"),
    *("login", "replication", "bypassrls"),
)
_MEMBER_OF = "member of"
_OPTIONS = ("admin", "inherit", "set")
# What a role is made a member of with, by itself, of every role that it makes: since 16.
_MAKER = {"admin": True, "inherit": False, "set": False}
_SINCE_16 = 160000
# The roles that the server made begin like this, and nobody else's may.
_SERVERS_OWN = "pg_"
_NO_LIMIT = -1
_NO_PASSWORD = "none"  # noqa: S105 - says that there is none


@dataclass(frozen=True)
class _Change:
    """What differs of a role: said once for all roles of which the same is to be said.

    :param text: goes on behind the roles' names.
    :param mend: statements with `{}` for a role's name.
    :param hint: where none would do.
    """

    text: str
    mend: tuple[str, ...] = ()
    hint: str = ""
    noted: bool = False


def compare(terms: Terms) -> Differences:
    """Return how roles, their attributes and their memberships differ.

    Of roles that neither database uses, it is a note: they may be another database's.
    """
    caused: dict[_Change, list[str]] = defaultdict(list)
    were = {terms.name(name): role for name, role in terms.before.roles.items()}
    for name in sorted(were.keys() | terms.after.roles.keys()):
        for change in _changes(name, were.get(name), terms):
            caused[change].append(name)
    found = {change: names for change, names in caused.items() if not change.noted}
    noted = {change: names for change, names in caused.items() if change.noted}
    return Differences(
        tuple(_line(change, names) for change, names in found.items()),
        tuple(_line(change, names) for change, names in noted.items()),
        tuple(Detail((), _remedy(change, names)) for change, names in found.items()),
    )


def _changes(name: str, was: Attributes | None, terms: Terms) -> Iterator[_Change]:
    now = terms.after.roles.get(name)
    idle = name not in terms.used
    if now is None and was is not None:
        yield _gone(name, was, terms, idle=idle)
        return
    if was is None and now is not None:
        yield _new(name, now, terms, idle=idle)
        return
    assert was is not None  # it is a role of one of the two sides
    assert now is not None
    if not (was.get("first") and now.get("first")):  # may do anything, whatever is written down
        yield from (_noted(one, idle) for one in _attributes(was, now))
        yield from (_noted(one, idle) for one in _password(was, now))
    yield from _memberships(name, was, now, terms)


def _noted(change: _Change, idle: bool) -> _Change:
    return replace(change, noted=change.noted or idle)


def _gone(name: str, was: Attributes, terms: Terms, *, idle: bool) -> _Change:
    if idle:
        return _Change("only before, and nothing here is theirs or granted to them", noted=True)
    declared = terms.declared
    noted = declared.owners == "note" and (declared.grants == "note" or not _granted(name, terms))
    usual = {word: word == "inherit" for word in _WORDS}
    words = [_word(word, was) for word in _WORDS if was[word] != usual[word]]
    return _Change("missing after", (" ".join(["create role {}", *words]),), noted=noted)


def _granted(name: str, terms: Terms) -> bool:
    """Whether a role was more than the owner of something."""
    facts = terms.before
    roles = {role for role in facts.roles if terms.name(role) == name}
    grantees = {
        grantee
        for one in facts.objects.values()
        for grantee, *_ in one.attributes.get("grants", ())
    }
    members = any(facts.roles[role].get(_MEMBER_OF) for role in roles)
    return members or not roles.isdisjoint(grantees)


def _new(name: str, now: Attributes, terms: Terms, *, idle: bool) -> _Change:
    joined = [role for role in now.get(_MEMBER_OF, ()) if _counts(role, terms)]
    if idle or not joined:
        # What it owns or was granted is told of each object.
        return _Change("only after", noted=True)
    revoked = tuple(f"revoke {quoted(role)} from {{}}" for role in sorted(joined))
    text = f"only after, a member of {', '.join(map(dotted, sorted(joined)))}"
    noted = terms.visitor(name) or terms.declared.grants == "note"
    return _Change(text, revoked, noted=noted)


def _attributes(was: Attributes, now: Attributes) -> Iterator[_Change]:
    for word in _WORDS:
        if was[word] != now[word]:
            had, has = _word(word, was), _word(word, now)
            yield _Change(f"{had} before, {has} after", (f"alter role {{}} {had}",))
    key = "connection limit"
    if was[key] != now[key]:
        had, has = ("none" if one[key] == _NO_LIMIT else one[key] for one in (was, now))
        mend = f"alter role {{}} connection limit {was[key]}"
        yield _Change(f"{key} {had} before, {has} after", (mend,))
    key = "valid until"
    if was.get(key) != now.get(key):
        had, has = (one.get(key, "for ever") for one in (was, now))
        mend = f"alter role {{}} valid until '{was.get(key, 'infinity')}'"
        yield _Change(f"valid until {had} before, {has} after", (mend,))


def _word(word: str, role: Attributes) -> str:
    return word if role[word] else f"no{word}"


def _password(was: Attributes, now: Attributes) -> Iterator[_Change]:
    had, has = was.get("password"), now.get("password")
    if not had or not has or had == has:  # a side that could not be asked says nothing
        return
    if has == _NO_PASSWORD:
        hint = "give it one: \\password in psql asks for it and sends no clear text"
        yield _Change("with a password before, without one after", hint=hint)
    elif had == _NO_PASSWORD:
        yield _Change("without a password before, with one after", noted=True)
    else:
        yield _Change(f"password kept as {had} before, as {has} after", noted=True)


def _memberships(name: str, was: Attributes, now: Attributes, terms: Terms) -> Iterator[_Change]:
    had = {terms.name(role): options for role, options in was.get(_MEMBER_OF, {}).items()}
    has = now.get(_MEMBER_OF, {})
    for role in sorted(had.keys() | has.keys()):
        if had.get(role) == has.get(role):
            continue
        noted = (
            not (name in terms.used and _counts(role, terms))
            or terms.declared.grants == "note"
            or _of_a_maker(had.get(role), has.get(role), terms)
        )
        text, mend = _membership(role, had.get(role), has.get(role))
        yield _Change(text, (mend,), noted=noted)


def _counts(role: str, terms: Terms) -> bool:
    """Whether to be a member of a role is of weight here: the server's own let their members in."""
    return role in terms.used or role.startswith(_SERVERS_OWN)


def _of_a_maker(had: Attributes | None, has: Attributes | None, terms: Terms) -> bool:
    """Whether only one server writes down by itself that whoever made a role may hand it on."""
    since = [facts.server["version"] >= _SINCE_16 for facts in (terms.before, terms.after)]
    return since[0] != since[1] and (had, has) in ((None, _MAKER), (_MAKER, None))


def _membership(role: str, had: Attributes | None, has: Attributes | None) -> tuple[str, str]:
    shown = dotted(role)
    if had is None:
        return f"a member of {shown} only after", f"revoke {quoted(role)} from {{}}"
    if has is None:
        return f"a member of {shown} before, not after", _grant(role, had)
    other = [option for option in _OPTIONS if had[option] != has[option]]
    words = [
        ", ".join(f"{option} {'true' if side[option] else 'false'}" for option in other)
        for side in (had, has)
    ]
    mend = f"grant {quoted(role)} to {{}} with {words[0]}"
    return f"as a member of {shown}: {words[0]} before, {words[1]} after", mend


def _grant(role: str, options: Attributes) -> str:
    admin = " with admin option" if options["admin"] else ""
    return f"grant {quoted(role)} to {{}}{admin}"


def _line(change: _Change, names: list[str]) -> str:
    shown = [dotted(name) for name in names]
    subject = (
        f"role {shown[0]}"
        if len(names) == 1
        else f"{counted(len(names), 'role')} ({listed(shown, len(names))})"
    )
    return f"{subject}: {change.text}"


def _remedy(change: _Change, names: list[str]) -> Remedy:
    statements = [mend.replace("{}", quoted(name)) for name in names for mend in change.mend]
    return Remedy(tuple(statements), change.hint)
