"""Is what was staged what the files hold, whatever they hold?"""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from gatepost import database
from gatepost.origin import SourceCollection
from gatepost.sources.collections import Collection
from gatepost.staging import registry, views
from gatepost.staging.loading import Loaded, load
from gatepost.staging.places import documents_of, fitted
from tests.staging.project import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.dsn import Dsn

KEYS_OF_CHILD = ("parent", "position")
NUMBER = itertools.count()
# PostgreSQL holds no U+0000, and no half of a pair; how these are refused is the sources' affair.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
# Keys that read like paths are refused where what they begin with nests: no `a` beside `a.b`.
KEYS = st.one_of(
    st.sampled_from(["id", "name", "a.b", "tags", "record", "parent", "position", "ids"]),
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0.[a"),
        min_size=1,
        max_size=12,
    ),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.lists(st.dictionaries(KEYS, VALUES, max_size=5), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def staging(server16: Any) -> Iterator[Dsn]:
    """A database that is ready for collections."""
    with opened(server16.dsn()) as conn:
        conn.execute("create database staging template template0")
    with opened(server16.dsn("staging")) as conn:
        registry.open_up(conn)
    yield server16.dsn("staging")
    with opened(server16.dsn()) as conn:
        conn.execute("drop database staging with (force)")


@pytest.fixture
def loaded(staging: Dsn, tmp_path: Path) -> Callable[[list[dict[str, Any]]], Loaded]:
    """Load documents as a new collection."""

    def made(documents: list[dict[str, Any]]) -> Loaded:
        name = f"some{next(NUMBER)}"
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(documents, ensure_ascii=False), encoding="utf-8")
        rules = SourceCollection(top="")
        return load(staging, Collection(name, file.name, "json", rules, file), lambda *_: None)

    return made


PROPERTY = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@PROPERTY
@given(documents=DOCUMENTS)
def test_staged_documents_are_those_of_the_file_in_its_order(
    documents: list[dict[str, Any]],
    loaded: Callable[[list[dict[str, Any]]], Loaded],
    staging: Dsn,
) -> None:
    found = loaded(documents)

    with opened(staging) as conn:
        table = documents_of(found.collection.name).identifier
        query = sql.SQL("select doc::text from {} order by record").format(table)
        assert [exactly(text) for (text,) in database.rows(conn, query)] == exactly(
            json.dumps(documents)
        )
    assert found.census.records == len(documents)


@PROPERTY
@given(documents=DOCUMENTS)
def test_every_field_has_a_column_that_holds_it_in_every_record(
    documents: list[dict[str, Any]],
    loaded: Callable[[list[dict[str, Any]]], Loaded],
    staging: Dsn,
) -> None:
    found = loaded(documents)
    made = views.of(found.collection.name, found.census.fields)

    with opened(staging) as conn:
        for view in made:
            conn.execute(view.statement)
        rows = list(_rows(conn, made[0]))

    by_path = {column.path: column.name for column in made[0].columns}
    for number, (document, row) in enumerate(zip(documents, rows, strict=True), start=1):
        assert row["record"] == number
        for key, value in document.items():
            assert row[by_path[key]] is None if value is None else held(row[by_path[key]], value)
        absent = {name for path, name in by_path.items() if path not in document}
        assert all(row[name] is None for name in absent)


@PROPERTY
@given(
    records=st.lists(
        st.lists(st.dictionaries(st.sampled_from(["userId", "position"]), TEXTS), max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_lists_of_objects_have_a_view_with_a_row_for_each_element(
    records: list[list[dict[str, str]]],
    loaded: Callable[[list[dict[str, Any]]], Loaded],
    staging: Dsn,
) -> None:
    found = loaded([{"members": members} for members in records])
    made = views.of(found.collection.name, found.census.fields)
    expected = [
        (parent, position, member.get("userId"), member.get("position"))
        for parent, members in enumerate(records, start=1)
        for position, member in enumerate(members, start=1)
    ]

    with opened(staging) as conn:
        for view in made:
            conn.execute(view.statement)
        child = [view for view in made if view.relation.name.endswith(".members")]
        rows = [row for view in child for row in _rows(conn, view)]

    told = [
        (r["parent"], r["position"], r.get("userId"), r.get("position_"))
        for r in sorted(rows, key=lambda row: (row["parent"], row["position"]))
    ]
    assert told == (expected if child else [])
    assert bool(child) == any(member for members in records for member in members)


def exactly(text: str) -> Any:
    """Return what a text of JSON says, each number to its last digit."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def held(found: Any, value: Any) -> bool:
    """Whether a column holds a value of a document: scalars of a text column are text."""
    if isinstance(value, str):
        return bool(found in (value, json.dumps(value)) or exactly(found) == value)
    return bool(exactly(found) == exactly(json.dumps(value)))


def _rows(conn: Connection, view: views.View) -> Iterator[dict[str, Any]]:
    columns = [sql.SQL("{0}::text as {0}").format(sql.Identifier(c.name)) for c in view.columns]
    keys = [
        sql.Identifier(key) for key in (KEYS_OF_CHILD if "." in view.relation.name else ("record",))
    ]
    query = sql.SQL("select {} from {} order by 1").format(
        sql.SQL(", ").join([*keys, *columns]), view.relation.identifier
    )
    yield from database.mappings(conn, query)


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("name", (), "name"),
        ("", (), "_"),
        ("record", ("record",), "record_"),
        ("é" * 31, (), "é" * 31),
        ("é" * 32, (), "é" * 27 + "~2e5152e6"),
    ],
)
def test_names_that_postgresql_would_change_are_changed_by_rule(
    name: str, taken: tuple[str, ...], expected: str
) -> None:
    assert fitted(name, taken) == expected
