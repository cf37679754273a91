"""Do files of SQL run in the runner as a command would: by what they did, or not at all?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.runner.conftest import HOOKS
from tests.runner.test_rehearse import rehearse

if TYPE_CHECKING:
    from tests.runner.conftest import Shop

pytestmark = pytest.mark.slow

INDEX = "create index by_name on users (name);"
UNDO = "drop index by_name;"
CONCURRENTLY = "-- gatepost: no transaction\ncreate index concurrently by_author on posts (author);"


def declare(shop: Shop, files: dict[str, str], target: str = "", more: str = "") -> None:
    """Have the shop changed by files of SQL; what is new was accepted in writing."""
    folder = shop.folder / "migrations"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    accepted = "".join(
        f'[[waivers]]\ncheck = "schema"\nsubject = "{table}"\nreason = "the release adds it"\n'
        f'until = {dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)}\nby = "somebody"\n'
        for table in ("public.users", "public.posts")
    )
    fill = f'{HOOKS}fill = "sql"\nmigrations = "migrations"\n'
    shop.declare(fill, target, f"{accepted}{more}")


def recorded(shop: Shop) -> list[str]:
    """What the ledger of the live database says."""
    with psycopg.connect(shop.target.raw) as conn:
        found = conn.execute("select name from gatepost_migrations order by version")
        return [row[0] for row in found]


def test_copy_is_migrated_beside_the_live_database_and_swapped(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(
        shop, {"001_index.sql": INDEX, "001_index.down.sql": UNDO, "002_more.sql": CONCURRENTLY}
    )
    assert shop.migrate() == 0
    told = capsys.readouterr().out
    assert f"run `gatepost migrations up migrations` against {shop.target.dbname}_next" in told
    assert "pg_dump" in told

    assert shop.migrate("--execute") == 0, capsys.readouterr().out

    states = shop.states()
    assert (states["restore"], states["migrations"]) == ("done", "done")
    assert recorded(shop) == ["001_index", "002_more"]
    assert len(shop.users()) == 50


@pytest.mark.long
def test_migration_that_fails_stops_the_run_and_is_named(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """X2: what the copy has already is an error, and nothing is live that half of it was run on."""
    declare(shop, {"001_index.sql": INDEX, "002_users.sql": "create table users (id int)"})
    before = shop.databases()

    assert shop.migrate("--execute") == 30

    assert shop.is_as_before(before)
    assert '002_users.sql, line 1: relation "users" already exists' in capsys.readouterr().out


@pytest.mark.long
def test_migration_that_makes_nothing_is_no_success(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """X3: it returns silently, since a table of that name is there."""
    text = (
        "do $$ begin if to_regclass('public.users') is not null then return; end if;"
        " create table public.users (id int); create table public.teams (id int); end $$"
    )
    declare(shop, {"001_core.sql": text})
    before = shop.databases()

    assert shop.migrate("--execute") == 30

    assert shop.is_as_before(before)
    assert "001_core.sql: it ran without an error, and everything" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"001_a.sql": INDEX, "001_b.sql": CONCURRENTLY}, "001: 2 files have this version"),
        ({"001_a.sql": INDEX, "helpers.sql": "select 1"}, "helpers.sql: it has no version"),
    ],
    ids=["twice", "unnumbered"],
)
def test_folder_that_is_no_order_is_refused_before_anything_begins(
    shop: Shop, capsys: pytest.CaptureFixture[str], files: dict[str, str], said: str
) -> None:
    """X6."""
    declare(shop, files)

    assert shop.migrate("--execute") == 64

    assert said in capsys.readouterr().err
    assert shop.runs == []


def test_way_back_that_leaves_something_is_a_no_before_anything_begins(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "001_more.sql": "create table more (id int); create table most (id int);",
        "001_more.down.sql": "drop table more;",
    }
    declare(shop, files)
    before = shop.databases()

    assert shop.migrate("--execute") == 10

    assert shop.is_as_before(before)
    assert "001_more.down.sql: public.most: only after" in capsys.readouterr().out


@pytest.mark.long
def test_rehearsal_takes_the_migrations_back_on_a_copy_of_the_data(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "001_index.sql": INDEX,
        "001_index.down.sql": UNDO,
        "002_feeling.sql": "update users set feels = 'sad'; alter table users add more int;",
        "002_feeling.down.sql": "alter table users drop more;",
    }
    declare(shop, files)

    status = rehearse(shop)

    assert status == 20
    said = capsys.readouterr().out
    assert "ways back: 002_feeling.down.sql: public.users: other values in 50 rows" in said


@pytest.mark.long
def test_live_database_is_migrated_in_place_after_a_trial(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(live, {"001_index.sql": INDEX, "002_more.sql": CONCURRENTLY}, 'strategy = "in-place"')

    assert live.migrate("--execute") == 0, capsys.readouterr().out

    assert recorded(live) == ["001_index", "002_more"]


@pytest.mark.long
def test_rehearsal_in_place_takes_the_migrations_back_on_a_copy_of_the_clone(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"001_index.sql": INDEX, "001_index.down.sql": UNDO}
    declare(live, files, 'strategy = "in-place"')

    assert rehearse(live) == 0

    said = capsys.readouterr().out
    assert "1 migration taken back, and run again: all as it was" in said


@pytest.mark.long
def test_file_in_no_transaction_that_waits_in_vain_is_not_run_again(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands before the statement that waited was done, and would be done twice."""
    beside = "select from pg_database where datname like current_database() || '_old_%'"
    waits = f"if exists ({beside}) then raise 'held' using errcode = '55P03'; end if;"
    half = f"""-- gatepost: no transaction
-- gatepost: no objects
update users set name = name;
do $$ begin {waits} end $$;
"""
    declare(live, {"001_half.sql": half}, 'strategy = "in-place"')

    assert live.migrate("--execute") == 20

    assert "001_half waited in vain for a lock, and is in no transac" in capsys.readouterr().out
