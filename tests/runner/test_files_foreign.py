"""Does another kind of database become one of PostgreSQL, by the way that files take?"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.runner.conftest import HOOKS
from tests.runner.crashes import say

if TYPE_CHECKING:
    from tests.runner.studio import Studio

pytestmark = pytest.mark.slow

SQLITE = """
create table people (number integer primary key, name text not null);
insert into people values (1, 'Ada'), (2, 'Grace');
"""
PEOPLE = """
name = "studio"
[source]
url = "sqlite:///old.db"
[targets.prod]
url = "${SHOP_TARGET}"
[tables."public.people"]
from = "people.sql"
[migrate]
fill = "files"
migrations = "tables"
"""


@pytest.fixture
def people(studio: Studio) -> Studio:
    """The same where the source is another kind of database."""
    (studio.folder / "tables").mkdir()
    script = "create table public.people (number int primary key, name text not null);"
    (studio.folder / "tables" / "1_people.sql").write_text(script)
    (studio.folder / "people.sql").write_text("select number::int, name from staged.people")
    (studio.folder / "gatepost.toml").write_text(f"{PEOPLE}{HOOKS}")
    with sqlite3.connect(studio.folder / "old.db") as conn:
        conn.executescript(SQLITE)
    return studio


@pytest.mark.long
def test_another_kind_of_database_becomes_one_of_postgresql(
    people: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    assert people.migrate("--execute") == 0, capsys.readouterr().out

    assert people.rows("people") == 2
    assert "1 collection of the source unchanged, by sha256" in capsys.readouterr().out


@pytest.mark.long
def test_row_that_another_database_gets_after_the_stop_is_a_no(
    people: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    late = """
import sqlite3
with sqlite3.connect("old.db") as conn:
    conn.execute("insert into people values (3, 'late')")
"""
    (people.folder / "gatepost.toml").write_text(f"{PEOPLE}{HOOKS}filled = {people.hook(late)}")
    before = people.databases()

    assert people.migrate("--execute") == 20

    assert people.is_as_before(before)
    assert "written after it was read: table people of " in capsys.readouterr().out


@pytest.mark.long
def test_backup_of_what_files_became_counts(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    assert studio.migrate("--execute") == 0, capsys.readouterr().out

    assert say(studio, "backup") == 0

    assert "VERIFIED" in capsys.readouterr().out
