"""Is a chain of Prisma's deployed to the database itself only after a GO of the same on a clone?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import locks
from runner.__main__ import main
from tests.runner.prisma import (
    BIO,
    CHAIN,
    DEPLOY,
    FENCE,
    INDEX,
    INIT,
    TEAMS,
    applied,
    by_command,
    declare,
    held_up,
    rows,
)
from tests.runner.test_in_place_killed import everybody_may_connect
from tests.runner.test_rehearse import kept, rehearse

if TYPE_CHECKING:
    from tests.runner.conftest import Shop

pytestmark = pytest.mark.slow

NAMES = [f"user {n}" for n in range(1, 51)]
PHASES = f"""
[migrate.phases]
expand = ["{INDEX}", "{TEAMS}"]
contract = ["{BIO}"]
"""
PARTS, ON, ONE, ATTACH = "20250802_parts", "20250803_on", "20250804_one", "20250805_attach"
PARTITIONED = {
    INIT: CHAIN[INIT],
    PARTS: "CREATE TABLE log (id int) PARTITION BY RANGE (id);\n"
    "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (1) TO (9);\n",
    ON: "CREATE INDEX log_id ON ONLY log (id);\n",
    ONE: "CREATE INDEX CONCURRENTLY log_1_id ON log_1 (id);\n",
    ATTACH: "ALTER INDEX log_id ATTACH PARTITION log_1_id;\n",
}
# Of what Prisma calls a failure, a program may still end with 0.
DOES_NOTHING = "print('No pending migrations to apply.')"
THROWS = f"{DEPLOY}\nraise SystemExit('TypeError: prisma.poolEntry is undefined')\n"
SLOW = {**CHAIN, TEAMS: f"{CHAIN[TEAMS]}ALTER TABLE users ADD a int; SELECT pg_sleep(0.5);\n"}


def test_chain_is_deployed_in_place_after_a_trial(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(live, CHAIN)
    assert live.migrate() == 0
    assert "run `python -m gatepost.migrations deploy migrations`" in capsys.readouterr().out

    status = live.migrate("--execute")

    said = capsys.readouterr().out
    assert status == 0, said
    assert applied(live.target) == [INIT, INDEX, TEAMS, BIO]
    assert live.users() == NAMES
    assert "3 migrations in " in said
    (run,) = live.runs
    seen = locks.read(run)
    assert seen
    assert not seen.broken
    assert [one["name"] for one in live.outcome["migrations"]] == [INDEX, TEAMS, BIO]
    assert [gate["folder"] for gate in live.outcome["gates"]] == ["pre", "trial", "data"]


@pytest.mark.long
def test_clone_is_migrated_swapped_in_and_swapped_back(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """Behind a fence, which must not stay around what is swapped back."""
    declare(live, CHAIN, strategy="swap", more=FENCE)
    before = {name: told[1:] for name, told in live.databases().items()}

    status = live.migrate("--execute")

    said = capsys.readouterr().out
    assert status == 0, said
    assert applied(live.target) == [INIT, INDEX, TEAMS, BIO]
    assert live.users() == NAMES
    assert everybody_may_connect(live)

    assert main(["rollback", "--target=prod", f"--project={live.folder}", "--execute"]) == 20

    assert applied(live.target) == [INIT]
    assert live.users() == NAMES
    assert everybody_may_connect(live)
    now = live.databases()
    assert {live.target.dbname: now[live.target.dbname][1:]} == before


@pytest.mark.long
@pytest.mark.parametrize("strategy", ["in-place", "swap"])
def test_project_deploys_by_its_own_command(live: Shop, strategy: str) -> None:
    declare(live, CHAIN, strategy=strategy, migrate=by_command(live))

    assert live.migrate("--execute") == 0, live.states()

    assert applied(live.target) == [INIT, INDEX, TEAMS, BIO]


@pytest.mark.long
@pytest.mark.parametrize(
    ("script", "said"),
    [
        (DOES_NOTHING, f"{INDEX} is not recorded as run, whatever the command says"),
        (THROWS, "on a clone, command: exit status 1: TypeError: prisma.poolEntry is undefined"),
    ],
    ids=["nothing", "p14"],
)
def test_command_that_fails_or_lies_is_a_no_before_anything_is_touched(
    live: Shop, capsys: pytest.CaptureFixture[str], script: str, said: str
) -> None:
    """P14: it throws after deploying; nobody plays a dump into what it has made."""
    declare(live, CHAIN, migrate=by_command(live, script))
    before = live.databases()

    assert live.migrate("--execute") == 10

    assert said in capsys.readouterr().out
    assert live.databases() == before
    assert applied(live.target) == [INIT]
    assert live.calls == []


@pytest.mark.long
def test_command_that_throws_on_the_original_is_taken_back_to_what_was_there(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """P14: what is given back is the copy whose catalog and digests are those of before."""
    late = "if not os.environ['PGDATABASE'].endswith('_next'): raise SystemExit('late')"
    declare(live, CHAIN, migrate=by_command(live, f"{DEPLOY}\n{late}\n"))
    ledger = rows(live.target)

    assert live.migrate("--execute") == 20

    assert "holds what it held" in capsys.readouterr().out
    assert live.outcome["rollback"] == "verified"
    assert rows(live.target) == ledger
    assert set(live.databases()) == {live.target.dbname}


@pytest.mark.long
def test_second_address_of_a_project_means_the_clone_as_well(
    live: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prisma migrates by directUrl, which may be production's."""
    monkeypatch.setenv("POOL_DIRECT", "postgresql://db.example/production")
    declare(live, CHAIN, migrate=by_command(live, DEPLOY.replace("DATABASE_URL", "POOL_DIRECT")))
    schema = 'datasource db {\n  directUrl = env("POOL_DIRECT")\n}\n'
    (live.folder / "prisma" / "schema.prisma").write_text(schema)

    assert live.migrate("--execute") == 0, live.states()


