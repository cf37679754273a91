"""Is another run under way for this target, on this machine or on any other?"""

from __future__ import annotations

import contextlib
import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from filelock import FileLock, Timeout
from psycopg import sql

from gatepost import database
from gatepost.errors import CannotConnect, GatepostError, ToolFailed
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.dsn import Dsn


PATIENCE = 60.0  # seconds in which a server that was restarted should be back
_PAUSE = 0.5  # seconds between two attempts
_HAS_IDLE_SESSION_TIMEOUT = 140000
_SETTINGS = {
    # What this session commits must outlive the server: a swap that a crash of it takes back would
    # leave an application on a database of another name.
    "synchronous_commit": sql.Literal("on"),
    # If this machine vanishes, the server lets the lock go after a minute, not after two hours.
    "tcp_keepalives_idle": sql.Literal(30),
    "tcp_keepalives_interval": sql.Literal(10),
    "tcp_keepalives_count": sql.Literal(3),
}


class Locked(GatepostError):
    """Another run holds the lock."""


@dataclass(frozen=True)
class Identity:
    """Which server answers; ``timeline`` changes with each promotion."""

    system_identifier: str
    standby: bool
    timeline: str

    def __str__(self) -> str:
        kind = "standby" if self.standby else f"timeline {self.timeline}"
        return f"system {self.system_identifier}, {kind}"


class Lock:
    """The advisory lock of a target, and the session that it lives and dies with.

    :param connection: that session; another one after `regain`.
    """

    def __init__(self, maintenance: Dsn, number: int) -> None:
        self.maintenance = maintenance
        self.number = number
        self.connection = self._taken()
        self.identity = identity(self.connection)

    def regain(self, patience: float = PATIENCE) -> None:
        """Take the lock again if its session is gone: for the way back alone.

        No step goes on with a lock that was lost: somebody else may have held it meanwhile.
        Whoever regains it looks first whether what is there is still its own.

        :param patience: seconds in which the server may come back.
        :raises Locked: somebody else holds it now.
        :raises ToolFailed: it is not the server that it was.
        :raises CannotConnect: it did not come back.
        """
        with contextlib.suppress(ToolFailed):
            still_held(self.connection)
            return
        self.connection.close()
        deadline = time.monotonic() + patience
        while True:
            try:
                conn = self._taken()
                break
            except (CannotConnect, Locked):
                # Our own session may take a while to be missed by the server.
                if time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE)
        now = identity(conn)
        if now != self.identity:
            conn.close()
            raise ToolFailed(
                f"the target's server is not the one it was: {now}, was {self.identity}",
                hint="nothing is undone there; find the server that the run began on",
            )
        self.connection = conn

    def close(self) -> None:
        """Let go."""
        self.connection.close()

    def _taken(self) -> Connection:
        conn = database.maintenance(self.maintenance, label="run lock")
        try:
            _take(conn, self.number)
            for name, value in _SETTINGS.items():
                conn.execute(sql.SQL("set {} = {}").format(sql.Identifier(name), value))
            if conn.info.server_version >= _HAS_IDLE_SESSION_TIMEOUT:
                conn.execute("set idle_session_timeout = 0")
        except BaseException:
            conn.close()
            raise
        return conn


def _take(conn: Connection, number: int) -> None:
    if not database.value(conn, "select pg_catalog.pg_try_advisory_lock(%s)", (number,)):
        who = holder(conn, number) or "its session has just ended"
        raise Locked(
            f"another run is under way for this target: {who}",
            hint="wait for it to end; nothing was changed by this one",
        )


def key(system_identifier: str, dbname: str) -> int:
    """Return the number, a signed bigint, that stands for a target wherever it is reached from."""
    name = f"gatepost {system_identifier} {dbname}".encode()
    return int.from_bytes(hashlib.sha256(name).digest()[:8], signed=True)


@contextlib.contextmanager
def held(folder: Path, maintenance: Dsn, number: int) -> Iterator[Lock]:
    """Hold both locks until the block ends, and yield the second.

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
        with contextlib.closing(Lock(maintenance, number)) as lock:
            yield lock
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


def identity(conn: Connection) -> Identity:
    """Return which server answers."""
    (found,) = database.records(conn, Identity, question("runner_identity"))
    return found


def holder(conn: Connection, number: int) -> str:
    """Return whoever holds the lock, as pg_stat_activity shows it; empty if nobody does."""
    found = database.rows(conn, question("runner_lock_holder"), {"key": number})
    if not found:
        return ""
    role, address, since = found[0]
    return f"held by {role} from {address} since {since} UTC"
