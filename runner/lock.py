"""Is another run under way for this target, on this machine or on any other?"""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

import psycopg
from filelock import FileLock, Timeout

from gatepost import database
from gatepost.errors import GatepostError, ToolFailed
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.dsn import Dsn


_HAS_IDLE_SESSION_TIMEOUT = 140000


class Locked(GatepostError):
    """Another run holds the lock."""


def key(system_identifier: str, dbname: str) -> int:
    """Return the number, a signed bigint, that stands for a target wherever it is reached from."""
    name = f"gatepost {system_identifier} {dbname}".encode()
    return int.from_bytes(hashlib.sha256(name).digest()[:8], signed=True)


@contextlib.contextmanager
def held(folder: Path, maintenance: Dsn, number: int) -> Iterator[Connection]:
    """Hold both locks until the block ends, and yield the session that holds the second.

    The file tells runners of one machine apart without a network; the advisory lock, those of
    different machines.  It stands in the maintenance database, since locks belong to a database
    and nobody can be in the target's own while that is renamed.  Both die with the process.

    :raises Locked: at once, without waiting, and with nothing changed.
    """
    file = FileLock(folder / f".lock-{number & 0xFFFFFFFFFFFFFFFF:016x}")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        file.acquire(blocking=False)
    except Timeout:
        raise Locked(
            "another run is under way for this target, on this machine",
            hint="wait for it to end; nothing was changed by this one",
        ) from None
    try:
        with contextlib.closing(database.maintenance(maintenance, label="run lock")) as conn:
            if not database.value(conn, "select pg_catalog.pg_try_advisory_lock(%s)", (number,)):
                raise Locked(
                    f"another run is under way for this target: {_holder(conn, number)}",
                    hint="wait for it to end; nothing was changed by this one",
                )
            if conn.info.server_version >= _HAS_IDLE_SESSION_TIMEOUT:
                conn.execute("set idle_session_timeout = 0")
            yield conn
    finally:
        file.release()


def still_held(conn: Connection, what: str = "the run lock is") -> None:
    """Make sure that the session with the lock lives: asked before every act.

    :param what: else the session holds.
    :raises ToolFailed: it is gone, and with it the lock; somebody else may hold it by now.
    """
    try:
        conn.execute("select")
    except psycopg.Error as error:
        raise ToolFailed(f"{what} lost: {str(error).strip().splitlines()[0]}") from None


def _holder(conn: Connection, number: int) -> str:
    """Return whoever holds the lock, as pg_stat_activity shows it."""
    found = database.rows(conn, question("runner_lock_holder"), {"key": number})
    if not found:
        return "its session has just ended"
    role, address, since = found[0]
    return f"held by {role} from {address} since {since} UTC"