@pytest.mark.long
@pytest.mark.parametrize("end", ["", "import time; time.sleep(60)"], ids=["ends", "hangs"])
def test_command_that_changes_the_original_in_a_trial_is_told_at_once(
    live: Shop, capsys: pytest.CaptureFixture[str], end: str
) -> None:
    astray = DEPLOY.replace('Dsn("")', 'Dsn(os.environ["SHOP_TARGET"])')
    migrate = f'{by_command(live, f"{astray}{end}")}command_timeout = "5 s"\n'
    declare(live, CHAIN, migrate=migrate)

    assert live.migrate("--execute") == 30

    assert f"has changed {live.target.dbname} itself: {INDEX} ran there" in capsys.readouterr().out


@pytest.mark.long
def test_lock_that_lasts_too_long_is_a_no_on_the_clone(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(live, SLOW, more='[limits]\nlock = "200 ms"')

    assert live.migrate("--execute") == 10

    said = capsys.readouterr().out
    assert "locks public.users: ACCESS EXCLUSIVE for" in said
    assert f"by {TEAMS}, 200 ms allowed" in said
    assert live.calls == []


@pytest.mark.long
def test_migration_that_waits_in_vain_for_a_lock_is_tried_again(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """The row that it left unfinished would stop every later deploy."""
    script = held_up('other = psycopg.connect("")', 'other.execute("lock users")')
    declare(live, CHAIN, migrate=by_command(live, script, patience="300 ms"))

    status = live.migrate("--execute")

    said = capsys.readouterr().out
    assert status == 0, said
    assert "at the 2. attempt, after waiting for locks" in said
    assert [row.rolled_back_at is None for row in rows(live.target)] == [True, False, *[True] * 3]


@pytest.mark.long
def test_script_that_may_have_been_run_is_not_run_again(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was committed, and its row waits in vain for a lock on the ledger."""
    holds = """
import psycopg
from gatepost.migrations import prisma_ledger
finish = prisma_ledger.finish
def waits(*row):
    if not os.environ["PGDATABASE"].endswith("_next") and not pathlib.Path("held").exists():
        pathlib.Path("held").touch()
        waits.other = psycopg.connect("")
        waits.other.execute("lock _prisma_migrations")
    finish(*row)
prisma_ledger.finish = waits
"""
    script = DEPLOY.replace("prisma.deploy", f"{holds}\nprisma.deploy")
    chain = {INIT: CHAIN[INIT], BIO: "UPDATE users SET name = name;"}
    declare(live, chain, migrate=by_command(live, script, patience="300 ms"))

    assert live.migrate("--execute") == 20

    assert f"{BIO} may have been run, and never be recorded" in capsys.readouterr().out
    assert applied(live.target) == [INIT]


@pytest.mark.long
def test_index_that_waits_for_its_parts_is_no_leftover(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until all are attached it is invalid, as is what was made concurrently and in vain."""
    script = held_up(
        f'prisma.deploy(Dsn(""), folder, only=["{PARTS}", "{ON}"])',
        'other = psycopg.connect("")',
        'other.execute("insert into log values (1)")',
    )
    declare(live, PARTITIONED, migrate=by_command(live, script, patience="300 ms"))

    status = live.migrate("--execute")

    said = capsys.readouterr().out
    assert status == 0, said
    assert "invalid indexes of the others dropped: 1" in said


@pytest.mark.long
def test_phases_are_runs_of_their_own_and_in_their_order(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(live, CHAIN, more=PHASES)
    assert live.migrate() == 64
    assert "declares expand, contract, and none of them is chosen" in capsys.readouterr().err
    assert live.migrate("--phase=migrate") == 64
    assert live.migrate("--phase=contract", "--execute") == 10
    assert f"{INDEX} of the phase before, expand, is pending" in capsys.readouterr().out

    assert live.migrate("--phase=expand", "--execute") == 0, capsys.readouterr().out
    assert applied(live.target) == [INIT, INDEX, TEAMS]
    assert live.migrate("--phase=contract", "--execute") == 0, capsys.readouterr().out
    assert applied(live.target) == [INIT, INDEX, TEAMS, BIO]


def test_migration_of_no_phase_is_told_by_the_plan(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(live, CHAIN, more=PHASES.replace(f', "{TEAMS}"', ""))

    assert live.migrate("--phase=expand") == 0
    assert f"{TEAMS} is pending, and of no phase: no run runs it" in capsys.readouterr().out
    assert live.migrate("--phase=expand", "--json") == 0
    assert json.loads(capsys.readouterr().out)["forgotten"] == [TEAMS]


@pytest.mark.long
def test_command_is_given_the_migrations_of_its_phase_alone(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(live, CHAIN, migrate=by_command(live), more=PHASES)

    assert live.migrate("--phase=expand", "--execute") == 0, capsys.readouterr().out
    assert applied(live.target) == [INIT, INDEX, TEAMS]


@pytest.mark.long
def test_command_that_runs_more_than_its_phase_is_a_no(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = DEPLOY.replace('"GATEPOST_PRISMA"', '"NOBODY"')
    declare(live, CHAIN, migrate=by_command(live, everything), more=PHASES)

    assert live.migrate("--phase=expand", "--execute") == 10

    assert f"{BIO} was run, and is none of the phase expand" in capsys.readouterr().out
    assert applied(live.target) == [INIT]


@pytest.mark.long
@pytest.mark.parametrize("strategy", ["in-place", "swap"])
def test_rehearsal_shows_what_each_migration_takes(
    live: Shop, capsys: pytest.CaptureFixture[str], strategy: str
) -> None:
    declare(live, SLOW, strategy=strategy)

    assert rehearse(live) == 0, capsys.readouterr().out

    took = {one["step"]: one["seconds"] for one in kept(live)["migrations"]}
    assert list(took) == [INDEX, TEAMS, BIO]
    assert took[TEAMS] >= 0.5
    assert applied(live.target) == [INIT]
    capsys.readouterr()
    assert live.migrate() == 0
    assert TEAMS in capsys.readouterr().out
    assert live.migrate("--json") == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["migrations"][TEAMS] >= 0.5


@pytest.mark.parametrize(
    ("chain", "migrate", "said"),
    [
        ({}, "", "it holds no migration of Prisma's"),
        (CHAIN, "[migrate.phases]\nexpand = ['20250809_other']\n", "names 20250809_other"),
    ],
    ids=["none", "phase"],
)
def test_chain_that_is_none_is_refused(
    live: Shop, capsys: pytest.CaptureFixture[str], chain: dict[str, str], migrate: str, said: str
) -> None:
    declare(live, CHAIN, migrate=migrate)
    if not chain:
        for script in (live.folder / "prisma").rglob("migration.sql"):
            script.unlink()

    assert live.migrate("--execute", *(["--phase=expand"] if migrate else [])) == 64

    assert said in capsys.readouterr().err
    assert live.runs == []
