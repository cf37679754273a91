"""Is what comes back told from what was there: by id, by place or by content?"""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import database
from gatepost.errors import UsageError
from gatepost.exporting import comparison
from gatepost.exporting.subject import Subject
from gatepost.origin import Export
from tests import pairs
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.exporting.tally import Tally

    Make = Callable[..., Dsn]
    Record = dict[str, Any]

ZOE, ANN, DEMO = USERS = (
    {"id": "1700000000001", "name": "Zoë", "password": "$2b$a", "teamId": None, "age": 31},
    {"id": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "name": "Ann", "password": "$2b$b"},
    {"id": "demo", "name": "<b>&amp;lt;</b>", "settings": {"theme": "dark", "sizes": [1.5, 2]}},
)
TABLE = "create table {} (record bigint primary key, doc jsonb)"


class Case:
    """A collection that was staged, and a target that it is written back from."""

    def __init__(self, before: Dsn, after: Dsn, folder: Path) -> None:
        self.before, self.after, self.folder = before, after, folder
        self.query = folder / "back.sql"
        self.query.write_text("select doc from back order by record; -- as it is\n")

    def told(
        self,
        was: Iterable[Record],
        now: Iterable[Record | None],
        *,
        ids: str = "id",
        ordered: bool = False,
        name: str = "users",
        masked: bool = False,
    ) -> Tally:
        """Return what is told of documents that were ``was`` and are ``now``."""
        fill(self.before, "insert into documents.users", was)
        fill(self.after, "insert into public.back", now)
        export = Export(query=self.query.name, ordered=ordered)
        with pairs.opened(self.before, self.after, folder=self.folder) as opened:
            return comparison.compare(opened, Subject(name, export, ids, masked))


def fill(dsn: Dsn, insert: str, records: Iterable[Record | None]) -> None:
    """Put records into a table, numbered from 1."""
    texts = [None if one is None else json.dumps(one, ensure_ascii=False) for one in records]
    each = "select n, d::jsonb from unnest(%s::text[]) with ordinality as t (d, n)"
    with contextlib.closing(database.maintenance(dsn)) as conn:
        conn.execute(f"{insert} {each}".encode(), [texts])


def without(record: Record, *keys: str) -> Record:
    """Return a record without some of its fields."""
    return {key: value for key, value in record.items() if key not in keys}


@pytest.fixture
def case(database16: Make, database18: Make, tmp_path: Path) -> Case:
    before = database18(f"create schema documents; {TABLE.format('documents.users')}")
    return Case(before, database16(TABLE.format("back")), tmp_path)


def test_same_documents_in_another_order_of_records_and_keys_are_equal(case: Case) -> None:
    told = case.told(USERS, [dict(reversed(one.items())) for one in reversed(USERS)])

    assert told.alike
    assert (told.was, told.now, told.notes, told.findings) == (3, 3, (), ())


def test_lost_field_is_named_with_its_records_and_told_from_null(case: Case) -> None:
    now = [without(one, "password") for one in USERS]
    now[0] = without(now[0], "teamId") | {"age": None}

    assert case.told(USERS, now).findings == (
        "users: 3 records on both sides, not the same",
        (
            "users: field 'password' lost in 2 of 3 records:"
            " id 1700000000001, a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
        ),
        "users: field 'age': number before, null after in 1 of 3 records: id 1700000000001",
        "users: field 'teamId' lost in 1 of 3 records: id 1700000000001",
    )


def test_gone_new_and_changed_records_are_told_by_id(case: Case) -> None:
    changed = DEMO | {"settings": {"theme": "light", "sizes": [1.5, 2]}}

    assert case.told(USERS, [ZOE, changed, {"id": "new", "name": "Bob"}]).findings == (
        "users: 3 records on both sides, not the same",
        "users: 1 record gone: id a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "users: 1 record new: id new",
        "users: field 'settings.theme': value changed in 1 of 3 records: id demo",
    )


def test_id_that_is_a_secret_is_not_shown(case: Case) -> None:
    told = case.told(USERS, [ZOE, ANN], masked=True)

    assert told.findings == ("users: 3 records before, 2 after", "users: 1 record gone")


