"""Is a database held against its migrations in whichever way these are kept, and run?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import baseline, session, settings, verdict_file
from gatepost.conduct import Migrate
from gatepost.handover import Request
from gatepost.migrations import apply, prisma
from gatepost.origin import Source
from gatepost.schema.changing import OTHERWISE
from gatepost.schema.declared import Schema
from gatepost.schema.in_place import InPlace
from tests.conftest import run
from tests.schema.chains import FOLDER, Pool, findings, opening
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.settings import Gate

INIT = 'CREATE TABLE "pools" ("id" TEXT PRIMARY KEY);'
SEASON = 'ALTER TABLE "pools" ADD COLUMN IF NOT EXISTS "season" INTEGER NOT NULL DEFAULT 2025;'
BY_HAND = "alter table pools add season int"
REFUSED = (
    'migrations/002_nowhere.sql, line 1: relation "nowhere" does not exist: alter table nowhere add'
    " x int"
)
MET = (
    "public.pools.season: default 2025 by the migrations, none after",
    "public.pools.season: not null by the migrations, nullable after",
)


@pytest.fixture
def pool(database16: Callable[..., Dsn], server18: Server, tmp_path: Path) -> Iterator[Pool]:
    with opening(tmp_path, database16, server18.url()) as found:
        yield found


@pytest.fixture
def compared(tmp_path: Path, server18: Server) -> Iterator[Callable[..., InPlace]]:
    """Compare what a database was with what it is, under a project of the test's own."""
    with contextlib.ExitStack() as held:

        def compare(
            before: str,
            after: str,
            schema: dict[str, Any],
            *,
            waiting: bool = False,
            **migrate: Any,
        ) -> InPlace:
            chosen = settings.Settings(
                project=settings.Project(
                    migrate=Migrate(**migrate),
                    compare_schema=Schema(scratch=server18.url(), **schema),
                ),
                folder=tmp_path,
                target_name="test",
                target=settings.Target(url=after, strategy="in-place"),
                source=Source(url=before),
            )
            held.close()  # what it has read stays locked
            asked: Gate = "pre" if waiting else "data"
            found = session.begin(chosen, Request(gate=asked, out=tmp_path))
            held.callback(found.close)
            return InPlace(chosen, found.before, found.after, waiting=waiting)

        yield compare


@pytest.mark.long
@pytest.mark.slow
def test_gate_says_no_of_what_is_in_the_way_before_anything_is_touched(
    pool: Pool, tmp_path: Path
) -> None:
    pool.begin(INIT, pending=(SEASON,), by_hand=BY_HAND)
    (tmp_path / "gatepost.toml").write_text(
        f"""
        targets.prod = {{ url = "{pool.live.raw}", strategy = "in-place" }}
        migrate = {{ fill = "prisma", migrations = "{FOLDER}" }}
        schema.scratch = "{pool.scratch}"
        """
    )
    out = tmp_path / "out"

    gate("--gate=pre", "--target=prod", f"--project={tmp_path}", f"--gatepost-out={out}")

    (found,) = [one for one in verdict_file.read(out).findings if one.check == "schema"]
    assert found.subject == "public.pools"
    assert found.message.splitlines()[0] == (
        "public.pools.season: default 2025 by the migrations, none in the target"
    )


def test_plain_files_are_known_by_our_own_ledger(
    database16: Callable[..., Dsn], compared: Callable[..., InPlace], tmp_path: Path
) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "001_init.sql").write_text(INIT)
    (folder / "002_season.sql").write_text(f'{SEASON} CREATE TABLE "weeks" ("id" INTEGER);')
    live = database16()
    apply.up(live, folder, to="001")
    run(live, BY_HAND)
    clone = database16(template=live.dbname)
    apply.up(clone, folder)

    given = {"fill": "sql", "migrations": "migrations"}
    comparison = compared(live.raw, clone.raw, {"migrations": "migrations"}, **given)

    assert tuple(findings(comparison)) == MET
    assert comparison.of("public.pools").text.splitlines()[-1] == OTHERWISE
    assert comparison.of("public.weeks").notes


