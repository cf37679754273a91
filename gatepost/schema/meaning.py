"""What do two declarations of one object say, when all that means nothing is taken out?

Names that a server may have invented, the order of columns, tablespaces, the order of lists that
are sets, a unique index in the place of a unique constraint, and the spelling of deparsed texts and
of storage parameters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gatepost.schema import icu_locale, spelling, storage_parameters, telling
from gatepost.schema.mending.statements import RELATIONS
from gatepost.schema.telling import SINGULAR, Difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.schema.declarations import Object

Attributes = dict[str, Any]

# What a server deparsed, and may spell otherwise after a restore or in another version.
DEPARSED = frozenset(
    {"definition", "default", "generated", "bound", "query", "statements", "using", "with check"}
    | {"partitioned by", "arguments", "index", "where"}
)
# Lists whose order says nothing.  They come sorted, but by the collation of the database.
SETS = frozenset({"options", "toast options", "foreign options", "settings", "roles", "tags"})
# What subscriptions have been told since PostgreSQL 16.
_LATER = ("run as owner",)
# Where a name may be the server's own invention; elsewhere somebody gave it, and it counts:
# triggers fire in the order of their names.
_NAMED_BY_SERVER = ("constraints", "indexes")
_NAMED_BY_PEOPLE = ("triggers", "rules", "policies")
_WITH_PARAMETERS = ("columns", "constraints", "indexes")
# What has such parts.  Elsewhere the words mean something else: a collation has rules.
HOLDERS = RELATIONS | {"domain"}
# A trigger's and a rule's definition begins with its name.
_NAMED = re.compile(r'^(CREATE (?:CONSTRAINT )?(?:TRIGGER|RULE)) (?:"(?:[^"]|"")+"|\S+)')

# Where data lie is the affair of each server; and pg_dump, which keeps the statistics targets of an
# index's expressions, forgets those of an exclusion constraint's.  Nor does it say which of two
# unique indexes a foreign key leans on: the restore takes the first that it finds.
_SET_ASIDE = {"constraints": ("tablespace", "statistics targets", "backing index")}


@dataclass(frozen=True)
class Aligned:
    """Two declarations in the words of the first, and what was said otherwise without meaning."""

    was: Attributes
    now: Attributes
    notes: tuple[str, ...]


def aligned(before: Object, after: Object, *, strict: bool) -> Aligned:
    """Return both declarations without what differs and does not matter, which the notes tell.

    :param strict: another name of the same constraint or index matters.
    """
    was, now = _copied(before.attributes), _copied(after.attributes)
    notes = _order_noted(was.pop("order", []), now.pop("order", []))
    notes += _not_null_names_noted(was, now)
    notes += _hidden_noted(was, now)
    notes += _streaming_noted(was, now)
    notes += _later_options_noted(was, now)
    if before.kind in HOLDERS:
        was, now = map(_parameters_settled, (was, now))
        notes += _parts_aligned(was, now, strict=strict)
        was, now = _without_index(was), _without_index(now)
    notes += _set_aside_noted(before, was, now)
    now = _respelled(was, icu_locale.respelled(was, now))
    return Aligned(was, now, tuple(f"{before.identity}: {note}" for note in notes))


def _parts_aligned(was: Attributes, now: Attributes, *, strict: bool) -> list[str]:
    notes = []
    for part in (*_NAMED_BY_SERVER, *_NAMED_BY_PEOPLE):
        renamed = _renamed(part, was.setdefault(part, {}), now.setdefault(part, {}))
        counts = strict or part in _NAMED_BY_PEOPLE
        notes += [] if counts else [_name_noted(part, *names) for names in renamed]
        for name, other in renamed if counts else ():
            was[part][name] |= {"name": name}
            now[part][name] |= {"name": other}
    notes += _unique_either_way(was, now, "before", "after")
    return notes + _unique_either_way(now, was, "after", "before")


def _copied(attributes: Attributes) -> Attributes:
    """Return a copy that may be changed, as deep as parts have attributes."""
    return {
        key: {name: dict(one) if isinstance(one, dict) else one for name, one in value.items()}
        if isinstance(value, dict)
        else value
        for key, value in attributes.items()
    }


def _parameters_settled(attributes: Attributes) -> Attributes:
    """Return a relation with its own storage parameters and its parts' in one spelling."""
    parts = {
        part: {name: storage_parameters.settled(one) for name, one in attributes[part].items()}
        for part in _WITH_PARAMETERS
        if part in attributes
    }
    return storage_parameters.settled(attributes) | parts


