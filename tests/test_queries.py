"""Does a query of the project stand for what a table should hold, all of it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gatepost.errors import UsageError
from tests.conftest import run
from tests.relations import SHOP, asked, of, planned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

QUERY = """
-- what the new table should hold
select id, upper(name) as name, price
from goods
where price > 0; -- all of them
"""
NEW = """
create table people (id int primary key, name text, price numeric(10, 2),
    twice numeric generated always as (price * 2) stored);
insert into people select g, 'NAME ' || g, g from generate_series(1, 300) as g;
"""


def written(folder: Path, text: str = QUERY) -> dict[str, Any]:
    (folder / "people.sql").write_text(text)
    return {"from": "people.sql"}


def test_query_stands_for_what_a_table_should_hold(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    before, after = database16(SHOP), database18(NEW)
    with asked(before, after, folder=tmp_path, people=written(tmp_path)) as session:
        assert planned(session) == ["public.goods", "public.people"]
        compared = of(session, "people")
        assert compared.alike, compared.finding
        assert compared.notes == ("public.people: compared with what people.sql yields before",)
    run(after, "update people set name = 'x' where id = 7; delete from people where id = 8")
    with asked(before, after, folder=tmp_path, people=written(tmp_path)) as session:
        assert "id = (8): gone" in of(session, "people").finding
        assert "id = (7): changed in name" in of(session, "people").finding


def test_column_that_a_query_does_not_yield_is_named_as_unverified(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    before, after = database16(SHOP), database18(NEW)
    rule = written(tmp_path, "select id, name as label from goods")
    with asked(before, after, folder=tmp_path, people=rule) as session:
        assert of(session, "people").finding == (
            "public.people: not verified: people.sql does not yield name, price\n"
            "public.people: people.sql yields what the table has no column for: label"
        )
    rule = written(tmp_path, "select id from goods")
    rule["compare"] = {name: {"ignore": "made anew"} for name in ("name", "price")}
    with asked(before, after, folder=tmp_path, people=rule) as session:
        compared = of(session, "people")
        assert compared.alike, compared.finding
        assert "public.people.name: not compared, as declared: made anew" in compared.notes


def test_table_that_a_query_stands_for_and_that_is_not_there_is_missing(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    with asked(
        database16(SHOP), database18(SHOP), folder=tmp_path, people=written(tmp_path)
    ) as session:
        assert of(session, "people").finding == "public.people: missing after, its rows with it"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "people.sql: cannot be read: No such file"),
        ("select id,\n  nam\nfrom goods", 'people.sql, line 2: column "nam" does not exist'),
        ("select * from nowhere", 'people.sql, line 1: relation "nowhere" does not exist'),
        ("select 1 as a, 2 as a", "people.sql: yields the column 'a' twice"),
        ("select 1; drop table goods", "people.sql, line 1: syntax error"),
        (";", "people.sql: holds no query"),
    ],
)
def test_query_that_cannot_be_asked_is_refused_before_anything_is(
    database16: Make, database18: Make, tmp_path: Path, text: str | None, words: str
) -> None:
    rule = {"from": "people.sql"} if text is None else written(tmp_path, text)
    with (
        pytest.raises(UsageError, match=words),
        asked(database16(SHOP), database18(NEW), folder=tmp_path, people=rule),
    ):
        pass
