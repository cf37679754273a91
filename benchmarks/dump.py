"""Does a dump take longer when the baseline is taken beside it?"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import clock
from benchmarks.report import Claim, Report
from gatepost import rooms, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.bench import Bench
    from benchmarks.data import Pair

_SLOWER = 1.15


@dataclass(frozen=True)
class _Took:
    """Seconds until the dump was done, and until all was."""

    dump: float
    all: float


def measure(bench: Bench) -> Iterator[Report]:
    """Measure `pg_dump -Fc` of the wide table under a held snapshot, alone and not alone."""
    pair = bench.pair("wide")
    program = bench.before.bin / "pg_dump"
    runs = {
        beside: partial(_dump, program, pair, beside=beside == "beside")
        for beside in ("alone", "beside")
    }
    took = clock.in_turns(runs, bench.rounds)
    alone, beside = (clock.spread(one.dump for one in took[name]) for name in runs)
    both = clock.spread(one.all for one in took["beside"])
    yield Report(
        f"Baseline taken beside a dump: {pair}",
        ("asked", "wall s", "/ the dump alone"),
        (
            ("pg_dump alone", alone, alone.over(alone)),
            ("pg_dump with the baseline beside it", beside, beside.over(alone)),
            ("until both are done", both, both.over(alone)),
        ),
        (Claim("the dump with the baseline beside it / alone", beside.over(alone), _SLOWER),),
    )


def _dump(program: Path, pair: Pair, *, beside: bool) -> _Took:
    with snapshot.hold(pair.before) as held, tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        command = [str(program), "-Fc", "--no-password", f"--snapshot={held.id}"]
        dump = subprocess.Popen(
            [*command, f"--file={folder}/archive"],
            env={**os.environ, **pair.before.environment()},
        )
        baseline = _baseline(pair, held.id, Path(folder)) if beside else None
        _ended(dump)
        dumped = time.perf_counter() - began
        if baseline is not None:
            _ended(baseline)
        return _Took(dumped, time.perf_counter() - began)


def _baseline(pair: Pair, snapshot_id: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start what the runner starts beside its dump."""
    command = [sys.executable, "-m", "gatepost.baseline", "record", "--connections=1"]
    command += [f"--snapshot={snapshot_id}", f"--facts={folder / 'facts'}"]
    command += [f"--out={folder / 'baseline.json'}"]
    addresses = {"GATEPOST_SOURCE": pair.before.raw, "GATEPOST_TARGET": pair.after.raw}
    return subprocess.Popen(
        command,
        env={**os.environ, **addresses},
        cwd=rooms.start_folder(),
        stdout=subprocess.DEVNULL,
    )


def _ended(process: subprocess.Popen[bytes]) -> None:
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, process.args)
