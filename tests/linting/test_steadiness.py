"""Is it known what the server takes for immutable?  It is asked to build the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from gatepost import database
from gatepost.linting import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.linting.conftest import Place

COLUMNS = ("name", "kind", "season", "begins", "moment", "amount", "day", "span", "data", "big")
TARGETS = (
    *("text", "varchar(9)", "kind", "int", "bigint", "numeric", "float8", "bool", "date", "time"),
    *("timestamp", "timestamptz", "interval", "jsonb", "uuid", "bytea"),
)
SYMBOLS = ("+", "-", "=", "<", ">=", "||", "->>", "@>", "*")
_NOT_IMMUTABLE = "42P17"
# Functions of one argument that an index could be asked for.
_FUNCTIONS = """
select p.proname, c.name
from pg_catalog.pg_proc p
  join (values ('name', 'text'), ('moment', 'timestamptz'), ('begins', 'timestamp'),
    ('day', 'date'), ('season', 'int4'), ('amount', 'numeric'), ('span', 'interval'),
    ('data', 'jsonb'), ('ratio', 'float8')) as c (name, type)
    on p.proargtypes[0] = c.type::pg_catalog.regtype
where p.pronargs = 1 and p.prokind = 'f' and not p.proretset and p.provolatile <> 'v'
  and p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
  and p.prorettype <> all ('{void,cstring}'::pg_catalog.regtype[])
  and p.proname !~ '^pg_'
order by 1, 2
"""


def test_casts_are_immutable_where_the_server_says_so(place: Place) -> None:
    assert_agreed(place, (f"{column}::{to}" for column in COLUMNS for to in TARGETS))


@pytest.mark.long
def test_functions_are_immutable_where_the_server_says_so(place: Place) -> None:
    found = database.rows(place.reader, _FUNCTIONS)

    assert len(found) > 150
    assert_agreed(place, (f'"{function}"({column})' for function, column in found))


@pytest.mark.long
def test_operators_are_immutable_where_the_server_says_so(place: Place) -> None:
    pairs = [(one, other) for one in COLUMNS for other in COLUMNS]

    assert_agreed(place, (f"({a} {symbol} {b})" for a, b in pairs for symbol in SYMBOLS))


def assert_agreed(place: Place, expressions: Iterable[str]) -> None:
    """Assert that of each expression that can be computed both say the same."""
    texts = [f"create index on pools (({one}))" for one in expressions]
    said = {
        text
        for text, hits in zip(texts, place.hits(*texts), strict=True)
        if any(hit.rule == rules.UNSTEADY for hit in hits)
    }
    refused, built = set(), set()
    for text in texts:
        code = _refused(place, text)
        if code == _NOT_IMMUTABLE:
            refused.add(text)
        elif not code or code.startswith("22"):
            built.add(text)  # a value that does not fit has been computed

    assert said & built == set()
    assert refused - said == set()
    assert refused
    assert built


def _refused(place: Place, text: str) -> str:
    with place.tried() as conn:
        try:
            conn.execute(text.encode())
        except psycopg.Error as error:
            return error.sqlstate or "?"
    return ""
