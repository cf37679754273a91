"""Is a command of the project's own believed by what it did, and not by what it says?"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.runner.conftest import HOOKS, SCHEMA

if TYPE_CHECKING:
    from tests.runner.conftest import Shop

pytestmark = pytest.mark.slow

# What many migrations are: a script that reads here and writes there.
COPY = f"""
import os, psycopg
there = psycopg.connect("", autocommit=True)
here = psycopg.connect(os.environ["GATEPOST_SOURCE_URL"])
here.execute("begin isolation level repeatable read")
here.execute("set transaction snapshot '" + os.environ["GATEPOST_SNAPSHOT"] + "'")
there.execute({SCHEMA!r})
for table in ("users", "posts"):
    with here.cursor().copy(f"copy {{table}} to stdout") as out:
        with there.cursor().copy(f"copy {{table}} from stdin") as into:
            for data in out:
                into.write(data)
    there.execute(f"select setval(pg_get_serial_sequence('{{table}}', 'id'), 50)")
print("told", os.environ["DATABASE_URL"], os.environ["GATEPOST_SOURCE_PGPASSWORD"])
"""


def declare(shop: Shop, script: str, more: str = "") -> None:
    """Have the shop filled by a script."""
    (shop.folder / "fill.py").write_text(script, encoding="utf-8")
    command = json.dumps([sys.executable, "fill.py"])
    shop.declare(f'{HOOKS}fill = "command"\ncommand = {command}\n{more}')


def test_command_that_copies_all_ends_in_go(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    declare(shop, COPY)
    assert shop.migrate() == 0
    told = capsys.readouterr().out
    assert f"fill.py` against {shop.target.dbname}_next" in told
    assert "pg_dump" not in told

    assert shop.migrate("--execute") == 0

    (run,) = shop.runs
    assert len(shop.users()) == 50
    assert "dump" not in shop.states()
    assert shop.states()["command"] == "done"
    assert (run / "baseline.json").exists()
    said = (run / "command.txt").read_text()
    assert said.startswith("told postgresql://postgres:****@")
    assert said.endswith(" ****\n")


def test_command_that_did_nothing_and_says_all_is_well_is_a_no(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(shop, "print('migrated 59 of 59 users, zero data loss')")
    before = shop.databases()

    assert shop.migrate("--execute") == 20

    assert shop.is_as_before(before)
    assert shop.states()["data gate"] == "failed"
    assert "public.users" in capsys.readouterr().out


@pytest.mark.long
def test_command_that_fails_stops_the_run(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    declare(shop, f"{COPY}\nraise SystemExit('no more ' + os.environ['PGPASSWORD'])")
    before = shop.databases()

    assert shop.migrate("--execute") == 30

    assert shop.is_as_before(before)
    assert shop.states()["command"] == "failed"
    assert "command: exit status 1: no more ****" in capsys.readouterr().out


@pytest.mark.long
def test_command_that_does_not_end_is_ended(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    declare(shop, "import time; time.sleep(60)", 'command_timeout = "2 s"')
    before = shop.databases()

    assert shop.migrate("--execute") == 30

    assert shop.is_as_before(before)
    assert "command and baseline of the source: not done within 2" in capsys.readouterr().out


@pytest.mark.long
def test_command_that_leaves_something_running_is_not_judged(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """It could write after the gate has looked."""
    stays = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', {!r}])"
    sleeps = "import psycopg, time; conn = psycopg.connect(''); time.sleep(8)"
    declare(shop, f"{COPY}\n{stays.format(sleeps)}\nimport time; time.sleep(2)")
    before = shop.databases()

    assert shop.migrate("--execute") == 30

    assert shop.is_as_before(before)
    assert f"left in {shop.target.dbname}_next: process" in capsys.readouterr().out
