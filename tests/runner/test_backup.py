"""Is a backup only called one once it was restored, and found to be what the database held?"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from gatepost import database, project_file
from gatepost.backups import files, manifest
from gatepost.schema import catalog
from runner.__main__ import main
from tests.runner.conftest import HOOKS, execute

if TYPE_CHECKING:
    from gatepost.backups.manifest import Stored
    from gatepost.settings import Settings
    from tests.runner.conftest import Shop

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def say(shop: Shop, verb: str, *more: str) -> int:
    """Say a verb about the shop's target."""
    return main([verb, "--target=prod", f"--project={shop.folder}", *more])


def backups(shop: Shop) -> Path:
    """The folder in which they lie."""
    return shop.folder / "backups"


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """What a verb said to a program."""
    return json.loads(capsys.readouterr().out)


def found(settings: Settings, stored: Stored) -> tuple[str, ...]:
    """What the pre gate's check says of the backups of a target."""
    assert settings.project.backup is not None
    lying = files.files(settings.folder, settings.project.backup, stored.of)
    with contextlib.closing(database.read_only(settings.after)) as conn:
        return files.findings(settings, lying, catalog.read(conn), "")


def test_backup_counts_once_restored_and_is_drilled_though_the_database_has_gone_on(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    name = shop.target.dbname
    execute(shop.target.of("postgres"), f"alter database {name} set work_mem = '5MB'")
    before = shop.databases()
    with psycopg.connect(shop.target.raw) as writer:
        writer.execute("insert into users (name) values ('late')")  # a lock would wait for it
        assert say(shop, "backup", "--json") == 0
    made = told(capsys)

    assert made["verified"]
    assert made["manifest"]["rows"] == 1
    assert "checks passed" in made["manifest"]["verified"]["by"]
    (stored,) = manifest.stored(backups(shop))
    assert stored.good
    assert stored.altered() == ""
    assert {file.suffix for file in stored.parts} == {".dump", ".sha256", ".json", ".bin"}
    assert not list(shop.folder.rglob("*.part"))
    assert not list((shop.folder / "gatepost-runs" / "backups").iterdir())

    execute(shop.target, "insert into public.users (name) values ('after the backup')")
    execute(shop.target.of("postgres"), f"alter database {name} set work_mem = '6MB'")
    assert say(shop, "drill", "--json") == 0
    drilled = told(capsys)

    assert drilled["word"] == "GO"
    assert drilled["backup"] == stored.name
    assert 0 < drilled["back_s"] < drilled["allowed_s"]
    assert drilled["swap_s"] > 0
    assert shop.databases() == before
    assert say(shop, "status") == 0
    said = capsys.readouterr().out
    assert f"backup    {stored.name}, of " in said
    assert f"with {stored.name}, back after " in said


def test_encrypted_backup_is_verified_by_what_was_written_and_leaves_nothing_to_read(
    shop: Shop,
) -> None:
    """A row, which no gzip hides, is the witness."""
    pyrage = pytest.importorskip("pyrage")
    key = pyrage.x25519.Identity.generate()
    (shop.folder / "key").write_text(str(key))
    more = f'[backup]\nencrypt_to = ["{key.to_public()}"]\nidentity = "key"'
    shop.declare(f"{HOOKS}\ncompress = 0", more=more)

    settings = project_file.load(shop.folder, "prod")

    assert say(shop, "backup") == 0

    stored = manifest.newest_good(backups(shop))
    assert stored is not None
    assert found(settings, stored) == ()
    assert stored.archive.name.endswith(".dump.age")
    assert stored.manifest is not None
    assert stored.manifest.encrypted_to == (str(key.to_public()),)
    held = b"of the old database"
    assert held in pyrage.decrypt(stored.archive.read_bytes(), [key])
    assert [
        file for file in shop.folder.rglob("*") if file.is_file() and held in file.read_bytes()
    ] == []

    shop.declare(HOOKS)
    assert say(shop, "drill") == 64


def test_backup_that_cannot_be_restored_is_none(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row that its table's constraint no longer allows: no dump and no list would tell."""
    execute(
        shop.target,
        "create function public.known(text) returns bool language sql as 'select true';"
        "alter table public.users add check (public.known(name));"
        "create or replace function public.known(text) returns bool language sql as"
        " 'select false'",
    )

    assert say(shop, "backup") == 30

    said = capsys.readouterr().out
    (stored,) = manifest.stored(backups(shop))
    assert "NOT A BACKUP" in said
    assert "restore: pg_restore" in said
    assert "of the old database" not in said
    assert stored.trouble == "it was never restored and compared"
    assert manifest.newest_good(backups(shop)) is None
    assert say(shop, "drill") == 10


@pytest.mark.parametrize(
    "point",
    [
        pytest.param("dump", marks=pytest.mark.long),
        pytest.param("dump:after", marks=pytest.mark.long),
        pytest.param("restore:after", marks=pytest.mark.long),
        "certify",
    ],
)
@pytest.mark.long
def test_backup_that_was_killed_does_not_count_and_the_next_one_does(
    shop: Shop, point: str
) -> None:
    argv = ["backup", "--target=prod", f"--project={shop.folder}"]
    done = subprocess.run(
        [sys.executable, "-m", "runner", *argv],
        check=False,
        cwd=ROOT,
        env=os.environ | {"GATEPOST_CRASH_AT": point},
        capture_output=True,
    )

    assert done.returncode == -9
    assert list(shop.folder.rglob("crashed-at"))
    assert manifest.newest_good(backups(shop)) is None
    assert shop.users() == ["of the old database"]
    (note,) = (shop.folder / "gatepost-runs").rglob(".server-*.txt")
    scratch = Path(note.read_text())
    assert scratch.exists()
    assert say(shop, "backup") == 0
    assert manifest.newest_good(backups(shop)) is not None
    assert not scratch.exists()


@pytest.mark.long
def test_difference_that_only_the_gate_sees_keeps_a_backup_from_counting(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """An index that is not valid is in no archive: the restored database lacks it."""
    execute(shop.target, "insert into public.users (name) values ('twice'), ('twice')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        execute(shop.target, "create unique index concurrently named on public.users (name)")

    assert say(shop, "backup") != 0

    assert "the data gate said no" in capsys.readouterr().out
    assert manifest.newest_good(backups(shop)) is None


@pytest.mark.long
@pytest.mark.parametrize("of", ["target", "source"])
def test_backup_is_restored_on_its_own_server_where_that_is_declared(shop: Shop, of: str) -> None:
    shop.declare(HOOKS, more='[backup]\nscratch = "own"\nfolder = "kept"')
    before = shop.databases()

    assert say(shop, "backup", f"--of={of}") == 0

    newest = manifest.newest_good(shop.folder / "kept")
    assert newest is not None
    assert newest.manifest is not None
    assert newest.manifest.database == getattr(shop, of).dbname
    assert shop.databases() == before


@pytest.mark.long
def test_backup_taken_of_an_older_server_is_verified_on_a_newer_one(shop: Shop) -> None:
    """Dumped from 16 and restored on 18: what that spells otherwise is no difference."""
    assert say(shop, "backup", "--of=source", f"--server={shop.target.of('postgres').raw}") == 0


@pytest.mark.long
def test_drill_that_takes_too_long_is_a_no(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert say(shop, "backup") == 0
    shop.declare(HOOKS, more='[limits]\nrollback = "10 ms"')
    capsys.readouterr()

    assert say(shop, "drill") == 10

    assert "10 ms allowed" in capsys.readouterr().out


@pytest.mark.long
def test_drill_finds_an_archive_that_is_not_what_was_written(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say(shop, "backup") == 0
    (stored,) = manifest.stored(backups(shop))
    data = bytearray(stored.archive.read_bytes())
    data[-50] ^= 1
    stored.archive.write_bytes(bytes(data))
    capsys.readouterr()

    assert say(shop, "drill", f"--backup={stored.archive}") == 30

    assert "its sha256 differs" in capsys.readouterr().out


def test_server_of_the_database_is_no_scratch_server_unless_that_is_declared(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shop.databases()

    assert say(shop, "backup", f"--server={shop.target.of('postgres').raw}") == 64

    assert "own server" in capsys.readouterr().err
    assert shop.databases() == before
    assert not list((shop.folder / "gatepost-runs" / "backups").iterdir())
