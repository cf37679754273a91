"""How does the new database take the old one's name, and how is that taken back?

Each way is one transaction of renames: a crash leaves the one state or the other.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

import psycopg

from ..outcome import NoGo
from . import databases
from .labels import Mark, unmarked

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.database import Connection

    from .databases import Database
    from .labels import Names

_PAUSE = 0.1  # seconds between two attempts


def forth(
    conn: Connection,
    names: Names,
    old: Database | None,
    timeout: float,
    *,
    keep_days: int = 30,
    comment: str = "",
) -> None:
    """Give `next` the live name, and keep the old database, closed, under a name of its own.

    :param keep_days: how long it is to be kept, as its comment will say.
    :param comment: of the new one, below our mark.
    :param timeout: seconds in which whoever is still in one of them must have gone.
    :raises NoGo: somebody stayed; the old database is as it was, still closed.
    """
    until = (dt.datetime.now(dt.UTC) + dt.timedelta(days=keep_days)).date().isoformat()
    was = unmarked(old.comment) if old else ""

    def swap() -> None:
        with conn.transaction():
            if old is not None:
                databases.rename(conn, names.live, names.old)
                previous = Mark(names.label, "previous", until, was)
                databases.comment(conn, names.old, str(previous))
            databases.rename(conn, names.next, names.live)
            databases.comment(conn, names.live, str(Mark(names.label, "swapped", rest=comment)))

    if old is not None:
        databases.allow_connections(conn, names.live, allowed=False)
    with_nobody_in(conn, (names.live, names.next), swap, timeout)


def back(
    conn: Connection,
    names: Names,
    old: Database | None,
    timeout: float,
    *,
    away: Mark | None = None,
) -> None:
    """Give the old database its name, its comment and its sessions back.

    May be repeated, and begun from any point that `forth` can have left.

    :param away: the mark of the new one where it is kept, as `failed`; else it is `next` again,
        to be dropped.
    :raises NoGo: somebody stayed in the new one.
    """
    there = databases.beside(conn, names.live)
    swapped = names.old in there if old else names.next not in there
    aside = names.failed if away else names.next

    def swap() -> None:
        with conn.transaction():
            databases.rename(conn, names.live, aside)
            databases.comment(conn, aside, str(away or Mark(names.label, "building")))
            if old is not None:
                databases.rename(conn, names.old, old.name)
                databases.comment(conn, old.name, old.comment)

    if swapped:
        databases.allow_connections(conn, names.live, allowed=False)
        with_nobody_in(conn, (names.live, names.old), swap, timeout)
    if old is not None:
        databases.allow_connections(conn, old.name, allowed=old.allows_connections)


def is_begun(conn: Connection, names: Names, old: Database | None) -> bool:
    """Whether the databases are anything but what they were before the swap."""
    there = databases.beside(conn, names.live)
    return there.get(names.live) != old


def with_nobody_in(
    conn: Connection, names: tuple[str, ...], act: Callable[[], None], timeout: float
) -> None:
    """Do ``act`` as soon as the server allows it: sessions are ended, and ended again.

    :param timeout: seconds in which they must have gone.
    :raises NoGo: somebody stayed.
    """
    deadline = time.monotonic() + timeout
    while True:
        databases.terminate(conn, databases.sessions(conn, *names))
        try:
            act()
        except psycopg.errors.ObjectInUse:
            if time.monotonic() > deadline:
                raise _stayed(databases.sessions(conn, *names)) from None
            time.sleep(_PAUSE)
        else:
            return


def _stayed(sessions: list[databases.Session]) -> NoGo:
    who = ", ".join(map(str, sessions)) or "somebody who has just left"
    return NoGo(
        f"the databases cannot be renamed or copied, since these stay in them: {who}",
        hint="stop them in the stop hook, or let our role end them: pg_signal_backend",
    )
