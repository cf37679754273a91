"""Is an archive what was written, be it a file or a folder?"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from gatepost.errors import ToolFailed
from runner.programs import archive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(params=["file", "folder"])
def sealed(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An archive of either form, sealed."""
    part = tmp_path / "source.part"
    if request.param == "file":
        part.write_bytes(b"PGDMP and so on")
    else:
        part.mkdir()
        (part / "toc.dat").write_bytes(b"PGDMP")
        (part / "1.dat.gz").write_bytes(b"and so on")
    archive.seal(part, tmp_path / "source.dump")
    assert not part.exists()
    return tmp_path / "source.dump"


def test_archive_that_was_sealed_is_what_was_written(sealed: Path) -> None:
    archive.verify(sealed)
    assert archive.size(sealed) in (14, 15)


def test_sums_are_those_of_sha256sum(sealed: Path) -> None:
    command = ("sha256sum", "--check", "--strict", f"{sealed.name}.sha256")
    done = subprocess.run(command, cwd=sealed.parent, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "OK" in done.stdout


def one_of(sealed: Path) -> Path:
    """Return the archive, or one file of it."""
    return sealed / "1.dat.gz" if sealed.is_dir() else sealed


def flip(file: Path) -> None:
    """Change one bit."""
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)


def cut(file: Path) -> None:
    """Take the last byte away."""
    file.write_bytes(file.read_bytes()[:-1])


def empty(file: Path) -> None:
    """Take all away."""
    file.write_bytes(b"")


@pytest.mark.parametrize("damage", [flip, cut, empty])
def test_file_that_was_changed_is_named(sealed: Path, damage: Callable[[Path], None]) -> None:
    damage(one_of(sealed))

    with pytest.raises(ToolFailed, match="is not what was written: its sha256 differs"):
        archive.verify(sealed)


@pytest.mark.parametrize("sealed", ["folder"], indirect=True)
def test_file_that_is_gone_or_new_is_named(sealed: Path) -> None:
    file = one_of(sealed)
    other = file.rename(sealed / "2.dat.gz")

    with pytest.raises(ToolFailed, match=r"source\.dump/1\.dat\.gz is not .*: it is gone"):
        archive.verify(sealed)

    file.write_bytes(other.read_bytes())
    with pytest.raises(ToolFailed, match=r"source\.dump/2\.dat\.gz was not written by the dump"):
        archive.verify(sealed)


def test_what_has_no_sums_is_no_archive(sealed: Path) -> None:
    archive.sums_of(sealed).unlink()

    with pytest.raises(ToolFailed, match=r"source\.dump cannot be verified: No such file"):
        archive.verify(sealed)


def test_dump_that_wrote_nothing_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="left no archive"):
        archive.seal(tmp_path / "source.part", tmp_path / "source.dump")

    assert list(tmp_path.iterdir()) == []
