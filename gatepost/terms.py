"""On what terms can two sides be compared: by which hash, in which encoding, or not at all?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import database
from gatepost.errors import UsageError
from gatepost.parity import hashes
from gatepost.recorded import Recorded
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.parity.hashes import Agreement
    from gatepost.side import Side


def agree(
    before: Side, after: Side, *, in_place: bool = False
) -> tuple[Agreement, tuple[bool, bool]]:
    """Return the hash under which both sides can be compared, and whose texts are turned to UTF-8.

    :param in_place: what both are is still to be changed, so that they may be one.
    :raises UsageError: both are one database, or a baseline's hash is not the server's.
    """
    if isinstance(before, Recorded):
        # The database that it was taken of may be the very one that was migrated in place.
        return before.agreed(after), before.as_utf8(after)
    if not in_place and are_one_database(before, after):
        raise UsageError(
            f"before and after are one database ({before.dsn}): nothing would be compared",
            hint="check --source and --target",
        )
    return hashes.agree(before.answers, after.answers), _as_utf8(before.encoding, after.encoding)


def are_one_database(before: Side, after: Side) -> bool:
    """Whether two sides are one database, or a database and its standby, under two addresses.

    Clusters that were copied file by file, and went on by themselves, are two.
    """
    was, now = before.info, after.info
    if (was.system_identifier, was.database) != (now.system_identifier, now.database):
        return False
    incarnations = [
        database.rows(side.connection, question("incarnation"))[0] for side in (before, after)
    ]
    started, standby = zip(*incarnations, strict=True)
    return started[0] == started[1] or any(standby)


def _as_utf8(before: str, after: str) -> tuple[bool, bool]:
    """Return, by side, whether texts must be turned into UTF-8 before they are compared."""
    return (False, False) if before == after else (before != "UTF8", after != "UTF8")
