"""Are the studio's files what its own were like, and the same each time?"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tracemalloc
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from examples.fluxstudio.generate import COLLECTIONS, generate
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"

Json = dict[str, Any]
Studio = dict[str, list[Json]]


def read(folder: Path) -> Studio:
    return {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))[name]
        for name in COLLECTIONS
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("fluxstudio")
    generate(made / "data", made / "uploads", scale=2)
    return made


@pytest.fixture(scope="module")
def studio(folder: Path) -> Studio:
    """Two copies, read once."""
    return read(folder / "data")


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, dict):
        yield from texts(list(value.values()))


def tree(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_numbers_of_records_are_those_of_two_studios(studio: Studio) -> None:
    assert {name: len(records) for name, records in studio.items()} == {
        "users": 60,
        "teams": 6,
        "projects": 24,
        "files": 12,
        "channels": 16,
        "messages": 2000,
    }


def test_ids_of_users_have_three_formats(studio: Studio) -> None:
    forms = {"moment": r"\d{13}", "uuid": UUID, "word": r"demo-user-\d+"}
    found = Counter(
        name
        for one in studio["users"]
        for name, form in forms.items()
        if re.fullmatch(form, one["id"])
    )

    assert found == {"moment": 20, "uuid": 20, "word": 20}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_no_two_records_share_an_id(studio: Studio, name: str) -> None:
    ids = [one["id"] for one in studio[name]]

    assert len(set(ids)) == len(ids)


def test_messages_and_channels_are_called_by_a_moment_and_chance(studio: Studio) -> None:
    ids = [one["id"] for name in ("messages", "channels") for one in studio[name]]

    assert [one for one in ids if not re.fullmatch(r"\d{13}-[0-9a-f]{10}", one)] == []


def test_two_of_three_users_have_a_password_and_the_third_came_by_google(studio: Studio) -> None:
    hashes = [one["password"] for one in studio["users"] if "password" in one]

    assert len(hashes) == 40
    assert all(re.fullmatch(r"\$2a\$10\$[./A-Za-z0-9]{53}", one) for one in hashes)
    assert all(("password" in one) != ("googleId" in one) for one in studio["users"])


def test_every_moment_has_milliseconds_and_ends_in_z(studio: Studio) -> None:
    moments = [text for text in texts(list(studio.values())) if re.match(r"\d{4}-\d\d-\d\dT", text)]

    assert [text for text in moments if not re.fullmatch(MOMENT, text)] == []
    assert all(not one["startDate"].endswith("T00:00:00.000Z") for one in studio["projects"])


def test_projects_name_no_organisation_and_members_have_other_roles(studio: Studio) -> None:
    roles = Counter(one["role"] for project in studio["projects"] for one in project["members"])

    assert set(roles) == {"owner", "member"}
    assert all("organizationId" not in one for one in studio["projects"])
    assert all(
        one["members"][0]["userId"] == one["createdBy"] == one["members"][0]["userId"]
        for one in studio["projects"]
    )


def test_members_are_listed_as_they_joined(studio: Studio) -> None:
    for name in ("teams", "projects", "channels"):
        for one in studio[name]:
            joined = [member["joinedAt"] for member in one["members"]]
            assert all(was < now for was, now in pairwise(joined)), one["id"]


def test_what_broke_others_is_there(studio: Studio) -> None:
    names = Counter(one["name"] for one in studio["users"])
    addresses = Counter(one["email"].lower() for one in studio["users"])
    said = [one["text"] for one in studio["messages"]]

    assert min(names.values()) > 1
    assert sorted(addresses.values())[-2:] == [2, 2]
    assert len({one["email"] for one in studio["users"]}) == 60
    assert sum("&amp;lt;b&amp;gt;" in one["name"] for one in studio["projects"]) == 2
    for piece in ("\t", "\r\n", "\\N", '"', "<script>", "👩‍🎨", "مرحبا"):
        assert any(piece in text for text in said), piece
    assert {one["description"] is None for one in studio["projects"]} == {True, False}
    assert any(one["description"] == "" for one in studio["projects"])


def test_one_message_of_all_has_a_field_that_no_other_has(studio: Studio) -> None:
    assert sum("priority" in one for one in studio["messages"]) == 1


def test_every_name_of_another_record_leads_to_it(studio: Studio) -> None:
    ids = {name: {one["id"] for one in records} for name, records in studio.items()}
    messages, projects = studio["messages"], studio["projects"]
    users = {
        *(one["userId"] for one in messages),
        *(user for one in messages for user in one["mentions"]),
        *(react["userId"] for one in messages for react in one["reactions"]),
        *(one["createdBy"] for name in ("teams", "projects", "channels") for one in studio[name]),
    }

    assert users <= ids["users"]
    assert {one["channelId"] for one in messages} <= ids["channels"]
    assert {one["replyTo"] for one in messages} - {None} <= ids["messages"]
    assert {one["teamId"] for one in projects} - {None} <= ids["teams"]
    assert {file for one in projects for file in one["files"]} <= ids["files"]
    assert sum(len(one["files"]) for one in projects) == 8


def test_uploads_are_as_long_as_their_records_say(folder: Path, studio: Studio) -> None:
    sizes = {file.name: file.stat().st_size for file in (folder / "uploads").iterdir()}

    assert {one["filename"]: one["size"] for one in studio["files"]} == sizes


def test_another_process_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Hashes of strings are random per process: nothing may hang on them."""
    command = [sys.executable, "-m", "examples.fluxstudio.generate", "--scale", "2"]
    command += ["--data", str(tmp_path / "data"), "--uploads", str(tmp_path / "uploads")]
    done = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )

    assert tree(tmp_path) == tree(folder)
    assert "2,000 messages" in done.stdout


def test_another_seed_gives_other_records(studio: Studio, tmp_path: Path) -> None:
    generate(tmp_path, seed=7)

    assert read(tmp_path)["messages"][0] != studio["messages"][0]


def test_memory_does_not_grow_with_the_scale(tmp_path: Path) -> None:
    def peak(scale: int) -> int:
        tracemalloc.start()
        generate(tmp_path / str(scale), scale=scale)
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(6) < 1.5 * peak(2)


def test_files_that_are_there_are_left_as_they_are(folder: Path) -> None:
    before = tree(folder)

    with pytest.raises(UsageError, match="there already"):
        generate(folder / "data")

    assert tree(folder) == before
