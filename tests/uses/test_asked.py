"""Are statements of applications found that still ask for what goes, and ours left out?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Literal

import pytest

from gatepost.conduct import Migrate, Phases
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

    from gatepost.dsn import Dsn

THERE = """
create extension pg_stat_statements;
create table pools (id int primary key, name text, url text);
create table users (id int primary key, url text);
create schema shop;
create table shop.cups (id int primary key, hue text);
"""


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
        yield server.dsn()


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
