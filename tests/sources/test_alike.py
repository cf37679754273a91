"""Is a run of records that look alike counted as one by one, and an odd one noticed?"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from gatepost.sources import quick
from tests.sources import reading

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.sources.collections import Format

_RECORD: dict[str, Any] = {
    "id": 1,
    "a b": "x",
    "reply": None,
    "mentions": [],
    "owner": {"id": 1, "tags": [{"name": "x"}]},
    "ratio": 0.5,
    "done": True,
}
_CHANGES: list[dict[str, Any]] = [
    {},
    {},
    {},
    {},
    {"reply": 5},
    {"reply": "x"},
    {"mentions": [1, None, {"who": "x"}]},
    {"owner": None},
    {"owner": {"id": "1", "Tags": []}},
    {"ratio": 1},
    {"id": 2.5},
    {"id": 10**30},
    {"more": 1},
    {"done": {}},
    {"a b": 'said "x": y'},
]


@pytest.mark.parametrize("file_format", ["json", "ndjson"])
@pytest.mark.parametrize("seed", range(6))
def test_runs_are_counted_as_the_judge_counts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_format: Format, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same records in every run
    records = [{**_RECORD, **chance.choice(_CHANGES[: 2 + seed * 3])} for _ in range(400)]
    if seed == 1:
        del records[333]["done"]
    lines = [json.dumps(record, separators=(",", ":")) for record in records]
    content = "[" + ",\n".join(lines) + "]" if file_format == "json" else "\n".join(lines)
    one = reading.collection(tmp_path, content, file_format)
    with monkeypatch.context() as patch:
        reading.in_small_pieces(patch, 2000)
        quickly = reading.read(one)
    reading.without_quick(monkeypatch)

    assert quickly == reading.read(one)
    assert not isinstance(quickly, str)
    assert quickly[1].records == 400


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ('{"id":1,"name":"a","id":2}', 'key "id" stands twice'),
        ('{"id" :1,"name":"a","id":2}', 'key "id" stands twice'),
        ('{"id":1,"name":"a","tags":[{"x":1,"x":2}]}', 'key "x" stands twice'),
        ('{"id":1,"name":"\\u0000"}', "a text holds U+0000"),
        ('{"id":1e-99999,"name":"a"}', "has more digits"),
        ('{"id":1,"name":"a","tags":[1e-99999]}', "has more digits"),
        ('{"id":1,"name":"a","tags":' + "[" * 250 + "]" * 250 + "}", "nests deeper"),
        ('{"id":1,"name":"a","tags":' + '[{"a":' * 150 + "1" + "}]" * 150 + "}", "nests deeper"),
        ("[1]", "this is an array"),
    ],
)
def test_odd_record_among_many_alike_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str, said: str
) -> None:
    reading.in_small_pieces(monkeypatch, 1000)
    lines = [f'{{"id":{number},"name":"user {number}","tags":[1,[]]}}' for number in range(500)]
    lines[400] = odd

    told = reading.read(reading.collection(tmp_path, "\n".join(lines), "ndjson"))

    assert isinstance(told, str)
    assert told.startswith("users.ndjson:401:")
    assert "record 401: " in told
    assert said in told


def test_runs_that_look_alike_are_read_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading.in_small_pieces(monkeypatch, 1000)
    lines = [json.dumps({**_RECORD, "id": number}) for number in range(1000)]
    one = reading.collection(tmp_path, "\n".join(lines), "ndjson")
    looked_at: list[bytes] = []
    alone = quick.read

    def noted(text: bytes) -> dict[str, Any] | None:
        looked_at.append(text)
        return alone(text)

    monkeypatch.setattr(quick, "read", noted)
    reading.texts(one)

    assert len(looked_at) < 50
