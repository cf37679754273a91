"""Is each kind of difference called by its name, and nothing else by that name?"""

from __future__ import annotations

import contextlib
import hashlib
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.parity.kinds import Difference, Value, difference
from tests.kinds_cases import CASES, Case

if TYPE_CHECKING:
    from gatepost.embedded import Server

FETCHED = 2_000
# What a kind may hold of a value, because it stands for nothing.
CONSTANTS = {
    "Infinity",
    "empty",
    "NULL",
    "null",
    "None",
    "infinity",
    "1970-01-01",
    "false",
    "24:00:00",
    "00:00:00",
}


def value(text: str | None) -> Value:
    """Return a value as it is fetched."""
    if text is None:
        return Value(None, 0, "")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Value(text[:FETCHED], len(text), digest)


def told(case: Case, after: str | None) -> Difference:
    """Return what is said of a case."""
    return difference(value(case.before), value(after), case.base, case.typtype)


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_difference_is_called_by_its_name_and_place(case: Case) -> None:
    assert told(case, case.after) == Difference(case.kind, case.place)


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_healthy_neighbour_is_not_called_by_that_name(case: Case) -> None:
    assert told(case, case.neighbour).kind != case.kind


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_nothing_that_is_said_holds_a_value(case: Case) -> None:
    said = str(told(case, case.after))
    texts = {text for text in (case.before, case.after) if text and len(text) > 3} - CONSTANTS

    assert not [text for text in texts if text in said]


@pytest.mark.parametrize("base", sorted({case.base for case in CASES}))
def test_texts_of_other_types_are_told_apart_without_an_error(base: str) -> None:
    texts = [
        "",
        " ",
        "a",
        "0",
        "-",
        "{",
        "{}",
        "[1,",
        "(,)",
        "\\x",
        "\\xzz",
        "::1",
        "é\ufffd",
        "9" * 400,
    ]
    texts += ["2024-13-77", "24:61:61", "1 year", "1e999", "NaN", '{"a":', '"', "(a,b", "{{1},{2}}"]

    for before, after in permutations(texts, 2):
        assert difference(value(before), value(after), base).kind


def test_equal_values_are_called_the_same() -> None:
    assert difference(value("a"), value("a"), "pg_catalog.text").kind == "the same value"
    assert difference(value(None), value(None), "pg_catalog.text").kind == "the same value"


def test_blanks_that_a_cast_of_char_n_leaves_out_are_told_by_the_digest() -> None:
    found = difference(Value("ab", 2, "one"), Value("ab", 2, "two"), "pg_catalog.bpchar")

    assert found.kind == "trailing blanks changed (char(n))"


LONG = "Größe und Maß, " * 400


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (LONG, LONG.encode().decode("latin-1"), "mojibake (UTF-8 read as Latin-1)"),
        (LONG, LONG.replace("ö", "\ufffd").replace("ß", "\ufffd"), "characters became U+FFFD"),
        (LONG, LONG[:255], "truncated at 255 characters"),
        (LONG, LONG[:4000], "probably truncated at 4,000 characters"),
        (LONG, LONG[:4321], "another value"),
        (LONG, LONG.upper(), "became upper case"),
        (LONG, LONG[:3000] + "x" + LONG[3001:], "another value"),
        (LONG, "x" + LONG[1:], "another value"),
    ],
)
def test_long_text_is_told_by_its_beginning(before: str, after: str, kind: str) -> None:
    assert difference(value(before), value(after), "pg_catalog.text").kind == kind


def test_difference_behind_what_was_read_has_its_place_there() -> None:
    found = difference(value(LONG), value(LONG[:-1] + "x"), "pg_catalog.text")

    assert found.place == "beyond character 2,000 of 6,000"


# Type, before and after as literals, and what is said of the texts that the server makes of them.
WRITTEN = (
    ("timestamptz", "2024-05-01 12:00:00.5+02", "2024-05-01 12:00:00.5+00", "moved by +2:00:00"),
    ("timestamptz", "0044-03-15 12:00 BC", "0044-03-15 12:00", "BC lost"),
    (
        "interval",
        "1 year 2 mons -3 days 04:05:06.7",
        "-1 year -2 mons 3 days -04:05:06.7",
        "sign flipped",
    ),
    ("interval", "1 day -1 hour", "23 hours", "interval normalised"),
    ("money", "12.34", "-12.34", "sign gained"),
    ("float8", "2.5000000000000004", "2.500000000000001", "float in the last place"),
    ("float4", "0.1", "-0.1", "sign gained"),
    ("bytea", "\\xdead", "\\xde", "truncated at 1 byte"),
    ("jsonb", '{"b": [1, 2], "a": 1.50}', '{"b": [2, 1], "a": 1.50}', "array order changed"),
    (
        "text[]",
        '{"a,b",NULL,"\\"q\\""}',
        '{"a,b","NULL","\\"q\\""}',
        "element: NULL before, the text 'NULL' after",
    ),
    (
        "timestamptz[]",
        "{2024-05-01 12:00+00}",
        "{2024-05-01 13:00+00}",
        "element: moved by +1:00:00",
    ),
    ("daterange", "[2024-01-01,2024-02-01)", "[2024-01-01,2024-02-02)", "bound: moved by +1 day"),
    (
        "tsmultirange",
        "{[2024-01-01,2024-02-01)}",
        "{(2024-01-01,2024-02-01)}",
        "range: lower bound inclusive before, exclusive after",
    ),
    ("inet", "10.1.2.3/8", "10.1.2.3", "mask lost"),
    ("bit(4)", "1010", "1011", "one bit flipped"),
    ("circle", "<(1,2),3>", "<(1,2),-0>", "coordinate: a value before, -0 after"),
    ("bool", "yes", "no", "true before, false after"),
)


def test_values_are_told_apart_as_a_server_writes_them(server16: Server) -> None:
    with contextlib.closing(database.read_only(server16.dsn())) as conn:
        for name, before, after, kind in WRITTEN:
            query = (
                f"select '{before}'::pg_catalog.{name}::pg_catalog.text,"
                f" '{after}'::pg_catalog.{name}::pg_catalog.text, t.typname"
                f" from pg_catalog.pg_type as t where t.oid = 'pg_catalog.{name}'::regtype"
            )
            was, now, typname = conn.execute(query.encode()).fetchone() or ("", "", "")

            assert difference(value(was), value(now), f"pg_catalog.{typname}").kind == kind
