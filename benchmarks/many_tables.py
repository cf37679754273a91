"""What does a data gate cost over a thousand tables, beside the digests that it must read?"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from benchmarks import clock
from benchmarks.report import Claim, Report
from gatepost import database, rooms, verdict_file
from gatepost.parity import digests, readings
from gatepost.schema import catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.bench import Bench
    from gatepost.dsn import Dsn

_TABLES = 1_000
_ROWS = 20
_SECONDS = 15.0
_WORKERS = (0, 2)
# A transaction holds a lock per table: committed often, they fit into any server's table of locks.
_MAKE = sql.SQL(
    """
do $$ begin
    for i in 1..{tables} loop
        execute pg_catalog.format(
            'create table public.t%1$s (id int primary key, ref int references public.t%2$s,'
            ' name text not null, price numeric(10, 2) check (price >= 0));'
            'insert into public.t%1$s select g, null, ''n'' || g, g'
            ' from pg_catalog.generate_series(1, {rows}) g;'
            'create index on public.t%1$s (name)', i, greatest(i - 1, 1));
        if i % 50 = 0 then commit; end if;
    end loop;
end $$
"""
)


def measure(bench: Bench) -> Iterator[Report]:
    """Measure the whole gate, pytest and its report included, by one process and by two."""
    tables = max(round(_TABLES * bench.scale), 10)
    sides = bench.databases("many")
    for dsn in sides:
        _make(dsn, tables)
    named = {workers: f"gate, {workers} workers" for workers in _WORKERS if workers}
    named[0] = "gate, one process"
    # Kept until the end: some file systems are slow to give out again what was just deleted.
    with tempfile.TemporaryDirectory() as folder:
        gate = partial(_gate, sides, Path(folder))
        runs: dict[str, Callable[[], object]] = {"the digests alone": partial(_bare, sides)}
        runs |= {named[workers]: partial(gate, workers) for workers in _WORKERS}
        took = clock.wall(runs, bench.rounds)
        checks = f"The gate asks {gate(0):,} checks."
    bare = took["the digests alone"]
    fastest = min((took[name] for name in named.values()), key=lambda one: one.median)
    yield Report(
        f"Data gate over {tables:,} tables of {_ROWS} rows, both sides",
        ("asked", "wall s", "/ the digests alone"),
        tuple((name, one, one.over(bare)) for name, one in took.items()),
        (Claim(f"seconds for {tables:,} tables", fastest, _SECONDS),),
        (checks,),
    )


def _make(dsn: Dsn, tables: int) -> None:
    with contextlib.closing(database.maintenance(dsn, label="data")) as conn:
        conn.execute(_MAKE.format(tables=sql.Literal(tables), rows=sql.Literal(_ROWS)))
        conn.execute("analyze")


def _bare(sides: tuple[Dsn, Dsn]) -> None:
    for dsn in sides:
        with contextlib.closing(database.read_only(dsn, label="bench")) as conn:
            for one in catalog.read(conn).tables:
                digests.digest(conn, readings.pair(one, one)[0])


def _gate(sides: tuple[Dsn, Dsn], folder: Path, workers: int) -> int:
    """Ask the gate, which must say GO; return how many checks it asked."""
    out = Path(tempfile.mkdtemp(dir=folder))
    command = [sys.executable, "-m", "pytest", *rooms.checks(), "--gate=data", "-q"]
    command += [f"--gatepost-out={out}", "--gatepost-no-report", "-n", str(workers)]
    addresses = {"GATEPOST_SOURCE": sides[0].raw, "GATEPOST_TARGET": sides[1].raw}
    subprocess.run(
        [*command, "-p", "no:cacheprovider"],
        check=True,
        env={**os.environ, **addresses},
        cwd=rooms.start_folder(),
        stdout=subprocess.DEVNULL,
    )
    return verdict_file.read(out).counts.planned
