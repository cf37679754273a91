"""Is what a killed deploy has left taken back, though the server goes on and commits its script?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from runner.__main__ import main
from tests.runner import prisma
from tests.runner.test_in_place_killed import everybody_may_connect, killed

if TYPE_CHECKING:
    from tests.runner.conftest import Shop

pytestmark = [pytest.mark.slow, pytest.mark.long]

PATIENCE = 90.0  # seconds
SLEEPS = (
    "select count(*) from pg_stat_activity where datname = %s and wait_event = 'PgSleep'"
    " and state = 'active'"
)
SLOW = {**prisma.CHAIN, prisma.TEAMS: f"SELECT pg_sleep(3);\n{prisma.CHAIN[prisma.TEAMS]}"}
# Of the program that deploys nothing is left; the server has not noticed.
KILLED = f"""
import signal, threading
if os.environ["PGDATABASE"].endswith("_next") is ON_CLONE:
    threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
{prisma.DEPLOY.splitlines()[-1]}
"""


def killing(*, on_clone: bool) -> str:
    """A deploy that is killed while its script runs."""
    begin = "\n".join(prisma.DEPLOY.splitlines()[:-1])
    return f"{begin}\n{KILLED.replace('ON_CLONE', str(on_clone))}"


@pytest.mark.parametrize(("on_clone", "status"), [(True, 30), (False, 20)], ids=["clone", "live"])
def test_deploy_that_is_killed_leaves_nothing_of_its_script(
    live: Shop, capsys: pytest.CaptureFixture[str], on_clone: bool, status: int
) -> None:
    prisma.declare(live, SLOW, migrate=prisma.by_command(live, killing(on_clone=on_clone)))
    ledger, there = prisma.rows(live.target), live.databases().keys()

    assert live.migrate("--execute") == status

    assert "ended by SIGKILL" in capsys.readouterr().out
    assert prisma.rows(live.target) == ledger
    assert live.databases().keys() == there
    assert sleeping(live) == 0


@pytest.mark.parametrize("committed", [False, True], ids=["running", "committed"])
def test_run_that_is_killed_in_a_script_is_taken_back_whatever_the_server_did(
    live: Shop, capsys: pytest.CaptureFixture[str], committed: bool
) -> None:
    prisma.declare(live, SLOW)
    ledger = prisma.rows(live.target)
    killed_in_the_script(live)
    if committed:
        wait(live, 0)
        left = {row.name: row for row in prisma.rows(live.target)}
        assert left[prisma.TEAMS].failed
        assert left[prisma.TEAMS].logs is None
        with psycopg.connect(live.target.raw) as conn:
            assert conn.execute("select to_regclass('teams') is not null").fetchone() == (True,)

    assert main(["status", "--target=prod", f"--project={live.folder}"]) == 50
    said = capsys.readouterr().out
    assert "was being changed by" in said
    assert committed or "session of the run" in said
    assert main(["abort", "--target=prod", f"--project={live.folder}", "--execute"]) == 20

    assert prisma.rows(live.target) == ledger
    assert set(live.databases()) == {live.target.dbname}
    assert sleeping(live) == 0
    assert not (live.folder / "is-down").exists()
    assert prisma.applied(live.target) == [prisma.INIT]
    assert prisma.INDEX not in prisma.applied(live.target)


@pytest.mark.parametrize("at", ["snapshot:after", "migrations:after", "swap:after", "let in:after"])
def test_swap_of_a_migrated_clone_that_was_killed_is_taken_back(live: Shop, at: str) -> None:
    """Source and target are one: what is given back is both."""
    prisma.declare(live, prisma.CHAIN, strategy="swap", more=prisma.FENCE)
    before = {name: told[1:] for name, told in live.databases().items()}
    ledger = prisma.rows(live.target)
    killed(live, at)

    assert main(["abort", "--target=prod", f"--project={live.folder}", "--execute"]) == 20

    assert {name: told[1:] for name, told in live.databases().items()} == before
    assert prisma.rows(live.target) == ledger
    assert everybody_may_connect(live)
    assert not (live.folder / "is-down").exists()


def test_swap_of_a_migrated_clone_that_was_killed_goes_on_to_go(live: Shop) -> None:
    prisma.declare(live, prisma.CHAIN, strategy="swap", more=prisma.FENCE)
    killed(live, "swap:after")

    resume = ["resume", "--target=prod", f"--project={live.folder}", "--execute", "--no-report"]
    assert main(resume) == 0

    assert prisma.applied(live.target) == list(prisma.CHAIN)
    assert everybody_may_connect(live)
    assert live.outcome["word"] == "GO"


def killed_in_the_script(shop: Shop) -> None:
    """Run until the server is in the middle of a script on the original, and kill the runner."""
    argv = [sys.executable, "-m", "runner", "migrate", "--target=prod", "--execute", "--no-report"]
    with subprocess.Popen(
        [*argv, f"--project={shop.folder}"],
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.DEVNULL,
        env={**os.environ},
    ) as running:
        wait(shop, 1)
        running.send_signal(signal.SIGKILL)


def wait(shop: Shop, number: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while sleeping(shop) != number:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def sleeping(shop: Shop) -> int:
    """How many sessions in the live database sleep in a script; nobody of ours enters it."""
    with psycopg.connect(shop.target.of("postgres").raw) as conn:
        row = conn.execute(SLEEPS, (shop.target.dbname,)).fetchone()
    assert row
    return int(row[0])
