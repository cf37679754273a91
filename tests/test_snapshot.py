"""Do many sessions read one moment, does nobody write, and are locks older than the snapshot?"""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, LiteralString

import psycopg
import pytest

from gatepost import database, snapshot
from gatepost.errors import NotReadable, SnapshotGone, ToolFailed
from gatepost.names import relation
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

TABLE = "create table t (id int primary key); insert into t values (1)"
WAITS = "select exists (select from pg_catalog.pg_locks as l where not l.granted)"
COUNT = "select pg_catalog.count(*) from public.t"


def test_connection_refuses_to_write(database18: Make) -> None:
    with contextlib.closing(database.read_only(database18(TABLE))) as conn:
        statements: tuple[LiteralString, ...] = (
            "insert into public.t values (2)",
            "create table public.u ()",
            "set transaction read write",
        )
        for statement in statements:
            assert database.value(conn, COUNT) == 1
            with pytest.raises(psycopg.Error), conn.transaction():
                conn.execute(statement)


def test_connection_stays_read_only_after_a_rollback(database18: Make) -> None:
    with contextlib.closing(database.read_only(database18(TABLE))) as conn:
        conn.rollback()
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            conn.execute("insert into public.t values (2)")


def test_sessions_with_one_snapshot_read_one_moment(database16: Make) -> None:
    dsn = database16(TABLE)
    with snapshot.hold(dsn) as held:
        run(dsn, "insert into t values (2)")
        with contextlib.closing(database.read_only(dsn, snapshot=held.id)) as conn:
            assert database.value(conn, COUNT) == 1
        with contextlib.closing(database.read_only(dsn)) as conn:
            assert database.value(conn, COUNT) == 2


def test_snapshot_survives_a_statement_that_failed(database16: Make) -> None:
    dsn = database16(TABLE)
    with (
        snapshot.hold(dsn) as held,
        contextlib.closing(database.read_only(dsn, snapshot=held.id)) as conn,
    ):
        run(dsn, "insert into t values (2)")
        with pytest.raises(psycopg.errors.UndefinedTable):
            database.value(conn, "select pg_catalog.count(*) from public.nosuch")
        database.renew(conn, held.id)

        assert database.value(conn, COUNT) == 1


def test_snapshot_of_a_session_that_ended_is_refused(database16: Make) -> None:
    dsn = database16(TABLE)
    with snapshot.hold(dsn) as held:
        pass
    with pytest.raises(SnapshotGone, match="cannot be read any more"):
        database.read_only(dsn, snapshot=held.id)


def test_held_lock_keeps_writers_out_and_readers_in(database16: Make) -> None:
    dsn = database16(TABLE)
    with (
        snapshot.hold(dsn, lock=[relation("public.t")]),
        contextlib.closing(database.maintenance(dsn)) as other,
    ):
        other.execute("set lock_timeout = 100")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("insert into public.t values (2)")
        assert database.value(other, COUNT) == 1


def test_source_that_is_still_written_is_told(database16: Make) -> None:
    dsn = database16(TABLE)
    with contextlib.closing(database.maintenance(dsn)) as writer:
        writer.execute("begin")
        writer.execute("insert into public.t values (2)")
        with (
            pytest.raises(ToolFailed, match="still being written"),
            snapshot.hold(dsn, lock=[relation("public.t")], lock_timeout=0.2),
        ):
            pass


def test_waiting_for_a_lock_reads_nothing(database16: Make) -> None:
    """What commits while we wait for the lock is in the snapshot that we take then."""
    dsn = database16(TABLE)
    with (
        contextlib.closing(database.maintenance(dsn)) as writer,
        contextlib.closing(database.read_only(dsn)) as conn,
        ThreadPoolExecutor(max_workers=1) as pool,
    ):
        writer.execute("begin")
        writer.execute("insert into public.t values (2)")
        waiting = pool.submit(snapshot.take, conn, [relation("public.t")], 10)
        while not database.value(writer, WAITS):
            time.sleep(0.01)
        writer.execute("commit")
        waiting.result()

        assert database.value(conn, COUNT) == 2


def test_role_that_may_only_read_is_told_what_locking_takes(database16: Make) -> None:
    dsn = database16(TABLE)
    name = dsn.dbname
    run(dsn, f"create role {name} login password 'x'; grant select on t to {name}")
    limited = type(dsn)(f"postgresql://{name}:x@127.0.0.1:{dsn.parameters['port']}/{name}")
    try:
        with (
            pytest.raises(NotReadable, match="cannot lock the source"),
            snapshot.hold(limited, lock=[relation("public.t")]),
        ):
            pass
    finally:
        run(dsn, f"drop owned by {name}; drop role {name}")


def test_row_security_raises_instead_of_hiding(database16: Make) -> None:
    dsn = database16(TABLE)
    name = dsn.dbname
    run(
        dsn,
        f"alter table t enable row level security; create role {name} login password 'x';"
        f"grant select on t to {name}",
    )
    limited = type(dsn)(f"postgresql://{name}:x@127.0.0.1:{dsn.parameters['port']}/{name}")
    try:
        with (
            contextlib.closing(database.read_only(limited)) as conn,
            pytest.raises(NotReadable, match="row-level security"),
        ):
            database.value(conn, COUNT)
    finally:
        run(dsn, f"drop owned by {name}; drop role {name}")
