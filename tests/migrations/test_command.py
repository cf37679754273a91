"""Is a process that runs migrations believed by what it left, however it ended?"""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from gatepost import fingerprint
from gatepost.migrations import command
from tests.migrations.conftest import asked, recorded, tables
from tests.migrations.test_prisma import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn
    from tests.migrations.conftest import Write

    Make = Callable[..., Dsn]

PATIENCE = 30.0
LEDGER = "--ledger=public._prisma_migrations"
SLEEPS = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'"


def test_process_says_what_it_did_and_why_no_more(
    database16: Make,
    folder: Write,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    there = folder({"003_broken.sql": "create table users (id int)"})
    monkeypatch.setenv(command.ADDRESS, database16().raw)

    assert command.main(["up", str(there)]) == 1
    applied, second, failed, *_ = capsys.readouterr().out.splitlines()
    assert applied.startswith("001_users: 1 made, in ")
    assert second.startswith("002_posts: 1 made, in ")
    assert failed.startswith('error: 003_broken.sql, line 1: relation "users" already exists')

    (there / "003_broken.sql").unlink()
    assert command.main(["up", str(there)]) == 0
    assert capsys.readouterr().out == "nothing to do: it was done before\n"
    assert command.main(["down", str(there), "--to=001"]) == 0


def test_process_without_an_address_does_nothing(
    folder: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(command.ADDRESS, raising=False)

    assert command.main(["up", str(folder())]) == 1
    assert capsys.readouterr().out == "error: DATABASE_URL names no database\n"


def test_process_that_meets_a_table_of_somebody_elses_says_so(
    database16: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dsn = database16("create table _prisma_migrations (x int)")
    monkeypatch.setenv(command.ADDRESS, dsn.raw)

    assert command.main(["deploy", str(written(tmp_path, {"1_a": "select 1"})), LEDGER]) == 1
    assert capsys.readouterr().out == 'error: column "id" does not exist (42703)\n'


@pytest.mark.slow
def test_process_that_is_killed_in_a_migration_leaves_the_database_unchanged(
    database16: Make, folder: Write
) -> None:
    """X13: what looks like a transaction is one."""
    half = "create table half (id int); delete from users;\nselect pg_sleep(2);\nselect 1"
    there, dsn = folder(), database16()
    environment = os.environ | {command.ADDRESS: dsn.raw}
    subprocess.run(command.argv("up", there), env=environment, check=True)
    was = fingerprint.of(dsn)
    folder({"003_half.sql": half})

    with subprocess.Popen(command.argv("up", there), env=environment) as running:
        _wait(lambda: asked(dsn, SLEEPS) == [1])
        running.kill()
    _wait(lambda: asked(dsn, SLEEPS) == [0])

    assert running.returncode < 0
    assert fingerprint.of(dsn) == was
    assert (tables(dsn), recorded(dsn)) == (["posts", "users"], ["001_users", "002_posts"])


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)
