"""Is `replayed` said only where a reader would see it, and how far it got where it was not?"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from gatepost import bounds, database, embedded, monitor, replay, snapshot
from gatepost.errors import LimitReached, UsageError
from tests.conftest import run
from tests.standby import configure, standby, subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.database import Connection
    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

TABLE = "create table public.t (id int primary key, said text)"
COUNT = "select pg_catalog.count(*) from public.t"
_APPLIED = "select pg_catalog.max(remote_lsn) from pg_catalog.pg_replication_origin_status"
AT_ONCE = 0.3
PATIENCE = 30.0
SYSTEM = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="module")
def primary() -> Iterator[embedded.Server]:
    """A PostgreSQL 16 server that both a standby and a subscriber can follow."""
    with embedded.running(16, durable=False, options={"wal_level": "logical"}) as server:
        yield server


@pytest.fixture(scope="module")
def follower(primary: embedded.Server) -> Iterator[embedded.Server]:
    """The standby of `primary`."""
    with standby(primary) as server:
        yield server


@pytest.fixture(scope="module")
def subscriber() -> Iterator[embedded.Server]:
    """A PostgreSQL 18 server whose settings these tests may change."""
    with embedded.running(18, durable=False) as server:
        yield server


@pytest.fixture
def shop(primary: embedded.Server, request: pytest.FixtureRequest) -> Iterator[Dsn]:
    """A database of `primary`, named after the test."""
    yield from _database(primary, request.node.name)


@pytest.fixture
def shop18(subscriber: embedded.Server, request: pytest.FixtureRequest) -> Iterator[Dsn]:
    """A database of `subscriber`, named after the test."""
    yield from _database(subscriber, request.node.name)


def _database(server: embedded.Server, test: str) -> Iterator[Dsn]:
    name = test.removeprefix("test_")[:40]
    run(server.dsn(), f'create database "{name}" template template0')
    run(server.dsn(name), TABLE)
    yield server.dsn(name)
    run(server.dsn(), f'drop database "{name}" with (force)')


def _now(dsn: Dsn) -> str:
    with contextlib.closing(database.read_only(dsn)) as conn:
        return replay.position(conn)


def _insert(dsn: Dsn, id: int) -> str:  # noqa: A002 - the column's name
    """Insert one row and return the end of its transaction, exactly."""
    with contextlib.closing(database.maintenance(dsn)) as conn:
        conn.execute("insert into public.t values (%s, 'x')", (id,))
        return str(database.value(conn, "select pg_catalog.pg_current_wal_insert_lsn()"))


def _rows(dsn: Dsn) -> int:
    with contextlib.closing(database.read_only(dsn)) as conn:
        return int(database.value(conn, COUNT))


@contextlib.contextmanager
def _looking(dsn: Dsn) -> Iterator[Connection]:
    with contextlib.closing(monitor.connect(dsn, label="test")) as conn:
        yield conn


def _on(follower: embedded.Server, dsn: Dsn) -> Dsn:
    """Return the copy of a primary's database on its standby, once it is there."""
    replay.wait(follower.dsn(), _now(dsn), timeout=PATIENCE, poll=0.01)
    return follower.dsn(dsn.dbname)


@contextlib.contextmanager
def _paused(follower: embedded.Server) -> Iterator[None]:
    run(follower.dsn(), "select pg_wal_replay_pause()")
    with _looking(follower.dsn()) as conn:
        while database.value(conn, "select pg_catalog.pg_get_wal_replay_pause_state()") != "paused":
            time.sleep(0.01)
    try:
        yield
    finally:
        run(follower.dsn(), "select pg_wal_replay_resume()")


@pytest.mark.parametrize("text", ["16/B374D848", " 0/1 ", "ffffffff/FFFFFFFF"])
def test_position_is_read_as_postgresql_reads_it(text: str, primary: embedded.Server) -> None:
    with contextlib.closing(database.read_only(primary.dsn())) as conn:
        theirs = database.value(conn, "select %s::pg_catalog.pg_lsn - '0/0'", (text.strip(),))
        spelled = database.value(conn, "select %s::pg_catalog.pg_lsn::text", (text.strip(),))

    assert replay.parse(text) == theirs
    assert replay.spell(replay.parse(text)) == spelled


@pytest.mark.parametrize("text", ["", "16", "16/", "0/0", "16/B374D848G", "16-B3", "123456789/0"])
def test_text_that_is_no_position_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UsageError, match="no position in a write-ahead log") as refused:
        replay.parse(text)
    assert "\n" not in refused.value.message


