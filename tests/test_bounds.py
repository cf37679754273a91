"""Is reading held back, and ended, when it takes more of a server than was allowed?"""

from __future__ import annotations

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from gatepost import bounds, database, monitor, snapshot
from gatepost.bounds import Brake, Pressure
from gatepost.dsn import Dsn
from gatepost.errors import LimitReached, NotReadable, SnapshotGone
from gatepost.settings import Limits
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Make = Callable[..., Dsn]

QUIET = Pressure(active=0, snapshot_age=1.0, replica_lag=None, standby=False)
ALL = Limits(snapshot_age=60, replica_lag=10, active=4)
NOBODY = Dsn("postgresql://127.0.0.1:1/nowhere")
PATIENCE = 30.0


@contextlib.contextmanager
def _busy(dsn: Dsn, sessions: int) -> Iterator[None]:
    """Run a statement in so many sessions of somebody else's."""

    def sleep() -> None:
        with (
            psycopg.connect(dsn.raw, application_name="shop") as conn,
            contextlib.suppress(psycopg.errors.QueryCanceled),
        ):
            conn.execute("select pg_sleep(60)")

    with ThreadPoolExecutor(max_workers=sessions) as pool:
        for _ in range(sessions):
            pool.submit(sleep)
        with contextlib.closing(monitor.connect(dsn, label="test")) as conn:
            while bounds.pressure(conn).active < sessions:
                time.sleep(0.01)
        try:
            yield
        finally:
            run(dsn, CANCEL)


CANCEL = "select pg_cancel_backend(pid) from pg_stat_activity where application_name = 'shop'"


def _pressure(dsn: Dsn, name: str = "") -> Pressure:
    with contextlib.closing(monitor.connect(dsn, label="test")) as conn:
        return bounds.pressure(conn, snapshot=name)


def _limited(dsn: Dsn, role: str) -> Dsn:
    return Dsn(make_conninfo(dsn.raw, user=role, password="x"))


@pytest.mark.parametrize(
    ("pressure", "word", "reason"),
    [
        (QUIET, "go on", ""),
        (Pressure(4, 60.0, 10.0, False), "go on", ""),
        (
            Pressure(9, 61.0, 11.0, False),
            "stop",
            "the snapshot has been held for 1 min 01 s, limits.snapshot_age is 1 min 00 s",
        ),
        (
            Pressure(0, 1.0, 11.0, False),
            "pause",
            "a standby of this server is 11.0 s behind, limits.replica_lag is 10.0 s",
        ),
        (
            Pressure(0, 1.0, 11.0, True),
            "pause",
            "the standby that is read is 11.0 s behind, limits.replica_lag is 10.0 s",
        ),
        (
            Pressure(5, None, None, False),
            "pause",
            "5 sessions of others active, limits.active is 4",
        ),
    ],
)
def test_advice_follows_from_pressure_and_limits(
    pressure: Pressure, word: str, reason: str
) -> None:
    advice = bounds.check(pressure, ALL)

    assert (advice.word, advice.reason) == (word, reason)


def test_nothing_declared_bounds_nothing() -> None:
    assert bounds.check(Pressure(99, 1e6, 1e6, True, False), Limits()).word == "go on"


def test_nothing_declared_asks_no_server() -> None:
    brake = Brake(NOBODY, Limits())
    for _ in range(1000):
        brake.wait()

    assert brake.paused == 0


def test_what_the_role_is_not_shown_is_no_quiet(database16: Make) -> None:
    """To a role without rights every other session looks idle, and no standby is seen."""
    dsn = database16()
    run(dsn, "create role plain login password 'x'; create role seer login password 'x'")
    run(dsn, "grant pg_read_all_stats to seer")
    with _busy(dsn, 2):
        unseen, seen = _pressure(_limited(dsn, "plain")), _pressure(_limited(dsn, "seer"))
    with (
        contextlib.closing(Brake(_limited(dsn, "plain"), Limits(active=1))) as brake,
        pytest.raises(NotReadable, match=r"limits\.active cannot be kept"),
    ):
        brake.wait()
    with pytest.raises(NotReadable, match=r"limits\.replica_lag cannot be kept"):
        bounds.check(unseen, Limits(replica_lag=1))
    with snapshot.hold(dsn) as held, pytest.raises(NotReadable, match="snapshot_age"):
        _pressure(_limited(dsn, "plain"), held.id)
    with snapshot.hold(_limited(dsn, "plain")) as held:
        assert _pressure(_limited(dsn, "plain"), held.id).snapshot_age is not None

    assert (unseen.active, unseen.sees_others) == (0, False)
    assert (seen.active, seen.sees_others) == (2, True)


