"""Is a run that is killed while it changes a database in place taken back, or on?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from runner import failpoints
from runner.__main__ import main
from tests.runner.in_place import ACCEPTED, INDEX, NAMES, contents, declare

if TYPE_CHECKING:
    from tests.runner.conftest import Shop

pytestmark = pytest.mark.slow


def killed(shop: Shop, at: str) -> None:
    """Run until a point, and be killed there."""
    migrate = [sys.executable, "-m", "runner", "migrate", "--target=prod", "--execute"]
    done = subprocess.run(
        [*migrate, "--no-report", f"--project={shop.folder}"],
        check=False,
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        env={**os.environ, failpoints.AT: at, failpoints.BY: "KILL"},
    )
    assert done.returncode == -signal.SIGKILL, done.stdout.decode()


def say(shop: Shop, verb: str) -> int:
    return main([verb, "--target=prod", f"--project={shop.folder}", "--execute"])


@pytest.mark.parametrize(
    "at",
    [
        pytest.param("clone:after", marks=pytest.mark.long),
        pytest.param("keep copy:before", marks=pytest.mark.long),
        pytest.param("keep copy:after", marks=pytest.mark.long),
        pytest.param("change:before", marks=pytest.mark.long),
        "change:after",
        pytest.param("change gate:after", marks=pytest.mark.long),
        pytest.param("close copy:after", marks=pytest.mark.long),
    ],
)
@pytest.mark.long
def test_run_that_was_killed_is_taken_back_whole(
    live: Shop, at: str, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(live, INDEX, ACCEPTED)
    before = {name: told[1:] for name, told in live.databases().items()}
    killed(live, at)

    assert main(["status", "--target=prod", f"--project={live.folder}"]) in (0, 50)
    assert ("was being changed by" in capsys.readouterr().out) == at.startswith("change:after")

    assert say(live, "abort") in (20, 0)

    assert {name: told[1:] for name, told in live.databases().items()} == before
    assert contents(live) == (NAMES, 1)
    assert not (live.folder / "is-down").exists()


@pytest.mark.long
def test_run_that_was_killed_after_the_gate_goes_on_to_go(live: Shop) -> None:
    declare(live, INDEX, ACCEPTED)
    killed(live, "change gate:after")

    status = main(
        ["resume", "--target=prod", f"--project={live.folder}", "--execute", "--no-report"]
    )

    assert status == 0
    assert contents(live)[1] == 2
    assert live.outcome["word"] == "GO"


@pytest.mark.long
def test_run_that_was_killed_behind_its_fence_gives_the_rights_back(live: Shop) -> None:
    declare(live, INDEX, f'{ACCEPTED}\n[fence]\nconnect = ["public"]')
    killed(live, "start:before")

    assert say(live, "abort") == 20

    assert contents(live) == (NAMES, 1)
    assert everybody_may_connect(live)


def everybody_may_connect(shop: Shop) -> bool:
    with psycopg.connect(shop.target.raw) as conn:
        asked = "select has_database_privilege('public', current_database(), 'connect')"
        row = conn.execute(asked).fetchone()
    assert row
    return bool(row[0])
