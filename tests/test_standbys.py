"""Is a standby read as it was at one moment, and never ahead of what it has replayed?"""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from gatepost import bounds, database, embedded, monitor, replay, snapshot
from gatepost.bounds import Brake, Pressure
from gatepost.errors import SnapshotGone
from gatepost.names import relation
from gatepost.parity import digests, readings
from gatepost.schema import catalog
from gatepost.settings import Limits
from tests.conftest import run
from tests.standby import configure, standby

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

pytestmark = pytest.mark.servers

PATIENCE = 30.0
FILL = "create table t (id int primary key, said text); insert into t select n, n::text from"
ROWS = f"{FILL} generate_series(1, 1000) as n"


@pytest.fixture(scope="module")
def primary() -> Iterator[embedded.Server]:
    """A PostgreSQL 16 server of its own, with one table."""
    with embedded.running(16, durable=False, options={"autovacuum": "off"}) as server:
        run(server.dsn(), ROWS)
        yield server


@pytest.fixture(scope="module")
def follower(primary: embedded.Server) -> Iterator[embedded.Server]:
    """The standby of `primary`, whose readers may delay replay by 0.2 s."""
    options = {
        "max_standby_streaming_delay": "200ms",
        "wal_receiver_status_interval": "1s",
        "wal_retrieve_retry_interval": "100ms",
    }
    with standby(primary, options=options) as server:
        yield server


def _pressure(dsn: Dsn, name: str = "") -> Pressure:
    with contextlib.closing(monitor.connect(dsn, label="test")) as conn:
        return bounds.pressure(conn, snapshot=name)


def _caught_up(primary: embedded.Server, follower: embedded.Server) -> None:
    with contextlib.closing(database.read_only(primary.dsn())) as conn:
        replay.wait(follower.dsn(), replay.position(conn), timeout=PATIENCE, poll=0.02)


def test_standby_shows_its_readers_one_moment(
    primary: embedded.Server, follower: embedded.Server
) -> None:
    _caught_up(primary, follower)
    with (
        snapshot.hold(follower.dsn()) as held,
        contextlib.closing(database.read_only(follower.dsn(), snapshot=held.id)) as there,
        contextlib.closing(database.read_only(primary.dsn())) as here,
    ):
        tables = [_table(conn) for conn in (here, there)]
        was, now = readings.pair(*tables)
        first = digests.digest(here, was)
        run(primary.dsn(), "insert into t select n, 'new' from generate_series(2001, 2100) as n")
        _caught_up(primary, follower)

        assert first.rows == 1000
        assert digests.digest(there, now) == first
        assert replay.position(there)
        with contextlib.closing(database.read_only(follower.dsn())) as present:
            assert digests.digest(present, now).rows == 1100
    run(primary.dsn(), "delete from t where id > 1000")


def _table(conn: database.Connection) -> catalog.Table:
    (table,) = (t for t in catalog.read(conn).tables if t.relation == relation("public.t"))
    return table


def test_standby_that_is_behind_is_waited_for(
    primary: embedded.Server, follower: embedded.Server
) -> None:
    """Both see it: the standby that is read, and the primary whose standby falls behind."""
    _caught_up(primary, follower)
    assert _pressure(follower.dsn()).replica_lag == 0
    assert _pressure(follower.dsn()).standby
    limits = Limits(replica_lag=0.5)
    with (
        contextlib.closing(Brake(follower.dsn(), limits)) as there,
        contextlib.closing(Brake(primary.dsn(), limits)) as here,
        ThreadPoolExecutor(max_workers=2) as pool,
    ):
        run(follower.dsn(), "select pg_wal_replay_pause()")
        try:
            until = time.monotonic() + PATIENCE
            while any((_pressure(s.dsn()).replica_lag or 0) <= 1 for s in (primary, follower)):
                run(primary.dsn(), "insert into t values (5000, ''); delete from t where id = 5000")
                time.sleep(0.2)
                assert time.monotonic() < until
            readers = [pool.submit(brake.wait) for brake in (here, there)]
            while not (here.reasons and there.reasons):
                time.sleep(0.02)
        finally:
            run(follower.dsn(), "select pg_wal_replay_resume()")
        for reader in readers:
            reader.result(timeout=PATIENCE)

    assert here.reasons[0].startswith("a standby of this server is ")
    assert there.reasons[0].startswith("the standby that is read is ")
    assert here.paused >= 1
    assert there.paused >= 1


