"""Is a database held against its migrations as it stands, and once the pending ones ran?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.schema.chains import Pool, all_told, opening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

INIT = """
CREATE TYPE "GameStatus" AS ENUM ('SCHEDULED', 'FINAL');
CREATE TABLE "pools" ("id" TEXT NOT NULL, "name" TEXT NOT NULL, "status" "GameStatus",
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
