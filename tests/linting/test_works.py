"""Is it known which statements write a table anew, and who waits?  The server shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.linting import judging, rules

if TYPE_CHECKING:
    from gatepost.schema.catalog import Catalog
    from tests.linting.conftest import Place

LARGE = 10 << 30

# By what is done to `pools`: whether each of its rows is written anew.
PARTS = {
    "alter season type bigint": True,
    "alter season type text": True,
    "alter small type int": True,
    "alter short type varchar(40)": False,
    "alter short type varchar(20)": False,
    "alter short type varchar(10)": True,
    "alter short type varchar": False,
    "alter short type text": False,
    "alter url type varchar": False,
    "alter url type varchar(100)": True,
    "alter amount type numeric(12, 2)": False,
    "alter amount type numeric": False,
    "alter amount type numeric(12, 3)": True,
    "alter amount type numeric(8, 2)": True,
    "alter begins type timestamp(6)": False,
    "alter begins type timestamp": False,
    "alter begins type timestamp(0)": True,
    "alter begins type timestamptz": True,
    "alter begins type date": True,
    "alter moment type timestamptz(6)": False,
    "alter day type timestamp": True,
    "alter net type inet": False,
    "alter bits type varbit(16)": False,
    "alter bits type varbit(4)": True,
    "alter fixed type char(8)": True,
    "alter fixed type text": True,
    "alter kind drop default, alter kind type text": True,
    "alter data type json": True,
    "alter season type int using season + 1": True,
    "alter season type int using season::int": False,
    "alter url type text using url": False,
    "add a int": False,
    "add a int not null default 1": False,
    "add a timestamptz default now()": False,
    "add a text default upper('x')": False,
    "add a uuid default gen_random_uuid()": True,
    "add a float8 default random()": True,
    "add a timestamptz default clock_timestamp()": True,
    "add a serial": True,
    "add a int generated always as identity": True,
    "add a text generated always as (lower(name)) stored": True,
    "add a int check (a > 0)": False,
    "alter season set default 1": False,
    "alter season drop not null": False,
    "drop url": False,
    "rename url to link": False,
}
# By what is done to `pools` or `games`: the strongest lock that stops others, where it takes long.
LOCKED = {
    "create index i on pools (season)": "ShareLock",
    "alter table pools add unique (name)": "AccessExclusiveLock",
    "alter table pools add check (season > 0)": "AccessExclusiveLock",
    "alter table pools add a int check (a > 0)": "AccessExclusiveLock",
    "alter table pools alter url set not null": "AccessExclusiveLock",
    "alter table games add p text default 'p1' references pools": "AccessExclusiveLock",
    'alter table games add foreign key ("poolId") references pools': "ShareRowExclusiveLock",
}
_TOLD = {
    "ShareLock": "nobody writes it",
    "ShareRowExclusiveLock": "nobody writes it",
    "AccessExclusiveLock": "nobody reads or writes it",
}


@pytest.mark.parametrize("part", PARTS)
def test_table_is_said_to_be_rewritten_where_it_is(place: Place, part: str) -> None:
    text = f"alter table pools {part}"
    (said,) = place.hits(text)

    assert any(hit.rule == rules.REWRITTEN for hit in said) == PARTS[part] == rewritten(place, text)


@pytest.mark.parametrize("text", LOCKED)
def test_lock_is_the_one_that_the_server_takes(place: Place, text: str) -> None:
    (said,) = place.hits(text)
    (hit,) = (hit for hit in said if hit.rule == rules.LOCKED)
    locks = locked(place, text.replace(" alter url set not null", " alter season set not null"))

    assert LOCKED[text] in locks
    assert _TOLD[LOCKED[text]] in hit.said


@pytest.mark.parametrize(
    "text",
    [
        "create index concurrently i on pools (season)",
        "create index if not exists pools_season on pools (season)",
        "create table t (id int); create index on t (id)",
        "alter table pools add check (season > 0) not valid",
        'alter table games add foreign key ("poolId") references pools not valid',
        "alter table games alter note set not null",
        "alter table pools alter season set not null",
        "alter table pools add column if not exists url text default gen_random_uuid()::text",
        "update pools set url = 'x' where id = 'p1'",
        "refresh materialized view concurrently nothing",
    ],
)
def test_nobody_waits_for_what_does_not_read_the_table_under_a_lock(
    place: Place, text: str
) -> None:
    (said,) = place.hits(text)

    assert [hit for hit in said if hit.rule.weight == "locks"] == []


def test_size_and_estimate_stand_beside_the_statement(place: Place) -> None:
    large = replace(place, catalog=_of(place, LARGE, rows=12_000_000))
    (hit,) = large.hits("create index i on pools (season)")[0]

    assert "public.pools (10 GB, 12 million rows): about" in hit.said
    assert hit.bytes == LARGE
    assert 50 < hit.seconds < 500


def test_lock_that_is_held_for_long_work_elsewhere_is_told(place: Place) -> None:
    (said,) = place.hits("alter table pools add column a int;\nupdate games set season = 1;")
    (held,) = (hit for hit in said if hit.rule == rules.HELD)

    assert held.line == 2
    assert "public.pools stays locked since line 1" in held.said


def test_lock_of_another_transaction_is_held_no_more(place: Place) -> None:
    (said,) = place.hits(
        "alter table pools add column a int;\ncommit;\nupdate games set season = 1;"
    )

    assert [hit for hit in said if hit.rule == rules.HELD] == []


@pytest.mark.parametrize(
    ("size", "live", "findings"), [(65 << 20, True, 1), (64 << 20, True, 0), (LARGE, False, 0)]
)
def test_lock_is_a_finding_on_a_table_that_is_large_and_in_use(
    place: Place, size: int, live: bool, findings: int
) -> None:
    large = replace(place, catalog=_of(place, size))
    told = judging.judge(large.hits("create index i on pools (url)")[0], 64 << 20, live=live)

    assert len(told.findings) == findings
    assert len(told.notes) == 1 - findings


def _of(place: Place, size: int, rows: float = 1.0) -> Catalog:
    tables = tuple(
        replace(one, bytes=size, rows_estimate=rows) if str(one.relation) == "public.pools" else one
        for one in place.catalog.tables
    )
    return replace(place.catalog, tables=tables)


def rewritten(place: Place, text: str) -> bool:
    """Whether the table is another file after a statement."""
    with place.tried() as conn:
        before = database.value(conn, _FILE)
        conn.execute(text.encode())
        return bool(before != database.value(conn, _FILE))


def locked(place: Place, text: str) -> set[str]:
    """Return the modes in which a statement locks tables."""
    with place.tried() as conn:
        conn.execute(text.encode())
        return {mode for (mode,) in database.rows(conn, _MODES)}


_FILE = "select pg_catalog.pg_relation_filenode('public.pools')"
_MODES = "select mode from pg_catalog.pg_locks where pid = pg_catalog.pg_backend_pid()"
