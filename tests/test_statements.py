"""Is it known how long the application's queries take, and said how it is known?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from gatepost import statements
from gatepost.errors import NotReadable
from gatepost.origin import Source
from gatepost.served import Endpoint
from gatepost.settings import Project, Settings, Target
from gatepost.side import Side
from gatepost.store import Store
from tests.conftest import run, running15

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

SLOW = "select 'a secret', pg_catalog.pg_sleep(0.02)"
FAST = "select 1"


@pytest.fixture(scope="module")
def keeping() -> Iterator[Server]:
    """A server that keeps statistics of statements."""
    with running15({"shared_preload_libraries": "pg_stat_statements"}) as server:
        yield server


def asked(dsn: Dsn, folder: Path, **project: Any) -> statements.Average:
    """Return what is known of the statements of a database."""
    settings = Settings(
        project=Project(**project),
        folder=folder,
        target_name="prod",
        target=Target(url=dsn.raw),
        source=Source(url=dsn.raw),
    )
    with contextlib.closing(Side("after", dsn, Store(folder, alone=True))) as side:
        return statements.average(side, settings)


def used(server: Server, name: str, *queries: str) -> Dsn:
    """Return a database that an application has used, as a role of its own."""
    run(server.dsn(), f"create database {name}")
    run(server.dsn(), f"create role {name} login password 'a password'")
    run(server.dsn(name), "create schema kept; create extension pg_stat_statements schema kept")
    with psycopg.connect(server.url(name, name, "a password"), autocommit=True) as conn:
        for query in queries:
            conn.execute(query.encode())
    return server.dsn(name)


def test_statistics_of_the_server_count_each_call(keeping: Server, tmp_path: Path) -> None:
    dsn = used(keeping, "counted", SLOW, FAST, FAST, FAST, "set statement_timeout = '7 s'")
    found = asked(dsn, tmp_path, queries={"role": "counted"})

    assert found.calls == 5
    assert 0.004 <= found.mean < 0.02
    assert found.basis == "of role counted, by pg_stat_statements"
    slowest, *_ = found.slowest
    assert slowest.text == "select $1, pg_catalog.pg_sleep($2)"
    assert slowest.id
    assert slowest.mean >= 0.02
    assert "set …" in {one.text for one in found.slowest}
    assert "7 s" not in str(found.slowest)
    assert statements.findings("database", found, 1.0) == ()
    (finding,) = statements.findings("database", found, 0.001)
    assert finding.startswith("database: queries take ")
    assert finding.endswith(
        " on average, 1 ms allowed: 5 calls of role counted, by pg_stat_statements"
    )


def test_role_is_that_of_the_prober_where_none_is_named(keeping: Server, tmp_path: Path) -> None:
    dsn = used(keeping, "probed", FAST)
    found = asked(dsn, tmp_path, prober={"target": keeping.url("probed", "probed", "a password")})

    assert (found.calls, found.basis) == (1, "of role probed, by pg_stat_statements")


@pytest.mark.parametrize(
    ("role", "why"),
    [
        ("", "[queries] names no role of the application"),
        ("postgres", "the application logs in as we do, as postgres"),
        ("silent", "role silent has asked nothing yet"),
    ],
)
def test_why_the_statistics_do_not_tell_is_said(
    keeping: Server, tmp_path: Path, role: str, why: str
) -> None:
    name = f"untold_{role or 'nobody'}"
    dsn = used(keeping, name, FAST)
    found = asked(dsn, tmp_path, queries={"role": role, "sample": [FAST]})

    assert found.basis == f"of 1 statement of the project, timed from here: {why}"


def test_queries_of_the_project_are_timed_where_the_server_keeps_nothing(
    database16: Callable[..., Dsn], tmp_path: Path
) -> None:
    dsn = database16("create table notes (id int); insert into notes values (1)")
    found = asked(
        dsn, tmp_path, queries={"role": "app", "sample": [SLOW, "select * from notes where id = 1"]}
    )

    assert found.calls == 10
    assert 0.01 <= found.mean < 0.02 + found.slowest[1].mean
    assert [one.text for one in found.slowest] == [
        "select ?, pg_catalog.pg_sleep(?)",
        "select * from notes where id = ?",
    ]
    assert found.basis == (
        "of 2 statements of the project, timed from here:"
        " pg_stat_statements is not installed in the database"
    )


def test_counts_of_the_endpoints_stand_in_for_a_sample(
    database16: Callable[..., Dsn], tmp_path: Path
) -> None:
    endpoints = [Endpoint(path="/api/x", count="select count(*) from pg_class"), Endpoint(path="/")]

    assert asked(database16(), tmp_path, endpoints=endpoints).calls == 5


def test_nothing_to_be_timed_is_no_yes(database16: Callable[..., Dsn], tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="no query of the application is known") as refused:
        asked(database16(), tmp_path)

    assert "[queries] sample" in refused.value.hint


def test_extension_that_is_not_loaded_is_told_apart(tmp_path: Path, server15: Server) -> None:
    dsn = used(server15, "unloaded", FAST)
    found = asked(dsn, tmp_path, queries={"role": "unloaded", "sample": [FAST]})

    assert "must be loaded via" in found.basis
