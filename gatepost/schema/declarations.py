"""What does each object's declaration say, in a form that two servers can be compared by?

The form is made in SQL: names instead of oids, words instead of letters, lists sorted where their
order means nothing, and no word about what is at its default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gatepost import database
from gatepost.names import Relation, dotted
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.database import Connection

# What hangs on a relation and is told with it, and the question that reads it.
PARTS = {
    "columns": "catalog_object_columns",
    "constraints": "catalog_object_constraints",
    "indexes": "catalog_object_indexes",
    "triggers": "catalog_object_triggers",
    "rules": "catalog_object_rules",
    "policies": "catalog_object_policies",
}
# What has an identity of its own.
KINDS = (
    "catalog_object_types",
    "catalog_object_functions",
    "catalog_object_operators",
    "catalog_object_conversions",
    "catalog_object_searches",
    "catalog_object_foreign",
    "catalog_object_replication",
    "catalog_object_labels",
    "catalog_object_others",
)


@dataclass(frozen=True)
class Object:
    """Something declared, with all that its declaration says, in canonical form.

    :param identity: the subject of the check `schema`: a relation's name, else kind and name, as
        in `enum public.status`, `function public.f(integer)` or `cast (text as public.email)`.
    :param attributes: JSON's own types only, so that being stored changes nothing.  Of a relation,
        each of `PARTS` is a mapping from names to attributes, and `order` lists its columns.
    """

    identity: str
    kind: str
    attributes: dict[str, Any]


def read(conn: Connection) -> tuple[Object, ...]:
    """Return every object of the database, ordered by identity.

    Sixteen statements whatever their number.  Members of extensions are the extension's own affair.
    """
    return tuple(sorted(_relations(conn) + _others(conn), key=lambda found: found.identity))


def _relations(conn: Connection) -> list[Object]:
    found: dict[Relation, Object] = {}
    for row in database.mappings(conn, question("catalog_object_relations")):
        relation = Relation(row["schema"], row["name"])
        found[relation] = Object(str(relation), row["kind"], row["attributes"])
    for part, name in PARTS.items():
        for row in database.mappings(conn, question(name)):
            # Parts of what an extension owns have no relation to hang on.
            if owner := found.get(Relation(row["schema"], row["relation"])):
                owner.attributes.setdefault(part, {})[row["name"]] = row["attributes"]
    for one in found.values():
        one.attributes["order"] = list(one.attributes.get("columns", {}))
    return list(found.values())


def _others(conn: Connection) -> list[Object]:
    return [
        Object(
            identity=f"{row['kind']} {_named(row)}{row['arguments']}",
            kind=row["kind"],
            attributes=row["attributes"],
        )
        for name in KINDS
        for row in database.mappings(conn, question(name))
    ]


def _named(row: dict[str, Any]) -> str:
    """Return the name, of which a cast, a transform and a user mapping have none."""
    return dotted(*(part for part in (row["schema"], row["name"]) if part))