def test_standby_that_lost_its_primary_is_behind(
    primary: embedded.Server, follower: embedded.Server
) -> None:
    """It has replayed all it received, and receives nothing."""
    _caught_up(primary, follower)
    there = follower.dsn()
    connected = "select exists (select from pg_catalog.pg_stat_wal_receiver)"
    with contextlib.closing(monitor.connect(there, label="test")) as conn:
        address = database.value(conn, "show primary_conninfo")
        configure(there, "primary_conninfo", "")
        while database.value(conn, connected):
            time.sleep(0.02)
        time.sleep(0.3)
        lost = bounds.pressure(conn).replica_lag
        configure(there, "primary_conninfo", address)
        while not database.value(conn, connected):
            time.sleep(0.02)
    _caught_up(primary, follower)

    assert lost is not None
    assert lost > 0.2
    assert _pressure(follower.dsn()).replica_lag == 0


def test_primary_has_no_note_on_standbys(primary: embedded.Server) -> None:
    with contextlib.closing(monitor.connect(primary.dsn(), label="test")) as conn:
        assert bounds.standby_note(conn) == ""


def test_note_says_what_ends_a_snapshot_on_a_standby_and_it_does(
    primary: embedded.Server, follower: embedded.Server
) -> None:
    _caught_up(primary, follower)
    with contextlib.closing(monitor.connect(follower.dsn(), label="test")) as conn:
        note = bounds.standby_note(conn)
    with snapshot.hold(follower.dsn()) as held:
        _pressure(follower.dsn(), held.id)
        run(primary.dsn(), "delete from t where id <= 100")
        run(primary.dsn(), "vacuum t")
        until = time.monotonic() + PATIENCE
        while not _is_gone(follower.dsn(), held.id):
            time.sleep(0.05)
            assert time.monotonic() < until

    assert note == (
        "the snapshot is held on a standby with hot_standby_feedback off: on the primary, a vacuum"
        " of rows that it sees, or a lock, as by truncate or alter table, ends its sessions after"
        " 200 ms (max_standby_streaming_delay)"
    )


def test_snapshot_on_a_standby_that_tells_its_primary_survives_a_vacuum(
    primary: embedded.Server, follower: embedded.Server
) -> None:
    configure(follower.dsn(), "hot_standby_feedback", "on")
    told = "select pg_catalog.bool_and(backend_xmin is not null) from pg_stat_replication"
    try:
        _caught_up(primary, follower)
        with (
            contextlib.closing(monitor.connect(primary.dsn(), label="test")) as conn,
            contextlib.closing(monitor.connect(follower.dsn(), label="test")) as there,
            snapshot.hold(follower.dsn()) as held,
        ):
            while not database.value(conn, told):
                time.sleep(0.02)
            note = bounds.standby_note(there)
            run(primary.dsn(), "delete from t where id between 101 and 200")
            run(primary.dsn(), "vacuum t")
            _caught_up(primary, follower)
            time.sleep(0.5)

            assert not _is_gone(follower.dsn(), held.id)
    finally:
        configure(follower.dsn(), "hot_standby_feedback", "off")

    assert "hot_standby_feedback on: on the primary, a lock there" in note


def _is_gone(dsn: Dsn, name: str) -> bool:
    try:
        _pressure(dsn, name)
    except SnapshotGone:
        return True
    return False
