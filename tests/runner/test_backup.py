"""Is a backup only called one once it was restored, and found to be what the database held?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gatepost.backups import manifest
from runner.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.runner.conftest import Shop

pytestmark = pytest.mark.slow


def back_up(shop: Shop, *more: str) -> int:
    """Back up the target."""
    return main(["backup", "--target=prod", f"--project={shop.folder}", *more])


def test_backup_is_restored_and_compared_before_it_counts(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shop.databases()

    status = back_up(shop, "--json")

    said, told = capsys.readouterr().err, json
    assert status == 0, said
