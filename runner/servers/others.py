"""Who but the runner is in the source, and when are they gone?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.sql import question

from ..outcome import NoGo
from . import databases
from .databases import Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatepost import conduct
    from gatepost.database import Connection

_PAUSE = 0.1  # seconds between two looks at who is there


def inside(conn: Connection, allowed: Iterable[str], ours: Iterable[int]) -> list[Session]:
    """Return who of others is in the database of the connection.

    :param allowed: roles that may be there.
    :param ours: processes that are ours; that of ``conn`` need not be named.
    """
    given = {"allowed": list(allowed), "ours": list(ours)}
    return database.records(conn, Session, question("runner_fence_sessions"), given)


def wait_until_gone(conn: Connection, declared: conduct.Fence, ours: Iterable[int] = ()) -> None:
    """Wait until no session of others is in the database, and end them where that is declared.

    :raises NoGo: somebody is still there when the time is over.
    """
    ours = tuple(ours)
    deadline = time.monotonic() + declared.timeout
    while there := inside(conn, declared.allow, ours):
        if time.monotonic() > deadline:
            who = ", ".join(map(str, there))
            raise NoGo(
                f"the source is not quiet: these stay in it: {who}",
                hint='stop them in the stop hook; or under [fence] roles = ["…"] and terminate ='
                ' true; or, if they only look, allow = ["…"]',
            )
        if declared.terminate:
            databases.terminate(conn, there)
        time.sleep(_PAUSE)


def waiting_for(conn: Connection, holder: int) -> list[Session]:
    """Return who waits for a lock that the process ``holder`` holds."""
    return database.records(conn, Session, question("runner_fence_waiting"), {"holder": holder})
