"""Is a declaration that cannot mean anything refused, and a share as exact as it is written?"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from gatepost.additions.declared import Dropped, Expectation
from gatepost.additions.expectations import holds


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({"rows": 3}, "names a `column` or a `table`, one of both"),
        ({"column": "a.b.c", "table": "a.b", "rows": 3}, "names a `column` or a `table`"),
        ({"column": "a.b.c"}, "a.b.c: says nothing of what it must hold"),
        ({"column": "a.b.c", "rows": 3}, "a.b.c: `rows` is said of a table"),
        ({"table": "a.b", "not_null": True}, "a.b: `not_null` is said of a column"),
        ({"column": "a.b.c", "complete": True}, "`complete` speaks of what is `allowed`"),
        ({"column": "a.b.c", "nulls": "many"}, "'many' is neither a number of rows nor a share"),
        ({"column": "a.b.c", "distribution": {"x": "rest", "y": "rest"}}, "only one value"),
        ({"column": "a.b.c", "distribution": {"x": -1}}, "greater than or equal to 0"),
    ],
)
def test_expectation_that_says_nothing_is_refused(declared: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Expectation(**declared)


def test_drop_without_a_reason_is_refused() -> None:
    with pytest.raises(ValidationError, match="because"):
        Dropped(table="public.pools", because=" ")


@pytest.mark.parametrize(
    ("declared", "rows", "of", "so"),
    [
        (50, 50, 50, True),
        (50, 49, 50, False),
        ("100 %", 50, 50, True),
        ("98 %", 975, 1000, True),
        ("98 %", 974, 1000, False),
        ("97.5%", 9746, 10000, True),
        ("97.5%", 9744, 10000, False),
        ("rest", 7, 50, True),
        ("10 %", 0, 0, True),
    ],
)
def test_share_is_as_exact_as_it_is_written(
    declared: int | str, rows: int, of: int, *, so: bool
) -> None:
    assert holds(declared, rows, of) is so
