"""Is a run seen from outside as its users see it: when nobody got in, and what was lost?"""

from __future__ import annotations

import datetime as dt
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

from gatepost import project_file, rooms
from gatepost.errors import ToolFailed
from runner import measuring
from runner.prober import look, outside, reading
from runner.prober.look import Look
from tests.runner.conftest import HOOKS, execute
from tests.runner.crashes import crash, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from runner.prober.look import State
    from tests.runner.conftest import Shop

CANARIES = (
    "create schema ops; create table ops.canary (id uuid primary key, at timestamptz not null)"
)
PROBER = '[prober]\nevery = "50 ms"\ntable = "ops.canary"'
HEALTH = '[[health]]\npath = "/health.json"\nexpect = { status = "ok" }'
# An application whose health is a file: the hooks take it away and put it back.
FILES = """
stop = 'mv health.json health.off'
start = 'mv health.off health.json'
status = "test -e health.json"
hook_timeout = "20 s"
"""


def seen(*marks: tuple[float, str], state: State = "before") -> list[Look]:
    """Return looks, a tenth of a second each, of a database that said what the marks say."""
    at = dt.datetime(2026, 11, 21, 3, 12, 44, tzinfo=dt.UTC)
    return [Look(at, began, 0.1, state, said, None) for began, said in marks]


@pytest.mark.parametrize(
    ("marks", "seconds", "gaps"),
    [
        ([(0, ""), (1, "")], 0.0, 0),
        ([(0, ""), (1, "no"), (2, "no"), (3, "")], 2.1, 1),
        ([(0, ""), (1, "no"), (2, ""), (3, "no"), (4, "no"), (5, "")], 3.2, 2),
        ([(0, "no"), (1, "")], 1.1, 1),
        ([(0, ""), (1, "no")], None, 1),
        ([(0, ""), (1, ""), (60, "")], 59.0, 1),
        ([], 0.0, 0),
    ],
    ids=["none", "one", "two", "from the first", "not over", "nobody looked", "no look"],
)
def test_downtime_lasts_from_a_failure_to_the_next_success(
    marks: list[tuple[float, str]], seconds: float | None, gaps: int
) -> None:
    assert reading.downtime(seen(*marks), "database", every=1.0) == (seconds, gaps)


def test_line_that_was_never_finished_is_no_look(tmp_path: Path) -> None:
    file = tmp_path / outside.FILE
    (one,) = seen((0, ""))
    file.write_text(look.line(one) + look.line(one)[:20])

    assert look.read(file) == [one]


def test_rollback_lasts_from_the_no_to_the_old_application(tmp_path: Path) -> None:
    moments = [
        *((1.0, "intent", "swap drill"), (1.5, "done", "swap drill")),
        *((7.0, "intent", "app gate"), (9.0, "failed", "app gate")),
        *((9.1, "undo", "swap"), (9.3, "undone", "swap"), (9.4, "undo", "stop")),
        *((11.0, "undone", "stop"), (11.1, "undo", "prober"), (12.0, "undone", "prober")),
    ]
    (tmp_path / "journal.jsonl").write_text(
        "".join(
            json.dumps({"at": "2026-11-21T03:12:44+00:00", "monotonic": m, "event": e, "step": s})
            + "\n"
            for m, e, s in moments
        )
    )

    assert measuring.rollback(tmp_path) == 2.0
    assert measuring.drill(tmp_path) == 0.5


def test_rollback_of_a_run_that_went_on_has_no_length(tmp_path: Path) -> None:
    assert measuring.rollback(tmp_path) is None
    assert measuring.drill(tmp_path) is None


