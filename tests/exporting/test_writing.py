"""Does an export hold every document in the source's shape, and leave the source alone?"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import database
from gatepost.exporting import manifest
from runner.__main__ import main
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

HELD = r"""
create table users (id text primary key, name text, age numeric, tags jsonb);
insert into users values ('1700000000001', 'Zoë "Z" \ 😀', 31.50, '["a", {"b": null}]'),
    ('demo', e'two\nlines, and a comma', null, null);
create table zones (zone text, "offset" int, note text);
insert into zones values ('Europe/Zürich', 3600, null), ('Asia/Kathmandu', 20700, e'a\rb'),
    ('UTC', 0, 'says "hi", twice');
create table nothing (id int);
"""
TOML = """
name = "studio"
[source]
url = "file:data"
[source.collections.users]
ids = "id"
[source.collections.empty]
file = "users.json"
allow_empty = true
[targets.prod]
url = "{}"
[export.users]
query = "users.sql"
[export.empty]
query = "empty.sql"
[export.list]
query = "users.sql"
[export.lines]
query = "users.sql"
[export.zones]
query = "zones.sql"
"""


class Studio:
    """A project whose target can be written back."""

    def __init__(self, target: Dsn, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.data.mkdir()
        (folder / "gatepost.toml").write_text(TOML.format(target.raw))
        self.write("data/users.json", '{"users": [{"id": "1"}], "empty": []}')
        self.write("data/list.json", ' [{"id": "1"}]')
        self.write("data/lines.ndjson", '{"id": "1"}\n')
        self.write("data/zones.csv", "zone,offset,note\nUTC,0,\n")
        self.write("users.sql", "select to_jsonb(u) as doc from users u order by id; -- all")
        self.write("empty.sql", "select to_jsonb(n) as doc from nothing n")
        self.write("zones.sql", "select jsonb_strip_nulls(to_jsonb(z)) as doc from zones z")

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def say(self, *more: str, to: str = "back") -> int:
        """Say the verb."""
        where = (f"--project={self.folder}", f"--to={self.folder / to}")
        return main(["export", "--target=prod", *where, *more])


@pytest.fixture(scope="module")
def target(server16: Server) -> Iterator[Dsn]:
    """A database that all tests read, and none writes."""
    name = "test_exported"
    with contextlib.closing(database.maintenance(server16.dsn())) as conn:
        conn.execute(f"create database {name} template template0")
        run(server16.dsn(name), HELD)
        yield server16.dsn(name)
        conn.execute(f"drop database {name} with (force)")


@pytest.fixture
def studio(target: Dsn, tmp_path: Path) -> Studio:
    return Studio(target, tmp_path)


def sums(folder: Path) -> dict[str, str]:
    """Return what a folder holds, by file."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_export_has_the_shapes_of_the_source_and_a_manifest_of_what_was_written(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    source, back = sums(studio.data), studio.folder / "back"

    assert studio.say("--execute", "--json") == 0

    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    users = [
        {"id": "1700000000001", "name": 'Zoë "Z" \\ 😀', "age": 31.5, "tags": ["a", {"b": None}]},
        {"id": "demo", "name": "two\nlines, and a comma", "age": None, "tags": None},
    ]
    assert json.loads((back / "users.json").read_text()) == {"users": users, "empty": []}
    assert '"age": 31.50' in (back / "users.json").read_text()
    assert json.loads((back / "list.json").read_text()) == users
    assert [json.loads(one) for one in (back / "lines.ndjson").read_text().splitlines()] == users
    with (back / "zones.csv").open(newline="", encoding="utf-8") as opened:
        assert list(csv.reader(opened)) == [
            ["zone", "offset", "note"],
            ["Europe/Zürich", "3600", ""],
            ["Asia/Kathmandu", "20700", "a\rb"],
            ["UTC", "0", 'says "hi", twice'],
        ]
    written = manifest.read(back)
    assert written.records == 9
    assert {one.file: one.sha256 for one in written.files} == {
        file: digest for file, digest in sums(back).items() if file != manifest.FILE
    }
    assert said["written"]
    assert said["manifest"]["files"][-2]["records"] == {"users": 2, "empty": 0}
    assert sums(studio.data) == source
    assert back.stat().st_mode & 0o077 == 0


