"""Is every field counted that was ever seen?"""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from gatepost.errors import SourceFault
from gatepost.sources import tally
from gatepost.sources.census import Census, Field
from tests.sources import reading

if TYPE_CHECKING:
    from pathlib import Path


def counted(folder: Path, records: list[object]) -> dict[str, Field]:
    census = Census()
    reading.texts(reading.collection(folder, json.dumps(records)), census)
    assert census.records == len(records)
    return census.fields


@pytest.mark.parametrize("quick", [True, False])
def test_fields_are_counted_where_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick: bool
) -> None:
    if not quick:
        reading.without_quick(monkeypatch)
    records: list[object] = [
        {"id": 1, "tags": ["a", None, 3], "settings": {"theme": "dark"}, "members": []},
        {"id": "2", "tags": None, "settings": {"theme": None, "size": 1.5}},
        {
            "id": None,
            "members": [{"userId": 1}, {"userId": 2, "role": True}, []],
            "grid": [[1], []],
        },
    ]

    assert counted(tmp_path, records) == {
        "grid": Field(1, 0, ("array",)),
        "grid[]": Field(2, 0, ("array",)),
        "grid[][]": Field(1, 0, ("number",)),
        "id": Field(3, 1, ("null", "number", "string")),
        "members": Field(2, 0, ("array",)),
        "members[]": Field(3, 0, ("array", "object")),
        "members[].role": Field(1, 0, ("boolean",)),
        "members[].userId": Field(2, 0, ("number",)),
        "settings": Field(2, 0, ("object",)),
        "settings.size": Field(1, 0, ("number",)),
        "settings.theme": Field(2, 1, ("null", "string")),
        "tags": Field(2, 1, ("array", "null")),
        "tags[]": Field(3, 1, ("null", "number", "string")),
    }


def test_field_of_one_record_in_many_is_seen(tmp_path: Path) -> None:
    records: list[object] = [{"id": number} for number in range(20_000)]
    records[13_131] = {"id": 13_131, "Id": None}

    assert counted(tmp_path, records) == {
        "Id": Field(1, 1, ("null",)),
        "id": Field(20_000, 0, ("number",)),
    }


def test_shapes_without_end_are_counted_in_a_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "_HELD", 60)
    records: list[object] = [
        {name: 1 for at, name in enumerate("abcdef") if number >> at & 1} for number in range(64)
    ]

    assert counted(tmp_path, records) == {name: Field(32, 0, ("number",)) for name in "abcdef"}


@pytest.mark.parametrize(("records", "keys"), [(30_000, 1), (600, 100)])
def test_records_that_are_maps_take_no_memory_for_each_of_their_keys(
    tmp_path: Path, records: int, keys: int
) -> None:
    lines = (
        json.dumps({f"{number}-of-{at}": 1 for at in range(keys)}) for number in range(records)
    )
    one = reading.collection(tmp_path, "\n".join(lines), "ndjson")
    tracemalloc.start()
    try:
        reading.texts(one, Census())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 12 << 20


@pytest.mark.parametrize(
    ("records", "key", "within"),
    [
        ([{"by": {"name": 1}}, {"by.name": 2}], "by.name", "by"),
        ([{"by": [1]}, {"by.name": 2}], "by.name", "by"),
        ([{"tags": [1]}, {"tags[]": 2}], "tags[]", "tags"),
        ([{"a": [{"b": {"c": 1}, "b.d": 2}]}], "a[].b.d", "a[].b"),
        ([{"": {"x": 1}, "x": 2}], "", ""),
    ],
)
def test_key_that_reads_like_what_lies_in_another_is_refused(
    tmp_path: Path, records: list[object], key: str, within: str
) -> None:
    with pytest.raises(SourceFault) as refused:
        counted(tmp_path, records)

    assert f"key '{key}' cannot be told from what lies within '{within}'" in str(refused.value)


def test_key_with_a_dot_is_a_field_like_any_other(tmp_path: Path) -> None:
    records: list[object] = [{"by.name": 1, "by": None, "x": {"a.b": [2], "a": "c"}}]

    assert list(counted(tmp_path, records)) == ["by", "by.name", "x", "x.a", "x.a.b", "x.a.b[]"]


def test_keys_of_a_map_beyond_many_are_counted_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "NAMES", 3)
    records: list[object] = [{"by": {f"user{number}": {"at": number}}} for number in range(9)]

    found = counted(tmp_path, records)

    assert found["by.*"] == Field(6, 0, ("object",))
    assert found["by.*.at"] == Field(6, 0, ("number",))
    assert [path for path in found if path.startswith("by.user")] == [
        path for number in range(3) for path in (f"by.user{number}", f"by.user{number}.at")
    ]


def test_last_of_two_values_is_the_one_that_counts(tmp_path: Path) -> None:
    census = Census()
    one = reading.collection(tmp_path, '[{"a":1,"a":null}]', duplicates="last")
    reading.texts(one, census)

    assert census.fields == {"a": Field(1, 1, ("null",))}


def test_waived_key_beside_the_collection_is_told(tmp_path: Path) -> None:
    census = Census()
    content = '{"version":3,"old":[1,2],"users":[{"id":1}]}'
    waive = {"$.version": "of the format", "$.old": "was empty"}
    reading.texts(reading.collection(tmp_path, content, waive=waive), census)

    assert census.fields == {
        "$.old": Field(1, 0, ("array",)),
        "$.version": Field(1, 0, ("number",)),
        "id": Field(1, 0, ("number",)),
    }


def test_header_of_an_empty_csv_names_its_fields(tmp_path: Path) -> None:
    census = Census()
    reading.texts(reading.collection(tmp_path, "id,name\n", "csv", allow_empty=True), census)

    assert census.fields == {"id": Field(0, 0, ()), "name": Field(0, 0, ())}
