"""Does `prune` say what it would remove, remove that alone, and trust no archive unread?"""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from gatepost.backups import manifest
from runner.__main__ import main
from tests.stored import NOON, noted

if TYPE_CHECKING:
    from pathlib import Path

TWO_DAYS = 2 * 86400


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that keeps two days, with a backup of each of the last five."""
    (tmp_path / "gatepost.toml").write_text(
        '[source]\nurl = "postgresql://nowhere/a"\n[targets.prod]\nurl = "postgresql://nowhere/b"\n'
        "[backup]\nkeep = { daily = 2, weekly = 0, monthly = 0, yearly = 0 }\n"
    )
    (tmp_path / "backups").mkdir()
    for day in range(5):
        laid(tmp_path, f"day{day}", day)
    return tmp_path


def laid(project: Path, name: str, day: int, **changed: Any) -> Path:
    """Lay a backup into the folder, so many days old."""
    archive = project / "backups" / f"{name}.dump"
    archive.write_bytes(name.encode())
    noted(archive, at=NOON - dt.timedelta(days=day), **changed)
    archive.with_name(f"{archive.name}.sha256").write_text("its sums")
    return archive


def prune(project: Path, *more: str) -> int:
    """Say it."""
    return main(["prune", "--target=prod", f"--project={project}", *more])


def left(project: Path) -> set[str]:
    """The names of the backups that lie there."""
    return {one.name for one in manifest.stored(project / "backups")}


def test_nothing_is_removed_until_that_is_asked_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(project.rglob("*"))

    assert prune(project) == 0

    said = capsys.readouterr().out
    assert sorted(project.rglob("*")) == before
    assert "keep    day0: the last good one; daily: the newest of 2026-11-22" in said
    assert "remove  day2: newer ones are kept for its time" in said
    assert "add --execute to remove 3 backups" in said


def test_what_was_said_to_go_goes_with_all_that_belongs_to_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prune(project, "--execute", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in told["backups"] if one["act"] == "keep"] == ["day0", "day1"]
    assert left(project) == {"day0", "day1"}
    assert not list((project / "backups").glob("day2*"))
    assert prune(project, "--execute") == 0
    assert left(project) == {"day0", "day1"}


def test_one_that_is_not_whole_takes_nobodys_place(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the same size: only who reads it sees that it is another."""
    (project / "backups" / "day0.dump").write_bytes(b"DAY0")

    assert prune(project, "--execute") == 0

    assert left(project) == {"day0", "day1", "day2"}
    said = capsys.readouterr().out
    assert "day0: not counted, for day0.dump is not what was written" in said


def test_what_was_never_finished_goes_after_a_day(project: Path) -> None:
    """A killed dump leaves a `.part`; one that was killed a little later, a baseline of nothing."""
    names = ("old.dump.part", "old.baseline.json", "old.baseline.bin", "old.dump.age.sha256")
    old = [project / "backups" / name for name in names]
    new = project / "backups" / "new.dump.part"
    for file in (*old, new):
        file.write_bytes(b"PGDMP")
    for file in old:
        os.utime(file, (time.time() - TWO_DAYS,) * 2)
    os.utime(project / "backups" / "day0.dump.sha256", (0, 0))

    assert prune(project) == 0
    assert all(file.exists() for file in old)
    assert prune(project, "--execute") == 0

    assert not any(file.exists() for file in old)
    assert new.exists()
    assert (project / "backups" / "day0.dump.sha256").exists()


def test_backup_that_may_be_under_way_is_left_to_whoever_makes_it(project: Path) -> None:
    laid(project, "unverified", 3, verified=None)
    laid(project, "just now", 3, verified=None, finished=dt.datetime.now(dt.UTC))

    assert prune(project, "--execute") == 0

    assert left(project) == {"day0", "day1", "just now"}


def test_project_without_a_backup_has_nothing_to_prune(project: Path) -> None:
    for file in (project / "backups").iterdir():
        file.unlink()
    (project / "backups").rmdir()

    assert prune(project, "--execute") == 0
