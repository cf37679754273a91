"""Is production what the pools' own was like, before its pending migrations and after them?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from examples.poolmanager.generate import APPLIED, MIGRATIONS, generate
from examples.poolmanager.season import TEAMS, schedule
from gatepost import database
from gatepost.errors import UsageError
from gatepost.migrations import chain, prisma

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

# Of two copies: what is the season's is there once.
ROWS = {
    "teams": 32, "games": 288, "results": 48, "mapping_profiles": 1, "model_weights": 1,
    "lines": 288, "pools": 10, "entries": 6, "uploads": 6, "picks": 288, "grades": 288,
    "grade_overrides": 4, "survivor_entries": 100, "survivor_picks": 300, "survivor_week_data": 12,
}  # fmt: skip
# What the pending migrations make: tables with their rows, and labels.
MADE = {
    "api_configurations": 3, "data_availability": 0, "data_source_logs": 0,
    "pool_completions": 0, "team_ratings": 0,
}  # fmt: skip
LABELS = {
    "ApiProvider": "ESPN MYSPORTSFEEDS INTERNAL",
    "DataSourceType": "REAL MOCK SIMULATED UNAVAILABLE",
    "GameStatus": "SCHEDULED FINAL IN_PROGRESS CANCELLED",
    "PickOutcome": "WIN LOSS PUSH VOID PENDING",
    "PoolType": "ATS SU POINTS_PLUS SURVIVOR",
    "UploadKind": "CSV IMAGE",
}
CUID = "^c[0-9a-z]{24}$"
# Questions that yield how many rows are not as they should be.
WRONG = {
    "a key that is no cuid": f"select count(*) from survivor_picks where id !~ '{CUID}'",
    "a team that plays twice in a week": "select count(*) from (select from games,"
    ' lateral (values ("homeTeamId"), ("awayTeamId")) as plays (team)'
    " group by week, team having count(*) > 1) as twice",
    "a pair that meets twice": "select count(*) from (select from games"
    ' group by least("homeTeamId", "awayTeamId"), greatest("homeTeamId", "awayTeamId")'
    " having count(*) > 1) as twice",
    "a pool without a name of its own": "select count(*) - count(distinct name) from pools",
    "a strike that no loss stands for": "select count(*) from survivor_entries as e where strikes"
    """ <> (select count(*) from survivor_picks where "entryId" = e.id and result = 'LOSS')""",
    "a pick of a team that does not play": "select count(*) from survivor_picks as p"
    ' join games as g on g.id = p."gameId"'
    ' where p."teamId" not in (g."homeTeamId", g."awayTeamId")',
    "a pick that came too late": "select count(*) from survivor_picks as p"
    ' join games as g on g.id = p."gameId" where p."pickedAt" >= g.kickoff',
}


@contextlib.contextmanager
def fresh(server: Server, name: str) -> Iterator[Dsn]:
    """A new database, until it is no longer needed."""
    with contextlib.closing(database.maintenance(server.dsn(), label="test")) as conn:
        conn.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield server.dsn(name)
        conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def production(server16: Server) -> Iterator[Dsn]:
    """Two copies of the pools, whose pending migrations nobody has run."""
    with fresh(server16, "pools") as dsn:
        generate(dsn, scale=2)
        yield dsn


@pytest.fixture(scope="module")
def migrated(server16: Server) -> Iterator[Dsn]:
    """The same, and all migrations have run."""
    with fresh(server16, "pools_migrated") as dsn:
        generate(dsn, scale=2)
        prisma.deploy(dsn, MIGRATIONS)
        yield dsn


def asked(dsn: Dsn, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(database.maintenance(dsn, label="test")) as conn:
        conn.execute("set search_path = public")
        return database.rows(conn, sql.SQL(query))


def rows(dsn: Dsn) -> dict[str, object]:
    tables = [
        str(name)
        for (name,) in asked(
            dsn, "select tablename from pg_catalog.pg_tables where schemaname = 'public'"
        )
    ]
    return {
        name: asked(dsn, f'select count(*) from "{name}"')[0][0]
        for name in tables
        if name != "_prisma_migrations"
    }


def test_chain_has_eight_migrations_and_half_of_them_have_run(production: Dsn) -> None:
    files = chain.of(MIGRATIONS).files
    recorded = asked(
        production,
        "select migration_name, checksum, applied_steps_count, finished_at >= started_at"
        " from _prisma_migrations order by 1",
    )

    assert len(files) == 2 * APPLIED
    assert recorded == [(file.name, file.sha256, 1, True) for file in files[:APPLIED]]


def test_rows_are_those_of_two_copies_and_one_season(production: Dsn) -> None:
    assert rows(production) == ROWS


@pytest.mark.parametrize("what", WRONG)
def test_nothing_is_wrong_with_the_data(production: Dsn, what: str) -> None:
    assert asked(production, WRONG[what]) == [(0,)]


def test_season_lies_between_september_and_january() -> None:
    kickoffs = [game.kickoff for game in schedule()]

    assert len(TEAMS) == 32
    assert (f"{min(kickoffs):%F}", f"{max(kickoffs):%F}") == ("2025-09-05", "2026-01-06")


def test_same_seed_gives_the_same_rows(production: Dsn, server16: Server) -> None:
    query = "select md5(string_agg(p::text, ',' order by id)) from survivor_picks as p"
    with fresh(server16, "pools_again") as again:
        generate(again, scale=2)

        assert asked(again, query) == asked(production, query)


def test_database_that_holds_something_is_refused(production: Dsn) -> None:
    with pytest.raises(UsageError, match="not empty"):
        generate(production)


def test_pending_migrations_keep_every_row_and_fill_what_is_new(migrated: Dsn) -> None:
    assert rows(migrated) == {**ROWS, **MADE}
    assert asked(
        migrated, "select data_source_type::text, count(*) from survivor_entries group by 1"
    ) == [("MOCK", 100)]
    assert asked(
        migrated,
        'select season, "buyIn"::text::float, "maxEntries", "isActive", count(*) from pools'
        " group by 1, 2, 3, 4",
    ) == [(2025, 0.0, 100, True, 10)]


def test_labels_are_in_the_order_in_which_migrations_add_them(migrated: Dsn) -> None:
    found = asked(
        migrated,
        "select typname::text, string_agg(enumlabel, ' ' order by enumsortorder)"
        " from pg_catalog.pg_enum join pg_catalog.pg_type as t on t.oid = enumtypid group by 1",
    )

    assert sorted(found) == sorted(LABELS.items())


def test_indexes_are_those_of_the_real_one_redundant_twins_among_them(migrated: Dsn) -> None:
    found = asked(
        migrated,
        "select count(*), count(*) filter (where indpred is not null),"
        " count(*) filter (where indrelid = 'games'::regclass and not indisunique)"
        " from pg_catalog.pg_index join pg_catalog.pg_class as c on c.oid = indexrelid"
        " where relnamespace = 'public'::regnamespace",
    )
    twins = asked(
        migrated,
        "select count(*) from (select from pg_catalog.pg_index where indrelid = 'games'::regclass"
        " group by indkey having count(*) > 1) as twins",
    )

    assert found == [(71, 2, 7)]
    assert twins == [(2,)]
