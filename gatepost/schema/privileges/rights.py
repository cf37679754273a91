"""How is it said who may do what otherwise than before, and what would mend it?"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from gatepost.names import dotted
from gatepost.schema.differences import Detail, Differences
from gatepost.schema.mending import Remedy
from gatepost.schema.privileges.terms import COLUMN, DEFAULTS, OWNER, PARAMETER, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.schema.declarations import Object
    from gatepost.schema.privileges.grants import Cause, Change

# Of what one cause touched, so many are named, and the others counted.
NAMED = 5
FEW = 3
# In what order causes are told, behind what everybody may do; and mended, since with a new owner
# what that one was granted is no grant any more.
_ORDER = ("owner", "gained", "gone", "option", "grantor")
_PLURALS = {
    "statistics": "statistics",
    "index": "indexes",
    "operator class": "operator classes",
    "operator family": "operator families",
    "text search dictionary": "text search dictionaries",
}
# The kinds that SQL calls otherwise where it grants.
_GRANTED_AS = {
    "view": "table",
    "materialised view": "table",
    "foreign table": "table",
    "column": "table",
    "function": "routine",
    "procedure": "routine",
    "aggregate": "routine",
    "enum": "type",
    "domain": "type",
    "range": "type",
    "composite type": "type",
}
# And where it changes the owner.
_ALTERED_AS = {
    "materialised view": "materialized view",
    "function": "routine",
    "procedure": "routine",
    "aggregate": "routine",
    "enum": "type",
    "range": "type",
    "composite type": "type",
    "foreign server": "server",
}
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


def told(changes: Iterable[Change], subject: str) -> Differences:
    """Return a line for each cause, in the order of their weight, and what would mend it.

    :param subject: `schema NAME`, within which names need no schema in front, or another.
    """
    caused: dict[Cause, list[Change]] = defaultdict(list)
    for change in changes:
        caused[change.cause].append(change)
    findings, notes, details = [], [], []
    for cause in sorted(caused, key=_weight):
        objects = [one for change in caused[cause] for one in change.objects]
        number = sum(change.number for change in caused[cause])
        line = _line(cause, objects, number, subject)
        if cause.noted:
            notes.append(line)
        else:
            findings.append(line)
            details.append(Detail((), _remedy(cause, objects, number)))
    return Differences(tuple(findings), tuple(notes), tuple(details))


def quoted(name: str) -> str:
    """Return a name as SQL reads it."""
    return name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def listed(names: list[str], number: int) -> str:
    """Return the names, or the first few of many and how many more there are."""
    if number <= NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:FEW])} and {number - FEW:,} more"


def who(role: str) -> str:
    """Return a role as a sentence begins with it."""
    if role == PUBLIC:
        return "PUBLIC"
    return f"role {dotted(role)}" if role != OWNER else "the owner"


def _weight(cause: Cause) -> tuple[bool, int, Cause]:
    for_all = cause.what == "gained" and cause.role == PUBLIC
    return not for_all, _ORDER.index(cause.what), cause


def _line(cause: Cause, objects: list[Object], number: int, subject: str) -> str:
    schema = subject.removeprefix("schema ") if subject.startswith("schema ") else ""
    if cause.what == "owner":
        change = f"owner {cause.was} before, {cause.now} after"
        if number == 1:
            return f"{objects[0].identity}: {change}"
        counted, names = _counted(objects, number, schema)
        return f"{schema or subject}: {change} of {counted}: {names}"
    where = _on(objects, number, schema)
    privileges = ", ".join(cause.privileges)
    if cause.what == "option":
        options = [f"with{'' if held == 'yes' else 'out'}" for held in (cause.was, cause.now)]
        change = f"{options[0]} grant option before, {options[1]} after"
        return f"{who(cause.role)}: {privileges} on {where}: {change}"
    if cause.what == "grantor":
        change = f"granted by {cause.was} before, by {cause.now} after"
        return f"{who(cause.role)}: {privileges} on {where}: {change}"
    verb = "only after" if cause.what == "gained" else "gone"
    option = " with grant option" if "yes" in (cause.was, cause.now) else ""
    return f"{who(cause.role)}: {privileges}{option} {verb} on {where}"


def _on(objects: list[Object], number: int, schema: str) -> str:
    if number == 1:
        return objects[0].identity.removeprefix(f"{DEFAULTS}: ")
    if objects[0].kind == DEFAULTS:
        return listed([one.identity.removeprefix(f"{DEFAULTS}: ") for one in objects], number)
    counted, names = _counted(objects, number, schema)
    return f"{counted} of {schema}: {names}" if schema else f"{counted}: {names}"


def _counted(objects: list[Object], number: int, schema: str) -> tuple[str, str]:
    """Return how many of what there are, and what they are called within their schema."""
    kinds = {one.kind for one in objects}
    (kind,) = kinds if len(kinds) == 1 else ("object",)
    names = [_short(one).removeprefix(f"{schema}.") for one in objects]
    return f"{number:,} {_PLURALS.get(kind, f'{kind}s')}", listed(names, number)


def _short(one: Object) -> str:
    return one.identity.removeprefix(f"{one.kind} ")


def _remedy(cause: Cause, objects: list[Object], number: int) -> Remedy:
    if cause.what == "owner":
        statements = [f"alter {_altered(one)} owner to {quoted(cause.was)}" for one in objects]
    elif objects[0].kind == DEFAULTS:
        statements = [_default(cause, one) for one in objects]
    else:
        statements = list(_granted(cause, objects))
    unnamed = number - len(objects)
    return Remedy(tuple(statements), f"so for {unnamed:,} more" if unnamed else "")


def _altered(one: Object) -> str:
    return f"{_ALTERED_AS.get(one.kind, one.kind)} {_as_sql(one)}"


def _default(cause: Cause, one: Object) -> str:
    attributes = one.attributes
    place = f" in schema {quoted(attributes['schema'])}" if attributes["schema"] else ""
    change = _change(cause, "", f"on {attributes['name']}", quoted(attributes["owner"]))
    return f"alter default privileges for role {quoted(attributes['owner'])}{place} {change}"


def _granted(cause: Cause, objects: list[Object]) -> Iterator[str]:
    """Yield one statement for all of a kind: a list of objects is one grant."""
    names: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for one in objects:
        column = f" ({quoted(one.attributes['arguments'])})" if one.kind == COLUMN else ""
        owner = quoted(one.attributes["owner"]) if cause.role == OWNER else ""
        names[_GRANTED_AS.get(one.kind, one.kind), column, owner].append(_as_sql(one))
    for (kind, column, owner), found in names.items():
        yield _change(cause, column, f"on {kind} {', '.join(found)}", owner)


def _change(cause: Cause, column: str, on: str, owner: str) -> str:
    privileges = ", ".join(f"{privilege}{column}" for privilege in cause.privileges)
    role = {OWNER: owner, PUBLIC: "public"}.get(cause.role) or quoted(cause.role)
    if cause.what == "gained":
        return f"revoke {privileges} {on} from {role}"
    if cause.what == "option" and cause.was == "no":
        return f"revoke grant option for {privileges} {on} from {role}"
    option = " with grant option" if cause.was == "yes" else ""
    return f"grant {privileges} {on} to {role}{option}"


def _as_sql(one: Object) -> str:
    schema, name, arguments = (one.attributes[key] for key in ("schema", "name", "arguments"))
    # An operator is no identifier, a number needs no quotes, a parameter's dots part nothing.
    plain = one.kind in ("operator", "large object", PARAMETER)
    told = name if plain else quoted(name)
    place = f"{quoted(schema)}." if schema else ""
    return f"{place}{told}{'' if one.kind == 'column' else arguments}"
