"""Is the one record of migrations told from what only looks like it?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.conduct import Migrate
from gatepost.ledgers import tables as ledger_tables
from gatepost.ledgers.declared import Ledger
from gatepost.origin import Source
from gatepost.schema import catalog
from gatepost.settings import Project, Settings, Target

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.schema.catalog import Catalog

    Make = Callable[..., Dsn]

# As the runners make them.
MADE = {
    "alembic": "create table alembic_version (version_num varchar(32) primary key)",
    "flyway": "create table flyway_schema_history (installed_rank int primary key,"
    " version varchar(50), description text, type text, script text, checksum int,"
    " installed_on timestamp, success bool)",
    "golang-migrate": "create table schema_migrations (version bigint primary key, dirty bool)",
    "knex": "create table knex_migrations (id serial, name text, batch int)",
    "liquibase": "create table databasechangelog (id text, author text, filename text,"
    " dateexecuted timestamp, orderexecuted int, exectype text, md5sum text)",
    "prisma": "create table _prisma_migrations (id text, checksum text, migration_name text,"
    " finished_at timestamptz)",
    "sequelize": 'create table "SequelizeMeta" (name text primary key)',
    "typeorm": 'create table migrations (id serial, "timestamp" bigint, name text)',
    "home-made": "create table migration_history (filename text, executed_at timestamptz)",
}
OTHERS = {
    "of birds": "create table migrations (id int, species text, season text)",
    "of users": "create table user_migrations (user_id int, from_plan text, to_plan text)",
    "a lock": "create table knex_migrations_lock (index int, is_locked int)",
    "a view": "create view schema_migrations as select 1 as version",
}


@pytest.mark.parametrize("script", MADE.values(), ids=MADE)
def test_what_a_runner_made_is_seen(database16: Make, script: str) -> None:
    assert len(ledger_tables.alike(read(database16(script)))) == 1


@pytest.mark.parametrize("script", OTHERS.values(), ids=OTHERS)
def test_what_only_has_such_a_name_is_left_alone(database16: Make, script: str) -> None:
    assert ledger_tables.alike(read(database16(script))) == ()


def test_three_ledgers_are_a_finding_with_their_columns(database16: Make, tmp_path: Path) -> None:
    """X5: three runners, three ledgers."""
    side = read(database16(";".join((MADE["prisma"], MADE["golang-migrate"], MADE["home-made"]))))

    rivals = ledger_tables.rivals(settings(tmp_path), side)

    assert rivals is not None
    (told,) = ledger_tables.told(rivals, side)
    assert told == (
        "3 tables look like the record of migrations:"
        " public._prisma_migrations (id, checksum, migration_name, finished_at);"
        " public.migration_history (filename, executed_at);"
        " public.schema_migrations (version, dirty)"
        "\n  hint: declare those that count in [[ledgers]], and drop the others"
    )


def test_ledgers_that_are_all_declared_are_no_rivals(database16: Make, tmp_path: Path) -> None:
    side = read(database16(f"{MADE['prisma']}; {MADE['golang-migrate']}"))
    both = (
        Ledger(kind="prisma", table="public._prisma_migrations"),
        Ledger(kind="sql", table="public.schema_migrations"),
    )

    project = settings(tmp_path, ledgers=both)
    assert ledger_tables.rivals(project, side) is None
    assert ledger_tables.declared(project, side) == both


def test_our_own_ledger_is_asked_about_before_it_is_there(database16: Make, tmp_path: Path) -> None:
    fill = Migrate(fill="sql", migrations="migrations")

    (own,) = ledger_tables.declared(settings(tmp_path, migrate=fill), read(database16()))

    assert own == Ledger(kind="sql", table="public.gatepost_migrations", files="migrations")


def test_files_of_the_ledger_that_a_run_writes_are_known(database16: Make, tmp_path: Path) -> None:
    """Whoever declares it for another reason need not name them once more."""
    table = "public._prisma_migrations"
    project = settings(
        tmp_path,
        migrate={"fill": "prisma", "migrations": "prisma/migrations"},
        ledgers=[{"kind": "prisma", "table": table, "again": ["20250823_x"]}],
    )

    (found,) = ledger_tables.declared(project, read(database16()))

    assert found == Ledger(
        kind="prisma", table=table, files="prisma/migrations", again=("20250823_x",)
    )


@pytest.mark.parametrize("kind", ["alembic", "flyway", "golang-migrate", "liquibase"])
def test_ledger_of_a_known_layout_is_taken_for_what_it_is(
    database16: Make, tmp_path: Path, kind: str
) -> None:
    (found,) = ledger_tables.declared(settings(tmp_path), read(database16(MADE[kind])))

    assert found.kind == kind


def settings(folder: Path, **declared: object) -> Settings:
    """Return the settings of a project that declares this."""
    return Settings(
        project=Project.model_validate(declared),
        folder=folder,
        target_name="prod",
        target=Target(url="postgresql://there/shop"),
        source=Source(url="postgresql://here/shop"),
    )


def read(dsn: Dsn) -> Catalog:
    """Return what a database declares."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        return catalog.read(conn)