def test_prober_sees_the_application_go_and_come(shop: Shop, application: str) -> None:
    execute(shop.source, CANARIES)
    health = shop.folder / "health.json"
    health.write_text('{"status": "ok"}')
    shop.declare(HOOKS, f'app = "{application}"', f"{PROBER}\n{HEALTH}")
    started = outside.start(project_file.load(shop.folder, "prod"), shop.folder, "before")
    try:
        first = outside.began(started)
        health.write_text('{"status": "no database"}')
        assert started.wait(lambda looks: bool(looks[-1].application), 10)
        health.write_text('{"status": "ok"}')
        assert started.wait(lambda looks: looks[-1].application == "", 10)
        started.tell("closed")
        assert started.wait(lambda looks: looks[-1].state == "closed", 10)
        started.tell("after")
        assert started.wait(lambda looks: looks[-1].state == "after", 10)
    finally:
        started.end()
    looks = look.read(started.file)

    assert (first.database, first.application) == ("", "")
    assert "status is 'no database', expected 'ok'" in "".join(
        one.application or "" for one in looks
    )
    assert {one.state for one in looks if one.database == look.CLOSED} == {"closed"}
    assert {one.state for one in looks if one.canary} == {"before"}
    figures = reading.measured(looks, started.sight, 0.05, shop.source, None)
    assert (figures.of, figures.gaps, figures.lost) == ("application", 1, ())
    assert figures.canaries == len({one.canary for one in looks} - {""})


def test_canary_that_is_gone_is_named_with_its_moment(shop: Shop) -> None:
    execute(shop.source, CANARIES)
    shop.declare(more=PROBER)
    started = outside.start(project_file.load(shop.folder, "prod"), shop.folder, "before")
    try:
        started.wait(lambda looks: len(looks) > 1, 10)
    finally:
        started.end()
    looks = look.read(started.file)
    with psycopg.connect(shop.source.raw) as conn:
        conn.execute("delete from ops.canary where id = %s", (looks[1].canary,))
    written, lost = reading.lost(looks, started.sight, shop.source)

    assert written == len(looks)
    assert lost == (f"{looks[1].canary} of {looks[1].at:%H:%M:%S}",)


def test_prober_dies_with_the_runner_even_in_a_look_that_hangs(
    tmp_path: Path, database16: Callable[..., Dsn]
) -> None:
    dsn = database16(CANARIES)
    (tmp_path / "gatepost.toml").write_text(
        f'[source]\nurl = "{dsn.raw}"\n[targets.prod]\nurl = "{dsn.raw}"\n'
        '[prober]\ntable = "ops.canary"\ntimeout = "60 s"\nevery = "50 ms"\n'
    )
    command = [sys.executable, "-c", _PARENT, str(tmp_path)]
    with (
        subprocess.Popen(command, cwd=rooms.start_folder(), stdout=subprocess.PIPE) as parent,
        psycopg.connect(dsn.raw) as conn,
    ):
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        conn.execute("lock table ops.canary in share mode")  # as the run's own locks do
        time.sleep(0.3)
        parent.kill()

        assert _ends(pid, within=10)


_PARENT = """
import sys, time
from pathlib import Path
from gatepost import project_file
from runner.prober import outside
folder = Path(sys.argv[1])
started = outside.start(project_file.load(folder, "prod"), folder, "before")
outside.began(started)
print(started._process.pid, flush=True)
time.sleep(60)
"""


