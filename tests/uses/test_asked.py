"""Are statements of applications found that still ask for what goes, and ours left out?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Literal

import pytest
from psycopg.conninfo import make_conninfo

from gatepost.conduct import Migrate, Phases
from gatepost.dsn import Dsn
from gatepost.origin import Source
from gatepost.settings import Project, Settings, Target
from gatepost.side import Side
from gatepost.store import Store
from gatepost.uses import telling
from gatepost.uses.dropping import read
from tests.conftest import run, running15
from tests.violations.conftest import written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.told import Told

THERE = """
create extension pg_stat_statements;
create table pools (id int primary key, name text, url text);
create table users (id int primary key, url text);
create schema shop;
create table shop.cups (id int primary key, hue text);
create table cars (id int primary key, a text, b text, c text, d text, e text, f text);
create role reader login password 'r';
grant usage on schema public to reader;
"""
# Of cars each asks for one column, and nobody begins with the word that says so.
FORMS = {
    "a": "/* route: cars */ -- and more\n select a from cars",
    "b": "(select b from cars) union all (select name from pools)",
    "c": "begin; declare cursed cursor for select c from cars; commit",
    "d": "prepare kept as select d from cars; execute kept",
    "e": "copy (select e from cars) to '/dev/null'",
    "f": "insert into cars (id) values (1) on conflict (id) do update set f = 'x'",
}


@pytest.fixture(scope="module")
def asking() -> Iterator[Dsn]:
    """A database that keeps what it is asked, and an application that asks."""
    with running15({"shared_preload_libraries": "pg_stat_statements"}) as server:
        run(server.dsn(), THERE)
        for _ in range(3):
            run(server.dsn(), 'select "pools"."url" from "public"."pools" where id = 42')
        run(server.dsn(), "update pools set name = 'secret'; select url from users")
        run(server.dsn(), "select pg_catalog.count(url) from public.pools")
        run(server.dsn(), "set search_path = shop; select hue from cups")
        for text in FORMS.values():
            run(server.dsn(), text)
        yield server.dsn()


def contracting(dsn: Dsn, folder: Path, file: str, **declared: Any) -> Told:
    """What is said where a file is to run in the phase that contracts."""
    phases = Migrate(phases=Phases(contract=("1",)))
    settings = Settings(
        project=Project(migrate=phases, **declared),
        folder=folder,
        target_name="prod",
        target=Target(url=dsn.raw, strategy="in-place"),
        source=Source(url=dsn.raw),
        phase="contract",
    )
    with contextlib.closing(Side("before", dsn, Store(folder / "facts", alone=True))) as side:
        (taken,) = read(written(folder, file), side.catalog).taken
        return telling.of(settings, side, taken)


@pytest.mark.parametrize("phase", ["", "contract"])
def test_statement_that_asks_for_it_is_told(
    asking: Dsn, tmp_path: Path, phase: Literal["", "contract"]
) -> None:
    settings = Settings(
        project=Project(migrate=Migrate(phases=Phases(contract=("1",)))),
        folder=tmp_path,
        target_name="prod",
        target=Target(url=asking.raw, strategy="in-place"),
        source=Source(url=asking.raw),
        phase=phase,
    )
    side = Side("before", asking, Store(tmp_path / "facts", alone=True))
    with contextlib.closing(side):
        (taken,) = read(written(tmp_path, "alter table pools drop url"), side.catalog).taken
        told = telling.of(settings, side, taken)

    (said,) = told.findings if phase else told.notes
    assert not (told.notes if phase else told.findings)
    assert said.startswith(
        "column public.pools.url: 1 statement asked for it since pg_stat_statements was reset:"
        ' select "pools"."url" from "public"."pools" where id = $1 (3 calls): run the release'
    )


def test_statement_without_a_schema_is_looked_for_where_the_migrations_are(
    asking: Dsn, tmp_path: Path
) -> None:
    settings = Settings(
        project=Project(migrate=Migrate(fill="prisma", ledger="shop._prisma_migrations")),
        folder=tmp_path,
        target_name="prod",
        target=Target(url=asking.raw, strategy="in-place"),
        source=Source(url=asking.raw),
    )
    side = Side("before", asking, Store(tmp_path / "facts", alone=True))
    with contextlib.closing(side):
        (taken,) = read(written(tmp_path, "alter table shop.cups drop hue"), side.catalog).taken
        told = telling.of(settings, side, taken)

    assert "1 statement asked for it" in told.notes[0]


@pytest.mark.parametrize("column", FORMS)
def test_statement_is_found_whatever_it_begins_with(
    asking: Dsn, tmp_path: Path, column: str
) -> None:
    (said,) = contracting(asking, tmp_path, f"alter table cars drop {column}").findings

    assert said.startswith(f"column public.cars.{column}: ")
    assert "1 statement asked for it since pg_stat_statements was reset: " in said


def test_name_that_means_nothing_where_the_migrations_are_is_looked_for_elsewhere(
    asking: Dsn, tmp_path: Path
) -> None:
    """The application's role has a path of its own."""
    (said,) = contracting(asking, tmp_path, "alter table shop.cups drop hue").findings

    assert "1 statement asked for it" in said


def test_statements_that_the_server_hides_are_no_yes(asking: Dsn, tmp_path: Path) -> None:
    reader = Dsn(make_conninfo(asking.raw, user="reader", password="r"))
    (said,) = contracting(reader, tmp_path, "alter table cars drop id").findings

    assert said.startswith("column public.cars.id: whether applications ask for it is not known: ")
    assert said.endswith(" pg_stat_statements hides from our role: grant pg_read_all_stats to it")


def test_role_that_has_asked_nothing_proves_nothing(asking: Dsn, tmp_path: Path) -> None:
    told = contracting(asking, tmp_path, "alter table pools drop url", queries={"role": "pool_ap"})

    assert told.findings == ()
    (note,) = told.notes
    assert note.startswith("column public.pools.url: whether applications ask for it is not known")
    assert note.endswith(
        ": pg_stat_statements knows no statement of role pool_ap since it was reset"
    )
