"""How long do others take for the same pair of tables?

Every tool runs in a process of its own, from its start to its end.  `COPY` is no comparison: it is
the least that any tool must spend that reads all values of one side out of the server.  It is sent
from this process, so that what it is held against is what ours takes in its own, connecting
included, and not the start of an interpreter.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from psycopg import sql

from benchmarks import clock, data, ours
from benchmarks.report import Claim, Report
from gatepost import database
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from benchmarks.bench import Bench
    from benchmarks.clock import Spread
    from benchmarks.data import Pair
    from benchmarks.ours import Compared

_CHANGED = 100
_FASTER = 6.0
# Threads a side: its default, and as many as we have connections.
_THREADS = (1, 4)
_OURS = "gatepost"
_VERIFIED = "… of it without Python's start"
_COPY = "`COPY` of one side to /dev/null"


def measure(bench: Bench) -> Iterator[Report]:
    """Measure the wide table, equal and with a hundred rows changed in one column."""
    if importlib.util.find_spec("reladiff") is None:
        raise UsageError(
            "reladiff is not installed: nothing to measure against",
            hint="pip install -r requirements/bench.txt",
        )
    pair = bench.pair("wide")
    equal = _taken(_tools(pair, 0) | {_COPY: partial(_copy, pair)}, bench.rounds)
    copy = Claim("both sides verified / one side copied", equal[_VERIFIED].over(equal[_COPY]), 1.0)
    yield _report(f"Equal: {pair}", equal, copy)
    with data.changed(pair, _CHANGED):
        differing = _taken(_tools(pair, _CHANGED), bench.rounds)
    yield _report(f"With {_CHANGED} rows changed: {pair}", differing)


def _taken(tools: Mapping[str, Callable[[], Compared | None]], rounds: int) -> dict[str, Spread]:
    took = clock.in_turns({name: partial(_timed, run) for name, run in tools.items()}, rounds)
    walls = {name: clock.spread(wall for wall, _ in each) for name, each in took.items()}
    own = clock.spread(one.all for _, one in took[_OURS] if one is not None)
    return {_OURS: walls.pop(_OURS), _VERIFIED: own} | walls


def _timed(run: Callable[[], Compared | None]) -> tuple[float, Compared | None]:
    began = time.perf_counter()
    found = run()
    return time.perf_counter() - began, found


def _tools(pair: Pair, faults: int) -> dict[str, Callable[[], Compared | None]]:
    tools: dict[str, Callable[[], Compared | None]] = {_OURS: partial(_ours, pair, faults)}
    for threads in _THREADS:
        tools[f"reladiff -j {threads}"] = partial(_reladiff, pair, faults, threads)
    return tools


def _ours(pair: Pair, faults: int) -> Compared:
    found = ours.compare(pair.relation, pair.before, pair.after)
    _same(found.faults, faults, _OURS)
    return found


def _reladiff(pair: Pair, faults: int, threads: int) -> None:
    table = str(pair.relation)
    # It takes addresses as arguments only, and these hold the passwords of two servers that are
    # gone with the run: never do so with others.
    command = [sys.executable, "-m", "reladiff", pair.before.raw, table, pair.after.raw, table]
    command += ["--key-columns=id", "--columns=%", "--json", f"--threads={threads}"]
    # Without it, its lines of JSON are broken where a terminal would end.
    wide = {**os.environ, "COLUMNS": "100000"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=wide)
    # It ends with 0 even after an error; its warnings go the same way.
    if " ERROR - " in done.stderr:
        raise RuntimeError(f"reladiff: {done.stderr}")
    signs = [json.loads(line)[0] for line in done.stdout.splitlines()]
    _same(signs.count("+"), faults, "reladiff")


def _same(found: int, faults: int, tool: str) -> None:
    # A tool that did not find what is there was not measured.
    if found != faults:
        raise RuntimeError(f"{tool}: {faults} rows were changed, {found} found")


def _copy(pair: Pair) -> None:
    with contextlib.closing(database.maintenance(pair.before, label="bench")) as conn:
        conn.execute(sql.SQL("copy {} to '/dev/null'").format(pair.relation.identifier))


def _report(title: str, took: dict[str, Spread], *claims: Claim) -> Report:
    mine = took[_OURS]
    rivals = [one for name, one in took.items() if name not in (_OURS, _VERIFIED, _COPY)]
    fastest = min(rivals, key=lambda one: one.median)
    faster = Claim("the faster reladiff / gatepost", fastest.over(mine), _FASTER, at_least=True)
    return Report(
        title,
        ("tool", "wall s", f"/ {_OURS}"),
        tuple((name, one, one.over(mine)) for name, one in took.items()),
        (faster, *claims),
    )
