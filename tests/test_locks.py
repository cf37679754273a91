"""Is a lock that others wait for seen while it lasts, and told by its table, length and culprit?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from gatepost import locks
from gatepost.errors import UsageError
from gatepost.locks import Held, Locked, Locks
from gatepost.origin import Source
from gatepost.settings import Project, Settings, Target
from runner.servers import lock_watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from runner.servers.lock_watch import Watch

    Make = Callable[..., Dsn]

TABLES = "create table games (id int); create table pools (id int); create view v as select 1 as a"
HELD = 0.3  # seconds
PATIENCE = 20.0  # the same
OTHERS = "select application_name from pg_stat_activity where datname = %s"


def seen(watch: Watch) -> dict[str, Held]:
    """What was seen, by table."""
    return {one.table: one for one in watch.locks(lambda _: "m1").held}


def test_longest_lock_of_each_table_is_seen(database16: Make) -> None:
    dsn = database16(TABLES)
    with lock_watch.watching(dsn) as watch, psycopg.connect(dsn.raw) as conn:
        conn.execute("lock games in access exclusive mode; create table fresh (id int)")
        conn.execute("create index on pools (id)")
        time.sleep(HELD)
        conn.commit()
        conn.execute("insert into games values (1)")  # keeps nobody waiting
        time.sleep(0.1)

    found = seen(watch)
    assert set(found) == {"public.games", "public.pools"}
    assert found["public.games"].mode == "ACCESS EXCLUSIVE"
    assert found["public.games"].seconds >= HELD
    assert found["public.pools"].mode == "SHARE"
    assert found["public.games"].migration == "m1"


def test_lock_that_lasts_to_the_end_is_seen_and_nobody_of_ours_stays(database16: Make) -> None:
    dsn = database16(TABLES)
    with psycopg.connect(dsn.raw) as conn, lock_watch.watching(dsn) as watch:
        conn.execute("drop view v")
        time.sleep(0.1)

    assert seen(watch)["public.v"].mode == "ACCESS EXCLUSIVE"
    with psycopg.connect(dsn.of("postgres").raw, autocommit=True) as conn:
        deadline = time.monotonic() + PATIENCE
        while conn.execute(OTHERS, (dsn.dbname,)).fetchall() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert conn.execute(OTHERS, (dsn.dbname,)).fetchall() == []


def test_watch_that_is_ended_says_so(database16: Make) -> None:
    dsn = database16(TABLES)
    with lock_watch.watching(dsn) as watch, psycopg.connect(dsn.raw, autocommit=True) as conn:
        conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        time.sleep(0.2)

    told = watch.locks(lambda _: "")
    assert told.broken
    (asked,) = planned(told)
    assert asked.name == "watch"
    (finding,) = locks.findings(asked, 0)
    assert finding.startswith("watch: locks were not watched to the end: ")


def test_watch_with_a_gap_longer_than_the_limit_is_a_finding() -> None:
    (finding,) = locks.findings(Locked("watch", Locks(9, 0.02, 3.0)), 2.0)

    assert finding == "watch: nobody looked for 3.0 s, and 2.0 s are allowed"
    assert planned(Locks(9, 0.02, 3.0)) == []


def test_lock_that_is_too_long_is_told_with_the_way_out() -> None:
    index = Held("public.games", "SHARE", 3.0, "m1")
    (asked,) = planned(Locks(9, 0.02, 0.02, (index, Held("public.games", "EXCLUSIVE", 0.1))))

    (finding,) = locks.findings(asked, 2.0)
    (note,) = locks.notes(asked, 2.0)

    assert finding == (
        "public.games: SHARE for 3.0 s by m1, 2.0 s allowed"
        "\n  hint: create index concurrently, alone in its file"
    )
    assert note == "public.games: EXCLUSIVE for 100 ms, 2.0 s allowed"
    assert list(locks.findings(asked, 0)) == []
    assert "no limit" in next(locks.notes(asked, 0))


def test_what_was_seen_is_handed_over_whole(tmp_path: Path) -> None:
    given = Locks(9, 0.02, 0.05, (Held("public.games", "SHARE", 3.0, "m1"),), "gone")

    locks.write(given, tmp_path / "facts")

    assert locks.read(tmp_path / "facts") == given
    assert locks.read(tmp_path) is None
    (tmp_path / locks.FILE).write_text("{}")
    with pytest.raises(UsageError, match=r"locks.json: no figures that can be read"):
        locks.read(tmp_path)


def planned(told: Locks) -> list[Locked]:
    """The subjects of the question."""
    chosen = Settings(
        project=Project(), folder=Path(), target_name="t", target=Target(url=""), source=Source()
    )
    return [one[0] for one in locks.planned(told, chosen) if isinstance(one, tuple)]
