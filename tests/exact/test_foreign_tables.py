"""Are foreign tables, and partitions that are foreign, compared where that was asked for?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from gatepost import database, settings
from gatepost.names import relation
from gatepost.parity import slices, tables
from tests.conftest import run
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

    Make = Callable[..., Dsn]

ROWS = "insert into t select g, 'v' || g from generate_series(1, 2000) as g;"
PLAIN = (
    "create table t (id int primary key, v text);" + ROWS + "create table far as select * from t;"
)
LINKED = """
create extension postgres_fdw;
create server elsewhere foreign data wrapper postgres_fdw options (host '127.0.0.1', port '{port}',
    dbname '{dbname}');
create user mapping for public server elsewhere options (user '{user}', password '{password}');
create foreign table far (id int, v text) server elsewhere;
create table t (id int, v text) partition by range (id);
create table near_part partition of t for values from (0) to (1000);
create foreign table far_part partition of t for values from (1000) to (5000) server elsewhere
    options (table_name 'kept');
"""
KEPT = "create table kept (id int, v text); delete from far where id = 1;"
T, FAR = relation("public.t"), relation("public.far")


@pytest.fixture
def linked(server15: Server, database16: Make) -> Iterator[tuple[Dsn, Dsn]]:
    """A database of plain tables, and one whose far rows are another server's."""
    other = database16(PLAIN)
    run(other, KEPT)
    given = other.parameters
    name = sql.Identifier("linked")
    with contextlib.closing(database.maintenance(server15.dsn())) as conn:
        conn.execute(sql.SQL("create database {} template template0").format(name))
        dsn = server15.dsn("linked")
        keys = ("port", "dbname", "user", "password")
        run(dsn, LINKED.format(**{key: given[key] for key in keys}))
        run(dsn, ROWS)
        yield other, dsn
        conn.execute(sql.SQL("drop database {} with (force)").format(name))


def test_foreign_table_is_read_where_the_project_says_so(
    linked: tuple[Dsn, Dsn], database18: Make
) -> None:
    other, after = linked
    before = database18(PLAIN)
    project = settings.Project(tables={"public.far": settings.TableRule(rows=True)})
    with opened(before, after, project) as session:
        finding = tables.compare(session, FAR).finding
        assert "2,000 rows before, 1,999 after; 1 gone" in finding
    run(other, "insert into far values (1, 'v1')")
    with opened(before, after, project) as session:
        assert tables.compare(session, FAR).alike


@pytest.mark.parametrize("tiny", [False, True], ids=["whole", "in slices"])
def test_foreign_partition_is_read_through_its_root(
    linked: tuple[Dsn, Dsn], database18: Make, monkeypatch: pytest.MonkeyPatch, *, tiny: bool
) -> None:
    if tiny:
        monkeypatch.setattr(slices, "BYTES", 16 << 10)
    other, after = linked
    before = database18(PLAIN)
    with opened(before, after) as session:
        assert tables.compare(session, T).alike
        reasons = [one.reason for one in session.plan.not_planned if one.question == "rows"]
        assert not [reason for reason in reasons if "far_part" in reason]
    run(other, "update kept set v = 'x' where id = 1500")
    with opened(before, after) as session:
        assert "id = (1500): changed in v" in tables.compare(session, T).finding
