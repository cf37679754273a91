"""Is a relation the same, however many connections or machines read it, and in whatever pieces?"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from gatepost import database, settings, units
from gatepost.dsn import Dsn
from gatepost.names import relation
from gatepost.parity import digests, readings, slices, tables
from tests.conftest import run
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[..., Dsn]

ROWS = """
create table t (id int primary key, a text, b numeric, c timestamptz, d float8);
insert into t select g, 'value ' || g, g / 7.0, timestamptz '2024-05-01' + g * interval '1 s', g / 3
from generate_series(1, 30000) as g;
"""
PARTED = """
create table t (id int primary key, a text, b numeric, c timestamptz, d float8)
partition by range (id);
create table t1 partition of t for values from (0) to (9000);
create table t2 partition of t for values from (9000) to (20000) partition by list (id);
create table t3 partition of t2 default;
create table t4 partition of t default;
""" + ROWS.split(";\n", 1)[1]
DAMAGE = """
delete from t where id = 77; insert into t (id) values (99999);
update t set b = b + 1 where id in (5, 29999); update t set a = upper(a) where id = 12345;
"""
T = relation("public.t")


def found(before: Dsn, after: Dsn, connections: int) -> tuple[bool, str, list[str]]:
    """Return what a comparison by so many connections finds."""
    project = settings.Project(limits=settings.Limits(connections=connections))
    with opened(before, after, project) as session:
        compared = tables.compare(session, T)
        return compared.alike, compared.finding, [str(one) for one in compared.damage]


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "BYTES", 128 << 10)


@pytest.mark.usefixtures("small_slices")
def test_slices_add_up_to_the_whole(database16: Make, database18: Make) -> None:
    before, after = database16(ROWS), database18(ROWS)
    with opened(before, after) as session:
        readings = tables.compare(session, T).readings
        assert readings is not None
        parts = slices.of(readings[0], session.before.catalog)
        with session.before.lent() as conn:
            whole = digests.digest(conn, readings[0])
            pieces = [digests.digest(conn, part) for part in parts]

    assert len(parts) > 10
    assert digests.total(pieces) == whole


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("damage", ["", DAMAGE])
def test_one_connection_and_eight_find_the_same(
    database16: Make, database18: Make, damage: str
) -> None:
    before, after = database16(ROWS), database18(ROWS)
    run(after, damage or "select 1")

    one, eight = found(before, after, 1), found(before, after, 8)

    assert one == eight
    assert one[0] is not bool(damage)


@pytest.mark.usefixtures("small_slices")
def test_partitions_are_read_one_by_one_and_add_up(database16: Make, database18: Make) -> None:
    before, after = database16(ROWS), database18(PARTED)
    with opened(before, after) as session:
        compared = tables.compare(session, T)
        assert compared.readings is not None
        parts = slices.of(compared.readings[1], session.after.catalog)
        assert {part.relation.name for part in parts} == {"t1", "t3", "t4"}
        assert compared.alike


@pytest.mark.usefixtures("small_slices")
def test_who_may_not_read_the_partitions_reads_the_root(database16: Make, database18: Make) -> None:
    before, after = database16(ROWS), database18(PARTED)
    run(after, "create role root_reader login password 'r'; grant select on t to root_reader")
    try:
        reader = Dsn(make_conninfo(after.raw, user="root_reader", password="r"))
        assert found(before, reader, 2)[0]
        run(after, "update t set a = 'x' where id = 7")
        assert "id = (7): changed in a" in found(before, reader, 2)[1]
    finally:
        run(after, "drop owned by root_reader; drop role root_reader")


@pytest.mark.usefixtures("small_slices")
def test_slices_that_were_read_are_not_read_again(
    database16: Make, database18: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who begins again under the same snapshot, as after a pause, goes on where he was."""
    before, after = database16(ROWS), database18(ROWS)
    asked: list[readings.Reading] = []
    honest = digests.digest

    def counted(conn: database.Connection, reading: readings.Reading) -> digests.Digest:
        asked.append(reading)
        if len(asked) == 5:
            raise RuntimeError("the wire was cut")
        return honest(conn, reading)

    with opened(before, after) as session:
        readings = session.compared(T).readings
        assert readings is not None
        monkeypatch.setattr(digests, "digest", counted)
        with pytest.raises(RuntimeError):
            session.before.digest(readings[0])
        session.before.forget()
        session.before.digest(readings[0])
        parts = slices.of(readings[0], session.before.catalog)

    assert len(asked) == len(parts) + 1


def test_connections_are_no_more_than_allowed(database16: Make, database18: Make) -> None:
    before, after = database16(ROWS), database18(ROWS)
    for dsn in (before, after):
        run(dsn, "".join(f"create table t{n} as table t;" for n in range(12)))
    project = settings.Project(limits=settings.Limits(connections=3))
    question = sql.SQL(
        "select count(*) from pg_stat_activity where datname = {}"
        " and application_name = 'gatepost before'"
    ).format(sql.Literal(before.dbname))
    with (
        opened(before, after, project) as session,
        contextlib.closing(database.maintenance(before.of("postgres"))) as watcher,
    ):
        session.read_ahead(relation(f"public.t{n}") for n in range(12))
        for n in range(12):
            assert tables.compare(session, relation(f"public.t{n}")).alike
        # one more asks what is asked once
        assert database.value(watcher, question) <= 3 + 1


def test_session_ends_while_relations_are_being_read(database16: Make, database18: Make) -> None:
    slow = "create view v as select 1 as id, pg_sleep(60)::text as a;"
    before, after = database16(ROWS + slow), database18(ROWS + slow)
    project = settings.Project(tables={"public.v": settings.TableRule(rows=True)})
    with opened(before, after, project) as session:
        readings = session.compared(relation("public.v")).readings
        assert readings is not None
        session.before.begin([readings[0]])


def test_unit_names_no_secret(database16: Make) -> None:
    dsn = Dsn(make_conninfo(database16().raw, password="hunter2", sslpassword="hunter3"))
    reading = readings.Reading(T, only=True, key=(), columns=())

    given = units.unit(dsn, "00000003-1", "before", 0.0, reading)

    assert "hunter" not in repr(given)
    assert "hunter" not in given.address


@pytest.mark.slow
@pytest.mark.parametrize("damage", [pytest.param("", marks=pytest.mark.long), DAMAGE])
def test_dask_finds_the_same_when_a_worker_is_killed(
    database16: Make, database18: Make, tmp_path: Path, damage: str
) -> None:
    before, after = database16(ROWS), database18(ROWS)
    run(after, damage or "select 1")
    passwords = tmp_path / "pgpass"
    passwords.write_text(
        "".join(
            "{host}:{port}:*:{user}:{password}\n".format(**dsn.parameters)
            for dsn in (before, after)
        )
    )
    passwords.chmod(0o600)
    addresses = [
        make_conninfo("", **{k: v for k, v in dsn.parameters.items() if k != "password"})
        for dsn in (before, after)
    ]

    done = subprocess.run(
        [sys.executable, "-m", "tests.dask_run", *addresses],
        env=os.environ | {"PGPASSFILE": str(passwords)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    alike, finding, _ = found(before, after, 1)
    assert told["slices"] > 5
    assert (told["alike"], told["finding"]) == (alike, finding)
    assert alike is not bool(damage)
