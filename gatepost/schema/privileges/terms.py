"""On what terms are the rights of two sides compared?

Roles are the cluster's: the two sides may call the same one otherwise, and know roles that have
nothing to do with the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from gatepost.names import dotted
from gatepost.schema.declarations import Object
from gatepost.schema.declared import Privileges

if TYPE_CHECKING:
    from collections.abc import Iterator

Label = Literal["before", "after"]

SERVER = "server"
ROLE = "role"
DEFAULTS = "default privileges"
LARGE_OBJECTS = "large objects"
PARAMETER = "parameter"
COLUMN = "column"
RELATIONS = ("table", "view", "materialised view", "foreign table", "sequence")

OWNER = ""
PUBLIC = "public"
# Where everything belongs that is in no schema of the project's.
DATABASE = "database"
# What a role that only the server after has may be given on the database: to come and look.
LOCAL = frozenset({"connect", "temporary"})
# The owner of the schema public since 15, whoever owns the database.
DATABASE_OWNER = "pg_database_owner"
_SINCE_15 = 150000
# In default privileges, as a kind of its own.
_LARGE_OBJECTS_BY_DEFAULT = 180000


@dataclass(frozen=True)
class Facts:
    """What one side says of rights, in reach by name."""

    objects: Mapping[str, Object]

    @staticmethod
    def of(side: tuple[Object, ...]) -> Facts:
        """Return what was read of a side, by identity."""
        return Facts({one.identity: one for one in side})

    @cached_property
    def roles(self) -> dict[str, dict[str, Any]]:
        """The attributes of each role that was made, by name."""
        return {
            one.attributes["name"]: one.attributes
            for one in self.objects.values()
            if one.kind == ROLE
        }

    @cached_property
    def schemas(self) -> frozenset[str]:
        """The schemas of the project's own."""
        return frozenset(
            one.attributes["name"]
            for one in self.objects.values()
            if one.kind == "schema" and "initial" not in one.attributes
        )

    @property
    def server(self) -> dict[str, Any]:
        """What its server knows to grant."""
        return self.objects[SERVER].attributes

    @cached_property
    def first(self) -> str:
        """The superuser that initdb made."""
        return next((name for name, role in self.roles.items() if role.get("first")), "")

    @cached_property
    def reader(self) -> str:
        """The role that read this side."""
        return next((name for name, role in self.roles.items() if role.get("reads")), "")

    @cached_property
    def relations(self) -> frozenset[tuple[str, str]]:
        """Schema and name of every relation."""
        return frozenset(
            (one.attributes["schema"], one.attributes["name"])
            for one in self.objects.values()
            if one.kind in RELATIONS
        )

    @cached_property
    def used(self) -> frozenset[str]:
        """The roles that something here is named after, and whoever is a member of one of them."""
        found = {name for name, role in self.roles.items() if role.get("uses")}
        found |= {name for one in self.objects.values() for name in _named(one)}
        more = True
        while more:
            members = {
                name
                for name, role in self.roles.items()
                if name not in found and not found.isdisjoint(role.get("member of", ()))
            }
            found |= members
            more = bool(members)
        return frozenset(found)


def _named(one: Object) -> Iterator[str]:
    """Yield who owns an object or was granted something on it: settings are the whole server's."""
    if one.kind not in (ROLE, SERVER, PARAMETER):
        yield one.attributes["owner"]
        made = {grantee for grantee, *_ in one.attributes.get("initial", ())}
        grantees = {grantee for grantee, *_ in one.attributes.get("grants", ())}
        yield from grantees - made - {OWNER, PUBLIC}


@dataclass(frozen=True)
class Terms:
    """Two sides, and what the project said of roles."""

    before: Facts
    after: Facts
    declared: Privileges

    @staticmethod
    def of(before: tuple[Object, ...], after: tuple[Object, ...], declared: Privileges) -> Terms:
        """Return the terms of comparing two sides."""
        return Terms(Facts.of(before), Facts.of(after), declared)

    @cached_property
    def schemas(self) -> frozenset[str]:
        """The project's schemas, of either side."""
        return self.before.schemas | self.after.schemas

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What the role of another name is called after: by name before."""
        names = dict(self.declared.roles)
        first = self.before.first
        if first and self.after.first and first not in self.after.roles:
            names.setdefault(first, self.after.first)
        return names

    def name(self, role: str) -> str:
        """Return what a role of before is called after."""
        return self.names.get(role, role)

    @cached_property
    def used(self) -> frozenset[str]:
        """The roles that either database uses, by their names after."""
        return self.after.used | {self.name(role) for role in self.before.used}

    @cached_property
    def known_before(self) -> frozenset[str]:
        """The roles that there were, by their names after."""
        return frozenset(map(self.name, self.before.roles))

    def visitor(self, role: str) -> bool:
        """Whether a role is only there to read the side after: what it may do is the gate's."""
        return role == self.after.reader and role not in self.known_before

    def same_owner(self, before: str, after: str) -> bool:
        """Whether an owner is the same role as before: initdb's superuser is, by any name."""
        first = before == self.before.first and after == self.after.first
        return self.name(before) == after or first

    @cached_property
    def unknown(self) -> frozenset[str]:
        """The privileges on tables that one of the two servers does not know."""
        return frozenset(self.before.server["known"]) ^ frozenset(self.after.server["known"])

    def of_the_schema_public(self, before: str, after: str) -> bool:
        """Whether these owners are what either server makes of public by itself.

        Until PostgreSQL 14 it was initdb's superuser's, since 15 it is the database owner's.
        """
        return all(
            owner == (DATABASE_OWNER if facts.server["version"] >= _SINCE_15 else facts.first)
            for facts, owner in ((self.before, before), (self.after, after))
        )

    def identity_after(self, one: Object) -> str:
        """Return the identity that an object of before has after."""
        if one.kind != DEFAULTS:
            return one.identity
        role, named = self.name(one.attributes["owner"]), one.attributes
        return default_identity(role, named["name"], named["schema"])

    def untouched(self, one: Object, missing: Label) -> Object | None:
        """Return what stands for an object on the side that has no list of grants of its own.

        None where the object itself is not there, or the server has no such thing to grant.
        """
        facts = self.before if missing == "before" else self.after
        attributes = one.attributes
        if "initial" not in attributes or not self._possible(one, facts):
            return None
        owner = attributes["owner"] if missing == "before" else self.name(attributes["owner"])
        changed = {"owner": owner, "grants": attributes["initial"]}
        return Object(one.identity, one.kind, attributes | changed)

    def _possible(self, one: Object, facts: Facts) -> bool:
        schema, name = one.attributes["schema"], one.attributes["name"]
        extension = one.attributes.get("extension")
        if extension and f"extension {dotted(extension)}" not in facts.objects:
            return False
        if one.kind == PARAMETER:
            return bool(facts.server["parameters"])
        if one.kind == DEFAULTS and name == LARGE_OBJECTS:
            return bool(facts.server["version"] >= _LARGE_OBJECTS_BY_DEFAULT)
        if schema not in self.schemas:
            return True
        if one.kind == COLUMN and not extension:
            return (schema, name) in facts.relations
        return schema in facts.schemas


def default_identity(role: str, kind: str, schema: str) -> str:
    """Return the identity of what new objects of a role are granted."""
    place = f" in schema {dotted(schema)}" if schema else ""
    return f"{DEFAULTS}: new {kind} of {dotted(role)}{place}"
