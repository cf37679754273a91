"""A database, and what a migration made of a copy of it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import database
from gatepost.additions import holdings
from gatepost.additions.declared import Expectation
from gatepost.names import relation
from gatepost.origin import Source
from gatepost.settings import Project, Settings, Target
from gatepost.side import Side
from gatepost.store import Store
from tests.conftest import run
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.session import Session
    from gatepost.settings import Gate

# Fifty entries of three pools: what the third system had, in small.
POOLS = """
create type "DataSourceType" as enum ('REAL', 'MOCK');
create table pools (id text primary key, name text not null, legacy int, kickoff timestamp(3));
insert into pools values ('p1', 'one', 1, '2025-09-05 00:20'), ('p2', 'two', 2, null),
  ('p3', 'three', null, '2025-10-01 17:00');
create table survivor_entries (id int primary key, "poolId" text not null, strikes int not null);
insert into survivor_entries select n, 'p1', n % 3 from generate_series(1, 50) as n;
"""
# Games of a season, and two that cannot be of it.
GAMES = """
create table games (id text primary key, kickoff timestamp(3) not null, team text, lat numeric,
  source "DataSourceType" not null default 'MOCK');
insert into games values ('g1', '2025-09-05 00:20', 'LV', 1.50), ('g2', '1970-01-01', 'LVR', 2),
  ('g3', '2026-02-28 18:00', 'WSH', 1.5), ('g4', '2026-03-01', null, 'NaN');
"""


@pytest.fixture(scope="session")
def games_side(server16: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    """One side, which holds the games; only read, so that one is enough."""
    with contextlib.closing(database.maintenance(server16.dsn())) as conn:
        conn.execute("create database games template template0")
    run(server16.dsn("games"), POOLS + GAMES)
    folder = tmp_path_factory.mktemp("games")
    side = Side("after", server16.dsn("games"), Store(folder, alone=True))
    with contextlib.closing(side):
        yield side


@pytest.fixture
def games(games_side: Side, tmp_path: Path) -> Callable[..., str]:
    """Return what is wrong with the games, given what is declared of them."""

    def ask(*declared: dict[str, Any], **more: Any) -> str:
        settings = Settings(
            project=Project.model_validate(more),
            folder=tmp_path,
            target_name="test",
            target=Target(url=games_side.dsn.raw),
            source=Source(url=games_side.dsn.raw),
        )
        table = games_side.catalog.table(relation("public.games"))
        assert table is not None
        expected = [Expectation(**one) for one in declared]
        found = holdings.of(settings, games_side, table, expected, key="content")
        return "\n".join(found.findings)

    return ask


@pytest.fixture
def migrated(database16: Callable[..., Dsn]) -> Iterator[Callable[..., Session]]:
    """Open the data gate's session over a database and a copy of it that was migrated."""
    with contextlib.ExitStack() as held:

        def ask(
            migration: str,
            /,
            *,
            origin: str = POOLS,
            gate: Gate = "data",
            folder: Path | None = None,
            **declared: Any,
        ) -> Session:
            sides = database16(origin), database16(origin + migration)
            project = Project.model_validate(declared)
            return held.enter_context(
                opened(*sides, project, gate=gate, folder=folder, strategy="in-place")
            )

        yield ask
