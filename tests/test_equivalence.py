"""What counts as the same: does it, is it said, and is everything else still found?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import run
from tests.goods import GOODS, asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]


@pytest.fixture
def pair(database16: Make, database18: Make) -> tuple[Dsn, Dsn]:
    """The same goods on both sides."""
    return database16(GOODS), database18(GOODS)


SAME = [
    (
        "value",
        {"price": "value"},
        "update goods set price = price + 0.000 where id < 900",
        "price: compared by value: 1.10 and 1.1 are one, as declared",
    ),
    (
        "trimmed",
        {"name": "trimmed", "code": "trimmed"},
        "update goods set name = name || '  '",
        "name: compared without blanks at the end, as declared",
    ),
    (
        "ci",
        {"name": "ci"},
        "update goods set name = upper(name)",
        "name: compared without regard to case, as declared",
    ),
    (
        "near integers",
        {"stock": {"tolerance": 2}},
        "update goods set stock = stock + 2",
        "stock: compared within 2, as declared",
    ),
    (
        "near numerics",
        {"price": {"tolerance": 0.01}},
        "update goods set price = price - 0.01 where id < 900",
        "price: compared within 0.01, as declared",
    ),
    (
        "near floats",
        {"weight": {"tolerance": 1e-6}, "small": {"tolerance": 1e-3}},
        "update goods set weight = weight + 9e-7, small = small::numeric(10, 3) where id <> 900",
        "weight: compared within 1e-06, as declared",
    ),
    (
        "near moments",
        {"sold": {"tolerance": 1}, "day": {"tolerance": 86400}},
        "update goods set sold = sold + interval '0.999999 s', day = day + 1",
        "sold: compared within 1 s, as declared",
    ),
    (
        "ignored",
        {"note": {"ignore": "search index, built again at start"}},
        "update goods set note = md5(id::text)",
        "note: not compared, as declared: search index, built again at start",
    ),
]


@pytest.mark.parametrize(
    ("compare", "change", "note"), [one[1:] for one in SAME], ids=[one[0] for one in SAME]
)
def test_what_was_declared_to_be_the_same_is_and_it_is_said(
    pair: tuple[Dsn, Dsn], compare: dict[str, Any], change: str, note: str
) -> None:
    run(pair[1], change)
    strict, told = asked(pair, {}), asked(pair, {"compare": compare})

    assert told.alike, told.finding
    assert (told.finding, told.damage) == ("", "")
    assert f"public.goods.{note}" in told.notes
    assert len(told.notes) == len(compare)
    assert not strict.alike or "equal in value" in strict.notes[0]


FAULTS = [
    ("value", {"price": "value"}, "set price = price + 0.001 where id = 7", "changed in price"),
    ("value, sign", {"price": "value"}, "set price = -price where id = 7", "changed in price"),
    ("trimmed", {"name": "trimmed"}, "set name = ' ' || name where id = 7", "changed in name"),
    ("trimmed, NULL", {"name": "trimmed"}, "set name = ' ' where id = 900", "changed in name"),
    ("trimmed, tab", {"name": "trimmed"}, "set name = name || e'\\t' where id = 7", "changed in"),
    ("ci", {"name": "ci"}, "set name = name || ' ' where id = 7", "changed in name"),
    ("ci, accent", {"name": "ci"}, "set name = 'Náme 7' where id = 7", "changed in name"),
    (
        "near integers",
        {"stock": {"tolerance": 2}},
        "set stock = stock + 3 where id = 7",
        "stock: 1 of 202 values farther than 2 from what they were, 3 at most\n  id = (7)",
    ),
    (
        "near integers, NULL",
        {"stock": {"tolerance": 2}},
        "set stock = null where id = 901",
        "farther than 2 from what they were; 1 NULL, NaN or infinite on one side\n  id = (901)",
    ),
    (
        "near numerics",
        {"price": {"tolerance": 0.01}},
        "set price = price + 0.0100000000000000000000000000000000000001 where id < 3",
        "farther than 0.01 from what they were, 0.0100000000000000000000000000000000000001 at most",
    ),
    (
        "near numerics, NaN",
        {"price": {"tolerance": 0.01}},
        "set price = 0 where id = 900",
        "1 NULL, NaN or infinite on one side\n  id = (900)",
    ),
    (
        "near numerics, infinity",
        {"price": {"tolerance": 0.01}},
        "set price = '-Infinity' where id = 901",
        "1 NULL, NaN or infinite on one side\n  id = (901)",
    ),
    (
        "near floats",
        {"weight": {"tolerance": 1e-6}},
        "set weight = weight + case id when 7 then 2e-6 else 1e-7 end where id < 900",
        "weight: 1 of 202 values farther than 1e-06",
    ),
    (
        "near floats, infinity",
        {"small": {"tolerance": 1}},
        "set small = 'NaN' where id = 900",
        "small: 1 of 202 values farther than 1 from what they were; 1 NULL, NaN or infinite",
    ),
    (
        "near moments",
        {"sold": {"tolerance": 1}},
        "set sold = sold + interval '1.000001 s' where id = 7",
        "sold: 1 of 202 values farther than 1 s from what they were, 1.000001 s at most",
    ),
    (
        "near moments, infinity",
        {"day": {"tolerance": 1}},
        "set day = 'infinity' where id = 900",
        "1 NULL, NaN or infinite on one side\n  id = (900)",
    ),
    (
        "near, and another column",
        {"stock": {"tolerance": 2}},
        "set stock = stock + 1, name = 'other' where id = 7",
        "id = (7): changed in name",
    ),
    (
        "near, and a row less",
        {"stock": {"tolerance": 2}},
        "set id = 999 where id = 7",
        "id = (7): gone",
    ),
    (
        "ignored, and another column",
        {"note": {"ignore": "built again"}},
        "set note = 'y', name = 'other' where id = 7",
        "id = (7): changed in name",
    ),
]


@pytest.mark.parametrize(
    ("compare", "change", "said"), [one[1:] for one in FAULTS], ids=[one[0] for one in FAULTS]
)
def test_what_goes_beyond_it_is_found(
    pair: tuple[Dsn, Dsn], compare: dict[str, Any], change: str, said: str
) -> None:
    run(pair[1], f"update goods {change}")
    told = asked(pair, {"compare": compare})

    assert not told.alike
    assert said in told.finding


def test_exact_takes_the_scale_of_a_numeric_for_a_change(pair: tuple[Dsn, Dsn]) -> None:
    run(pair[1], "update goods set price = price + 0.000 where id = 7")
    by_itself, exact = asked(pair, {}), asked(pair, {"compare": {"price": "exact"}})

    assert by_itself.alike
    assert by_itself.notes == (
        "public.goods: equal in value; numerics are written with another scale: price",
    )
    assert not exact.alike
    assert "id = (7): changed in price" in exact.finding
    assert exact.notes == (
        "public.goods.price: compared exactly, the scale of numerics too, as declared",
    )


def test_scale_stays_a_note_where_another_column_is_at_fault(pair: tuple[Dsn, Dsn]) -> None:
    run(pair[1], "update goods set price = price + 0.000; update goods set name = '' where id = 7")
    told = asked(pair, {})

    assert "1 changed" in told.finding
    assert "id = (7): changed in name" in told.finding
    assert "price" not in told.finding + told.damage
    assert "another scale: price" in told.notes[0]


def test_many_that_are_too_far_are_counted_and_twenty_named(pair: tuple[Dsn, Dsn]) -> None:
    run(pair[1], "update goods set stock = stock + id where id < 900")
    told = asked(pair, {"compare": {"stock": {"tolerance": 100}}})

    first, *keys, last = told.finding.splitlines()
    assert first == (
        "public.goods.stock: 100 of 202 values farther than 100 from what they were, 200 at most"
    )
    assert len(keys) == 20
    assert last == "  … and 80 more"


def test_masked_key_of_a_value_that_is_too_far_is_not_shown(
    database16: Make, database18: Make
) -> None:
    script = (
        "create table people (email text primary key, age int);"
        "insert into people values ('a@b.example', 7)"
    )
    pair = database16(script), database18(script)
    run(pair[1], "update people set age = 70")
    rule = {"mask": ("email",), "compare": {"age": {"tolerance": 1}}}
    told = asked(pair, rule, "public.people")

    assert "a@b.example" not in told.finding
    assert "email = (#" in told.finding


def test_values_are_found_by_a_key_that_counts_as_the_same(
    database16: Make, database18: Make
) -> None:
    """Keys that differ in case alone are one, so that what is near them is still compared."""
    script = (
        "create table c (code text primary key, n int);"
        "insert into c select 'K' || g, g from generate_series(1, 50) as g"
    )
    pair = database16(script), database18(script)
    run(pair[1], "update c set code = lower(code)")
    rule = {"compare": {"code": "ci", "n": {"tolerance": 1}}}

    assert asked(pair, rule, "public.c").alike
    run(pair[1], "update c set n = n + 2 where code = 'k7'")
    assert "n: 1 of 50 values farther than 1" in asked(pair, rule, "public.c").finding


@pytest.mark.parametrize(("how", "other"), [("ci", "K7"), ("trimmed", "k7 ")])
def test_rows_that_share_a_key_and_exchanged_some_values_are_found(
    database16: Make, database18: Make, how: str, other: str
) -> None:
    """No column holds other values than before; but no row is what one of the two was."""
    script = (
        "create table c (code text primary key, n int, price numeric(9, 2));"
        "insert into c select 'k' || g, g, g from generate_series(1, 500) as g;"
        f"insert into c values ('{other}', 70, 0.5)"
    )
    pair = database16(script), database18(script)
    run(pair[1], "alter table c alter price type numeric(9, 4)")
    rule = {"compare": {"code": how}}

    assert asked(pair, rule, "public.c").alike
    run(pair[1], "alter table c alter price type numeric(9, 2)")
    run(pair[1], f"update c set n = 77 - n where code in ('k7', '{other}')")
    told = asked(pair, rule, "public.c")
    assert not told.alike
    assert "1 changed" in told.finding
    assert "code = (k7" in told.finding.lower()


def test_key_that_is_ignored_leaves_a_multiset_of_the_other_columns(
    database16: Make, database18: Make
) -> None:
    script = (
        "create table e (id int primary key, n int);"
        "insert into e select g, g from generate_series(1, 50) as g"
    )
    pair = database16(script), database18(script)
    run(pair[1], "update e set id = id + 1000")
    rule = {"compare": {"id": {"ignore": "numbered anew"}}}

    assert asked(pair, rule, "public.e").alike
    run(pair[1], "update e set n = 8 where n = 7")
    told = asked(pair, rule, "public.e").finding
    assert "1 time before, 2 after" in told
    assert "gone" in told


def test_near_values_without_a_common_key_are_said_to_be_unverified(
    database16: Make, database18: Make
) -> None:
    script = "create table e ({} int primary key, n int); insert into e values (1, 1)"
    pair = database16(script.format("id")), database18(script.format("number"))
    told = asked(pair, {"compare": {"n": {"tolerance": 1}}}, "public.e")

    assert not told.alike
    assert "public.e.n: not verified: no key that both sides have" in told.finding
