"""What becomes of a run when the disk is full: the runner's, or the target's?"""

from __future__ import annotations

import contextlib
import json
import resource
import subprocess
from typing import TYPE_CHECKING

import pytest

from gatepost import embedded
from tests.conftest import run
from tests.runner import clients
from tests.runner.conftest import HOOKS, OLD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.embedded import Server
    from tests.runner.conftest import Shop

pytestmark = [pytest.mark.slow, pytest.mark.servers]

# Nothing that gzip could make smaller, and more than a disk of ours holds.
HASHES = """
create table hashes as
  select n, md5(n::text) || md5('a' || n) as hash from generate_series(1, 60000) n
"""
# The server writes its log of changes in files of 16 MB, and must not fail in those.
LONG = 17 * 1024 * 1024
ROWS = "create table rows as select n, repeat('x', 1000) as x from generate_series(1, 20000) n"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder))
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no disk can be made here: {done.stderr.strip()}")
    yield folder
    unmount = ("umount", str(folder))
    subprocess.run(unmount, check=True)


@pytest.fixture
def cramped() -> Iterator[Server]:
    """A server that may write no file as long as the table is: it inherits that from us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with contextlib.ExitStack() as held:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LONG, hard))
        try:
            server = held.enter_context(embedded.running(18, durable=False))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        yield server


@pytest.mark.long
def test_disk_that_is_full_in_the_dump(shop: Shop, small_disk: Path) -> None:
    """What was written so far is removed, so that the journal finds room again."""
    run(shop.source, HASHES)
    run(shop.target, "create table hashes (n int, hash text)")
    shop.declare(f'{HOOKS}work = "{small_disk}"')
    before = shop.databases()

    assert shop.migrate("--execute") == 30

    (folder,) = small_disk.glob("2*")
    told = json.loads((folder / "run.json").read_text())
    (said,) = (one["detail"] for one in told["steps"] if one["name"] == "dump")
    assert "no room is left" in said
    assert not list(folder.glob("source*"))
    assert (told["word"], told["rollback"]) == ("INCOMPLETE", "verified")
    assert '"verdict"' in (folder / "journal.jsonl").read_text().splitlines()[-1]
    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start old"]


@pytest.mark.parametrize("archive", ["custom", pytest.param("directory", marks=pytest.mark.long)])
def test_archive_that_is_longer_than_a_file_may_be(
    shop: Shop, tmp_path: Path, archive: str
) -> None:
    run(shop.source, HASHES)
    run(shop.target, "create table hashes (n int, hash text)")
    pg_bin = clients.wrong(tmp_path / "bin", dump='ulimit -f 1000; exec "$REAL" "$@"')
    shop.declare(f'{HOOKS}pg_bin = "{pg_bin}"\nformat = "{archive}"')
    before = shop.databases()

    assert shop.migrate("--execute") == 30

    assert shop.states()["dump"] == "failed"
    assert not list(shop.runs[0].glob("source*"))
    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start old"]


def test_target_whose_disk_is_full_in_the_restore(
    cramped: Server, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server comes first, to go last: the shop leaves nothing behind on its target.
    run(shop.source, ROWS)
    run(cramped.dsn(), "create database cramped")
    run(cramped.dsn("cramped"), f"{OLD} create table rows (n int, x text)")
    shop.target = cramped.dsn("cramped")
    monkeypatch.setenv("SHOP_TARGET", shop.target.raw)
    before = shop.databases()

    status = shop.migrate("--execute")

    (said,) = (one["detail"] for one in shop.outcome["steps"] if one["name"] == "restore")
    assert status == 30, shop.outcome["steps"]
    assert "could not extend file" in said
    assert shop.outcome["rollback"] == "verified"
    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start old"]
