"""What does the server know to depend on what?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.uses.taken import Taken

# Beside a column's default, what keeps the server from changing the column's type.
_HINDER = ("view", "materialized view", "policy", "trigger", "default value", "function")


@dataclass(frozen=True)
class Dependent:
    """One thing that another needs.

    :param kind: of what is needed: `relation`, `function` or `type`; ``column`` of it, or empty.
    :param by_kind: of what needs it, in the server's words; ``by`` its name in these, and
        ``names`` the name in parts.
    """

    kind: str
    schema: str
    name: str
    column: str
    by_kind: str
    by: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.by_kind} {self.by}"


def read(conn: Connection) -> tuple[Dependent, ...]:
    """Return all that needs something that is no part of it, in the order of names."""
    return tuple(
        Dependent(
            row["kind"],
            row["schema"],
            row["name"],
            row["column_name"],
            row["by_kind"],
            row["by_identity"],
            tuple(row["by_names"]),
        )
        for row in database.mappings(conn, question("uses_dependents"))
    )


def left(found: tuple[Dependent, ...], taken: Taken) -> tuple[Dependent, ...]:
    """Return what still needs something when a statement takes it.

    What follows a new name is none of it; nor is what statements before have dropped.
    """
    if taken.act in ("renames", "moves"):
        return ()
    there = [one for one in found if _needs(one, taken) and not _is_gone(one, taken)]
    if taken.act == "retypes":
        there = [one for one in there if one.by_kind in _HINDER]
    return tuple({str(one): one for one in there}.values())


def _needs(one: Dependent, taken: Taken) -> bool:
    relation = taken.relation
    if taken.kind == "schema":
        return one.schema == relation.schema and one.names[:1] != (relation.schema,)
    if (one.schema, one.name) != (relation.schema, relation.name):
        return False
    if taken.kind == "column":
        return one.kind == "relation" and one.column == taken.column
    if taken.kind in ("function", "procedure", "routine"):
        return one.kind == "function"
    if taken.kind in ("type", "domain"):
        return one.kind == "type" or (one.kind == "relation" and not one.column)
    return one.kind == "relation" and one.names[:2] != (relation.schema, relation.name)


def _is_gone(one: Dependent, taken: Taken) -> bool:
    """Whether statements before have dropped it, made it anew, or freed it."""
    names = one.names
    endings = {"table column": "type", "default value": "default"}
    freed = (*names, endings[one.by_kind]) if one.by_kind in endings else names
    return any(part in taken.before for part in (names[:2], names[:3], freed))
