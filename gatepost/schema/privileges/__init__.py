"""Whose is every object, and who may do what with it?

Rights are compared as what they let somebody do: a list that was never touched is written out, the
owner's own rights are the owner's whoever that is, and order means nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gatepost import database
from gatepost.names import dotted
from gatepost.schema.declarations import Object
from gatepost.schema.privileges import grants, rights, roles
from gatepost.schema.privileges.terms import (
    COLUMN,
    DEFAULTS,
    LARGE_OBJECTS,
    PARAMETER,
    ROLE,
    SERVER,
    Facts,
    Terms,
)
from gatepost.schema.privileges.terms import default_identity as default
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.schema.differences import Differences
    from gatepost.settings import Privileges

ROLES = "roles"
_LISTS = ("grants", "initial")
# Where everything belongs that is in no schema of the project's.
DATABASE = "database"


def read(conn: Connection) -> tuple[Object, ...]:
    """Return owner and grants of every object, and the roles, ordered by identity.

    Seven statements at the most, whatever the number of objects.  Any role may ask all of this,
    save which roles have a password: that is left out where `pg_authid` may not be read, and the
    password itself everywhere.
    """
    (server,) = database.mappings(conn, question("privileges_server"))
    found = [Object(SERVER, SERVER, server)]
    found += _roles(conn, passwords=server["passwords"])
    found += [_thing(row) for row in database.mappings(conn, question("privileges_objects"))]
    found += [_default(row) for row in database.mappings(conn, question("privileges_defaults"))]
    found += [
        Object(f"large objects {number}", LARGE_OBJECTS, row["attributes"])
        for number, row in enumerate(database.mappings(conn, question("privileges_large_objects")))
    ]
    if server["parameters"]:
        rows = database.mappings(conn, question("privileges_parameters"))
        found += [_thing(row | {"kind": PARAMETER, "schema": "", "arguments": ""}) for row in rows]
    return tuple(sorted(map(_ordered, found), key=lambda one: one.identity))


def subjects(before: tuple[Object, ...], after: tuple[Object, ...]) -> tuple[str, ...]:
    """Return the subjects of the check: each schema of either side, and what is in none."""
    schemas = sorted(Facts.of(before).schemas | Facts.of(after).schemas)
    return (DATABASE, ROLES, DEFAULTS, *(f"schema {dotted(name)}" for name in schemas))


def compare(
    subject: str, before: tuple[Object, ...], after: tuple[Object, ...], declared: Privileges
) -> Differences:
    """Return how owners, grants, default privileges or roles differ between the two sides.

    What only one side has is for `schema` to tell.  One cause is one line, with the number of
    objects that it touched and what would mend it.

    :param subject: `database`, `roles`, `default privileges` or `schema NAME`.
    """
    terms = Terms.of(before, after, declared)
    if subject == ROLES:
        return roles.compare(terms)
    was, now = (dict(_of(subject, side, terms.schemas)) for side in (before, after))
    changes = [found for pair in _pairs(was, now, terms) for found in grants.changes(*pair, terms)]
    if subject != DATABASE:
        return rights.told(changes, subject)
    told = rights.told([*changes, *grants.large_objects(terms)], subject)
    return replace(told, notes=(*told.notes, *grants.not_known(terms)))


def _ordered(one: Object) -> Object:
    """Return an object with its lists in an order that no server's collation decides."""
    lists = {key: sorted(one.attributes[key]) for key in _LISTS if key in one.attributes}
    return replace(one, attributes=one.attributes | lists)


def _roles(conn: Connection, *, passwords: bool) -> list[Object]:
    methods: dict[str, Any] = {}
    if passwords:
        rows = database.mappings(conn, question("privileges_passwords"))
        methods = {row["name"]: {"password": row["method"]} for row in rows}
    return [
        Object(
            f"role {dotted(row['name'])}",
            ROLE,
            row["attributes"] | methods.get(row["name"], {}) | {"name": row["name"]},
        )
        for row in database.mappings(conn, question("privileges_roles"))
    ]


def _thing(row: dict[str, Any]) -> Object:
    kind, schema, name, arguments = (row[key] for key in ("kind", "schema", "name", "arguments"))
    attributes = row["attributes"] | {"schema": schema, "name": name, "arguments": arguments}
    if kind == DATABASE:  # the two are named as it pleases whoever made them
        return Object(kind, kind, attributes)
    shown = dotted(*([schema] if schema else []), name)
    shown += f".{dotted(arguments)}" if kind == COLUMN else arguments
    return Object(f"{kind} {shown}", kind, attributes)


def _default(row: dict[str, Any]) -> Object:
    named = {"schema": row["schema"], "name": row["kind"], "arguments": ""}
    identity = default(row["role"], row["kind"], row["schema"])
    return Object(identity, DEFAULTS, row["attributes"] | named)


def _of(
    subject: str, side: tuple[Object, ...], schemas: frozenset[str]
) -> Iterator[tuple[str, Object]]:
    """Yield what a subject is about, by identity."""
    for one in side:
        if one.kind not in (ROLE, SERVER, LARGE_OBJECTS) and _subject(one, schemas) == subject:
            yield one.identity, one


def _subject(one: Object, schemas: frozenset[str]) -> str:
    if one.kind == DEFAULTS:
        return DEFAULTS
    schema = one.attributes["name" if one.kind == "schema" else "schema"]
    return f"schema {dotted(schema)}" if schema in schemas else DATABASE


def _pairs(
    was: dict[str, Object], now: dict[str, Object], terms: Terms
) -> Iterator[tuple[Object, Object]]:
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
