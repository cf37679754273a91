"""What can be told of rows at fault when those of before are gone?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.errors import NotRecorded
from gatepost.names import relation
from gatepost.parity import census, columns, tables
from tests.baseline.shop import WITHOUT_KEYS_ASKED, opened
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("delete from users where id = 77", "gone\n  id 1 to 94: 94 rows before, 93 after"),
        (
            "update users set total = 0 where id in (95, 189)",
            "2 changed\n  id 95 to 282: 188 rows on both sides, not the same\n",
        ),
        ("update users set total = 0 where id = 9", "same\n  columns that differ: total\n"),
        ("insert into users (id) values (9000)", "1 new\n  id from 3,009 on: 0 rows before, 1"),
        ("insert into users (id) values (-7)", "1 new\n  id below 1: 0 rows before, 1 after"),
        ("update users set id = 9001 where id = 3000", "id 2,915 to 3,008: 86 rows before, 85"),
        ("update users set id = 0 where id = 1", "there now, and perhaps at fault: id = (0)"),
    ],
)
def test_range_and_columns_at_fault_are_named(
    file: Path, shop18: Dsn, database18: Make, change: str, told: str
) -> None:
    after = database18(f"{WITHOUT_KEYS_ASKED} {change}", template=shop18.dbname)
    with opened(file, after) as found:
        compared = tables.compare(found, relation("public.users"))

        assert not compared.alike
        assert "at least" in compared.finding
        assert told in compared.finding


def test_relation_without_a_key_is_narrowed_to_a_number(
    file: Path, shop18: Dsn, database18: Make
) -> None:
    after = database18("update log set b = 'x' where a = 5", template=shop18.dbname)
    with opened(file, after) as found:
        finding = tables.compare(found, relation("public.log")).finding

    assert "500 rows on both sides, not the same; at least " in finding
    assert "of 4 parts by the hash of the whole row" in finding


def test_masked_key_is_neither_recorded_nor_shown(
    file: Path, shop18: Dsn, database18: Make
) -> None:
    after = database18("update people set born = null", template=shop18.dbname)
    with opened(file, after) as found:
        compared = tables.compare(found, relation("public.people"))

        assert "by the hash of email" in compared.finding
        assert "email = (#" in compared.finding
        assert "example.org" not in compared.finding
        assert [str(one) for one in compared.damage] == [
            "born: 299 values became NULL (NULL in 1 of 300 rows before, 300 of 300 after)"
        ]


def test_small_relation_is_told_by_its_digest_alone(
    file: Path, shop18: Dsn, database18: Make
) -> None:
    after = database18("update few set v = 'c' where id = 2", template=shop18.dbname)
    with opened(file, after) as found:
        finding = tables.compare(found, relation("public.few")).finding

    assert finding == (
        "public.few: 2 rows on both sides, not the same; at least 1 changed\n"
        "  columns that differ: v"
    )


def test_damage_is_told_by_the_recorded_census(file: Path, shop18: Dsn, database18: Make) -> None:
    after = database18(
        "update users set at = at + interval '3 hours', name = left(name, 5), total = null",
        template=shop18.dbname,
    )
    with opened(file, after) as found:
        told = {
            one.column: str(one) for one in tables.compare(found, relation("public.users")).damage
        }

    assert "on the average" in told["at"]
    assert "+3:00:00" in told["at"]
    assert "cut at 5 characters" in told["name"]
    assert "3,000 values became NULL" in told["total"]


def test_what_was_not_recorded_is_an_error_and_never_an_answer(file: Path, shop18: Dsn) -> None:
    with opened(file, shop18) as found:
        before = found.before

        assert before.value("select count(*) from users") == 3000
        with pytest.raises(NotRecorded, match="the answer to 'select 1' was not recorded"):
            before.value("select 1")
        with pytest.raises(NotRecorded, match=r"shop\.json stands for it"):
            _ = before.connection
        with pytest.raises(NotRecorded, match="stands for it"), before.lent():
            pass


def test_column_of_another_type_is_not_verified(file: Path, shop18: Dsn, database18: Make) -> None:
    after = database18(
        "alter table users alter at type timestamp using at at time zone 'UTC'",
        template=shop18.dbname,
    )
    with opened(file, after) as found:
        compared = tables.compare(found, relation("public.users"))

        assert not compared.alike
        assert "public.users.at: not verified: not recorded as" in compared.finding
        assert compared.was == compared.now


def test_table_without_one_column_is_compared_by_the_others(
    file: Path, shop18: Dsn, database18: Make
) -> None:
    after = database18("alter table users drop secret", template=shop18.dbname)
    with opened(file, after) as found:
        assert tables.compare(found, relation("public.users")).alike
    run(after, "update users set total = 1 where id = 5")
    with opened(file, after) as found:
        finding = tables.compare(found, relation("public.users")).finding

    assert "columns that differ: total" in finding


def test_census_without_distinct_values_is_compared_without_them() -> None:
    was = census.Census("c", rows=9, distinct=None, length=5)

    assert columns.damage(was, census.Census("c", rows=9, distinct=7, length=5)) == (
        "values changed, or changed places between rows; every count is the same",
    )
