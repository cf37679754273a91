"""Is a database held against its migrations as it stands, and once the pending ones ran?

What is said of each place at which they differ is in test_changing.py, without a server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.errors import UsageError
from gatepost.schema.changing import DRIFT, OTHERWISE
from tests.conftest import run
from tests.schema.chains import FOLDER, Pool, all_told, findings, opening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

INIT = """
CREATE TYPE "GameStatus" AS ENUM ('SCHEDULED', 'FINAL');
CREATE TABLE "pools" ("id" TEXT NOT NULL, "name" VARCHAR(9) NOT NULL, "status" "GameStatus",
    CONSTRAINT "pools_pkey" PRIMARY KEY ("id"));
CREATE TABLE "entries" ("id" SERIAL PRIMARY KEY, "poolId" TEXT NOT NULL, "total" DECIMAL(65,30));
CREATE VIEW "open" AS SELECT "id" FROM "pools" WHERE "name" IN ('a', 'b');
"""
MORE = """
ALTER TYPE "GameStatus" ADD VALUE 'CANCELLED';
ALTER TABLE "pools" ADD COLUMN "season" INTEGER NOT NULL DEFAULT 2025;
ALTER TABLE "entries" ALTER COLUMN "total" TYPE DECIMAL(20,2), ALTER COLUMN "total" SET NOT NULL;
CREATE UNIQUE INDEX "pools_name_key" ON "pools"("name");
CREATE INDEX "idx_active" ON "pools"("id") WHERE "name" IN ('a', 'b');
CREATE TABLE "ratings" ("id" TEXT PRIMARY KEY, "rating" DOUBLE PRECISION NOT NULL DEFAULT 1500);
DROP VIEW "open";
"""
EXPECTED = [
    f"{line}: as the pending migrations have it"
    for line in (
        "enum public.GameStatus: labels SCHEDULED, FINAL before, SCHEDULED, FINAL, CANCELLED after",
        "public.entries.total: nullable before, not null after",
        "public.entries.total: numeric(65,30) before, numeric(20,2) after",
        "public.open: missing after",
        "public.pools: column season only after",
        "public.pools: index idx_active only after",
        "public.pools: index pools_name_key only after",
        "public.ratings: only after",
    )
]
SWALLOWING = """
-- a label that may be there already
DO $$ BEGIN
    IF NOT 'PENDING' = ANY(enum_range(NULL::"GameStatus")) THEN
        ALTER TYPE "GameStatus" ADD VALUE 'PENDING';
    END IF;
EXCEPTION WHEN OTHERS THEN NULL;
END $$;
"""
ELSEWHERE = """
DO $$ BEGIN
    ALTER TYPE "GameStatus" ADD VALUE 'PENDING' BEFORE 'NOWHERE';
EXCEPTION WHEN OTHERS THEN NULL;
END $$;
DO $$ BEGIN
    ALTER TABLE IF EXISTS "pools" ADD COLUMN "season" INTEGER REFERENCES nowhere;
EXCEPTION WHEN OTHERS THEN NULL;
END $$;
"""
KEEPING = """
DO $$ BEGIN
    CREATE TYPE "GameStatus" AS ENUM ('SCHEDULED');
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
DO $$ BEGIN
    ALTER TABLE "pools" ADD CONSTRAINT "named" CHECK ("name" <> '');
