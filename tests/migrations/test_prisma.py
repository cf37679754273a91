"""Does our own deploy leave what Prisma's would leave, whatever becomes of a script?"""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

import psycopg
import pytest

from gatepost import database, names
from gatepost.errors import NotMigrated, UsageError
from gatepost.migrations import prisma, prisma_ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.migrations.prisma_ledger import Row

    Make = Callable[..., Dsn]

TEAMS = "CREATE TABLE teams (id text PRIMARY KEY);\nINSERT INTO teams VALUES ('a;b');\n"
GAMES = "CREATE TABLE games (id text PRIMARY KEY, home text REFERENCES teams);\n"
INIT, SECOND, THIRD = "20250816_init", "20250817_games", "20250818_more"


def written(folder: Path, scripts: dict[str, str | bytes]) -> Path:
    """Write a chain as Prisma lays it out."""
    there = folder / "migrations"
    for name, text in scripts.items():
        (there / name).mkdir(parents=True, exist_ok=True)
        data = text if isinstance(text, bytes) else text.encode()
        (there / name / "migration.sql").write_bytes(data)
    return there


def rows(dsn: Dsn) -> tuple[Row, ...]:
    """What the ledger holds."""
    with contextlib.closing(database.maintenance(dsn)) as conn:
        return prisma_ledger.read(conn, names.relation(prisma.TABLE)) or ()


def asked(dsn: Dsn, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn.raw) as conn:
        return conn.execute(query.encode()).fetchall()


def test_chain_is_deployed_in_the_order_of_names_and_once(database16: Make, tmp_path: Path) -> None:
    folder, dsn = written(tmp_path, {SECOND: GAMES, INIT: TEAMS}), database16()

    done = prisma.deploy(dsn, folder)

    assert [one.name for one in done] == [INIT, SECOND]
    assert prisma.deploy(dsn, folder) == ()
    first, second = rows(dsn)
    assert first.checksum == hashlib.sha256(TEAMS.encode()).hexdigest()
    assert (first.steps, second.steps, first.logs) == (1, 1, None)
    assert first.finished_at
    assert first.started_at <= first.finished_at <= second.started_at
    columns = "select attname from pg_attribute where attrelid = '_prisma_migrations'::regclass"
    assert [name for (name,) in asked(dsn, f"{columns} and attnum > 0 order by attnum")] == [
        *("id", "checksum", "finished_at", "migration_name", "logs", "rolled_back_at"),
        *("started_at", "applied_steps_count"),
    ]


def test_script_that_fails_leaves_nothing_and_stops_every_later_deploy(
    database16: Make, tmp_path: Path
) -> None:
    """P3: an unfinished row, and P3009 ever after."""
    half = "CREATE TABLE half (id int);\nCREATE INDEX ON pools (season);"
    folder, dsn = written(tmp_path, {INIT: TEAMS, SECOND: half, THIRD: GAMES}), database16()

    with pytest.raises(NotMigrated, match=r'games: relation "pools" does not exist \(42P01\)'):
        prisma.deploy(dsn, folder)

    first, second = rows(dsn)
    assert (first.failed, second.failed, second.steps) == (False, True, 0)
    assert "pools" in (second.logs or "")
    assert asked(dsn, "select to_regclass('half')") == [(None,)]
    with pytest.raises(NotMigrated, match=r"20250817_games: it was begun at .* with an error"):
        prisma.deploy(dsn, folder)


def test_failed_row_that_is_rolled_back_lets_the_script_run_again(
    database16: Make, tmp_path: Path
) -> None:
    folder, dsn = written(tmp_path, {INIT: "select 1/0"}), database16()
    with pytest.raises(NotMigrated):
        prisma.deploy(dsn, folder)
    with contextlib.closing(database.maintenance(dsn)) as conn:
        assert prisma_ledger.roll_back(conn, names.relation(prisma.TABLE), INIT) == 1
    written(tmp_path, {INIT: TEAMS})

    assert [one.name for one in prisma.deploy(dsn, folder)] == [INIT]

    first, second = rows(dsn)
    assert first.rolled_back_at
    assert second.finished_at


def test_script_is_one_query_unless_it_ends_its_transaction_itself(
    database16: Make, tmp_path: Path
) -> None:
    own = "BEGIN;\nCREATE TABLE p1 (id int);\nCOMMIT;\nCREATE TABLE p2 (id int);\nselect 1/0;"
    folder, dsn = written(tmp_path, {INIT: own}), database16()

    with pytest.raises(NotMigrated):
        prisma.deploy(dsn, folder)

    assert asked(dsn, "select to_regclass('p1') is null, to_regclass('p2') is null") == [
        (False, True)
    ]
    assert not prisma.is_whole(own)
    assert prisma.is_whole(TEAMS)


@pytest.mark.parametrize(
    ("script", "whole"),
    [
        ("DO $$ begin insert into t values (1); COMMIT; perform 1/0; end $$;", False),
        ("CALL fill()", False),
        ("DO $$ begin alter table t add a int; end $$;", True),
        ("SELECT 1; CALL fill()", True),
    ],
)
def test_what_is_alone_in_a_script_may_end_its_own_transaction(script: str, *, whole: bool) -> None:
    assert prisma.is_whole(script) is whole


