"""How does a test kill a runner at a point, and what must not be there afterwards?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from gatepost import embedded
from runner import failpoints
from runner.__main__ import main
from runner.servers import backends

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.runner.conftest import Shop

ROOT = Path(__file__).resolve().parents[2]
WAYS = ("KILL", "TERM", "STOP")
# The states in which somebody has to do something.
_ASKS = {"leftovers", "closed", "swapped"}
_PATIENCE = 180.0


@dataclass(frozen=True)
class Back:
    """What was found of a run that had died, and what was taken back of it.

    :param state: that `status` found, with its own exit status in ``asked``.
    :param aborted: the exit status of `abort`.
    :param undone: the steps that were taken back, by the run itself or by `abort`.
    """

    state: str
    asked: int
    aborted: int
    undone: list[str]


def say(shop: Shop, verb: str, *arguments: str) -> int:
    return main([verb, "--target=prod", f"--project={shop.folder}", *arguments])


def crash(
    shop: Shop,
    at: str,
    by: str = "KILL",
    *,
    server: embedded.Server | None = None,
    verb: str = "migrate",
) -> int:
    """Run until the point, let it be ended there, and return the exit status.

    :param server: by STOP it is stopped at once, and started again, while the runner holds still.
    """
    said = shop.folder / "said.txt"
    with said.open("wb") as output:
        child = subprocess.Popen(
            [*_runner(shop, verb), "--execute", *(["--no-report"] if verb == "migrate" else [])],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, failpoints.AT: at, failpoints.BY: by},
        )
    try:
        if server is not None and by == "STOP":
            wait_for(lambda: child.poll() is not None or _is_still(child.pid))
            server.stop(at_once=True)
            embedded.start_again(server)
            child.send_signal(signal.SIGCONT)
        status = child.wait(_PATIENCE)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    markers = [*shop.folder.glob(f"gatepost-runs/*/{failpoints.MARKER}")]
    assert markers, f"{at} was never reached: {said.read_text()}"
    markers[0].unlink()
    return status


def come_back(shop: Shop, capsys: pytest.CaptureFixture[str]) -> Back:
    """Ask what there is of a run that died, take it back, and see that nothing is left of it."""
    capsys.readouterr()
    asked = say(shop, "status", "--json")
    state = json.loads(capsys.readouterr().out)["state"]
    aborted = say(shop, "abort", "--execute")
    lines = (shop.runs[-1] / "journal.jsonl").read_text().splitlines()
    undone = [line["step"] for line in map(json.loads, lines) if line["event"] == "undone"]

    assert asked == (50 if state in _ASKS else 0), state
    assert aborted == (20 if asked else 0), capsys.readouterr().out
    assert say(shop, "status") == 0
    assert say(shop, "abort", "--execute") == 0
    assert not (shop.folder / "is-down").exists()
    return Back(state, asked, aborted, undone)


def is_end(status: int, by: str) -> bool:
    """Whether a run that was ended in one of the ways ends with such an exit status."""
    return status == -signal.SIGKILL if by == "KILL" else status in {0, 10, 20, 30}


def _runner(shop: Shop, verb: str) -> list[str]:
    given = ["--target=prod", f"--project={shop.folder}"]
    return [sys.executable, "-m", "runner", verb, *given]


def _is_still(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until it is so, and not for ever."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def leftovers(shop: Shop) -> list[str]:
    """Return what should not be there once nothing is under way: sessions, locks, files."""
    deadline = time.monotonic() + 10
    while (found := _leftovers(shop)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def _leftovers(shop: Shop) -> list[str]:
    found = [str(file) for file in shop.folder.rglob("*.part")]
    for side in (shop.source, shop.target):
        with psycopg.connect(side.of("postgres").raw) as conn:
            # Sessions of other tests are on the source's server, too.
            sessions = conn.execute(
                "select application_name from pg_stat_activity where application_name"
                " ~ '^gatepost [0-9]{8}T' or application_name = 'gatepost run lock'"
            ).fetchall()
            locks = conn.execute("select pid from pg_locks where locktype = 'advisory'").fetchall()
            fenced = conn.execute(
                "select rolname from pg_roles where rolname = 'shop_app' and not rolcanlogin"
            ).fetchall()
            found += [f"{side}: {row}" for row in (*sessions, *locks, *fenced)]
    for folder in shop.runs:
        found += [f"process {pid}" for pid in backends.processes(folder.name)]
    return found
