"""Which files make up a chain, and in which order they run, whoever runs them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from gatepost.errors import UsageError
from gatepost.migrations import chain

if TYPE_CHECKING:
    from pathlib import Path


def test_prismas_are_its_folders_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("20250817_b", "20250816_a", ".git", "20250818_empty"):
        (tmp_path / name).mkdir()
    for name in ("20250817_b", "20250816_a"):
        (tmp_path / name / "migration.sql").write_bytes(b"select 1;\r\n")
    (tmp_path / "migration_lock.toml").write_text('provider = "postgresql"')

    found = chain.of(tmp_path)

    assert found.layout == "prisma"
    assert [one.name for one in found.files] == ["20250816_a", "20250817_b"]
    assert found.empty == ("20250818_empty",)
    assert found.files[0].text == "select 1;\r\n"
    assert found.files[0].sha256 == hashlib.sha256(b"select 1;\r\n").hexdigest()


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["010_c", "2_b", "001_a"], ["001_a", "2_b", "010_c"]),
        (["001_a", "001_a.down", "002_b", "002_b_rollback"], ["001_a", "002_b"]),
        (["000002_b.up", "000002_b.down", "000001_a.up"], ["000001_a", "000002_b"]),
        (["V10__c", "V2__b", "V1_1__a", "U2__b", "R__v"], ["V1_1__a", "V2__b", "V10__c", "R__v"]),
        (["2025/V3__c", "2024/old/V1__a", "V2__b", "x/001_d"], ["V1__a", "V2__b", "V3__c"]),
        (["005_scale_down", "004_scale"], ["004_scale", "005_scale_down"]),
        (["helpers", "001_a"], ["001_a", "helpers"]),
    ],
    ids=[
        *("numbers", "ways back", "golang-migrate", "flyway", "flyway, in folders"),
        *("no way back", "no version"),
    ],
)
def test_plain_files_run_in_the_order_of_their_versions(
    tmp_path: Path, names: list[str], order: list[str]
) -> None:
    for name in names:
        file = tmp_path / f"{name}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("select 1")

    found = chain.of(tmp_path)

    assert found.layout == "plain"
    assert [one.name for one in found.files] == order


def test_folder_that_is_not_there_and_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gone: there is no such folder of migrations"):
        chain.of(tmp_path / "gone")
    (tmp_path / "001_a.sql").write_bytes(b"select '\xff'")
    (file,) = chain.of(tmp_path).files
    with pytest.raises(UsageError, match="001_a: byte 8 is not UTF-8"):
        _ = file.text
