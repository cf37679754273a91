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
from gatepost.schema.privileges.comparison import Comparison
from gatepost.schema.privileges.terms import (
    COLUMN,
    DATABASE,
    DEFAULTS,
    LARGE_OBJECTS,
    PARAMETER,
    ROLE,
    SERVER,
)
from gatepost.schema.privileges.terms import default_identity as default
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.database import Connection

__all__ = ["Comparison", "read"]

_LISTS = ("grants", "initial")


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
