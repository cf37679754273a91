"""Is all found that `prisma migrate diff` is blind to?

One database that its migrations have built, in which somebody changed each of these by hand.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.conftest import _maker
from tests.schema.chains import all_told, opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.embedded import Server
    from gatepost.schema.comparison import Told

BUILT = """
CREATE EXTENSION vector;
CREATE TABLE pools ("id" TEXT PRIMARY KEY, "name" TEXT NOT NULL, "season" INTEGER NOT NULL,
    CONSTRAINT "season_check" CHECK ("season" > 2000));
CREATE INDEX "idx_active" ON pools ("name") WHERE "season" > 2020;
CREATE VIEW seasons AS SELECT DISTINCT "season" FROM pools;
CREATE MATERIALIZED VIEW names AS SELECT "name" FROM pools;
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE ON pools FOR EACH ROW EXECUTE FUNCTION touched();
CREATE SEQUENCE tickets INCREMENT BY 10;
ALTER TABLE pools ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON pools USING ("name" = current_user);
CREATE DOMAIN short AS TEXT CHECK (length(VALUE) < 9);
COMMENT ON TABLE pools IS 'of friends';
"""
BY_HAND = """
alter table pools drop constraint season_check, add constraint season_check check (season > 1900);
drop index idx_active;
create index idx_active on pools (name) where season > 1990;
create or replace view seasons as select distinct season from pools where season > 2000;
drop materialized view names;
create or replace function touched() returns trigger language plpgsql as 'begin return null; end';
alter table pools disable trigger touch;
alter sequence tickets increment by 1;
alter table pools disable row level security;
drop policy mine on pools;
create policy mine on pools using (true);
alter domain short drop constraint short_check;
comment on table pools is null;
drop extension vector;
create schema elsewhere;
"""


@pytest.fixture(scope="module")
def said(
    server16: Server, server18: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Told]]:
    """What is said of every object, by its name."""
    folder = tmp_path_factory.mktemp("pool")
    with (
        contextlib.contextmanager(_maker)(server16) as make,
        opening(folder, make, server18.url()) as pool,
    ):
        yield all_told(pool.begin(BUILT, by_hand=BY_HAND).waiting())


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("public.pools", "season_check: CHECK ((season > 2000)) by the migrations"),
        ("public.pools", "index idx_active: btree (name) WHERE (season > 2020) by the migrations"),
        ("public.seasons", "SELECT DISTINCT season FROM public.pools; by the migrations"),
        ("migrations", "public.names: the migrations that ran build it, and it is not there"),
        ("function public.touched()", "RETURN NEW"),
        ("public.pools", "trigger touch: enabled by the migrations, disabled in the target"),
        ("public.tickets", "increment 10 by the migrations, 1 in the target"),
        ("public.pools", "row security on by the migrations, row security off in the target"),
        ("public.pools", "policy mine: using (name = CURRENT_USER) by the migrations"),
        ("domain public.short", "short_check in the migrations, not in the target"),
        ("public.pools", "comment of friends by the migrations, none in the target"),
        ("migrations", "extension vector: the migrations that ran build it, and it is not there"),
        ("schema elsewhere", "in the target, in no migration that ran"),
    ],
    ids=[
        *("check", "partial index", "view", "materialised view", "function", "trigger"),
        *("sequence", "row security", "policy", "domain", "comment", "extension", "schema"),
    ],
)
def test_change_by_hand_is_found(said: dict[str, Told], subject: str, words: str) -> None:
    assert any(words in line for line in said[subject].findings), said[subject].findings