def test_our_own_sessions_are_no_pressure(database16: Make) -> None:
    dsn = database16()
    ours = threading.Thread(
        target=lambda: _sleep(database.read_only(dsn, label="reading")), daemon=True
    )
    ours.start()
    with contextlib.closing(monitor.connect(dsn, label="test")) as conn:
        query = "select pg_catalog.count(*) from pg_catalog.pg_stat_activity where wait_event = %s"
        while not database.value(conn, query, ("PgSleep",)):
            time.sleep(0.01)

        assert bounds.pressure(conn).active == 0
    ours.join()


def _sleep(conn: database.Connection) -> None:
    with contextlib.closing(conn):
        conn.execute("select pg_catalog.pg_sleep(0.5)")


def test_reading_waits_while_others_are_busy(database16: Make) -> None:
    dsn = database16()
    with (
        contextlib.closing(Brake(dsn, Limits(active=1))) as brake,
        ThreadPoolExecutor(max_workers=2) as pool,
    ):
        with _busy(dsn, 2):
            readers = [pool.submit(brake.wait) for _ in range(2)]
            time.sleep(0.3)
            assert not any(reader.done() for reader in readers)
        for reader in readers:
            reader.result(timeout=PATIENCE)

    assert 1 <= brake.paused < 3
    assert brake.reasons == ("2 sessions of others active, limits.active is 1",)


def test_pause_that_takes_too_long_stops_the_reading(database16: Make) -> None:
    dsn = database16()
    with (
        _busy(dsn, 2),
        contextlib.closing(Brake(dsn, Limits(active=1), patience=0.5)) as brake,
        pytest.raises(LimitReached, match=r"before: 2 sessions .* after a pause of 1\.\d s"),
    ):
        brake.wait()


def test_pause_ends_when_reading_is_given_up(database16: Make) -> None:
    dsn = database16()
    brake = Brake(dsn, Limits(active=1))
    with _busy(dsn, 2), ThreadPoolExecutor(max_workers=1) as pool:
        reader = pool.submit(brake.wait)
        while not brake.reasons:
            time.sleep(0.01)
        brake.close()

        with pytest.raises(LimitReached, match="given up"):
            reader.result(timeout=PATIENCE)


def test_server_is_looked_at_once_a_second_at_most(database16: Make) -> None:
    dsn = database16()
    with (
        contextlib.closing(Brake(dsn, Limits(active=50))) as brake,
        contextlib.closing(monitor.connect(dsn, label="test")) as conn,
        ThreadPoolExecutor(max_workers=4) as pool,
    ):
        query = (
            "select query_start from pg_catalog.pg_stat_activity"
            " where application_name = 'gatepost bounds' and datname = %s"
        )
        began = time.monotonic()
        brake.wait()
        looked = database.value(conn, query, (dsn.dbname,))
        for reader in [pool.submit(brake.wait) for _ in range(200)]:
            reader.result()
        again = database.value(conn, query, (dsn.dbname,))
        assert again == looked or time.monotonic() - began > bounds.INTERVAL
        time.sleep(bounds.INTERVAL)
        brake.wait()

        assert database.value(conn, query, (dsn.dbname,)) > looked


@pytest.mark.parametrize("server", ["server16", "server18"])
def test_snapshot_that_is_too_old_stops_the_reading(
    server: str, request: pytest.FixtureRequest
) -> None:
    dsn = request.getfixturevalue(server).dsn()
    with contextlib.ExitStack() as held_by:
        older = held_by.enter_context(snapshot.hold(dsn))
        time.sleep(0.5)
        held = held_by.enter_context(snapshot.hold(dsn))
        brake = Brake(dsn, Limits(snapshot_age=0.4), snapshot=held.id)
        held_by.callback(brake.close)
        brake.wait()
        time.sleep(bounds.INTERVAL + 0.05)
        for _ in range(2):
            with pytest.raises(LimitReached, match="before: the snapshot has been held for 1"):
                brake.wait()
        assert brake.paused == 0
        ages = [_pressure(dsn, name).snapshot_age or 0 for name in (older.id, held.id)]

    assert ages[0] - 0.3 > ages[1] > bounds.INTERVAL


def test_snapshot_that_nobody_holds_is_told(database16: Make) -> None:
    dsn = database16()
    with snapshot.hold(dsn) as held:
        pass
    with pytest.raises(SnapshotGone, match="nobody holds it"):
        _pressure(dsn, held.id)
