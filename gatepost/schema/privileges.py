"""Whose is every object, and who may do what with it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import database
from gatepost.schema import differences
from gatepost.schema.declarations import Object
from gatepost.schema.differences import Differences
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.settings import Privileges


def read(conn: Connection) -> tuple[Object, ...]:
    """Return owner and grants of every object, ordered by identity."""
    return tuple(
        Object(row["identity"], row["kind"], row["attributes"])
        for row in database.mappings(conn, question("privileges_schemas"))
    )


def compare(
    subject: str, before: tuple[Object, ...], after: tuple[Object, ...], declared: Privileges
) -> Differences:
    """Return how owners and grants differ between the two sides."""
    del declared
    was = next((one for one in before if one.identity == subject), None)
    now = next((one for one in after if one.identity == subject), None)
    return differences.compare(was, now) if was or now else Differences()
