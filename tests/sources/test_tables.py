"""Is every value of a table in another database read exactly, shown with SQLite?"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from gatepost.errors import CannotConnect, SourceFault, UsageError
from gatepost.origin import Source, SourceCollection
from gatepost.settings import Project, Settings, Target
from gatepost.sources import collections, foreign, tables
from gatepost.sources.census import Census, Field
from gatepost.sources.judge import Refused
from tests.sources import reading

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.embedded import Server

SCHEMA = """
create table users (id integer primary key, name text, balance numeric, photo blob, made text);
insert into users values
    (2, 'Jos\u00e9 "x" \U0001f600', 0.1, x'00ff', '2024-01-01T10:00:00.123Z'),
    (1, null, 9223372036854775807, null, '');
create table "odd name" ("a%b" text, "select" int);
insert into "odd name" values ('100 %', 7);
create table settings (user_id int, doc text);
insert into settings values (1, '{"theme": 1.10,\n "tags": ["a"]}'), (2, null);
create table empty (id int);
"""


@pytest.fixture
def legacy(tmp_path: Path) -> Path:
    with contextlib.closing(sqlite3.connect(tmp_path / "old.db")) as conn:
        conn.executescript(SCHEMA)
    return tmp_path


def settings(folder: Path, url: str = "sqlite:///old.db", **declared: Any) -> Settings:
    rules = {name: SourceCollection(**one) for name, one in declared.items()}
    source = Source(url=url, collections=rules)
    target = Target(url="postgresql://localhost/none")
    project = Project(name="legacy", source=source)
    return Settings(project=project, folder=folder, target_name="t", target=target, source=source)


def read(folder: Path, name: str, **declared: Any) -> tuple[list[str], Census]:
    census = Census()
    found = {one.name: one for one in collections.of(settings(folder, **declared))}
    return reading.texts(found[name], census), census


def test_every_table_is_a_collection(legacy: Path) -> None:
    found = collections.of(settings(legacy, people={"table": "users"}))

    assert [(one.name, one.format) for one in found] == [
        ("empty", "table"),
        ("odd name", "table"),
        ("people", "table"),
        ("settings", "table"),
    ]


def test_rows_are_read_exactly_and_by_their_key(legacy: Path) -> None:
    texts, census = read(legacy, "users")

    assert texts == [
        '{"id": 1, "name": null, "balance": 9223372036854775807, "photo": null, "made": ""}',
        (
            '{"id": 2, "name": "Jos\u00e9 \\"x\\" \U0001f600", "balance": 0.1,'
            ' "photo": "\\\\x00ff", "made": "2024-01-01T10:00:00.123Z"}'
        ),
    ]
    assert census.records == 2
    assert census.fields["name"] == Field(2, 1, ("null", "string"))
    assert census.fields["balance"] == Field(2, 0, ("number",))


def test_names_of_any_kind_are_read(legacy: Path) -> None:
    assert read(legacy, "odd name")[0] == ['{"a%b": "100 %", "select": 7}']


def test_text_that_is_declared_to_be_json_is_read_as_it(legacy: Path) -> None:
    texts, census = read(legacy, "settings", settings={"json": ("doc",)})

    assert texts == [
        '{"user_id": 1, "doc": {"theme": 1.10,  "tags": ["a"]}}',
        '{"user_id": 2, "doc": null}',
    ]
    assert census.fields["doc.tags[]"] == Field(1, 0, ("string",))


def test_query_is_a_collection(legacy: Path) -> None:
    query = "select u.id, count(*) as n from users as u group by 1 order by 1 desc"

    assert read(legacy, "counts", counts={"query": query})[0] == [
        '{"id": 2, "n": 1}',
        '{"id": 1, "n": 1}',
    ]


def test_percent_in_a_query_is_no_place_for_a_parameter(server16: Server) -> None:
    url = server16.url("postgres").replace("postgresql:", "postgresql+psycopg:")
    query = "select '5 %' as a where 'ab' like 'a%'"

    assert [tuple(row) for row in foreign.rows(url, query=query)] == [("a",), ("5 %",)]


def test_reading_cannot_write(legacy: Path) -> None:
    deleting = {"query": "delete from users returning id"}

    with pytest.raises(SourceFault, match="readonly database"):
        read(legacy, "x", x=deleting)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"query": "select 1 as a, 2 as a"}, "query of x in sqlite:.*: has a column twice: a, a"),
        ({"query": "select 9e999 as a"}, "record 1: column 'a': inf is no number in JSON"),
        ({"query": "select 'x' || char(0) as a"}, "record 1: column 'a': a text holds U\\+0000"),
        ({"query": "select '{' as doc", "json": ("doc",)}, "record 1: column 'doc': expecting"),
        ({"query": "select cast(x'ff' as text) as a"}, "Could not decode to UTF-8"),
        ({"query": "select nowhere"}, "no such column: nowhere"),
        (
            {"query": f"select '{'[' * 300}{']' * 300}' as doc", "json": ("doc",)},
            "query of x in sqlite:.*: record 1: nests deeper than 200 levels",
        ),
        ({"query": "select 1 as a where false"}, "there is no record"),
    ],
)
def test_what_cannot_be_read_is_told(legacy: Path, declared: dict[str, Any], said: str) -> None:
    with pytest.raises(SourceFault, match=said):
        read(legacy, "x", x=declared)


def test_unknown_table_is_named(legacy: Path) -> None:
    with pytest.raises(UsageError, match="collection 'user': no table user") as error:
        collections.of(settings(legacy, user={}))

    assert error.value.hint == "did you mean 'users'?"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///olt.db", "no SQLite file .*olt.db"),
        ("nothing://host/x", "source: nobody knows nothing://host/x"),
        ("mysql+nothing://host/x", "source: nobody knows mysql"),
    ],
)
def test_address_that_leads_nowhere_is_told(legacy: Path, url: str, said: str) -> None:
    with pytest.raises((UsageError, CannotConnect), match=said):
        collections.of(settings(legacy, url))


def test_file_that_is_no_database_is_told(legacy: Path) -> None:
    (legacy / "old.db").write_bytes(b"not a database at all" * 100)

    with pytest.raises((SourceFault, CannotConnect), match="file is not a database"):
        collections.of(settings(legacy))


def test_password_is_never_shown() -> None:
    assert foreign.shown("mysql://me:secret@host/db") == "mysql://me:***@host/db"
    assert foreign.shown("mysql://host/db?password=secret") == "mysql://host/db"


@pytest.mark.parametrize(
    "url", ["mysql://me:secret@host:port/db", "mysql:/me:secret@host", "mysql://me:se:cret@::1/db"]
)
def test_address_that_is_none_is_refused_and_not_shown(legacy: Path, url: str) -> None:
    with pytest.raises(UsageError, match="its url is no address of a database") as refused:
        foreign.address(url, legacy)

    assert "cret" not in str(refused.value)


@pytest.mark.parametrize(
    "value", [Decimal("sNaN"), Decimal("-Infinity"), [Decimal(1)], {"a": "\ud800"}, object()]
)
def test_value_without_a_spelling_is_refused(value: object) -> None:
    with pytest.raises(Refused):
        tables.written(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.10"), "1.10"),
        (Decimal("1E+3"), "1E+3"),
        (Decimal("1E+400"), "1E+400"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (True, "true"),
        (dt.datetime(2024, 1, 2, 3, 4, 5, 6000, dt.UTC), '"2024-01-02T03:04:05.006000+00:00"'),
        (dt.date(2024, 1, 2), '"2024-01-02"'),
        (dt.time(3, 4), '"03:04:00"'),
        (dt.timedelta(days=1, seconds=2, microseconds=500_000), '"P1DT2.5S"'),
        (dt.timedelta(seconds=-1), '"P-1DT86399S"'),
        (b"\x00\xff", '"\\\\x00ff"'),
        (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        ({"a": [1, None]}, '{"a": [1, null]}'),
    ],
)  # fmt: skip
def test_value_of_a_driver_has_one_spelling(value: object, text: str) -> None:
    assert tables.written(value)[0] == text