@pytest.mark.long
def test_plain_files_that_do_not_build_all_are_run_on_top_of_what_is_there(
    database16: Callable[..., Dsn], compared: Callable[..., InPlace], tmp_path: Path
) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "001_season.sql").write_text(SEASON)
    live = database16(f"{INIT} create view open as select id from pools where id in ('a', 'b');")
    clone = database16(template=live.dbname)
    apply.up(clone, folder)
    given = {"fill": "sql", "migrations": "migrations"}

    hurt = database16(template=live.dbname)
    apply.up(hurt, folder)
    run(hurt, "alter table pools alter season drop not null; drop view open")

    comparison = compared(live.raw, clone.raw, {}, **given)
    assert not findings(comparison)
    assert comparison.of("public.pools").notes == (
        "public.pools: column season only after: as the pending migrations have it",
    )
    assert findings(compared(live.raw, hurt.raw, {}, **given)) == [
        "public.open: missing after",
        "public.pools.season: not null by the migrations, nullable after",
    ]
    (folder / "002_nowhere.sql").write_text("alter table nowhere add x int;")
    assert findings(compared(live.raw, live.raw, {}, **given, waiting=True)) == [REFUSED]


@pytest.mark.long
def test_command_that_builds_all_is_held_against_what_came_of_it(
    database16: Callable[..., Dsn], compared: Callable[..., InPlace]
) -> None:
    build = f"psql -qc '{INIT}' -c '{SEASON}'"
    live = database16(INIT + BY_HAND)
    met = database16(INIT + BY_HAND)
    well = database16(INIT + SEASON)
    command = {"fill": "command", "command": "true"}

    assert tuple(findings(compared(live.raw, met.raw, {"build": build}, **command))) == MET
    assert not findings(compared(live.raw, well.raw, {"build": build}, **command))


@pytest.mark.long
def test_baseline_in_the_place_of_the_source_does_not_tell_what_was_pending(
    pool: Pool, compared: Callable[..., InPlace], tmp_path: Path
) -> None:
    pool.begin(INIT, pending=(SEASON,))
    live = settings.Settings(
        project=settings.Project(),
        folder=tmp_path,
        target_name="test",
        target=settings.Target(url=pool.live.raw),
        source=Source(url=pool.live.raw),
    )
    file = tmp_path / "before.json"
    baseline.record(live, baseline.Request(out=file))
    given: dict[str, Any] = {"fill": "prisma", "migrations": FOLDER}

    still = compared(f"baseline:{file}", pool.live.raw, {}, **given)
    assert still.of("public.pools").findings == (
        "public.pools: column season in the migrations, not after",
    )
    prisma.deploy(pool.live, tmp_path / FOLDER)
    assert not findings(compared(f"baseline:{file}", pool.live.raw, {}, **given))


@pytest.mark.long
def test_names_lead_into_the_schema_of_prismas_address(
    pool: Pool, compared: Callable[..., InPlace], tmp_path: Path
) -> None:
    pool.begin(INIT, pending=(SEASON,))
    live, table = pool.make("create schema app"), "app._prisma_migrations"
    prisma.deploy(live, tmp_path / FOLDER, table=table, only=["20250101000000_step"])
    clone = pool.make(template=live.dbname)
    prisma.deploy(clone, tmp_path / FOLDER, table=table)

    given = {"fill": "prisma", "migrations": FOLDER, "ledger": table}
    comparison = compared(live.raw, clone.raw, {}, **given)

    assert not findings(comparison)
    assert comparison.of("app.pools").notes == (
        "app.pools: column season only after: as the pending migrations have it",
    )


@pytest.mark.long
def test_ledger_of_another_runner_is_no_drift(
    database16: Callable[..., Dsn], compared: Callable[..., InPlace], tmp_path: Path
) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "000001_init.up.sql").write_text(INIT)
    (folder / "000002_season.up.sql").write_text(SEASON)
    ledger = "create table schema_migrations (version bigint primary key, dirty boolean not null);"
    live = database16(f"{INIT} {ledger} insert into schema_migrations values (1, false)")

    given = {"fill": "command", "command": "true", "waiting": True}
    comparison = compared(live.raw, live.raw, {"migrations": "migrations"}, **given)

    assert not findings(comparison)
    assert comparison.of("public.pools").notes == ()
