"""Is what happened to many rows said once, by its name, with the right number of rows?"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from gatepost.parity.kinds.causes import Cause, Changed, causes, swapped
from tests.test_kinds import value

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT, INT, NUMERIC = "pg_catalog.text", "pg_catalog.int4", "pg_catalog.numeric"
TIMESTAMP, BOOL = "pg_catalog.timestamp", "pg_catalog.bool"
Row: TypeAlias = "Mapping[str, tuple[str | None, str | None]]"


def changed(*rows: Row) -> list[Changed]:
    """Return rows with ids from 1, each a dict of before and after by column."""
    return [
        Changed(f"id = ({at})", {name: (value(a), value(b)) for name, (a, b) in row.items()})
        for at, row in enumerate(rows, start=1)
    ]


def found(rows: list[Changed], *show: str, **bases: str) -> list[Cause]:
    """Return the causes of rows that are all there are."""
    return list(causes(rows, bases, show=frozenset(show), looked_at=len(rows), changed=len(rows)))


def said(rows: list[Changed], **bases: str) -> list[str]:
    """Return the causes as a report says them."""
    return [str(cause) for cause in found(rows, **bases)]


def column(base: str, *pairs: tuple[str | None, str | None]) -> list[str]:
    """Return what is said of one column called c."""
    return said(changed(*({"c": pair} for pair in pairs)), c=base)


def test_rows_of_one_kind_are_one_line() -> None:
    rows: list[Row] = [{"price": (None, "0")}] * 245
    rows += [{"title": ("a ", "a")}] * 67

    assert said(changed(*rows), price=NUMERIC, title=TEXT) == [
        "price: NULL before, 0 after in 245 of 312 rows",
        "title: trailing blanks lost in 67 of 312 rows (character 2 of 2)",
    ]


def test_rows_that_were_not_looked_at_are_told() -> None:
    (cause,) = causes(changed({"c": (None, "")}), {"c": TEXT}, looked_at=1, changed=10_000)

    assert str(cause) == "c: NULL before, '' after in 1 of 1 row looked at, 10,000 changed"


def test_at_most_three_places_are_named() -> None:
    texts = ["x" * at + "é" + "x" * 9 for at in range(9)]
    (cause,) = found(changed(*({"c": (text, text.replace("é", "?"))} for text in texts)), c=TEXT)

    assert cause.rows == 9
    assert cause.places == tuple(f"character {at} of {at + 9}" for at in (1, 2, 3))


def test_values_are_shown_only_where_they_may_be() -> None:
    rows = changed({"name": ("Ann ", "Ann"), "wallet": ("9xQeWv ", "9xQeWv")})

    name, wallet = found(rows, "name", name=TEXT, wallet=TEXT)

    assert name.shown == ("'Ann ' → 'Ann'",)
    assert wallet.shown == ()
    assert "9xQ" not in str(wallet)


def test_long_values_are_shown_around_the_difference() -> None:
    before = "x" * 500 + "é" + "x" * 500
    rows = changed({"c": (before, before.replace("é", "e"))})

    ((shown,),) = (cause.shown for cause in found(rows, "c", c=TEXT))

    assert "é" in shown
    assert len(shown) < 100


def test_values_swapped_between_two_columns_are_told_once() -> None:
    rows = changed(
        *({"first": (f"Ann{n}", f"Lee{n}"), "last": (f"Lee{n}", f"Ann{n}")} for n in "abc")
    )

    assert swapped(rows[0]) == (("first", "last"),)
    assert said(rows, first=TEXT, last=TEXT) == [
        "first, last: values swapped between the two columns in 3 of 3 rows"
    ]


def test_swapped_values_are_shown_only_if_both_columns_may_be() -> None:
    rows = changed({"a": ("Ann", "Lee"), "b": ("Lee", "Ann")})

    assert found(rows, "a", a=TEXT, b=TEXT)[0].shown == ()
    assert found(rows, "a", "b", a=TEXT, b=TEXT)[0].shown


def test_columns_that_changed_to_other_values_are_not_swapped() -> None:
    (row,) = changed({"a": ("Ann", "Lee"), "b": ("Lee", "Anne")})

    assert swapped(row) == ()


def test_booleans_that_were_both_flipped_are_not_swapped() -> None:
    (row,) = changed({"a": ("t", "f"), "b": ("f", "t")})

    assert swapped(row) == ()


def test_value_moved_to_an_empty_column_is_swapped() -> None:
    (row,) = changed({"a": ("Ann", None), "b": (None, "Ann"), "c": ("x", "y")})

    assert swapped(row) == (("a", "b"),)


def test_values_that_changed_places_between_rows() -> None:
    pairs = [("ann", "lee"), ("lee", "kim"), ("tom", "ann"), ("kim", "tom")]

    assert column(TEXT, *pairs) == ["c: values changed places between rows in 4 of 4 rows"]


def test_values_of_which_one_is_new_did_not_only_change_places() -> None:
    pairs = [("ann", "lee"), ("lee", "kim"), ("tom", "ann"), ("kim", "xyz")]

    assert "places" not in " ".join(column(TEXT, *pairs))


def test_places_are_changed_among_the_rows_that_have_no_other_cause() -> None:
    pairs = [("ann", "lee"), ("lee", "ann"), ("zoë", "zoe")]

    assert column(TEXT, *pairs) == [
        "c: values changed places between rows in 2 of 3 rows",
        "c: accents stripped in 1 of 3 rows (character 3 of 3)",
    ]


def test_case_that_changed_both_ways_is_no_exchange() -> None:
    assert column(TEXT, ("aB", "Ab"), ("Ab", "aB")) == [
        "c: case changed in 2 of 2 rows (character 1 of 2)"
    ]


def test_booleans_flipped_both_ways_are_no_exchange() -> None:
    assert len(column(BOOL, ("t", "f"), ("f", "t"))) == 2


def test_values_that_are_now_in_the_next_row() -> None:
    names = [f"name {n}!" for n in "qwertyuiopas"]
    pairs = list(zip(names[1:], names, strict=False))

    assert column(TEXT, *pairs) == [
        "c: shifted by one row: each value is now in the next in 11 of 11 rows"
    ]


def test_values_that_are_now_in_the_row_before() -> None:
    names = [f"name {n}!" for n in "qwertyuiopas"]
    pairs = list(pairwise(names))

    assert column(TEXT, *pairs) == [
        "c: shifted by one row: each value is now in the one before in 11 of 11 rows"
    ]


def test_hourly_moments_that_all_moved_by_an_hour_are_not_shifted_by_a_row() -> None:
    moments = [f"2024-05-01 {hour:02d}:00:00" for hour in range(4, 16)]
    pairs = list(pairwise(moments))

    assert column(TIMESTAMP, *pairs) == ["c: moved by +1:00:00 in 11 of 11 rows"]


def test_moments_that_all_moved_alike() -> None:
    pairs = [(f"2024-05-0{n} 12:00:00", f"2024-05-2{n} 13:01:00") for n in range(1, 9)]

    assert column(TIMESTAMP, *pairs) == ["c: moved by +20 days 1:01:00 in 8 of 8 rows"]


def test_moments_that_moved_differently_are_other_values() -> None:
    pairs = [(f"2024-05-0{n} 12:00:00", f"2024-06-2{10 - n} 13:01:00") for n in range(1, 10)]

    assert column(TIMESTAMP, *pairs) == ["c: another value in 9 of 9 rows (month)"]


def test_shift_that_brings_a_row_to_midnight_is_the_same_shift() -> None:
    pairs = [
        ("2024-05-01 12:00:00", "2024-05-01 09:00:00"),
        ("2024-05-02 03:00:00", "2024-05-02 00:00:00"),
        ("2024-05-03 08:30:00", "2024-05-03 05:30:00"),
    ]

    assert column(TIMESTAMP, *pairs) == ["c: moved by -3:00:00 in 3 of 3 rows"]


def test_time_of_day_lost_at_one_hour_is_no_shift() -> None:
    pairs = [(f"2024-05-0{n} 03:00:00", f"2024-05-0{n} 00:00:00") for n in range(1, 5)]

    assert column(TIMESTAMP, *pairs) == ["c: time of day lost in 4 of 4 rows"]


def test_summer_and_winter_are_two_shifts() -> None:
    pairs = [("2024-01-01 12:00:00", "2024-01-01 13:00:00")] * 2
    pairs += [("2024-07-01 12:00:00", "2024-07-01 14:00:00")] * 3

    assert column(TIMESTAMP, *pairs) == [
        "c: moved by +2:00:00 in 3 of 5 rows",
        "c: moved by +1:00:00 in 2 of 5 rows",
    ]


def test_numbers_that_all_differ_by_one_amount() -> None:
    pairs = [(str(n * n), str(n * n + 1000)) for n in (12, 33, 47, 91)]

    assert column(INT, *pairs) == ["c: off by +1,000 in 4 of 4 rows"]


def test_numbers_that_differ_by_several_amounts_are_other_values() -> None:
    pairs = [("144", "1145"), ("1089", "2888"), ("2209", "5666"), ("17", "12345")]

    assert all("another value" in line for line in column(INT, *pairs))


def test_different_values_that_became_one() -> None:
    pairs = [("red", "none of it"), ("green", "none of it"), ("blue", "none of it")]

    assert column(TEXT, *pairs) == [
        "c: different values before, one and the same after in 3 of 3 rows"
    ]


def test_nulls_that_were_filled_with_one_value() -> None:
    assert column(TEXT, *[(None, "MOCK")] * 50) == [
        "c: NULL before, one and the same value after in 50 of 50 rows"
    ]
    assert column(TEXT, (None, "ann"), (None, "lee"), (None, "kim")) == [
        "c: NULL before, a value after in 3 of 3 rows"
    ]


def test_text_one_character_too_long_is_cut_like_the_others() -> None:
    pairs = [("x" * 38, "x" * 37), ("y" * 60, "y" * 37)]

    (line,) = column(TEXT, *pairs)

    assert line.startswith("c: truncated at 37 characters in 2 of 2 rows")


def test_texts_cut_at_many_lengths_are_one_line() -> None:
    pairs = [("x" * 3 * n, "x" * n) for n in range(21, 29)]

    (line,) = column(TEXT, *pairs)

    assert line.startswith("c: truncated at … characters in 8 of 8 rows")


def test_commonest_length_keeps_its_number() -> None:
    pairs = [("x" * 99, "x" * 50)] * 9 + [("x" * 3 * n, "x" * n) for n in range(21, 29)]

    lines = column(TEXT, *pairs)

    assert lines[0].startswith("c: truncated at 50 characters in 9 of 17 rows")
    assert lines[1].startswith("c: truncated at … characters in 8 of 17 rows")


def test_rows_of_a_column_add_up() -> None:
    pairs = [("aé", "a?"), ("b ", "b"), (None, ""), ("x", "yy"), ("q", "rr"), ("Ab", "ab")]
    rows = changed(*({"c": pair} for pair in pairs))

    assert sum(cause.rows for cause in found(rows, c=TEXT)) == len(pairs)


def test_no_rows_have_no_cause() -> None:
    assert causes([], {}, looked_at=0, changed=0) == ()