def test_position_lies_behind_a_commit_that_is_not_written_yet(shop: Dsn) -> None:
    """synchronous_commit is off on this server: a commit is visible before it is written."""
    with contextlib.closing(database.maintenance(shop)) as conn:
        for id in range(20):  # noqa: A001 - the column's name
            conn.execute("insert into public.t values (%s, 'x')", (id,))
            end = str(database.value(conn, "select pg_catalog.pg_current_wal_insert_lsn()"))

            assert replay.parse(replay.position(conn)) >= replay.parse(end)


def test_standby_that_has_replayed_shows_the_rows(shop: Dsn, follower: embedded.Server) -> None:
    there = _on(follower, shop)
    for id in range(1, 11):  # noqa: A001 - the column's name
        _insert(shop, id)
        replay.wait(there, _now(shop), timeout=PATIENCE, poll=0.01)

        assert _rows(there) == id


def test_standby_that_does_not_replay_says_how_far_it_got(
    shop: Dsn, follower: embedded.Server
) -> None:
    there = _on(follower, shop)
    with _paused(follower):
        _insert(shop, 1)
        wanted = _now(shop)
        at = _now(there)
        with pytest.raises(LimitReached) as late:
            replay.wait(there, wanted, timeout=AT_ONCE)
        behind = replay.parse(wanted) - replay.parse(at)

        assert late.value.message == (
            f"after has not replayed {wanted} in 300 ms: it is at {at}, {behind} bytes behind"
        )
        assert late.value.hint == "replay is paused there: select pg_wal_replay_resume()"
        assert _rows(there) == 0

    waited = replay.wait(there, wanted, timeout=PATIENCE)

    assert replay.parse(waited.at) >= replay.parse(wanted)
    assert _rows(there) == 1


def test_position_at_the_end_of_a_page_can_be_reached(shop: Dsn, follower: embedded.Server) -> None:
    """The next record would begin behind a page header that nobody replays on an idle server."""
    with contextlib.closing(database.maintenance(shop)) as conn:
        conn.execute("set synchronous_commit = on")
        raw = _end_of_a_page(conn)
        position = replay.position(conn)

    assert replay.parse(raw) - replay.parse(position) in (24, 40)
    replay.wait(follower.dsn(), position, timeout=5)


def _end_of_a_page(conn: Connection) -> str:
    """Write until the log stands at the end of a page, and return where the next record goes."""
    emit = "select pg_catalog.pg_logical_emit_message(true, '', pg_catalog.repeat('x', %s))"
    page, length, beyond = 8192, 1000, 2500
    for _ in range(100):
        before = _insert_position(conn)
        conn.execute(emit, (length,))
        cost = _insert_position(conn) - before
        left = page - _insert_position(conn) % page
        if left < beyond or before % page > page - beyond:
            continue
        # Records are aligned: one that is longer by what is missing ends where the page ends.
        conn.execute(emit, (length + left - cost,))
        at = _insert_position(conn)
        if at % page in (24, 40):
            return replay.spell(at)
    pytest.fail("somebody else writes to this server")


def _insert_position(conn: Connection) -> int:
    return replay.parse(database.value(conn, "select pg_catalog.pg_current_wal_insert_lsn()"))


@pytest.mark.long
def test_subscriber_that_has_applied_shows_the_rows(shop: Dsn, shop18: Dsn) -> None:
    _insert(shop, 1)
    with subscription(shop, shop18):
        replay.wait(shop18, _now(shop), timeout=PATIENCE)
        assert _rows(shop18) == 1
        for id in range(2, 8):  # noqa: A001 - the column's name
            _insert(shop, id)
            replay.wait(shop18, _now(shop), timeout=PATIENCE, poll=0.01)

            assert _rows(shop18) == id


def test_subscriber_passes_what_is_not_published(shop: Dsn, shop18: Dsn) -> None:
    with subscription(shop, shop18):
        replay.wait(shop18, _now(shop), timeout=PATIENCE)
        run(shop, "create table u (id int)")
        run(shop, "drop table u")

        replay.wait(shop18, _now(shop), timeout=PATIENCE)


def test_subscriber_whose_table_is_locked_is_waited_for(shop: Dsn, shop18: Dsn) -> None:
    with subscription(shop, shop18):
        replay.wait(shop18, _now(shop), timeout=PATIENCE)
        with contextlib.closing(database.maintenance(shop18)) as locker:
            locker.execute("begin")
            locker.execute("lock table public.t in share mode")
            end = _insert(shop, 1)
            with pytest.raises(LimitReached, match="bytes behind"):
                replay.wait(shop18, end, timeout=AT_ONCE)
            locker.execute("commit")

        replay.wait(shop18, end, timeout=PATIENCE)
        assert _rows(shop18) == 1


