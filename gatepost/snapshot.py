"""How do many sessions read one and the same moment?"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.database import Connection
from gatepost.errors import NotReadable, ToolFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.dsn import Dsn
    from gatepost.names import Relation


@dataclass(frozen=True)
class Held:
    """A snapshot that lives as long as the connection that exported it."""

    id: str
    connection: Connection


@contextlib.contextmanager
def hold(dsn: Dsn, *, lock: Sequence[Relation] = (), lock_timeout: float = 10) -> Iterator[Held]:
    """Export a snapshot and hold it until the block ends.

    :param lock: tables to lock against writers *before* the snapshot is taken: what commits
        between a snapshot and a lock is in the tables and not in the snapshot, and a TRUNCATE or
        a rewrite there leaves the snapshot an empty table.  SHARE lets others read on.
    :param lock_timeout: seconds to wait for one lock.
    :raises NotReadable: the role may not lock, which takes more than the right to read.
    :raises ToolFailed: another session holds a lock longer than ``lock_timeout``.
    """
    conn = database.read_only(dsn, label="snapshot")
    try:
        if lock:
            take(conn, lock, lock_timeout)
        yield Held(database.value(conn, "select pg_catalog.pg_export_snapshot()"), conn)
    finally:
        conn.close()


def take(conn: Connection, tables: Sequence[Relation], timeout: float) -> None:
    """Lock tables against writers in a new transaction that has read nothing yet.

    :param timeout: seconds to wait for one lock.
    :raises NotReadable: the role may not lock.
    :raises ToolFailed: another session holds a lock longer than ``timeout``.
    """
    # A read-only transaction may take no lock above ROW SHARE, so this one begins writable and
    # becomes read-only once it holds its locks.  Until then every statement must be one that reads
    # nothing: the first that reads fixes the snapshot, and it would be older than the locks.
    conn.read_only = False
    conn.execute("set transaction read write")
    conn.execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(round(timeout * 1000))))
    names = sql.SQL(", ").join(table.identifier for table in tables)
    try:
        conn.execute(sql.SQL("lock table {} in share mode").format(names))
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotReadable(
            f"cannot lock the source against writers: {error.diag.message_primary}",
            hint="the runner's role on the source needs MAINTAIN, or to own the tables",
        ) from None
    except psycopg.errors.FeatureNotSupported:
        raise ToolFailed(
            "the source is a standby: its tables cannot be locked against writers",
            hint="lock and dump the primary; a standby may be what a gate reads",
        ) from None
    except psycopg.errors.LockNotAvailable:
        raise ToolFailed(
            f"the source is still being written: no lock within {timeout:g} s",
            hint="stop every writer, the stop hook included, then begin again",
        ) from None
    conn.execute("set transaction read only")
