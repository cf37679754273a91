"""In what do two declarations of one object differ?  The one door to deepdiff.

Whether they differ is decided by `==` alone; deepdiff is asked only to point at the place, since
it takes seconds where `==` takes none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deepdiff import DeepDiff

from gatepost.schema import spelling
from gatepost.schema.declarations import PARTS

if TYPE_CHECKING:
    from gatepost.schema.declarations import Object

# What a server deparsed, and may spell otherwise after a restore or in another version.
DEPARSED = frozenset(
    {"definition", "default", "generated", "bound", "query", "statements", "using", "with check"}
    | {"partitioned by", "arguments", "index"}
)
# Attributes that are told by a word for yes and one for no.  Some are only written down where they
# are not what they usually are, so that one side may have none.
WORDS = {
    "nullable": ("nullable", "not null"),
    "valid": ("valid", "invalid"),
    "ready": ("ready", "not ready"),
    "validated": ("validated", "not validated"),
    "enforced": ("enforced", "not enforced"),
    "populated": ("populated", "not populated"),
    "row security": ("row security on", "row security off"),
    "row security forced": ("row security forced", "row security not forced"),
    "strict": ("strict", "not strict"),
    "security definer": ("security definer", "security invoker"),
    "leakproof": ("leakproof", "not leakproof"),
    "permissive": ("permissive", "restrictive"),
    "cycle": ("cycles", "does not cycle"),
    "clustered": ("clustered", "not clustered"),
    "local": ("declared here", "inherited"),
    "not null validated": ("NOT NULL validated", "NOT NULL not validated"),
    "not null inherited": ("NOT NULL inherited", "NOT NULL not inherited"),
}
# What an attribute is where nothing is written down; elsewhere, none.
USUAL = {
    "collation": "the type's own",
    "storage": "the type's own",
    "compression": "the server's",
    "tablespace": "the database's",
    "statistics target": "the server's",
}
# Attributes whose value needs no name in front of it.
BARE = frozenset({"definition", "type", "enabled", "volatility"})
# Texts longer than this are shown around their first difference.
SHOWN = 80

_SINGULAR = {part: part[:-1] for part in PARTS} | {"indexes": "index", "policies": "policy"}
# Where a name may be the server's own invention, so that a declaration is known by what it says.
_KNOWN_BY_MEANING = ("constraints", "indexes")

Attributes = dict[str, Any]


@dataclass(frozen=True)
class Differences:
    """What differs and matters, and what differs and does not; each a line about its place."""

    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def compare(before: Object | None, after: Object | None) -> Differences:
    """Return how the object differs between the two sides; None stands for a side without it.

    A note is no finding: another order of columns, another name for the same constraint or index,
    a unique index instead of a unique constraint.

    :raises ValueError: neither side has it.
    """
    if before is None or after is None:
        return _on_one_side(before, after)
    identity = before.identity
    if before.kind != after.kind:
        return Differences((f"{identity}: {before.kind} before, {after.kind} after",))
    if before.attributes == after.attributes:
        return Differences()
    was, now, notes = _aligned(before.attributes, after.attributes)
    noted = tuple(f"{identity}: {note}" for note in notes)
    if was == now:
        return Differences((), noted)
    return Differences(_explained(identity, was, now), noted)


def _on_one_side(before: Object | None, after: Object | None) -> Differences:
    if before is not None:
        return Differences((f"{before.identity}: missing after",))
    if after is not None:
        return Differences((f"{after.identity}: only after",))
    raise ValueError("an object that is on neither side cannot be compared")


def _aligned(before: Attributes, after: Attributes) -> tuple[Attributes, Attributes, list[str]]:
    """Return both declarations without what differs and does not matter, which the notes tell."""
    was, now = dict(before), dict(after)
    notes = _order_noted(was.pop("order", []), now.pop("order", []))
    for part in _KNOWN_BY_MEANING:
        was[part], now[part] = dict(was.get(part, {})), dict(now.get(part, {}))
        notes += _renamed(_SINGULAR[part], was[part], now[part])
    notes += _unique_either_way(was, now, "before", "after")
    notes += _unique_either_way(now, was, "after", "before")
    return _without_index(was), _without_index(_respelled(was, now)), notes


def _order_noted(was: list[str], now: list[str]) -> list[str]:
    shared = [name for name in was if name in set(now)]
    if shared == [name for name in now if name in set(was)]:
        return []
    return [f"columns in the order {', '.join(was)} before, {', '.join(now)} after"]


def _renamed(what: str, was: Attributes, now: Attributes) -> list[str]:
    """Give what says the same on both sides, under two names, the name it had before."""
    notes = []
    for name in [name for name in was if name not in now]:
        for other in [other for other in now if other not in was]:
            if spelling.alike(was[name]["definition"], now[other]["definition"]):
                now[name] = now.pop(other)
                notes.append(f"{what} {name} is named {other} after")
                break
    return notes


def _unique_either_way(one: Attributes, other: Attributes, side: str, far: str) -> list[str]:
    """Take out a unique constraint where the other side has a unique index of the same meaning."""
    notes = []
    for name in [name for name in one["constraints"] if name not in other["constraints"]]:
        constraint = one["constraints"][name]
        for index in [index for index in other["indexes"] if index not in one["indexes"]]:
            found = other["indexes"][index]
            same = found["definition"] == f"unique {constraint.get('index')}"
            if same and (found["valid"], found["ready"]) == (True, True) and constraint["valid"]:
                del one["constraints"][name], other["indexes"][index]
                notes.append(f"{name} is a unique constraint {side}, {index} a unique index {far}")
                break
    return notes


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
    if isinstance(was, dict) and isinstance(now, dict):
        return _respelled(was, now)
    if key in DEPARSED and isinstance(was, str) and spelling.alike(was, now):
        return was
    return now


def _explained(identity: str, was: Attributes, now: Attributes) -> tuple[str, ...]:
    found = DeepDiff(_leaves(was), _leaves(now), view="tree", verbose_level=2)
    paths = sorted(
        {
            tuple(map(str, level.path(output_format="list")))
            for kind in found.values()
            for level in kind
        }
    )
    told = [line for path in paths for line in _told(identity, path, was, now)]
    # deepdiff may find nothing to say; that the two differ is decided.
    return tuple(told) or (f"{identity}: declared otherwise after",)


def _leaves(attributes: Any) -> Any:
    """Return the attributes with every list as one text: a list is told whole."""
    if isinstance(attributes, dict):
        return {key: _leaves(value) for key, value in attributes.items()}
    return json.dumps(attributes) if isinstance(attributes, list) else attributes


def _told(identity: str, path: tuple[str, ...], was: Attributes, now: Attributes) -> list[str]:
    """Return the sentences about one place: of a whole group, one for each name in it."""
    before, after = _at(was, path), _at(now, path)
    subject, key = _subject(identity, path)
    grouped = isinstance(before, dict) or isinstance(after, dict)
    if grouped and (key or len(path) == 1):
        names = sorted({*(before or {}), *(after or {})})
        return [line for name in names for line in _told(identity, (*path, name), was, now)]
    if not key:
        return [f"{subject} {'gone' if after is None else 'only after'}"]
    return [f"{subject}: {_values(key, before, after)}"]


def _at(attributes: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        attributes = attributes.get(key) if isinstance(attributes, dict) else None
    return attributes


def _subject(identity: str, path: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return what a place is about, and which attribute of it: none for the thing itself."""
    if path[0] not in _SINGULAR or len(path) == 1:
        return identity, path
    part, name, *key = path
    if part == "columns" and key:
        return f"{identity}.{name}", tuple(key)
    return f"{identity}: {_SINGULAR[part]} {name}", tuple(key)


