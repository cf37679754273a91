"""To what are a server, a database and the roles within it set, where it changes what data mean?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import database
from gatepost.schema import differences
from gatepost.schema.declarations import Object
from gatepost.schema.differences import Differences
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.database import Connection

# The subjects of the check `settings`.
SUBJECTS = ("server", "database", "roles")


def read(conn: Connection) -> tuple[Object, ...]:
    """Return what is set, one object per subject.  One statement each."""
    ((attributes,),) = database.rows(conn, question("settings_database"))
    return (Object("database", "database", attributes),)


def compare(subject: str, before: tuple[Object, ...], after: tuple[Object, ...]) -> Differences:
    """Return how what is set differs between the two sides."""
    was = next((one for one in before if one.identity == subject), None)
    now = next((one for one in after if one.identity == subject), None)
    return differences.compare(was, now) if was or now else Differences()
