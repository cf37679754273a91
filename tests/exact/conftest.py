"""The system's own PostgreSQL 15, where it is there."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMS15 = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="session")
def server15() -> Iterator[embedded.Server]:
    """A PostgreSQL 15 server of the system's programs, which have ICU, XML and contrib."""
    if not (PROGRAMS15 / "initdb").is_file():
        pytest.skip(f"no PostgreSQL 15 in {PROGRAMS15}: apt-get install postgresql-15")
    folder = Path(tempfile.mkdtemp(prefix="gatepost-pg-"))
    try:
        server = embedded.start(15, folder, bin=PROGRAMS15, durable=False)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
