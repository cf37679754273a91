"""How is it said that two declarations differ, so that one cause is told once?"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gatepost.schema.declarations import PARTS
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    "backing index": "the only one that fits",
    "statistics target": "the server's",
}
# Attributes whose value needs no name in front of it.
BARE = frozenset({"definition", "type", "enabled", "volatility", "kind"})
# Texts longer than this are shown around their first difference.
SHOWN = 80
# From so many places on that say the same, they are one finding, and so many are named in it.
MANY = 4
NAMED = 3

SINGULAR = {part: part[:-1] for part in PARTS} | {"indexes": "index", "policies": "policy"}
_PLURAL = {one: many for many, one in SINGULAR.items()} | {"statistics": "statistics"}


@dataclass(frozen=True)
class Difference:
    """One place at which two declarations of one object differ.

    :param part: one of `PARTS`, or empty for what is said of the object as a whole.
    :param name: which column, constraint …; empty where ``part`` is.
    :param key: the attribute, from the outside in; empty for the thing itself, of which one side
        has none.
    :param before: JSON's own types; None where nothing is written down.
    """

    identity: str
    kind: str
    part: str
    name: str
    key: tuple[str, ...]
    before: Any
    after: Any


def sentence(found: Difference) -> str:
    """Return one difference in words: which place, then both values."""
    between = ": " if found.key or not found.part else " "
    return f"{place(found)}{between}{values(found) if found.key else which_side(found)}"


def place(found: Difference) -> str:
    """Return where something differs: the object, or its column, constraint …"""
    if not found.part:
        return found.identity
    if found.part == "columns" and found.key:
        return f"{found.identity}.{found.name}"
    return f"{found.identity}: {SINGULAR[found.part]} {found.name}"


def together(found: Iterable[Difference]) -> list[tuple[str, tuple[Difference, ...]]]:
    """Return sentences with the differences of one object that each is about.

    Where several parts of one kind differ in the same way, one sentence counts them.
    """
    alike: dict[object, list[Difference]] = defaultdict(list)
    for one in found:
        alike[_way(one)].append(one)
    told: list[tuple[str, tuple[Difference, ...]]] = []
    for ones in alike.values():
        if len(ones) >= MANY:
            told.append((_counted(ones), tuple(ones)))
        else:
            told.extend((sentence(one), (one,)) for one in ones)
    return told


def listed(names: Sequence[str]) -> str:
    """Return the first names of many, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" … and {more:,} more" if more > 0 else "")


def several(number: int, noun: str) -> str:
    """Return `1 policy`, `2 policies`, `3 indexes`."""
    plural = _PLURAL.get(noun)
    return f"{number:,} {plural}" if plural and number != 1 else counted(number, noun)


def values(found: Difference) -> str:
    """Return both values of an attribute, as in `default 1 before, none after`."""
    key, before, after = found.key, found.before, found.after
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


def _way(found: Difference) -> object:
    """Return in what way something differs, without its name; of its own for whole objects."""
    if not found.part:
        return found.key, found.name
    if not found.key:
        return found.part, found.before is None
    return found.part, found.key, json.dumps([found.before, found.after])


def _counted(found: list[Difference]) -> str:
    first = found[0]
    number = several(len(found), SINGULAR[first.part])
    names = listed([one.name for one in found])
    if not first.key:
        return f"{first.identity}: {number} {which_side(first)}: {names}"
    return f"{first.identity}: {number}: {values(first)}: {names}"


def which_side(found: Difference) -> str:
    """Return which side has it."""
    if found.before is None:
        return "only after"
    return "gone" if found.part else "missing after"


def _text(value: Any, usual: str) -> str:
    if value is None:
        return usual
    if value == {}:
        return "there"
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
