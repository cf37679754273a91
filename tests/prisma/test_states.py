"""Is every state that Prisma's own engine leaves a ledger in told for what it is?"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from gatepost.ledgers.entries import Told
from tests.prisma import Refused
from tests.prisma.chain import GAMES, INIT, MORE, SECOND, TEAMS, THIRD

if TYPE_CHECKING:
    from tests.prisma.chain import Pools

pytestmark = [pytest.mark.prisma_engine, pytest.mark.long]

_RUNS = (
    "select count(*) = 1 from pg_stat_activity"
    " where query like 'SELECT pg_sleep%' and pid <> pg_backend_pid()"
)
FAILS = "CREATE INDEX ON pools (season);\n"


@pytest.fixture
def failed(pools: Pools) -> Pools:
    """A chain whose second migration has failed."""
    pools.write(init=TEAMS, games=FAILS)
    with pytest.raises(Refused):
        pools.engine.deploy()
    return pools


@pytest.fixture
def applied(pools: Pools) -> Pools:
    """A chain of which all is applied."""
    pools.write(init=TEAMS, games=GAMES)
    pools.engine.deploy()
    return pools


def test_rolled_back_migration_would_be_deployed_again(failed: Pools) -> None:
    """What `prisma migrate status` goes by says that all is up to date."""
    failed.engine.mark_rolled_back(SECOND)

    assert failed.engine.diagnosed()["history"] is None
    assert failed.pending() == [SECOND]
    (finding,) = failed.says()
    assert SECOND in finding
    assert "rolled back" in finding


def test_mended_migration_is_no_edited_one(failed: Pools) -> None:
    """The engine looks at the row of the failed run, and calls it edited."""
    failed.engine.mark_rolled_back(SECOND)
    failed.write(games=GAMES)

    assert failed.engine.deploy() == [SECOND]

    assert failed.engine.diagnosed()["editedMigrationNames"] == [SECOND]
    assert failed.told().findings == ()


def test_migration_that_was_marked_as_applied_by_hand_is_noted(failed: Pools) -> None:
    failed.engine.mark_applied(SECOND)

    assert failed.engine.diagnosed()["history"] is None
    told = failed.told()
    assert told.findings == ()
    (note,) = told.notes
    assert note.endswith(f"{SECOND} failed, and was marked as applied by hand")


def test_baseline_is_noted_as_never_run(pools: Pools) -> None:
    pools.write(init=TEAMS, games=GAMES)
    pools.run(TEAMS)
    pools.engine.mark_applied(INIT)

    assert pools.pending() == pools.engine.pending() == [SECOND]
    told = pools.told(pending=True)
    assert told.findings == ()
    assert any(
        note.endswith(f"{INIT} is marked as applied, and none of its steps was run")
        for note in told.notes
    )


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        (GAMES.replace("\n", "\r\n"), False),
        (GAMES.rstrip(), True),
        (f"\ufeff{GAMES}", True),
        (f"{GAMES}-- why\n", True),
    ],
    ids=["Windows", "no last line end", "byte order mark", "comment"],
)
def test_edited_migration_is_one_to_both(applied: Pools, text: str, edited: bool) -> None:
    applied.write(games=text)

    assert applied.engine.diagnosed()["editedMigrationNames"] == [SECOND] * edited
    told = applied.says()
    assert len(told) == edited
    assert all(one.startswith(f"{SECOND} was edited after it was applied") for one in told)


def test_migration_whose_folder_is_gone_is_missed_by_us_alone(applied: Pools) -> None:
    """The engine diagnoses it, and deploys all the same."""
    shutil.rmtree(applied.folder / SECOND)

    history = applied.engine.diagnosed()["history"]
    assert history["unpersistedMigrationNames"] == [SECOND]
    assert applied.engine.deploy() == []
    assert applied.says() == [f"{SECOND} was applied and has no file"]


def test_renamed_migration_would_run_again(applied: Pools) -> None:
    (applied.folder / SECOND).rename(applied.folder / THIRD)

    assert applied.engine.pending() == applied.pending() == [THIRD]
    (finding,) = applied.says(pending=True)
    assert finding.startswith(f"{SECOND} was applied, and is called {THIRD} since")


def test_migration_before_the_last_one_is_deployed_by_the_engine_and_noted_by_us(
    applied: Pools,
) -> None:
    earlier = "20250816_between"
    applied.write_as(earlier, MORE)

    assert applied.pending() == applied.engine.pending() == [earlier]
    assert any(earlier in note for note in applied.told(pending=True).notes)
    assert applied.engine.deploy() == [earlier]
    assert applied.told().findings == ()


def test_ledger_that_was_emptied_makes_all_pending_and_the_engine_runs_it_again(
    applied: Pools,
) -> None:
    """P7, by half: the other half fills it in by hand."""
    applied.run("truncate _prisma_migrations")

    assert applied.pending() == applied.engine.pending() == [INIT, SECOND]
    with pytest.raises(Refused, match="already exists"):
        applied.engine.deploy()
    assert applied.says(pending=True)[0].startswith(f"{INIT} failed")


def test_engine_that_was_killed_leaves_a_script_that_goes_on(pools: Pools) -> None:
    pools.write(init="SELECT pg_sleep(2);\nCREATE TABLE t (id int);")
    with pools.engine.deploying() as child:
        pools.until(_RUNS)
        assert pools.says(pending=True)[0].startswith(f"{INIT} is running: ")
        child.kill()

    assert pools.says(pending=True)[0].startswith(f"{INIT} is running: ")
    pools.until("select count(*) = 0 from pg_locks where objid = 72707369")
    assert pools.value("select to_regclass('t') is not null"), "the server has committed it"
    (finding,) = pools.says(pending=True)
    assert finding.startswith(f"{INIT} was begun and never finished, and no error is recorded")
    pools.engine.mark_applied(INIT)
    assert pools.told() == Told((), pools.told().notes)