def _order_noted(was: list[str], now: list[str]) -> list[str]:
    shared = [name for name in was if name in set(now)]
    if shared == [name for name in now if name in set(was)]:
        return []
    return [f"columns in the order {', '.join(was)} before, {', '.join(now)} after"]


def _set_aside_noted(one: Object, was: Attributes, now: Attributes) -> list[str]:
    """Take out what an honest move need not keep, or pg_dump leaves behind."""
    notes = []
    for part, name, here, there in _places(was, now):
        for key in _SET_ASIDE.get(part, ("tablespace",)):
            before, after = _flat(here.pop(key, None)), _flat(there.pop(key, None))
            if before != after:
                place = Difference(one.identity, one.kind, part, name, (key,), before, after)
                notes.append(telling.sentence(place).removeprefix(f"{one.identity}: "))
    return notes


def _flat(value: Any) -> Any:
    """Return a mapping as one text."""
    told = value.items() if isinstance(value, dict) else ()
    return ", ".join(f"{key}: {one}" for key, one in told) if told else value


def _not_null_names_noted(was: Attributes, now: Attributes) -> list[str]:
    """Take the names of NOT NULL constraints out: only PostgreSQL 18 and later have any."""
    notes = []
    ours, theirs = was.get("columns", {}), now.get("columns", {})
    for column in (column for column in ours if column in theirs):
        before = ours[column].pop("not null name", "")
        after = theirs[column].pop("not null name", "")
        if before != after:
            names = f"{before or 'no name'} before, {after or 'no name'} after"
            notes.append(f"NOT NULL of {column}: {names}")
    return notes


def _later_options_noted(was: Attributes, now: Attributes) -> list[str]:
    """Take out what only one of two versions knows, so that there is nothing to compare it with."""
    notes = []
    for key in (key for key in _LATER if (key in was) != (key in now)):
        side = "before" if key in was else "after"
        value = "yes" if was.pop(key, now.pop(key, None)) else "no"
        notes.append(f"{key}: {value} {side}, unknown to the other version")
    return notes


def _hidden_noted(was: Attributes, now: Attributes) -> list[str]:
    """Take the options of a user mapping out where one side does not tell them to this role."""
    sides = [word for word, one in (("before", was), ("after", now)) if one.pop("hidden", "")]
    if sides:
        was.pop("options", None)
        now.pop("options", None)
    return [f"options are hidden from this role {side}, and not compared" for side in sides]


def _streaming_noted(was: Attributes, now: Attributes) -> list[str]:
    """Take a subscription's streaming out where one side says nothing of it, and so has it off.

    That was the default up to PostgreSQL 17, which a dump leaves out; from 18 on it is parallel.
    """
    told = was.get("streaming"), now.get("streaming")
    if None not in told or "on" in told:
        return []
    was.pop("streaming", None)
    now.pop("streaming", None)
    if "parallel" not in told:
        return []
    before, after = (one or "off" for one in told)
    return [f"streaming, by the version's default: {before} before, {after} after"]


def _places(was: Attributes, now: Attributes) -> Iterator[tuple[str, str, Attributes, Attributes]]:
    """Yield the object as a whole, then every constraint and index that both sides have."""
    yield "", "", was, now
    for part in _NAMED_BY_SERVER:
        ours, theirs = was.get(part, {}), now.get(part, {})
        for name in ours:
            if name in theirs:
                yield part, name, ours[name], theirs[name]


def _name_noted(part: str, name: str, other: str) -> str:
    return f"{SINGULAR[part]} {name} is named {other} after"


