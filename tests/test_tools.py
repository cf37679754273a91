"""Which programs are chosen for which pair of servers?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import embedded, rooms, tools
from gatepost.errors import ToolFailed, UsageError

if TYPE_CHECKING:
    from pathlib import Path


def client(folder: Path, version: str) -> str:
    """Make a folder with clients that say this version; return its name."""
    folder.mkdir()
    for name in ("pg_dump", "pg_restore"):
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return str(folder)


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose clients, once `find` names them, are all there are."""
    monkeypatch.setattr(embedded, "majors", dict)
    monkeypatch.setattr(tools, "_SYSTEM", tmp_path / "none")
    monkeypatch.setenv("PATH", "")
    return tmp_path


def find(monkeypatch: pytest.MonkeyPatch, folder: Path, *versions: str) -> None:
    """Put clients of these versions, first found first, on the PATH."""
    folders = [client(folder / f"at-{number}", one) for number, one in enumerate(versions)]
    monkeypatch.setenv("PATH", ":".join(folders))


def test_embedded_clients_are_found_without_any_on_the_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tools, "_SYSTEM", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    chosen = tools.choose(16, 18)

    assert (chosen.version[:3], chosen.restore_version[:3]) == ("16.", "18.")
    assert chosen.pg_dump.parent == embedded.majors()[16]


@pytest.mark.parametrize(
    ("versions", "source", "target", "expected"),
    [
        (["18.4", "16.14"], 16, 18, ("16.14", "18.4")),  # each server's own
        (["18.4"], 16, 18, ("18.4", "18.4")),  # the next newer
        (["18.4", "17.2"], 16, 17, ("17.2", "17.2")),
        (["18.4", "16.14"], 16, 16, ("16.14", "16.14")),
        (["14.18", "16.14 (Debian 16.14-1)"], 15, 16, ("16.14", "16.14")),
        (["16.1", "16.14"], 16, 16, ("16.1", "16.1")),  # of equals, the first found
    ],
)
def test_pg_dump_is_the_sources_own_and_pg_restore_the_targets(
    monkeypatch: pytest.MonkeyPatch,
    only: Path,
    versions: list[str],
    source: int,
    target: int,
    expected: tuple[str, str],
) -> None:
    find(monkeypatch, only, *versions)

    chosen = tools.choose(source, target)

    assert (chosen.version, chosen.restore_version) == expected


def test_pg_dump_older_than_the_server_is_named(
    monkeypatch: pytest.MonkeyPatch, only: Path
) -> None:
    find(monkeypatch, only, "14.18")

    with pytest.raises(UsageError, match=r"the source is PostgreSQL 15, found: 14\.18 \(PATH\)"):
        tools.choose(15, 18)


def test_nothing_at_all_is_said(only: Path) -> None:
    assert only
    with pytest.raises(UsageError, match="found: none"):
        tools.choose(16, 18)


def test_pg_restore_that_an_old_server_would_refuse_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, only: Path
) -> None:
    """pg_restore 18 sets transaction_timeout, an error for a 16 that ends the restore."""
    find(monkeypatch, only, "18.4")

    with pytest.raises(UsageError, match="fits a PostgreSQL 16 server"):
        tools.choose(16, 16)


def test_named_folder_is_the_only_one_looked_at(
    monkeypatch: pytest.MonkeyPatch, only: Path
) -> None:
    find(monkeypatch, only, "16.14")
    named = client(only / "named", "18.4")

    assert tools.choose(16, 18, named).version == "18.4"


def test_named_folder_without_clients_is_an_error(only: Path) -> None:
    with pytest.raises(UsageError, match=r"migrate\.pg_bin: no pg_dump"):
        tools.candidates(str(only))


def test_client_that_does_not_run_is_none(monkeypatch: pytest.MonkeyPatch, only: Path) -> None:
    find(monkeypatch, only, "16.14", "18.4")
    (only / "at-0" / "pg_dump").write_text("#!/bin/sh\nexit 127\n")

    assert [one.version for one in tools.candidates()] == ["18.4"]


def test_rooms_of_a_clone_lie_beside_the_engine() -> None:
    start = rooms.start_folder()

    assert start is not None
    assert (start / "checks").is_dir()
    assert rooms.checks() == ("checks",)
    assert rooms.module("reports") == "reports"


def test_rooms_of_a_wheel_lie_inside_the_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "checks").mkdir()
    monkeypatch.setattr(rooms, "HOUSE", tmp_path)

    assert rooms.start_folder() is None
    assert rooms.checks() == ("--pyargs", "gatepost.checks")
    assert rooms.module("reports") == "gatepost.reports"


def test_every_pg_dump_that_would_do_is_told_with_its_pg_restore(
    monkeypatch: pytest.MonkeyPatch, only: Path
) -> None:
    """Of two builds of one version either may be the right one."""
    find(monkeypatch, only, "18.4", "16.1", "16.14", "15.2")

    found = tools.fitting(16, 18)

    assert [(one.version, one.restore_version) for one in found] == [
        ("16.1", "18.4"),
        ("16.14", "18.4"),
        ("18.4", "18.4"),
    ]


def test_program_that_is_upgraded_after_it_was_chosen_is_named(
    monkeypatch: pytest.MonkeyPatch, only: Path
) -> None:
    find(monkeypatch, only, "16.14")
    chosen = tools.choose(16, 16)
    chosen.must_be_as_chosen()

    script = chosen.pg_restore.read_text().replace("16.14", "16.15")
    chosen.pg_restore.write_text(script)

    with pytest.raises(ToolFailed, match=r"pg_restore was 16\.14 .*, and is 16\.15 now"):
        chosen.must_be_as_chosen()

    chosen.pg_restore.unlink()
    with pytest.raises(ToolFailed, match="and is gone now"):
        chosen.must_be_as_chosen()
