"""Is a row that was on its way no loss, and one that never comes a loss all the same?"""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost import database, embedded, replay, session, settings
from gatepost.errors import LimitReached
from gatepost.handover import Request
from gatepost.names import relation
from gatepost.origin import Source
from gatepost.parity import tables
from tests.conftest import run
from tests.pairs import opened
from tests.standby import standby, subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

TABLE = "create table t (id int primary key, said text, price int);"
ROWS = TABLE + "insert into t select g, 'row ' || g, g from generate_series(1, 500) as g;"
T = relation("public.t")


def live(settle: float) -> settings.Project:
    return settings.Project(
        limits=settings.Limits(settle=settle),
        tables={"public.t": settings.TableRule(live=True)},
    )


@pytest.fixture(scope="module")
def publisher() -> Iterator[embedded.Server]:
    """A PostgreSQL 16 server that can be followed."""
    with embedded.running(16, durable=False, options={"wal_level": "logical"}) as server:
        yield server


def test_rows_that_arrive_in_time_are_no_finding(database16: Make, database18: Make) -> None:
    before, after = database16(ROWS), database18(ROWS)
    run(after, "delete from t where id = 7; update t set price = 0, said = '' where id = 9")
    arrives = (
        "insert into t values (7, 'row 7', 7); update t set price = 9, said = 'row 9' where id = 9"
    )
    with opened(before, after, live(2)) as held:
        later = threading.Timer(0.5, run, (after, arrives))
        later.start()
        found = tables.compare(held, T)
        assert found.alike, found.finding
        later.join()
        assert found.damage == ()
        assert "2 rows differed at first, and did not when read again" in "".join(found.notes)


def test_rows_that_never_arrive_are_a_finding(database16: Make, database18: Make) -> None:
    before, after = database16(ROWS), database18(ROWS)
    run(after, "delete from t where id in (7, 8)")
    with opened(before, after, live(1)) as held:
        later = threading.Timer(0.2, run, (after, "insert into t values (7, 'row 7', 7)"))
        later.start()
        found = tables.compare(held, T)
        assert not found.alike
        later.join()
        assert "id = (8): gone" in found.finding
        assert "id = (7)" not in found.finding


def test_value_that_became_null_in_a_live_table_is_a_finding(
    database16: Make, database18: Make
) -> None:
    """Of a NULL in the only column beside the key there is no hash to be summed up."""
    script = "create table t (id int primary key, said text); insert into t values (7, 'x');"
    before, after = database16(script), database18(script + "update t set said = null")
    with opened(before, after, live(0.1)) as held:
        assert "id = (7): changed in said" in tables.compare(held, T).finding


def test_row_that_arrives_damaged_is_a_finding(database16: Make, database18: Make) -> None:
    """Another column than the one that differed at first may be what is wrong in the end."""
    before, after = database16(ROWS), database18(ROWS)
    run(after, "update t set price = 0 where id = 7")
    repair = "update t set price = 7, said = 'cut' where id = 7"
    with opened(before, after, live(1)) as held:
        later = threading.Timer(0.2, run, (after, repair))
        later.start()
        assert not tables.compare(held, T).alike
        later.join()


def test_table_that_is_not_live_is_not_read_again(database16: Make, database18: Make) -> None:
    before, after = database16(ROWS), database18(ROWS)
    run(after, "delete from t where id = 7")
    project = settings.Project(limits=settings.Limits(settle=30))
    with opened(before, after, project) as held:
        began = time.monotonic()
        assert not tables.compare(held, T).alike
        assert time.monotonic() - began < 20


def test_subscriber_is_waited_for_by_its_position(
    publisher: embedded.Server, database18: Make
) -> None:
    """The wait ends with the row's arrival, long before the time that is declared."""
    run(publisher.dsn(), "create database live_shop template template0")
    source, target = publisher.dsn("live_shop"), database18(TABLE)
    try:
        run(source, ROWS)
        with subscription(source, target):
            _until(target, "select count(*) = 500 from public.t")
            run(target, "alter subscription sub disable")
            run(source, "update t set price = price + 1 where id <= 3")
            with opened(source, target, live(60)) as held:
                run(target, "alter subscription sub enable")
                began = time.monotonic()
                found = tables.compare(held, T)
                assert found.alike, found.finding
                assert "3 rows differed at first" in "".join(found.notes)
                assert time.monotonic() - began < 50
    finally:
        run(publisher.dsn(), "drop database live_shop with (force)")


def test_standby_serves_as_before_side(publisher: embedded.Server, database18: Make) -> None:
    run(publisher.dsn(), "create database standby_shop template template0")
    try:
        source = publisher.dsn("standby_shop")
        run(source, ROWS)
        with standby(publisher) as follower, contextlib.closing(database.read_only(source)) as conn:
            replay.wait(follower.dsn("standby_shop"), replay.position(conn), timeout=30)
            after = database18(ROWS)
            with opened(follower.dsn("standby_shop"), after) as held:
                assert tables.compare(held, T).alike
            run(after, "delete from t where id = 1")
            with opened(follower.dsn("standby_shop"), after) as held:
                assert "id = (1): gone" in tables.compare(held, T).finding
    finally:
        run(publisher.dsn(), "drop database standby_shop with (force)")


def test_gate_does_not_begin_before_the_position_is_replayed(
    publisher: embedded.Server, database18: Make
) -> None:
    run(publisher.dsn(), "create database late_shop template template0")
    source, target = publisher.dsn("late_shop"), database18(TABLE)
    try:
        run(source, ROWS)
        with subscription(source, target):
            _until(target, "select count(*) = 500 from public.t")
            run(target, "alter subscription sub disable")
            run(source, "insert into t values (501, 'late', 1)")
            with contextlib.closing(database.read_only(source)) as conn:
                written = replay.position(conn)
            chosen = settings.Settings(
                project=live(1),
                folder=Path.cwd(),
                target_name="test",
                target=settings.Target(url=target.raw),
                source=Source(url=source.raw),
            )
            request = Request(gate="data", out=Path.cwd(), replayed=written)
            with pytest.raises(LimitReached):
                session.begin(chosen, request)
            run(target, "alter subscription sub enable")
            held = session.begin(chosen.model_copy(update={"project": live(60)}), request)
            try:
                assert held.after.connection.execute(
                    "select pg_catalog.count(*) from public.t"
                ).fetchall() == [(501,)]
            finally:
                held.close()
    finally:
        run(publisher.dsn(), "drop database late_shop with (force)")


def _until(dsn: Dsn, question: str) -> None:
    deadline = time.monotonic() + 30
    with contextlib.closing(database.maintenance(dsn)) as conn:
        while not conn.execute(question.encode()).fetchall()[0][0]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
