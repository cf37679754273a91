"""What does a data gate cost over a thousand tables, beside the digests that it must read?"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import catalog, database, digests, rooms, verdict_file

if TYPE_CHECKING:
    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

_TABLES = """
do $$ begin
    for i in 1..{tables} loop
        execute format(
            'create table public.t%1$s (id int primary key, ref int references public.t%2$s,'
            ' name text not null, price numeric(10, 2) check (price >= 0));'
            'insert into public.t%1$s select g, null, ''n'' || g, g from generate_series(1, 20) g;'
            'create index on public.t%1$s (name)', i, greatest(i - 1, 1));
        if i % 50 = 0 then commit; end if;
    end loop;
end $$
"""


def table(before: Server, after: Server, tables: int) -> str:
    """Return a Markdown table: the gate by one process and by two, and the bare digests."""
    sides = [_made(server, tables) for server in (before, after)]
    bare = _bare(sides)
    lines = [f"\n### Data gate over {tables:,} tables of 20 rows, both sides\n"]
    lines += [
        "| asked | wall | checks |",
        "|---|---|---|",
        f"| the digests alone | {bare:.1f} s | |",
    ]
    for workers in (0, 2):
        took, checks = _gate(sides, workers)
        name = f"gate, {workers} workers" if workers else "gate, one process"
        lines.append(f"| {name} | {took:.1f} s | {checks:,} |")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return "\n".join([*lines, f"\nLargest process of ours: {peak} MB.\n"])


def _made(server: Server, tables: int) -> Dsn:
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute("create database many")
    dsn = server.dsn("many")
    with contextlib.closing(database.maintenance(dsn)) as conn:
        conn.execute(_TABLES.replace("{tables}", str(tables)).encode())
        conn.execute("analyze")
    return dsn


def _bare(sides: list[Dsn]) -> float:
    began = time.perf_counter()
    for dsn in sides:
        with contextlib.closing(database.read_only(dsn)) as conn:
            for one in catalog.read(conn).tables:
                digests.digest(conn, digests.readings(one, one)[0])
    return time.perf_counter() - began


def _gate(sides: list[Dsn], workers: int) -> tuple[float, int]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", *rooms.checks(), "--gate=data", "-q"]
        command += [f"--gatepost-out={folder}", "--gatepost-no-report", "-n", str(workers)]
        addresses = {"GATEPOST_SOURCE": sides[0].raw, "GATEPOST_TARGET": sides[1].raw}
        began = time.perf_counter()
        subprocess.run(
            [*command, "-p", "no:cacheprovider"],
            check=True,
            env={**os.environ, **addresses},
            cwd=rooms.start_folder(),
            stdout=subprocess.DEVNULL,
        )
        took = time.perf_counter() - began
        return took, verdict_file.read(Path(folder)).counts.planned