def _ends(pid: int, within: float) -> bool:
    """Whether a process that is not our child is gone; as a zombie it does nothing any more."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            os.kill(pid, signal.SIG_DFL)
        except ProcessLookupError:
            return True
        if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return True
        time.sleep(0.05)
    return False


def test_prober_that_has_ended_is_told_with_its_last_words(shop: Shop) -> None:
    shop.declare(more='[prober]\nevery = "50 ms"')
    started = outside.start(project_file.load(shop.folder, "prod"), shop.folder, "before")
    outside.began(started)
    started.end()

    with pytest.raises(ToolFailed, match=r"the prober has ended \(status 0\)"):
        started.tell("after")


def checks(folder: Path) -> dict[str, Any]:
    """Return what the app gate of a run asked about the move."""
    verdict = json.loads((folder / "app" / "verdict.json").read_text())
    found: dict[str, Any] = {"verdict": verdict["verdict"], "counts": verdict["counts"]}
    found["findings"] = {(one["check"], one["subject"]) for one in verdict["findings"]}
    return found


@pytest.mark.slow
def test_migration_is_measured_and_every_canary_arrives(shop: Shop, application: str) -> None:
    for side in (shop.source, shop.target):
        execute(side, CANARIES)
    (shop.folder / "health.json").write_text('{"status": "ok"}')
    shop.declare(FILES, f'app = "{application}"', f"{PROBER}\n{HEALTH}")

    assert shop.migrate("--execute") == 0
    measured = shop.outcome["measured"]
    assert (measured["of"], measured["gaps"], measured["lost"]) == ("application", 1, [])
    assert 0 < measured["downtime_s"] == shop.outcome["downtime_s"]
    with psycopg.connect(shop.target.raw) as conn:
        (count,) = conn.execute("select count(*) from ops.canary").fetchone() or (0,)
    assert measured["canaries"] == count > 0
    assert measured["drill_s"] > 0
    # health, and about the move: the application, the canaries, the drill.
    assert checks(shop.runs[0])["counts"]["passed"] == 4


@pytest.mark.slow
def test_downtime_that_is_too_long_is_a_no_and_the_way_back_is_timed(
    shop: Shop, application: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for side in (shop.source, shop.target):
        execute(side, CANARIES)
    (shop.folder / "health.json").write_text('{"status": "ok"}')
    limits = '[limits]\ndowntime = "10 ms"\nrollback = "1 s"'
    shop.declare(FILES, f'app = "{application}"', f"{PROBER}\n{HEALTH}\n{limits}")

    assert shop.migrate("--execute") == 20
    said = checks(shop.runs[0])
    assert ("downtime", "application") in said["findings"]
    measured = shop.outcome["measured"]
    assert measured["lost"] == []
    assert measured["rollback_s"] > 0
    assert (shop.folder / "health.json").exists()
    assert shop.users() == ["of the old database"]
    printed = capsys.readouterr().out
    assert "10 ms allowed: too long" in printed
    assert "acknowledged are in the live database" in printed


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize(
    ("at", "verb", "status"), [("swap:after", "resume", 0), ("data gate:before", "abort", 20)]
)
def test_time_in_which_nobody_looked_counts_as_downtime(
    shop: Shop, application: str, at: str, verb: str, status: int
) -> None:
    for side in (shop.source, shop.target):
        execute(side, CANARIES)
    (shop.folder / "health.json").write_text('{"status": "ok"}')
    shop.declare(FILES, f'app = "{application}"', f"{PROBER}\n{HEALTH}")
    crash(shop, at)
    time.sleep(2)

    assert say(shop, verb, "--execute") == status
    measured = shop.outcome["measured"]
    assert (measured["gaps"], measured["lost"]) == (1, [])
    assert measured["downtime_s"] > 2
    assert measured["canaries"] > 0


@pytest.mark.slow
@pytest.mark.long
def test_table_that_takes_no_canary_is_said_before_anything_is_stopped(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shop.databases()
    shop.declare(more=PROBER)

    assert shop.migrate("--execute") == 30
    assert 'relation "ops.canary" does not exist' in capsys.readouterr().out
    assert shop.calls == []
    assert shop.is_as_before(before)


# Ends the prober of the runner that has called it, and no other's.
KILLER = """
import os, pathlib, signal
for process in pathlib.Path("/proc").glob("[0-9]*"):
    try:
        parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        command = (process / "cmdline").read_text()
    except OSError:
        continue
    if parent == os.getppid() and "runner.prober" in command:
        os.kill(int(process.name), signal.SIGKILL)
"""


@pytest.mark.slow
@pytest.mark.long
def test_prober_that_dies_in_the_window_ends_no_run(shop: Shop, application: str) -> None:
    (shop.folder / "health.json").write_text('{"status": "ok"}')
    (shop.folder / "killer.py").write_text(KILLER)
    hooks = f'hooks = {{ "before dump" = ["{sys.executable}", "killer.py"] }}\n'
    prober = '[prober]\nevery = "50 ms"'
    shop.declare(f"{FILES}{hooks}", f'app = "{application}"', f"{prober}\n{HEALTH}")

    assert shop.migrate("--execute") == 0
    assert shop.outcome["measured"]["gaps"] == 1
    assert shop.outcome["measured"]["downtime_s"] > 0