def _values(key: tuple[str, ...], before: Any, after: Any) -> str:
    last = key[-1]
    if last in WORDS:
        yes, no = WORDS[last]
        held = before if before is not None else not after
        return f"{yes if held else no} before, {no if held else yes} after"
    if key[0] == "triggers":
        # only those that do not fire as they should are written down
        before, after = before or "enabled", after or "enabled"
        key = ("triggers on", *key[1:])
    label = "" if last in BARE else f"{' '.join(key)} "
    usual = USUAL.get(last, "none")
    was, now = _shown(_text(before, usual), _text(after, usual))
    return f"{label}{was} before, {now} after"


def _text(value: Any, usual: str) -> str:
    if value is None:
        return usual
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _shown(was: str, now: str) -> tuple[str, str]:
    """Return both texts in one line each, long ones cut to where they part."""
    lines = " ".join(was.split()), " ".join(now.split())
    if lines[0] == lines[1]:  # they differ in white space, which is to be seen then
        lines = json.dumps(was, ensure_ascii=False), json.dumps(now, ensure_ascii=False)
    was, now = lines
    if max(len(was), len(now)) <= SHOWN:
        return was, now
    parted = next((at for at, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), None)
    start = max(0, (min(len(was), len(now)) if parted is None else parted) - SHOWN // 2)
    return _cut(was, start), _cut(now, start)


def _cut(text: str, start: int) -> str:
    piece = text[start : start + SHOWN]
    return f"{'…' if start else ''}{piece}{'…' if start + SHOWN < len(text) else ''}"
