"""Is every write since a moment counted, or said to be beyond counting?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.errors import UsageError
from runner.servers import writes
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from runner.servers.writes import Counts, Writes

TABLES = """
create table users (id int generated always as identity, name text);
create table posts (id int);
insert into posts select n from generate_series(1, 5) n;
create materialized view newest as select max(id) from posts;
"""


@pytest.fixture
def dsn(database18: Callable[..., Dsn]) -> Dsn:
    """A database with rows."""
    return database18(TABLES)


def counts(dsn: Dsn) -> Counts:
    """Return what was written so far, by everybody who has gone."""
    with contextlib.closing(database.maintenance(dsn)) as conn:
        return writes.count(conn)


def since(dsn: Dsn, script: str) -> Writes:
    """Return what is counted of a script."""
    was = counts(dsn)
    run(dsn, script)
    return writes.between(was, counts(dsn))


@pytest.mark.parametrize(
    ("script", "tables"),
    [
        ("select", {}),
        ("select count(*) from posts; analyze", {}),
        ("refresh materialized view newest", {}),
        ("create temporary table mine as select 1", {}),
        ("update posts set id = id + 10 where id < 3", {"public.posts": 2}),
        ("delete from posts where id = 1", {"public.posts": 1}),
        (
            "insert into users (name) values ('a'), ('b')",
            {"public.users": 2, "public.users_id_seq (sequence)": 1},
        ),
        ("select nextval('users_id_seq')", {"public.users_id_seq (sequence)": 1}),
        ("select lo_from_bytea(0, 'x')", {"large objects": 1}),
    ],
)
def test_writes_are_counted_by_table(dsn: Dsn, script: str, tables: dict[str, int]) -> None:
    found = since(dsn, script)

    assert found == writes.Writes(tables)
    assert found.none == (not tables)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("select pg_stat_reset()", "the server began to count anew"),
        (
            "select pg_stat_reset_single_table_counters('posts'::regclass)",
            "the server began to count anew",
        ),
        ("truncate posts", "public.posts was truncated or rewritten"),
        ("alter table posts add column more int", "what the database declares was changed"),
        ("drop table posts cascade", "what the database declares was changed"),
        ("create function f() returns int return 1", "what the database declares was changed"),
    ],
)
def test_what_cannot_be_counted_is_said(dsn: Dsn, script: str, said: str) -> None:
    found = since(dsn, script)

    assert said in found.unknown
    assert not found.none
    assert str(found).startswith("nobody can say how many writes: ")


def test_counts_are_what_they_were_when_read_from_their_file(dsn: Dsn, tmp_path: Path) -> None:
    found = counts(dsn)
    writes.write(found, tmp_path / writes.FILE)

    assert writes.read(tmp_path / writes.FILE) == found
    with pytest.raises(UsageError, match="cannot be told"):
        writes.read(tmp_path / "another")