def test_subscriber_that_counts_a_commit_nobody_sees_has_not_reached_it(
    shop: Dsn, shop18: Dsn, subscriber: embedded.Server
) -> None:
    """A commit that waits for a standby of the subscriber's own is counted, and not visible."""
    with subscription(shop, shop18):
        run(shop18, "alter subscription sub set (synchronous_commit = 'on')")
        replay.wait(shop18, _now(shop), timeout=PATIENCE)
        configure(subscriber.dsn(), "synchronous_standby_names", "nobody")
        try:
            end = _insert(shop, 1)
            with _looking(shop18) as conn:
                while _committed(conn) != end:
                    time.sleep(0.02)

                assert _rows(shop18) == 0
                assert not replay.reached(conn, end)
        finally:
            configure(subscriber.dsn(), "synchronous_standby_names", "")

        replay.wait(shop18, end, timeout=PATIENCE)
        assert _rows(shop18) == 1


def _committed(conn: Connection) -> str:
    query = "select pg_catalog.max(o.remote_lsn) from pg_catalog.pg_replication_origin_status as o"
    return str(database.value(conn, query))


def test_subscriber_that_still_copies_has_not_reached_anything(shop: Dsn, shop18: Dsn) -> None:
    _insert(shop, 1)
    with contextlib.closing(database.maintenance(shop18)) as locker:
        locker.execute("begin")
        locker.execute("lock table public.t in share mode")
        with subscription(shop, shop18):
            with pytest.raises(LimitReached) as late:
                replay.wait(shop18, _now(shop), timeout=2)
            locker.execute("commit")

            assert late.value.hint == "subscription sub still copies 1 table"
            replay.wait(shop18, _now(shop), timeout=PATIENCE)
            assert _rows(shop18) == 1


def test_subscription_that_is_disabled_is_named(shop: Dsn, shop18: Dsn) -> None:
    with subscription(shop, shop18):
        end = _insert(shop, 1)
        replay.wait(shop18, end, timeout=PATIENCE)
        run(shop18, "alter subscription sub disable")
        with _looking(shop18) as conn:
            while database.value(conn, "select pg_catalog.count(pid) from pg_stat_subscription"):
                time.sleep(0.02)
            # Where its commit ended: what the server logs by itself may lie between that and end.
            applied = str(database.value(conn, _APPLIED))
        replay.wait(shop18, applied, timeout=AT_ONCE)
        with pytest.raises(LimitReached) as late:
            replay.wait(shop18, _insert(shop, 2), timeout=AT_ONCE)
        run(shop18, "alter subscription sub enable")

    assert late.value.hint == "subscription sub is disabled"


def test_role_that_may_only_connect_can_wait_for_a_subscriber(shop: Dsn, shop18: Dsn) -> None:
    run(shop18, "create role watcher login password 'x'")
    limited = type(shop18)(psycopg.conninfo.make_conninfo(shop18.raw, user="watcher", password="x"))
    try:
        with subscription(shop, shop18):
            _insert(shop, 1)
            replay.wait(limited, _now(shop), timeout=PATIENCE)
            assert _rows(shop18) == 1
    finally:
        run(shop18, "drop role watcher")


def test_server_that_replays_no_other_is_a_usage_error(shop18: Dsn) -> None:
    with pytest.raises(UsageError, match="replays no other server") as refused:
        replay.wait(shop18, "0/1", timeout=AT_ONCE)
    assert refused.value.hint


@pytest.mark.skipif(not SYSTEM.is_dir(), reason="the system has no PostgreSQL 15")
def test_version_15_is_followed_and_follows(shop: Dsn, tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    server = embedded.start(15, tmp_path / "server", bin=SYSTEM, durable=False)
    try:
        run(server.dsn(), TABLE)
        _insert(shop, 1)
        with standby(server) as copy, subscription(shop, server.dsn()):
            replay.wait(server.dsn(), _now(shop), timeout=PATIENCE)
            replay.wait(copy.dsn(), _now(server.dsn()), timeout=PATIENCE)

            assert _rows(server.dsn()) == _rows(copy.dsn()) == 1
            for dsn, is_standby in ((server.dsn(), False), (copy.dsn(), True)):
                with _looking(dsn) as conn, snapshot.hold(dsn) as held:
                    pressure = bounds.pressure(conn, snapshot=held.id)

                assert pressure.standby == is_standby
                assert pressure.snapshot_age is not None
    finally:
        server.stop()
