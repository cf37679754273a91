"""How much longer is the window than a bare dump and restore, and how large is the runner?"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psycopg import sql

from benchmarks import clock, data
from benchmarks.bench import create
from benchmarks.report import Claim, Report
from gatepost import database, rooms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.bench import Bench
    from benchmarks.clock import Spread
    from benchmarks.data import Pair
    from gatepost.dsn import Dsn

_LONGER = 1.15
_MEGABYTES = 150.0
_TENTH = 0.1
_SHORT = 0.05  # seconds: a step that takes less is not told
_LOOK = 0.05  # seconds between two looks at the processes
_JOBS = 2
# What the runner asks of pg_dump, so that both do the same work; alone, it would compress more.
_AS_OURS = ("--compress=1",)
_PROJECT = f"""
name = "bench"
[source]
url = "${{BENCH_SOURCE}}"
[targets.prod]
url = "${{BENCH_TARGET}}"
[migrate]
jobs = {_JOBS}
stop = "true"
start = "true"
"""


@dataclass(frozen=True)
class _Migrated:
    """What a whole run took.

    :param window: seconds from the stop hook to the end of the start hook.
    :param steps: seconds, by name.
    :param largest: the peak of the largest process, in MB; ``together``: of all at one moment.
    """

    window: float
    steps: dict[str, float]
    largest: float
    together: float


@dataclass
class _Memory:
    """Looks at a process and all that it has started, several times a second, until told to end."""

    pid: int
    largest: float = 0.0
    together: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Look until it is over."""
        while not self.over.wait(_LOOK):
            there = [_kilobytes(pid) for pid in _family(self.pid)]
            self.largest = max(self.largest, *(peak / 1024 for peak, _ in there), 0.0)
            self.together = max(self.together, sum(now for _, now in there) / 1024)


def measure(bench: Bench) -> Iterator[Report]:
    """Measure the move of one wide table from 16 to 18, and of a tenth of it."""
    pair = bench.pair("wide")
    small = _tenth(bench, pair)
    runs = {
        "bare": partial(_bare, bench, pair, ()),
        "bare, compressed as ours": partial(_bare, bench, pair, _AS_OURS),
    }
    bare = clock.in_turns(runs, bench.rounds)
    whole = clock.in_turns({"all": partial(_migrated, bench, pair.before)}, bench.rounds)["all"]
    tenth = clock.in_turns({"all": partial(_migrated, bench, small)}, bench.rounds)["all"]
    window = clock.spread(one.window for one in whole)
    took = {name: clock.spread(values) for name, values in bare.items()}
    steps = {name: clock.spread(one.steps[name] for one in whole) for name in whole[0].steps}
    largest = clock.spread(one.largest for one in whole)
    together = clock.spread(one.together for one in whole)
    yield Report(
        f"A whole migration from stop to start, {_JOBS} jobs: {pair}",
        ("what", "wall s", "/ bare", "/ bare, compressed as ours"),
        tuple(
            (name, spread, *(spread.over(one) for one in took.values()))
            for name, spread in {**took, "the window of a run": window, **_in_window(steps)}.items()
        ),
        (
            Claim("the window / bare", window.over(took["bare"]), _LONGER),
            Claim("MB, the largest process of a run", largest, _MEGABYTES),
            Claim(
                "the window / that of a tenth of the rows",
                window.over(clock.spread(one.window for one in tenth)),
                1 / _TENTH,
            ),
        ),
        (f"All processes of a run at one moment: {together} MB, shared pages counted in each.",),
    )


def _in_window(steps: dict[str, Spread]) -> dict[str, Spread]:
    """Return the steps that take any time; those before the stop cost no downtime."""
    names = list(steps)
    inside = names[names.index("stop") : names.index("start") + 1]
    return {f"… {name}": steps[name] for name in inside if steps[name].most >= _SHORT}


def _bare(bench: Bench, pair: Pair, options: tuple[str, ...]) -> float:
    """Return the seconds of a dump and a parallel restore, which takes no pipe."""
    target = _fresh(bench)
    with tempfile.TemporaryDirectory() as folder:
        archive = f"{folder}/archive"
        began = time.perf_counter()
        dump = (str(bench.before.bin / "pg_dump"), "-Fc", *options, f"--file={archive}")
        restore = (str(bench.after.bin / "pg_restore"), "-e", f"--jobs={_JOBS}", archive)
        _run(dump, pair.before)
        _run((*restore, f"--dbname={target.dbname}"), target)
        return time.perf_counter() - began


def _migrated(bench: Bench, source: Dsn) -> _Migrated:
    target = _fresh(bench, made=False)
    addresses = {"BENCH_SOURCE": source.raw, "BENCH_TARGET": target.raw}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "gatepost.toml").write_text(_PROJECT, encoding="utf-8")
        command = (sys.executable, "-m", rooms.module("runner"), "migrate", "--target=prod")
        child = subprocess.Popen(
            (*command, "--execute", "--no-report", "--json", f"--project={folder}"),
            env={**os.environ, **addresses},
            cwd=rooms.start_folder(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        memory = _Memory(child.pid)
        watcher = threading.Thread(target=memory.watch)
        watcher.start()
        status = child.wait()
        memory.over.set()
        watcher.join()
        if status:
            raise subprocess.CalledProcessError(status, child.args)
        (file,) = folder.glob("gatepost-runs/*/run.json")
        return _told(json.loads(file.read_text(encoding="utf-8")), memory)


def _told(run: dict[str, Any], memory: _Memory) -> _Migrated:
    done = {step["name"]: step for step in run["steps"] if step["state"] == "done"}
    began, ended = (dt.datetime.fromisoformat(done[name]["started"]) for name in ("stop", "start"))
    window = (ended - began).total_seconds() + done["start"]["duration_s"]
    steps = {name: float(step["duration_s"]) for name, step in done.items()}
    return _Migrated(window, steps, memory.largest, memory.together)


def _tenth(bench: Bench, pair: Pair) -> Dsn:
    """Return a database with the first tenth of the rows."""
    source = create(bench.before, "tenth")
    data.make(source, pair.dataset, round(pair.rows * _TENTH))
    return source


def _fresh(bench: Bench, *, made: bool = True) -> Dsn:
    """Return a database that is empty, or not there; what earlier rounds left is dropped."""
    with contextlib.closing(database.maintenance(bench.after.dsn(), label="data")) as conn:
        asked = "select datname from pg_catalog.pg_database where datname like 'moved%'"
        for (name,) in conn.execute(asked).fetchall():
            conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        # What was written must not be on its way to the disk while the next is measured.
        conn.execute("checkpoint")
    return create(bench.after, "moved") if made else bench.after.dsn("moved")


def _run(command: tuple[str, ...], at: Dsn) -> None:
    subprocess.run(command, env={**os.environ, **at.environment()}, check=True)


def _family(pid: int) -> list[int]:
    """Return a process and all that it and its children have started."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            listed = Path(f"/proc/{one}/task").glob("*/children")
            found += [int(child) for file in listed for child in file.read_text().split()]
    return found


def _kilobytes(pid: int) -> tuple[int, int]:
    """Return the most memory that a process had, and what it has now; nothing if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0, 0
    said = {line.partition(":")[0]: line.split()[1] for line in lines if line.startswith("Vm")}
    return int(said.get("VmHWM", 0)), int(said.get("VmRSS", 0))