def test_one_concurrent_index_is_built_and_two_in_one_file_are_not(
    database16: Make, tmp_path: Path
) -> None:
    one = "CREATE INDEX CONCURRENTLY a ON teams (id);"
    two = f"{one.replace(' a ', ' b ')}\n{one.replace(' a ', ' c ')}"
    folder, dsn = written(tmp_path, {INIT: TEAMS, SECOND: one, THIRD: two}), database16()

    with pytest.raises(NotMigrated, match="cannot run inside a transaction block"):
        prisma.deploy(dsn, folder)

    assert [row.failed for row in rows(dsn)] == [False, False, True]


def test_search_path_that_leaks_leaves_the_row_unfinished(database16: Make, tmp_path: Path) -> None:
    leaks = "CREATE SCHEMA other; SET search_path = other; CREATE TABLE t (id int);"
    folder, dsn = written(tmp_path, {INIT: leaks, SECOND: GAMES}), database16()

    with pytest.raises(NotMigrated, match="it has set search_path"):
        prisma.deploy(dsn, folder)

    (row,) = rows(dsn)
    assert row.failed
    assert row.logs is None


@pytest.mark.parametrize(
    ("leaves", "said"),
    [
        ("SET ROLE pg_monitor", "it was run, and that could not be written down: permission den"),
        ("SET default_transaction_read_only = on", "it was run, and that could not be written"),
        ("COPY teams FROM STDIN", "COPY cannot be used"),
    ],
)
def test_script_behind_which_nothing_can_be_written_down_is_told(
    database16: Make, tmp_path: Path, leaves: str, said: str
) -> None:
    folder, dsn = written(tmp_path, {INIT: f"{TEAMS}{leaves}"}), database16()

    with pytest.raises(NotMigrated, match=f"{INIT}: {said}"):
        prisma.deploy(dsn, folder)

    (row,) = rows(dsn)
    assert row.failed
    assert row.logs is None


def test_script_with_a_nul_is_not_run_as_far_as_that(database16: Make, tmp_path: Path) -> None:
    """What is sent of it would end there, and all of it be recorded."""
    dsn = database16()

    with pytest.raises(UsageError, match=f"{INIT}: it holds a NUL"):
        prisma.deploy(dsn, written(tmp_path, {INIT: f"{TEAMS}\0{GAMES}"}))

    assert rows(dsn) == ()


def test_byte_order_mark_is_kept_in_the_checksum_and_is_a_syntax_error(
    database16: Make, tmp_path: Path
) -> None:
    marked = b"\xef\xbb\xbf" + TEAMS.encode()
    folder, dsn = written(tmp_path, {INIT: marked}), database16()

    with pytest.raises(NotMigrated, match=r"line 1: syntax error"):
        prisma.deploy(dsn, folder)

    assert rows(dsn)[0].checksum == hashlib.sha256(marked).hexdigest()


def test_database_that_holds_tables_and_no_ledger_is_refused(
    database16: Make, tmp_path: Path
) -> None:
    dsn = database16("create table somebodys (id int)")

    with pytest.raises(NotMigrated, match=r"public is not empty: somebodys \(P3005\)"):
        prisma.deploy(dsn, written(tmp_path, {INIT: TEAMS}))

    assert prisma.deploy(database16("create view v as select 1"), tmp_path / "migrations")


def test_deploy_waits_for_another_and_gives_up(
    database16: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prisma, "PATIENCE", 0.2)
    folder, dsn = written(tmp_path, {INIT: TEAMS}), database16()
    with contextlib.closing(database.maintenance(dsn)) as conn:
        conn.execute(f"alter database {dsn.dbname} set statement_timeout = '100 ms'".encode())
    with contextlib.closing(psycopg.connect(dsn.raw, application_name="another")) as other:
        other.execute("select pg_advisory_lock(%s)", (prisma.LOCK,))
        with pytest.raises(NotMigrated, match=r"another \(pid \d+\) \(P1002\)"):
            prisma.deploy(dsn, folder)

    assert prisma.deploy(dsn, folder)


def test_ledger_and_tables_are_in_the_schema_that_is_named(
    database16: Make, tmp_path: Path
) -> None:
    dsn = database16('create schema "Pool"')

    prisma.deploy(dsn, written(tmp_path, {INIT: TEAMS}), table="Pool._prisma_migrations")

    found = asked(dsn, "select relname from pg_class where relnamespace = '\"Pool\"'::regnamespace")
    assert {"_prisma_migrations", "teams"} <= {name for (name,) in found}


def test_migrations_of_another_phase_stay_pending(database16: Make, tmp_path: Path) -> None:
    folder, dsn = written(tmp_path, {INIT: TEAMS, SECOND: GAMES}), database16()

    assert [one.name for one in prisma.deploy(dsn, folder, only=[INIT])] == [INIT]
    assert [one.name for one in prisma.deploy(dsn, folder, only=[SECOND])] == [SECOND]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"001_init.sql": TEAMS}, "it holds no migration of Prisma's"),
        ({"20250816_init/migration.sql": TEAMS, "20250817_empty/": ""}, "20250817_empty: it has"),
        (
            {"a/migration.sql": TEAMS, "migration_lock.toml": 'provider = "mysql"\n'},
            "the migrations are for mysql",
        ),
    ],
)
def test_folder_that_prisma_would_refuse_is_refused(
    database16: Make, tmp_path: Path, files: dict[str, str], said: str
) -> None:
    for name, text in files.items():
        there = tmp_path / name
        (there if name.endswith("/") else there.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            there.write_text(text)
    dsn = database16()

    with pytest.raises(UsageError, match=said):
        prisma.deploy(dsn, tmp_path)

    assert rows(dsn) == ()