def _renamed(part: str, was: Attributes, now: Attributes) -> list[tuple[str, str]]:
    """Give what says the same on both sides, under two names, the name it had before.

    A name that both sides have for different things is kept, unless what it names after is found
    under another name before: the server numbers its names in the order of creation.
    """
    found = list(_same_under_two_names(part, was, now))
    taken = {other for _, other in found}
    found = [(name, other) for name, other in found if name not in now or name in taken]
    moved = {name: now[other] for name, other in found}
    for _, other in found:
        now.pop(other, None)
    for name, one in moved.items():
        now[name] = one
        if part in ("triggers", "rules"):
            now[name]["definition"] = was[name]["definition"]
    return found


def _same_under_two_names(part: str, was: Attributes, now: Attributes) -> Iterator[tuple[str, str]]:
    """Yield what is meant by one name before and by another after, each at most once."""
    ours = {name: _meaning(part, one) for name, one in was.items()}
    theirs = {name: _meaning(part, one) for name, one in now.items()}
    for name in was:
        if name in theirs and _alike(ours[name], theirs[name]):
            del ours[name], theirs[name]
    for name, meaning in ours.items():
        other = next((other for other, its in theirs.items() if _alike(meaning, its)), None)
        if other is not None:
            del theirs[other]
            yield name, other


def _meaning(part: str, one: Attributes) -> tuple[str, ...]:
    """Return what a constraint, index, trigger, rule or policy says, whatever its name."""
    if part == "policies":
        return tuple(f"{one.get(key)}" for key in _POLICY)
    definition = one.get("definition", "")
    return (_NAMED.sub(r"\1", definition) if part in ("triggers", "rules") else definition,)


_POLICY = ("command", "permissive", "roles", "using", "with check")


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return one == other or all(map(spelling.alike, one, other))


def _unique_either_way(one: Attributes, other: Attributes, side: str, far: str) -> list[str]:
    """Take out a unique constraint where the other side has a unique index of the same meaning."""
    notes = []
    for name in [name for name in one["constraints"] if name not in other["constraints"]]:
        constraint = one["constraints"][name]
        for index in [index for index in other["indexes"] if index not in one["indexes"]]:
            found = other["indexes"][index]
            same = found.get("definition") == f"unique {constraint.get('index')}"
            same = same and _beside_uniqueness(constraint) == _beside_uniqueness(found)
            if same and all(each.get(word) for each in (found, constraint) for word in _SOUND):
                del one["constraints"][name], other["indexes"][index]
                notes.append(f"{name} is a unique constraint {side}, {index} a unique index {far}")
                break
    return notes


_SOUND = ("valid", "ready")


def _beside_uniqueness(one: Attributes) -> list[Any]:
    """Return what else is said of a unique constraint's index, or of a unique index."""
    said = one.get("comment"), one.get("comment of the index")
    return [one.get(key) for key in ("clustered", "replica identity", "statistics targets")] + [
        comment for comment in said if comment
    ]


def _without_index(attributes: Attributes) -> Attributes:
    """Return the attributes without what only served to recognise a unique index."""
    constraints = {
        name: {key: value for key, value in constraint.items() if key != "index"}
        for name, constraint in attributes["constraints"].items()
    }
    return attributes | {"constraints": constraints}


def _respelled(was: Attributes, now: Attributes) -> Attributes:
    """Return ``now`` in the words of ``was`` wherever the two say the same."""
    return {key: _reworded(key, was.get(key), value) for key, value in now.items()}


def _reworded(key: str, was: Any, now: Any) -> Any:
    if was == now:
        return was
    if isinstance(was, dict) and isinstance(now, dict):
        return _respelled(was, now)
    if key in SETS and isinstance(was, list) and isinstance(now, list):
        return was if sorted(map(str, was)) == sorted(map(str, now)) else now
    if key in DEPARSED and isinstance(was, str) and isinstance(now, str):
        return was if spelling.alike(was, now) else now
    return now
