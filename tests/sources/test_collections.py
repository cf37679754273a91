"""Is it known which collections a folder holds, and is nothing left out without a word?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gatepost.errors import UsageError
from gatepost.sources import collections
from tests.sources import reading
from tests.sources.test_tables import settings

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.sources.collections import Collection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    (data / "folder.json").mkdir(parents=True)
    (data / "users.json").write_text('{"users":[{"id":1}]}')
    (data / "events.jsonl").write_text('{"id":1}\n')
    (data / "zones.CSV").write_text("id\n1\n")
    (data / "readme.txt").write_text("no collection")
    (data / "db.json").write_text('{"posts":[{"id":1}],"tags":[{"id":2}]}')
    return tmp_path


def found(folder: Path, url: str = "file:data/", **declared: Any) -> dict[str, Collection]:
    return {one.name: one for one in collections.of(settings(folder, url, **declared))}


def test_every_file_of_a_known_suffix_is_a_collection(folder: Path) -> None:
    assert [(one.name, one.format, one.label) for one in found(folder).values()] == [
        ("db", "json", "data/db.json"),
        ("events", "ndjson", "data/events.jsonl"),
        ("users", "json", "data/users.json"),
        ("zones", "csv", "data/zones.CSV"),
    ]


def test_files_beside_the_declared_ones_are_collections_too(folder: Path) -> None:
    one = found(folder, people={"file": "users.json", "top": "users"})

    assert list(one) == ["db", "events", "people", "zones"]
    assert reading.texts(one["people"]) == ['{"id":1}']


def test_two_collections_share_a_file(folder: Path) -> None:
    one = found(folder, posts={"file": "db.json"}, tags={"file": "db.json"})

    assert reading.texts(one["posts"]) == ['{"id":1}']
    assert reading.texts(one["tags"]) == ['{"id":2}']


def test_folder_may_be_anywhere(folder: Path) -> None:
    assert "users" in found(folder, f"file:{folder / 'data'}")
    assert "users" in found(folder, f"file://{folder / 'data'}")


@pytest.mark.parametrize(
    ("declared", "said", "hint"),
    [
        ({"user": {}}, "collection 'user': no user.json", "did you mean 'users'?"),
        (
            {"users": {"file": "user.json"}},
            "collection 'users': no file user.json",
            "did you mean 'users.json'?",
        ),
        (
            {"notes": {"file": "readme.txt"}},
            "collection 'notes': readme.txt does not say its format",
            'format = "json", "ndjson" or "csv"',
        ),
        (
            {"x" * 64: {"file": "users.json"}},
            f"collection '{'x' * 64}': PostgreSQL's names end after 63 bytes",
            'name it yourself: [source.collections.NAME] with file = "users.json"',
        ),
    ],
)
def test_declaration_that_fits_no_file_is_refused(
    folder: Path, declared: dict[str, Any], said: str, hint: str
) -> None:
    with pytest.raises(UsageError) as error:
        found(folder, **declared)

    assert error.value.message.startswith(said)
    assert error.value.hint == hint


def test_two_files_of_one_name_are_refused(folder: Path) -> None:
    (folder / "data" / "users.csv").write_text("id\n1\n")

    with pytest.raises(UsageError, match=r"users\.csv and users\.json are both called 'users'"):
        found(folder)
    with pytest.raises(UsageError, match=r"users\.csv and users\.json could both be meant"):
        found(folder, users={})


def test_missing_folder_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"no folder .*dada"):
        found(folder, "file:dada/")


def test_link_that_leads_nowhere_is_refused_and_not_passed_over(folder: Path) -> None:
    (folder / "data" / "teams.json").symlink_to(folder / "moved" / "teams.json")

    with pytest.raises(UsageError, match=r"teams\.json is a link that leads nowhere"):
        found(folder)


@pytest.mark.parametrize(
    ("name", "declared", "key"),
    [
        ("users", {"query": "select 1"}, "query"),
        ("users", {"table": "users"}, "table"),
        ("events", {"top": "events"}, "top"),
        ("zones", {"json": ("id",)}, "json"),
    ],
)
def test_key_of_another_kind_of_collection_is_refused_and_not_passed_over(
    folder: Path, name: str, declared: dict[str, Any], key: str
) -> None:
    with pytest.raises(UsageError, match=rf"\.{name}\] {key}: it means nothing for data/{name}"):
        found(folder, "file:data/", **{name: declared})