def test_without_execute_it_is_said_and_nothing_is_written(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    studio.write("data/teams.json", "[]")

    assert studio.say() == 0

    said = capsys.readouterr().out
    assert "users.json           JSON under users, empty: users.sql, empty.sql" in said
    assert "zones.csv            CSV: zones.sql" in said
    assert "not written back: teams: no [export.NAME]" in said
    assert "nothing was written" in said
    assert not (studio.folder / "back").exists()


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("data", "data: exists already"),
        ("data/back", "lies in the source's folder"),
        ("link/back", "lies in the source's folder"),
        ("dangling", "dangling: exists already"),
        ("users.sql", "users.sql: exists already"),
        ("nowhere/back", "no folder"),
        ("data/inner/../back", "lies in the source's folder"),
    ],
)
def test_x14_nothing_is_written_over_the_only_copy(
    studio: Studio, to: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (studio.data / "inner").mkdir()
    (studio.folder / "link").symlink_to(studio.data)
    (studio.folder / "dangling").symlink_to(studio.folder / "gone")
    before = sums(studio.folder)

    assert studio.say("--execute", to=to) == 64

    assert why in capsys.readouterr().err
    assert sums(studio.folder) == before


def test_folder_that_would_hold_the_source_is_refused_where_the_source_is_gone(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its disk may only be away for now."""
    toml = studio.folder / "gatepost.toml"
    toml.write_text(toml.read_text().replace("file:data", "file:disk/data"))

    assert studio.say("--execute", to="disk") == 64

    assert "holds the source's folder" in capsys.readouterr().err


def test_what_a_killed_export_left_is_known_and_not_touched(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    (studio.folder / "back").mkdir()
    studio.write("back/users.json.part", "[")

    assert studio.say("--execute") == 64

    assert "never finished: look at it, then remove" in capsys.readouterr().err
    assert sums(studio.folder / "back").keys() == {"users.json.part"}


def test_export_that_is_interrupted_leaves_nothing(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    studio.write("users.sql", "select jsonb_build_object('n', pg_sleep(60)) as doc")
    begun = studio.folder / "back" / "lines.ndjson.part"

    def end() -> None:
        while not begun.exists():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end, daemon=True).start()

    assert studio.say("--execute") == 30

    assert "interrupted: nothing was changed" in capsys.readouterr().err
    assert not (studio.folder / "back").exists()


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("select null::jsonb as doc", "users.sql: yields NULL where record 1 should be"),
        ("select '[1]'::jsonb as doc", "users.sql: yields no object where record 1 should be"),
        ("select 1 as doc", "users.sql: yields doc integer; one column is wanted: doc jsonb"),
        ("select doc", "users.sql, line 1: column"),
        ("insert into nothing values (1) returning to_jsonb(id) as doc", "users.sql, line 1"),
        ("select to_jsonb(1/ (id - 1)) as doc from generate_series(3, 1, -1) id", "division"),
    ],
)
def test_export_that_fails_leaves_nothing(
    studio: Studio, query: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    studio.write("users.sql", query)

    assert studio.say("--execute") == 64

    assert why in capsys.readouterr().err
    assert not (studio.folder / "back").exists()


def test_array_is_no_row_of_a_csv(studio: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    studio.write("zones.sql", "select '[1, \"b\", {}]'::jsonb as doc")

    assert studio.say("--execute") == 64
    assert "zones.sql: yields no object where record 1 should be" in capsys.readouterr().err


def test_header_is_what_the_reader_of_the_source_takes_for_it(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    studio.write("data/zones.csv", "\n\nzone,offset,note\nUTC,0,\n")

    assert studio.say("--execute") == 0
    assert (studio.folder / "back" / "zones.csv").read_text().startswith("zone,offset,note\n")

    (studio.folder / "data" / "zones.csv").write_bytes(b"z\xf6ne,offset\nUTC,0\n")

    assert studio.say(to="again") == 64
    assert "zones.csv:1:2: byte 0xF6 is no UTF-8 here" in capsys.readouterr().err


def test_field_that_no_column_of_a_csv_takes_is_refused_by_name(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    studio.write("zones.sql", "select '{\"ofset\": 1}'::jsonb as doc")

    assert studio.say("--execute") == 64

    said = capsys.readouterr().err
    assert "zones: record 1 has the field 'ofset', which is no column" in said
    assert "did you mean 'offset'?" in said


def test_export_goes_on_without_the_source_where_its_shapes_are_declared(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = studio.folder / "gatepost.toml"
    shape = '[source.collections.zones]\nformat = "csv"\n'
    toml.write_text(toml.read_text().replace("file:data", "file:gone") + shape)

    assert studio.say("--execute") == 64
    assert "[export.zones]: nothing says which columns its CSV has" in capsys.readouterr().err

    toml.write_text(
        toml.read_text().replace('"zones.sql"', '"zones.sql"\ncolumns = ["zone", "offset", "note"]')
    )
    assert studio.say("--execute") == 0
    assert (studio.folder / "back" / "zones.csv").exists()
