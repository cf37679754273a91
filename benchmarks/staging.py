"""How long does it take to stage files, beside a bare COPY of the same data?

`python -m benchmarks.staging FOLDER` is the process that stages; the server's address comes from
the environment.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from benchmarks import clock, messages
from benchmarks.bench import create
from benchmarks.ours import peak
from benchmarks.report import Claim, Report
from gatepost import database, dsn
from gatepost.origin import Source
from gatepost.settings import Project, Settings, Target
from gatepost.staging import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.bench import Bench
    from gatepost.dsn import Dsn

_ROOT = Path(__file__).resolve().parents[1]
_ROWS = 1_000_000
_LARGE = 2 << 30
_BLOCK = 1 << 18
_RATIO = 0.5
_MEGABYTES = 300.0

_DROP = "drop table if exists public.messages"
_CREATE = sql.SQL("create table public.messages ({})")
_COPY = "copy public.messages from stdin (format csv, header true)"
_KEY = "alter table public.messages add primary key (id)"
_FORMATS: dict[str, Callable[[Path, int], None]] = {
    "json": messages.as_json,
    "ndjson": messages.as_lines,
    "csv": messages.as_csv,
}


@dataclass(frozen=True)
class Ran:
    """What the process that stages took.

    :param seconds: from before the database is made until it stands for the source.
    :param peak: the most memory that the process had, in MB.
    """

    seconds: float
    records: int
    peak: float


def measure(bench: Bench) -> Iterator[Report]:
    """Stage each format in turns with two bare copies, and once a file of two gigabytes."""
    with tempfile.TemporaryDirectory() as folder:
        yield _rates(bench, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield _memory(bench, Path(folder))


def _rates(bench: Bench, folder: Path) -> Report:
    rows = round(_ROWS * bench.scale)
    copied = create(bench.after, "copied")
    for name, write in _FORMATS.items():
        (folder / name).mkdir()
        write(folder / name / f"messages.{name}", rows)
    file, ran = folder / "csv" / "messages.csv", list[Ran]()
    ways: dict[str, Callable[[], float]] = {
        "COPY": lambda: _bare(copied, file),
        "COPY, then its key": lambda: _bare(copied, file, keyed=True),
    }
    for name in _FORMATS:
        ways[name] = partial(_staged_of, ran, bench, folder / name)
    found = clock.in_turns(ways, bench.rounds)
    seconds = {name: clock.spread(taken) for name, taken in found.items()}
    bare, keyed = seconds["COPY"], seconds["COPY, then its key"]
    rated = {
        name: clock.spread(rows / took for took in one.values) for name, one in seconds.items()
    }
    return Report(
        f"{rows:,} messages of 12 fields, staged",
        ("how", "rows/s", "of a bare COPY's rate", "of one whose table gets its key"),
        tuple(
            (name, rate, bare.over(seconds[name]), keyed.over(seconds[name]))
            for name, rate in rated.items()
        ),
        (
            Claim("of a bare COPY's rate, json", bare.over(seconds["json"]), _RATIO, at_least=True),
            Claim("MB of the process", clock.spread(one.peak for one in ran), _MEGABYTES),
        ),
    )


def _memory(bench: Bench, folder: Path) -> Report:
    records = messages.large(folder / "messages.json", round(_LARGE * bench.scale))
    size = (folder / "messages.json").stat().st_size
    ran = _staged(bench, folder)
    assert ran.records == records
    return Report(
        f"A JSON file of {size >> 20:,} MB, its records over several lines, staged once",
        ("records", "rows/s", "peak, MB"),
        (
            (
                f"{records:,}",
                clock.spread([records / ran.seconds]),
                clock.spread([ran.peak]),
            ),
        ),
        (Claim("MB of the process", clock.spread([ran.peak]), _MEGABYTES),),
    )


def _bare(there: Dsn, file: Path, *, keyed: bool = False) -> float:
    """Return the seconds that a COPY takes into a table made in the same transaction."""
    with contextlib.closing(database.maintenance(there, label="bare")) as conn:
        conn.execute(_DROP)
        began = time.perf_counter()
        with conn.transaction(), file.open("rb") as stream:
            conn.execute(_CREATE.format(sql.SQL(messages.COLUMNS)))
            with conn.cursor() as cursor, cursor.copy(_COPY) as copy:
                while block := stream.read(_BLOCK):
                    copy.write(block)
            if keyed:
                conn.execute(_KEY)
        return time.perf_counter() - began


def _staged(bench: Bench, folder: Path) -> Ran:
    """Stage a folder in a process of its own, whose memory is nobody else's."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.staging", str(folder)],
        check=True,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
        env={**os.environ, "GATEPOST_SERVER": bench.after.dsn().raw},
    )
    return Ran(**json.loads(done.stdout))


def _staged_of(ran: list[Ran], bench: Bench, folder: Path) -> float:
    """Stage a folder, keep what that took, and return its seconds."""
    ran.append(_staged(bench, folder))
    return ran[-1].seconds


def main(arguments: Sequence[str] | None = None) -> None:
    """Stage one folder, drop what was made, and print what it took as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.staging", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder
    source = Source(url=f"file:{folder}")
    settings = Settings(
        project=Project(name="benchmark", source=source),
        folder=folder,
        target_name="url",
        target=Target(url="postgresql://nowhere/none"),
        source=source,
    )
    server = dsn.parse(os.environ["GATEPOST_SERVER"], of="server")
    staged = stage.into(settings, server)
    ran = Ran(staged.seconds, sum(one.records for one in staged.collections), peak())
    stage.drop(staged)
    sys.stdout.write(json.dumps(asdict(ran)))


if __name__ == "__main__":
    main()
