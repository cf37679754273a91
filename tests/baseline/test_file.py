"""Is a baseline's file what was written, and is there nothing in it that must not be?"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from gatepost import baseline_file
from gatepost.errors import UsageError
from tests.baseline.shop import PLANTED

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.embedded import Server


@pytest.fixture
def copy(file: Path, tmp_path: Path) -> Path:
    """A copy of both files, to be damaged."""
    for one in (file, file.with_suffix(".bin")):
        shutil.copy(one, tmp_path / one.name)
    return tmp_path / file.name


def test_no_value_and_no_secret_is_in_the_files(file: Path, server16: Server) -> None:
    for one in (file, file.with_suffix(".bin")):
        data = one.read_bytes()
        assert PLANTED.encode() not in data
        assert b"example.org" not in data
        assert server16.password.encode() not in data
        assert b"1961" not in data

    known = baseline_file.read(file)
    census = next(r.census for r in known.relations if str(r.reading) == "public.people")
    assert census is not None
    assert (census["born"].first, census["born"].domain, census["email"].domain) == (None, (), ())


@pytest.mark.parametrize("place", [0.0, 0.001, 0.3, 0.6, 0.999])
@pytest.mark.parametrize("suffix", [".json", ".bin"])
def test_file_with_one_altered_byte_is_refused(copy: Path, suffix: str, place: float) -> None:
    damaged = copy.with_suffix(suffix)
    data = bytearray(damaged.read_bytes())
    data[int(place * len(data))] ^= 1
    damaged.write_bytes(data)

    with pytest.raises(UsageError, match=r"altered|this gatepost reads"):
        baseline_file.read(copy)


def test_file_of_which_only_a_space_was_taken_out_is_refused(copy: Path) -> None:
    copy.write_text(json.dumps(json.loads(copy.read_text()), indent=2) + " \n", encoding="utf-8")

    with pytest.raises(UsageError, match="altered"):
        baseline_file.read(copy)


@pytest.mark.parametrize("suffix", [".json", ".bin"])
def test_file_that_was_cut_is_refused(copy: Path, suffix: str) -> None:
    damaged = copy.with_suffix(suffix)
    damaged.write_bytes(damaged.read_bytes()[:-1])

    with pytest.raises(UsageError, match="cut after it was written"):
        baseline_file.read(copy)


def test_first_file_without_the_second_is_refused(copy: Path) -> None:
    copy.with_suffix(".bin").unlink()

    with pytest.raises(UsageError, match=r"shop\.bin, which belongs to it, cannot be read"):
        baseline_file.read(copy)


def test_file_of_another_version_is_refused_by_its_version(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes().replace(b'"version": 2', b'"version": 3', 1))

    with pytest.raises(UsageError, match="format 3, and this gatepost reads 2"):
        baseline_file.read(copy)


def test_what_is_no_baseline_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")

    with pytest.raises(UsageError, match="this is none"):
        baseline_file.read(tmp_path / "x.json")
    with pytest.raises(UsageError, match="cannot be read"):
        baseline_file.read(tmp_path / "y.json")
