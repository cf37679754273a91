"""Does the text of pg_dump, a witness that is not ours, say what the suite says?

Both databases are dumped by one pg_dump, rows sorted, and compared as text.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests import faults
from tests.faults.scene import SIDES, Pair, Scene, migrated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

pytestmark = pytest.mark.slow

# What differs between two dumps of one database: a token made at random, and what servers say of
# themselves.
_NOISE = re.compile(r"^(\\(un)?restrict .*|SET \w+ = .*|SELECT pg_catalog\.set_config.*|--.*|)$")
PLANTED = (
    "",
    "f5_price_null_becomes_zero",
    "f6_only_creators_exported",
    "f9_not_null_forgotten",
    "f27_old_rows_keep_their_values",
    "p8_enum_labels_in_another_order",
    "values_swapped_between_rows",
)


@pytest.fixture(scope="module")
def pair(server16: Server, server18: Server, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A healthy migration."""
    return migrated(server16, server18, tmp_path_factory.mktemp("witness"), name="witness")


@pytest.fixture
def scene(pair: Pair, tmp_path: Path) -> Iterator[Scene]:
    """A pair to be damaged."""
    with contextlib.ExitStack() as held:
        yield Scene(pair, tmp_path, held)


def dumped(server: Server, dsn: Dsn) -> tuple[list[str], list[str]]:
    """Return what pg_dump writes of a database: its schema, and its rows in order."""
    texts = []
    for part in ("--schema-only", "--data-only"):
        done = subprocess.run(
            [str(server.bin / "pg_dump"), "--no-owner", part],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, **dsn.environment()},
        )
        texts.append([line for line in done.stdout.splitlines() if not _NOISE.match(line)])
    return texts[0], sorted(texts[1])


@pytest.mark.parametrize("name", PLANTED, ids=lambda name: name or "healthy")
def test_suite_and_pg_dump_say_the_same(scene: Scene, server18: Server, name: str) -> None:
    if name:
        (fault,) = (one for one in faults.all_faults() if one.name == name)
        scene.plant(fault)
    before, after = (dumped(server18, scene.clone(side)) for side in SIDES)
    ended = scene.ask("data")

    assert ended.record is not None, ended.text
    assert (ended.record.verdict == "GO") == (before == after)
    assert (before != after) == bool(name)