def test_number_with_another_scale_is_a_note_with_and_without_ids(case: Case) -> None:
    told = case.told([ZOE, {"id": "b", "budget": 12.50}], [ZOE, {"id": "b", "budget": 12.500}])
    assert told.alike
    run(case.before, "truncate documents.users")
    run(case.after, "truncate back")
    run(case.before, """insert into documents.users values (1, '{"n": 1.50}'), (2, '{"n": 2}')""")
    run(case.after, """insert into back values (1, '{"n": 2.0}'), (2, '{"n": 1.5}')""")

    told = case.told([], [], ids="")

    assert told.alike
    assert told.notes == ("users: 2 records equal in value, numbers written another way",)


def test_records_without_ids_are_a_multiset(case: Case) -> None:
    alike, other = {"code": "CH", "name": "Schweiz"}, {"code": "AT", "name": "Österreich"}

    told = case.told([alike, alike, other], [other, alike, without(alike, "name")], ids="")

    assert told.findings == (
        "users: 3 records on both sides, not the same",
        "users: 1 record gone",
        "users: 1 record new",
        "users: field 'name' lost in 1 of 3 records",
    )


def test_order_of_records_counts_where_it_was_declared(case: Case) -> None:
    assert case.told(USERS, USERS, ordered=True).alike
    run(case.after, "update back set record = 4 where record = 2")

    assert case.told([], [], ordered=True).findings[0] == (
        "users: 3 records on both sides, not the same"
    )
    assert case.told([], []).alike


def test_null_for_a_document_is_no_document(case: Case) -> None:
    assert case.told([ZOE, ANN], [ZOE, None]).findings == (
        "users: 2 records on both sides, not the same",
        "users: the query yields NULL for 1 document",
        "users: 1 record gone: id a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    )


def test_id_twice_and_id_missing_are_found(case: Case) -> None:
    nobody = {"name": "nobody"}

    told = case.told([ANN, ANN | {"name": "Eve"}, nobody, nobody], [ANN, nobody])

    assert told.findings == (
        "users: 4 records before, 2 after",
        "users: 2 records gone: id a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    )


def test_many_records_with_one_fault_are_one_line_and_few_ids(case: Case) -> None:
    each = [{"id": str(n), "n": n, "members": [{"userId": "a", "role": "x"}]} for n in range(3000)]
    now = [one | {"members": [{"userId": "a"}]} for one in each]

    _, line = case.told(each, now).findings

    assert line.startswith("users: field 'members[].role' lost in 3,000 of 3,000 records: id ")
    assert line.endswith(", …")


def test_of_very_many_that_differ_some_tell_what_happened(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "_MOST", 100)
    each = [{"id": str(n), "name": "x"} for n in range(3000)]

    numbers, line = case.told(each, [without(one, "name") for one in each]).findings

    found = re.fullmatch(
        "users: 3,000 records on both sides, not the same; ([0-9]+) looked at one by one,"
        " and of these:",
        numbers,
    )
    assert found
    assert 50 < int(found[1]) <= 100
    assert line.startswith(f"users: field 'name' lost in {found[1]} of {found[1]} records: id ")


def test_query_that_yields_no_documents_is_refused(case: Case) -> None:
    for query, said in {
        "select doc, 1 as n from back": "back.sql: yields doc jsonb, n integer; one column is",
        "select doc::text as doc from back": "back.sql: yields doc text; one column is wanted",
        "select doc\nfrom bakc": 'back.sql, line 2: relation "bakc" does not exist',
        "delete from back returning doc": "back.sql, line 1: ",
        "select to_jsonb(1 / record) as doc from generate_series(0, 1) record": "division by zero",
    }.items():
        case.query.write_text(query)
        with pytest.raises(UsageError, match=re.escape(said)):
            case.told([], [])


def test_collection_that_the_source_has_not_is_refused(case: Case) -> None:
    with pytest.raises(UsageError, match=r"(?s)export.userz.*did you mean 'users'"):
        case.told(USERS, USERS, name="userz")
