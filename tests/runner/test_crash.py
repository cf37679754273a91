"""Does a run that dies at any point leave what `status` can tell and `abort` can take back?

Every point is tried in three ways: the runner is killed outright, it is asked to end, and the
target's server is stopped at once under it.  The whole of it is marked `long`; a diagonal is not.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from gatepost import embedded, fingerprint
from runner import backends, failpoints, labels, steps
from runner.__main__ import main
from tests.conftest import run
from tests.runner.conftest import HOOKS, OLD, SOURCE, Shop
from tests.runner.kill_points import Row, note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
FENCE = '[fence]\nroles = ["shop_app"]'
# Of a project that fills by a command, or changes a database in place: other tests' business.
_OTHERS = {"command", "clone", "trial", "trial gate", "drop clone"}
_OTHERS |= {"keep copy", "change", "change gate", "close copy"}
STEPS = [step.name for step in steps.ALL if step.name not in _OTHERS]
WAYS = ("KILL", "TERM", "STOP")
_PATIENCE = 180.0


@pytest.fixture(scope="module")
def target18() -> Iterator[embedded.Server]:
    """A server of this module's own: it is stopped at once, again and again."""
    with embedded.running(18, durable=False) as server:
        yield server


@pytest.fixture
def shop(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database16: Callable[..., Dsn],
    server16: embedded.Server,
    target18: embedded.Server,
) -> Iterator[Shop]:
    """A shop that has every step of a swap: hooks, a fence, an old database."""
    source = database16(SOURCE)
    run(server16.dsn(), "create role shop_app login password 'shop_app'")
    run(target18.dsn(), f"create database {source.dbname} template template0")
    target = target18.dsn(source.dbname)
    run(target, OLD)
    made = Shop(tmp_path, source, target)
    monkeypatch.setenv("SHOP_SOURCE", source.raw)
    monkeypatch.setenv("SHOP_TARGET", target.raw)
    made.declare(f"{HOOKS}filled = 'true'", more=FENCE)
    yield made
    for name in made.databases():
        run(target18.dsn(), f'drop database "{name}" with (force)')


def say(shop: Shop, verb: str, *arguments: str) -> int:
    return main([verb, "--target=prod", f"--project={shop.folder}", *arguments])


def crash(shop: Shop, server: embedded.Server, at: str, by: str) -> int:
    """Run until the point, let it be ended there, and return the exit status.

    By STOP the server is stopped at once and started again while the runner holds still.
    """
    before = set(shop.runs)
    migrate = [sys.executable, "-m", "runner", "migrate", "--target=prod", "--execute"]
    child = subprocess.Popen(
        [*migrate, "--no-report", f"--project={shop.folder}"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        env={**os.environ, failpoints.AT: at, failpoints.BY: by},
    )
    try:
        if by == "STOP":
            _wait_for(lambda: child.poll() is not None or _is_still(child.pid))
            server.stop(at_once=True)
            embedded.start_again(server)
            child.send_signal(signal.SIGCONT)
        status = child.wait(_PATIENCE)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    (folder,) = set(shop.runs) - before
    assert (folder / failpoints.MARKER).exists(), f"{at} was never reached"
    return status


def _is_still(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def _wait_for(condition: Callable[[], bool]) -> None:
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


def reached_go(shop: Shop) -> bool:
    """Whether the last run's GO is in the database; then the old one must be kept."""
    label = shop.runs[-1].name
    there = shop.databases()
    mark = labels.read(there[shop.target.dbname][2])
    if mark is None or (mark.label, mark.role) != (label, "live"):
        return False
    assert f"{shop.target.dbname}_old_{label}" in there
    assert len(shop.users()) == 50
    run(shop.source.of("postgres"), "alter role shop_app login")  # stays fenced after a GO
    return True


def die_and_come_back(
    shop: Shop, server: embedded.Server, step: str, when: str, by: str, said: Said
) -> None:
    """Die at a point, ask what there is, take it back, and see that nothing was lost."""
    before, held = shop.databases(), fingerprint.of(shop.target)

    status = crash(shop, server, f"{step}:{when}", by)
    said.forget()
    asked = say(shop, "status", "--json")
    state = said.json()["state"]
    assert asked == (50 if state in {"leftovers", "closed", "swapped"} else 0)
    aborted = say(shop, "abort", "--execute")
    back = said.undone(shop)

    assert aborted == (20 if asked else 0)
    assert say(shop, "status") == 0
    assert say(shop, "abort", "--execute") == 0
    if by == "KILL":
        assert status == -signal.SIGKILL
    else:
        assert status in {0, 10, 20, 30}
    if not reached_go(shop):
        assert shop.databases() == before
        assert fingerprint.of(shop.target) == held
    else:
        assert step == "go"
    assert not (shop.folder / "is-down").exists()
    assert leftovers(shop) == []
    note(Row(step, when, by, status, state, asked, aborted, back))


class Said:
    """What the runner has said, and what its journal says that it took back."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def forget(self) -> None:
        self._capsys.readouterr()

    def json(self) -> dict[str, Any]:
        out = self._capsys.readouterr().out
        told: dict[str, Any] = json.loads(out)
        return told

    def undone(self, shop: Shop) -> list[str]:
        lines = (shop.runs[-1] / "journal.jsonl").read_text().splitlines()
        told = [json.loads(line) for line in lines]
        return [line["step"] for line in told if line["event"] == "undone"]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys)


def test_every_step_of_a_swap_is_a_kill_point(shop: Shop, said: Said) -> None:
    assert shop.migrate("--json") == 0
    assert [step["step"] for step in said.json()["steps"]] == STEPS


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS)
def test_step_that_dies_loses_nothing_and_a_later_run_gets_to_go(
    shop: Shop, target18: embedded.Server, said: Said, step: str
) -> None:
    for by in WAYS:
        for when in ("before", "after"):
            die_and_come_back(shop, target18, step, when, by, said)
    assert shop.migrate("--execute") == 0


@pytest.mark.parametrize(
    ("step", "when", "by"),
    [("create", "after", "KILL"), ("swap", "after", "KILL"), ("swap", "before", "STOP")],
)
def test_run_that_dies_loses_nothing_and_a_later_one_gets_to_go(
    shop: Shop, target18: embedded.Server, said: Said, step: str, when: str, by: str
) -> None:
    die_and_come_back(shop, target18, step, when, by, said)
    assert shop.migrate("--execute") == 0
