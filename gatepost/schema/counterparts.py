"""Which object of the other side is meant, whatever it is called, and what explains that none is?

The server names the sequences of serial and identity columns, and extended statistics: the former
are known by their column, the latter by what they are about.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from gatepost.errors import UsageError
from gatepost.names import dotted, parts
from gatepost.schema import invented

if TYPE_CHECKING:
    from gatepost.schema.catalog import Catalog
    from gatepost.schema.declarations import Object

_NEXT_VALUE = re.compile(r"nextval\('((?:[^']|'')+)'::regclass\)")


def pair(identity: str, before: Catalog, after: Catalog) -> tuple[Object, Object] | None:
    """Return the object of each side that is meant by a name which only one of them knows."""
    here = before if before.object(identity) else after
    one = here.object(identity)
    known = invented.meaning(one) if one else ""
    was, now = (
        [found for found in side.meanings.get(known, ()) if not other.object(found.identity)]
        for side, other in ((before, after), (after, before))
    )
    pairs = zip(was, now, strict=False)
    return next((both for both in pairs if identity in {both[0].identity, both[1].identity}), None)


def named_as(before: Object, after: Object) -> Object:
    """Return the object of the after side under the name that it had before."""
    attributes = dict(after.attributes)
    if after.kind == "statistics":
        attributes["definition"] = before.attributes.get("definition")
    return replace(after, identity=before.identity, attributes=attributes)


def reworded(was: Object, now: Object, before: Catalog, after: Catalog) -> Object:
    """Return the object of the after side with the names that its columns' sequences had before."""
    ours, theirs = was.attributes.get("columns", {}), now.attributes.get("columns", {})
    columns = dict(theirs)
    for name in ours.keys() & theirs.keys():
        defaults = ours[name].get("default"), theirs[name].get("default")
        column = ".".join((*parts(was.identity), name))
        if defaults[0] != defaults[1] and all(
            _takes_from_its_own(default, column, side)
            for default, side in zip(defaults, (before, after), strict=True)
        ):
            columns[name] = theirs[name] | {"default": defaults[0]}
    return (
        now if columns == theirs else replace(now, attributes=now.attributes | {"columns": columns})
    )


def _takes_from_its_own(default: str | None, column: str, side: Catalog) -> bool:
    """Whether a default is the next value of a sequence that its own column owns."""
    found = _NEXT_VALUE.fullmatch(default or "")
    if not found:
        return False
    try:
        sequence = side.object(dotted(*parts(found[1].replace("''", "'"))))
    except UsageError:
        return False
    return sequence is not None and invented.column(sequence) == column


def explained_by(identity: str, before: Catalog, after: Catalog) -> str:
    """Return what is not there either and would hold the object: its schema, or its table.

    Empty for an object that both sides have, and for one that is missing of itself.
    """
    here, there = (before, after) if before.object(identity) else (after, before)
    one = here.object(identity)
    if one is None or there.object(identity):
        return ""
    return next(
        (name for name in _holders(one) if here.object(name) and not there.object(name)), ""
    )


def contained(identity: str, before: Catalog, after: Catalog) -> int:
    """Return how many objects are missing, or new, only because a schema is."""
    if not identity.startswith("schema "):
        return 0
    here = before if before.object(identity) else after
    return sum(explained_by(one.identity, before, after) == identity for one in here.objects)


def _holders(one: Object) -> list[str]:
    """Return the identities of what an object cannot be without, the largest first."""
    try:
        names = parts(one.identity.removeprefix(f"{one.kind} ").partition("(")[0])
    except UsageError:  # what lies in no schema may be named otherwise
        return []
    if len(names) < 2:  # noqa: PLR2004 - a schema and a name
        return []
    return [f"schema {dotted(names[0])}", *_tables(one)]


def _tables(one: Object) -> list[str]:
    """Return the table that owns a sequence, is partitioned, or that statistics are about."""
    if one.kind == "sequence":
        return [dotted(*owner[:2])] if (owner := invented.owner(invented.column(one))) else []
    if one.kind == "statistics":
        table = invented.analysed(one)
        return [dotted(*parts(table))] if table else []
    return list(one.attributes.get("inherits", ())) if "bound" in one.attributes else []
