"""In which ways did the real migration go wrong, and how does each of them come to happen here?

P1 to P15 are what was done to the pool manager, F8 and F9 what another platform of the same kind
found in its ledger.  What had happened before is done to production's database or to the project;
what happened meanwhile, by a hook between two steps of the run.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING

from examples.planting import NOTHING_CHANGED, ROLLED_BACK, Faults
from examples.poolmanager.stage import DATABASES, PROD, STAGING, create

if TYPE_CHECKING:
    from examples.poolmanager.plant import Scene

FAULTS: Faults[Scene] = Faults()
_fault = FAULTS.register

# Before anything is touched.
_PRE = (NOTHING_CHANGED,)
# By the gate after the change, and back.
_POST = (ROLLED_BACK,)
_AFTER = "after change"
_FAILS = "{ echo migrate-production: no such model >&2; false; }"
_MANUAL = """
insert into _prisma_migrations
    (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
values ('{id}', '{checksum}', now(), '{name}', now(), {steps})
"""


@_fault("public.results", _POST)
def p1_tests_wipe_production(scene: Scene) -> None:
    """Integration tests find production's address: no line, no result is left"""
    scene.at(_AFTER, "delete from results; delete from lines")


@_fault("backup", _PRE, needs=("backup",))
def p2_backup_of_nothing(scene: Scene) -> None:
    """The only dump is empty, and restoring it is a success"""
    for file in scene.backups.rglob("*"):
        if file.is_file() and file.suffix not in (".json", ".sha256"):
            file.chmod(0o600)
            file.write_bytes(b"")


@_fault("20250823_optimize_indexes", _PRE)
def p3_migration_that_cannot_run(scene: Scene) -> None:
    """Indexes are made of columns that no table has yet, and under a condition that changes"""
    scene.add(
        "20250823_optimize_indexes",
        'CREATE INDEX "idx_pools_active" ON "pools"("season", "isActive");\n'
        'CREATE INDEX "idx_survivors_week" ON "survivor_entries"("currentWeek");\n'
        'CREATE INDEX "idx_upcoming" ON "games"("kickoff") WHERE "kickoff" > CURRENT_TIMESTAMP;\n',
    )


@_fault("20250823_add_data_source_tracking", _PRE)
def p3_unfinished_row(scene: Scene) -> None:
    """A deploy has failed before, and left a row that stops every later one"""
    scene.run(
        "insert into _prisma_migrations (id, checksum, migration_name, logs, started_at)"
        " values (gen_random_uuid(), repeat('0', 64), '20250823_add_data_source_tracking',"
        " 'column does not exist', now())"
    )


@_fault("20250820_add_survivor_models", _PRE)
def p4_applied_migration_renamed(scene: Scene) -> None:
    """A migration that was applied has another name now"""
    folder = scene.script("add_survivor_models").parent
    folder.rename(folder.with_name("20250821_add_survivor_models"))


@_fault("20250817172155_add_grade_overrides", _PRE)
def p4_applied_migration_edited(scene: Scene) -> None:
    """A migration that was applied says something else now"""
    scene.edit(scene.script("add_grade_overrides"), '"reason" TEXT NOT NULL', '"reason" TEXT')


@_fault("ApiProvider", _PRE)
def p5_all_marked_applied(scene: Scene) -> None:
    """Whatever goes wrong is taken for a baseline: all is marked as applied, and nothing was run"""
    for name, checksum in scene.pending:
        scene.run(_MANUAL.format(id=_key(name), checksum=checksum, name=name, steps=0))


@_fault("manual", _PRE)
def p6_ledger_filled_in_by_hand(scene: Scene) -> None:
    """Rows of the ledger have ids and checksums that a human made up"""
    name = "20250820_add_survivor_models"
    scene.run(_MANUAL.format(id="m1", checksum="manual", name=name, steps=1))


@_fault("_prisma_migrations", _POST)
def p7_ledger_emptied_and_filled(scene: Scene) -> None:
    """The ledger is emptied, and all are inserted as applied a moment ago"""
    scene.at(
        _AFTER,
        "create temp table known as select * from _prisma_migrations; truncate _prisma_migrations;"
        " insert into _prisma_migrations (id, checksum, finished_at, migration_name, started_at)"
        " select gen_random_uuid(), checksum, now(), migration_name, now() from known",
    )


@_fault("PENDING", _PRE)
def p8_label_never_added(scene: Scene) -> None:
    """The ledger says that PENDING was added, and the error of adding it was swallowed"""
    ((name, checksum),) = (one for one in scene.pending if "pending_outcome" in one[0])
    scene.run(_MANUAL.format(id=_key(name), checksum=checksum, name=name, steps=1))


@_fault("20250828_add_pending_outcome", _PRE)
def p9_label_used_at_once(scene: Scene) -> None:
    """A label is used in the transaction that adds it"""
    with scene.script("add_pending_outcome").open("a", encoding="utf-8") as file:
        file.write('ALTER TABLE "grades" ALTER COLUMN "outcome" SET DEFAULT \'PENDING\';\n')


@_fault("20250829_optimize_indexes", _PRE)
def p10_concurrently_in_a_transaction(scene: Scene) -> None:
    """Two indexes are made concurrently in one file, of columns that have other names"""
    scene.script("optimize_indexes").write_text(
        "CREATE INDEX CONCURRENTLY idx_pools ON pools(season, active);\n"
        "CREATE INDEX CONCURRENTLY idx_survivors ON survivor_entries(pool_id, is_active);\n"
    )


@_fault("idx_games_kickoff", _POST)
def p10_index_left_invalid(scene: Scene) -> None:
    """An index is there, and of no use: it was never finished"""
    scene.at(
        _AFTER,
        "update pg_catalog.pg_index set indisvalid = false"
        " where indexrelid = 'idx_games_kickoff'::regclass",
    )


@_fault("public.pools (name)", _PRE)
def p11_names_twice(scene: Scene) -> None:
    """Names are to be unique, and two pools have one"""
    scene.run("update pools set name = (select max(name) from pools) where name like 'B%'")


@_fault("public.pool_completions", _PRE)
def p12_another_table_of_that_name(scene: Scene) -> None:
    """A table of that name is there, with other defaults: IF NOT EXISTS leaves it as it is"""
    scene.run(
        "create table pool_completions (id text primary key default gen_random_uuid()::text,"
        ' "poolId" text not null, "userId" text not null, week integer not null,'
        ' season integer not null, "isCompleted" boolean not null default false,'
        ' "completedAt" timestamp(3), "createdAt" timestamp(3) not null default now(),'
        ' "updatedAt" timestamp(3) not null default now())'
    )


@_fault("team_ratings_teamId_key", _PRE)
def p12_index_under_a_constraints_name(scene: Scene) -> None:
    """An index has the name that a constraint is to get, and the whole block fails"""
    scene.run('create index "team_ratings_teamId_key" on grades (id)')


@_fault("MOCK", _PRE)
def p13_everybody_is_mock(scene: Scene) -> None:
    """A default calls all entries made up, and they are real"""
    scene.declare('distribution = { MOCK = "rest" }', 'distribution = { REAL = "rest" }')


@_fault("public.pools: season", _PRE)
def p13_values_invented(scene: Scene) -> None:
    """Every pool is given a price, a season and a limit, and nobody has said which"""
    scene.without("additions")


@_fault("no such model", _POST)
def p14_fails_after_deploying(scene: Scene) -> None:
    """The script deploys to production, and then fails over a name that no schema has"""
    live = scene.staged.database().dbname
    scene.command(f'{scene.deploying} && if [ "$GATEPOST_DATABASE" = {live} ]; then {_FAILS}; fi')


@_fault("no such model", _PRE)
def p14_fails_wherever_it_runs(scene: Scene) -> None:
    """The script was never run anywhere: it fails on the copy already"""
    scene.command(f"{scene.deploying} && {_FAILS}")


@_fault("LVR", _PRE)
def p15_codes_of_another_list(scene: Scene) -> None:
    """Teams have the codes of another list: a page in production was to repair that some day"""
    scene.run(
        "update teams set \"nflAbbr\" = 'LVR' where \"nflAbbr\" = 'LV';"
        "update teams set \"nflAbbr\" = 'WAS' where \"nflAbbr\" = 'WSH'"
    )


@_fault("public.games: kickoff", _PRE)
def p15_games_of_1970(scene: Scene) -> None:
    """Games begin in 1970, or in an August that is only a place for one"""
    scene.run(
        "update games set kickoff = 'epoch' where week = 18;"
        " update games set kickoff = '2025-08-01' where week = 17"
    )


@_fault("public.teams", _POST)
def p15_verification_that_repairs(scene: Scene) -> None:
    """What is called a verification changes what it finds"""
    scene.at(_AFTER, "update teams set \"nflAbbr\" = 'LVR' where \"nflAbbr\" = 'LV'")


@_fault("isUserProvided", _PRE)
def f8_column_missing_despite_ledger(scene: Scene) -> None:
    """The ledger is complete and its checksums are right, and a column is not there"""
    scene.run('alter table lines drop column "isUserProvided"')


@_fault("public.survivor_picks: gameId", _PRE)
def f9_not_null_forgotten(scene: Scene) -> None:
    """A hot fix has made a column without the NOT NULL that the migration says"""
    scene.run('alter table survivor_picks alter column "gameId" drop not null')


@_fault("staging", _PRE, needs=("promote",))
def staging_left_out(scene: Scene) -> None:
    """Nobody has tried these migrations on staging"""


@_fault(".env.production: DATABASE_URL reaches another database", _PRE)
def address_of_staging(scene: Scene) -> None:
    """Production's environment file holds the address of staging's database"""
    create(scene.staged.server, DATABASES[STAGING])
    env = scene.staged.env
    text = env(STAGING).read_text(encoding="utf-8")
    env(PROD).write_text(text, encoding="utf-8")


@_fault("public.pools", _PRE)
def lock_held_too_long(scene: Scene) -> None:
    """A migration holds its locks for longer than anybody was told"""
    with scene.script("add_missing_pool_columns").open("a", encoding="utf-8") as file:
        file.write("SELECT pg_sleep(1.5);\n")
    scene.declare('lock = "10 s"', 'lock = "1 s"')


def _key(name: str) -> str:
    """Return an id as the client makes them, the same for the same name."""
    return str(uuid.UUID(bytes=hashlib.sha256(name.encode()).digest()[:16], version=4))