EXCEPTION WHEN OTHERS THEN NULL;
END $$;
"""
MIGRATION = "20250102000000_step"


@pytest.fixture
def pool(database16: Callable[..., Dsn], server18: Server, tmp_path: Path) -> Iterator[Pool]:
    with opening(tmp_path, database16, server18.url()) as found:
        yield found


def test_database_as_its_migrations_build_it_is_quiet_in_front_of_pending_ones(pool: Pool) -> None:
    told = all_told(pool.begin(INIT, pending=(MORE,)).waiting())

    assert not [line for one in told.values() for line in (*one.findings, *one.notes)]


def test_whatever_pending_migrations_change_is_expected_and_noted(pool: Pool) -> None:
    told = all_told(pool.begin(INIT, pending=(MORE,)).migrated())

    assert not [line for one in told.values() for line in one.findings]
    assert [line for one in told.values() for line in one.notes] == EXPECTED


def test_guard_that_hid_another_definition_is_found_with_the_line_that_has_it(pool: Pool) -> None:
    guarded = 'ALTER TABLE "pools"\n  ADD COLUMN IF NOT EXISTS "season" INTEGER DEFAULT 2025;'
    pool.begin(INIT, pending=(guarded,), by_hand="alter table pools add season int")

    told = pool.migrated().of("public.pools")

    assert told.text.splitlines() == [
        "public.pools.season: default 2025 by the migrations, none after",
        '  mend: alter table "public"."pools" alter column "season" set default 2025;',
        f"  hint: see {MIGRATION}, line 2",
        OTHERWISE,
    ]


def test_label_whose_error_was_swallowed_is_found_before_anything_runs(pool: Pool) -> None:
    said = pool.begin(INIT, pending=(SWALLOWING,)).waiting().of_migrations()

    assert said.findings == (
        f"{MIGRATION}, line 5: value PENDING is not there once it ran: it swallows its errors",
    )


def test_what_another_table_or_type_has_keeps_no_word_of_a_block(pool: Pool) -> None:
    elsewhere = """CREATE TYPE "Other" AS ENUM ('PENDING'); CREATE TABLE others (season int);"""

    said = pool.begin(INIT, pending=(f"{elsewhere}{ELSEWHERE}",)).waiting().of_migrations()

    assert [line.partition(": ")[2] for line in said.findings] == [
        "value PENDING is not there once it ran: it swallows its errors",
        "column season is not there once it ran: it swallows its errors",
    ]


@pytest.mark.long
def test_block_that_swallows_its_errors_and_has_none_is_believed(pool: Pool) -> None:
    assert not findings(pool.begin(INIT, pending=(KEEPING,)).migrated())


def test_migration_that_no_database_takes_is_found_with_its_statement(pool: Pool) -> None:
    index = """SELECT 'a ; b';\n\nCREATE INDEX "by_season" ON "pools"("season", "isActive");"""
    waiting = pool.begin(INIT, pending=(index,)).waiting()

    assert waiting.of_migrations().findings == (
        (
            f'{MIGRATION}/migration.sql, line 3: column "season" does not exist (42703):'
            ' CREATE INDEX "by_season" ON "pools"("season", "isActive")'
        ),
    )
    assert not waiting.of("public.pools").findings


@pytest.mark.long
@pytest.mark.parametrize(
    ("script", "line", "why"),
    [
        ("SELECT 1;\nSELEC 2;", 2, 'syntax error at or near "SELEC" (42601): SELEC 2'),
        (
            (
                'CREATE INDEX CONCURRENTLY "a" ON "pools"("id");\n'
                'CREATE INDEX CONCURRENTLY "b" ON "pools"("id");'
            ),
            1,
            "CREATE INDEX CONCURRENTLY cannot run inside a transaction block (25001): CREATE INDEX",
        ),
        (
            (
                "ALTER TYPE \"GameStatus\" ADD VALUE 'X';\n"
                'UPDATE "pools" SET "status" = \'X\' WHERE "id" = \'secret\';\n'
                "CREATE TABLE t AS SELECT 'X'::\"GameStatus\";"
            ),
            2,
            (
                'unsafe use of new value "X" of enum type "GameStatus" (55P04): UPDATE "pools" SET'
                ' "status" =…'
            ),
        ),
        ("COPY pools FROM STDIN;", 1, "COPY from stdin failed: "),
    ],
    ids=["no SQL", "two concurrent indexes", "a label used where it is added", "data of psql's"],
)
def test_file_of_prismas_is_one_query(pool: Pool, script: str, line: int, why: str) -> None:
    (found,) = pool.begin(INIT, pending=(script,)).waiting().of_migrations().findings

    assert found.startswith(f"{MIGRATION}/migration.sql, line {line}: {why}")


@pytest.mark.long
def test_index_that_is_built_concurrently_is_built_alone(pool: Pool) -> None:
    alone = 'CREATE INDEX CONCURRENTLY "a" ON "pools"("id");'

    assert not findings(pool.begin(INIT, pending=(alone,)).waiting())


@pytest.mark.long
def test_damage_done_beside_the_pending_migrations_is_found(pool: Pool) -> None:
    damage = 'alter table entries drop column "poolId"; drop index idx_active; create table x ()'

    assert sorted(findings(pool.begin(INIT, pending=(MORE,)).migrated(damage))) == [
        "public.entries: column poolId gone",
        "public.pools: index idx_active in the migrations, not after",
        "public.x: only after",
    ]


def test_migration_that_was_marked_as_applied_and_never_ran_is_drift(pool: Pool) -> None:
    pool.begin(INIT, pending=(MORE,)).mark_as_applied()

    told = pool.waiting().of("public.pools")

    assert told.findings == (
        "public.pools: column season in the migrations, not in the target",
        "public.pools: index idx_active in the migrations, not in the target",
        "public.pools: index pools_name_key in the migrations, not in the target",
    )
    assert f"  hint: see {MIGRATION}, line 3" in told.text.splitlines()
    assert told.text.splitlines()[-1] == DRIFT


@pytest.mark.long
def test_chain_that_runs_here_alone_is_found_where_it_would_start_from_nothing(pool: Pool) -> None:
    """A folder that was put in front of those that ran builds on what they made."""
    pool.begin(INIT)
    early = pool.folder / FOLDER / "20250101000000_early" / "migration.sql"
    early.parent.mkdir()
    early.write_text('ALTER TABLE "pools" ADD COLUMN "week" INTEGER;')

    waiting = pool.waiting()

    assert waiting.of_migrations().findings == (
        (
            '20250101000000_early/migration.sql, line 1: relation "pools" does not exist (42P01):'
            ' ALTER TABLE "pools" ADD COLUMN "week" INTEGER'
        ),
    )
    assert not waiting.of("public.pools").findings


@pytest.mark.long
def test_extension_that_the_scratch_server_lacks_says_nothing_of_the_migrations(pool: Pool) -> None:
    pool.begin(INIT, pending=("CREATE EXTENSION citext;",))

    with pytest.raises(UsageError, match=r"citext.* is not available.*\[schema\] scratch names"):
        pool.waiting().of_migrations()


@pytest.mark.long
def test_what_a_view_says_is_compared_though_two_servers_spell_it(pool: Pool) -> None:
    twice = "CREATE VIEW twice AS SELECT 'a' AS k, count({}) FROM pools GROUP BY 'a'::text, k;"
    by_hand = "create or replace view twice as select 'a' as k, count(name) from pools"

    assert not findings(pool.begin(INIT + twice.format("*")).waiting())
    run(pool.live, f"{by_hand} group by 'a'::text, k")
    (found,) = findings(pool.waiting())

    assert found.startswith("public.twice: query ")
