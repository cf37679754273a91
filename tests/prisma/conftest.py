"""A database and a folder of migrations for Prisma's engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.prisma.chain import Pools

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn


@pytest.fixture
def pools(database16: Callable[..., Dsn], tmp_path: Path) -> Pools:
    """An empty database, and an empty folder."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    return Pools(database16(), folder)
