"""How long does it take to read and compare all that a large database declares?"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from benchmarks import clock
from benchmarks.ours import peak
from benchmarks.report import Claim, Report
from gatepost import database, dsn
from gatepost.schema import differences, privileges
from gatepost.schema.configuration import set_otherwise
from gatepost.schema.configuration.set_otherwise import Target
from gatepost.schema.declared import Privileges
from gatepost.side import Side
from gatepost.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.bench import Bench
    from gatepost.dsn import Dsn

_ROOT = Path(__file__).resolve().parents[1]
_TABLES = 1_000
_SECONDS = 10.0
_MEGABYTES = 200.0
# By these messages libpq sends a statement, without and with parameters.
_SENT = re.compile(r"\t(?:Query|Parse)\t")
# For each table four indexes more than its key, two functions, and half of the time a partition
# and a view.  Committed often, the locks fit into any server's table of locks.
_MAKE = sql.SQL(
    """
do $$
declare
    kinds text[] := array[
        'text not null default ''x''', 'int check (cN > 0)', 'numeric(10, 2)', 'timestamptz'];
    columns text := (
        select pg_catalog.string_agg(
            pg_catalog.format('c%s %s', g, pg_catalog.replace(kinds[g % 4 + 1], 'cN', 'c' || g)),
            ', ' order by g)
        from pg_catalog.generate_series(2, 20) g);
begin
    for i in 1..{tables} loop
        execute pg_catalog.format(pg_catalog.replace($make$
            create table public.t%1$s (id int primary key, COLUMNS);
            create index on public.t%1$s (c2, c4 desc);
            create index on public.t%1$s (pg_catalog.lower(c4)) where c5 > 0;
            create unique index on public.t%1$s (c3, c7) include (c8);
            create index on public.t%1$s using hash (c8);
            create function public.f%1$s(a int, b text default 'x') returns text language sql
                stable as 'select b || a';
            create function public.g%1$s(a int) returns int language plpgsql
                as 'begin return a + %1$s; end';
        $make$, 'COLUMNS', columns), i);
        if i % 2 = 0 then
            execute pg_catalog.format($make$
                create table public.parted_%1$s partition of public.parted
                    for values from (%1$s) to (%2$s);
                create view public.v%1$s as select a.id, a.c4, pg_catalog.count(b.c3) as n
                    from public.t%1$s a left join public.t%3$s b on b.id = a.id
                    where a.c4 in ('a', 'b') group by a.id, a.c4;
            $make$, i, i + 2, i - 1);
        end if;
        if i % 20 = 0 then commit; end if;
    end loop;
end $$
"""
)
_PARTED = "create table public.parted (id int not null, at date) partition by range (id)"
_CHANGE = sql.SQL(
    """
do $$ begin
    for i in 1..{tables} loop
        execute pg_catalog.format('alter table public.t%s alter c4 set default ''y''', i);
        if i % 50 = 0 then commit; end if;
    end loop;
end $$
"""
)


@dataclass(frozen=True)
class Read:
    """What a process of its own took, in seconds, and what it found.

    :param statements: how many were sent to one side.
    :param peak: the most memory that the process had, in MB.
    """

    before: float
    after: float
    compared: float
    objects: int
    findings: int
    statements: int
    peak: float


def measure(bench: Bench) -> Iterator[Report]:
    """Measure reading both sides and comparing them, equal and with every table changed."""
    tables = max(round(_TABLES * bench.scale), 20)
    sides = bench.databases("catalogs")
    for one in sides:
        with contextlib.closing(database.maintenance(one, label="data")) as conn:
            conn.execute(_PARTED)
            conn.execute(_MAKE.format(tables=sql.Literal(tables)))
    equal = [_alone(sides) for _ in range(bench.rounds)]
    with contextlib.closing(database.maintenance(sides[1], label="data")) as conn:
        conn.execute(_CHANGE.format(tables=sql.Literal(tables)))
    changed = [_alone(sides) for _ in range(bench.rounds)]
    runs = equal + changed
    read = clock.spread(max(run.before, run.after) for run in runs)
    rows = (
        ("PostgreSQL 16 read, s", clock.spread(run.before for run in runs)),
        ("PostgreSQL 18 read, s", clock.spread(run.after for run in runs)),
        ("compared, both equal, s", clock.spread(run.compared for run in equal)),
        ("compared, each table changed, s", clock.spread(run.compared for run in changed)),
        ("memory, MB", clock.spread(run.peak for run in runs)),
    )
    yield Report(
        f"All that {tables:,} tables of 20 columns and what hangs on them declare",
        ("what", "figure"),
        rows,
        (
            Claim("seconds to read the slower side", read, _SECONDS),
            Claim("MB of the process", clock.spread(run.peak for run in runs), _MEGABYTES),
        ),
        (
            (
                f"{runs[0].objects:,} objects, {runs[0].statements} statements a side;"
                f" {equal[0].findings:,} and {changed[0].findings:,} findings."
            ),
        ),
    )


def _alone(sides: tuple[Dsn, Dsn]) -> Read:
    """Read and compare in a process of its own, whose memory is nobody else's."""
    addresses = {"GATEPOST_SOURCE": sides[0].raw, "GATEPOST_TARGET": sides[1].raw}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.big_catalog"],
        check=True,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
        env={**os.environ, **addresses},
    )
    return Read(**json.loads(done.stdout))


def main(arguments: Sequence[str] | None = None) -> None:
    """Read and compare two databases, and print what it took as JSON."""
    argparse.ArgumentParser(
        prog="python -m benchmarks.big_catalog", description=__doc__
    ).parse_args(arguments)
    addresses = [dsn.parse(os.environ[f"GATEPOST_{one}"], of=one) for one in ("SOURCE", "TARGET")]
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as held:
        before = Side("before", addresses[0], Store(Path(folder) / "before"))
        after = Side("after", addresses[1], Store(Path(folder) / "after"))
        for side in (before, after):
            held.callback(side.close)
        sys.stdout.write(json.dumps(asdict(_read(before, after))))


def _read(before: Side, after: Side) -> Read:
    began = time.perf_counter()
    statements = _facts(before)
    between = time.perf_counter()
    _facts(after)
    read = time.perf_counter()
    findings = _findings(before, after)
    compared = time.perf_counter()
    return Read(
        before=between - began,
        after=read - between,
        compared=compared - read,
        objects=len(before.catalog.objects),
        findings=findings,
        statements=statements,
        peak=peak(),
    )


def _facts(side: Side) -> int:
    """Read all that a side declares; return how many statements that took."""
    with tempfile.TemporaryFile("w+") as traced:
        conn = side.connection.pgconn
        conn.trace(traced.fileno())
        _ = side.catalog, side.configuration, side.privileges
        conn.untrace()
        traced.seek(0)
        return sum(_SENT.search(line) is not None for line in traced)


def _findings(before: Side, after: Side) -> int:
    """Compare as the checks do; return how many findings there are."""
    names = {one.identity for side in (before, after) for one in side.catalog.objects}
    found = [differences.between(name, before.catalog, after.catalog) for name in sorted(names)]
    target = Target(after.dsn.dbname, exists=True)
    found += [
        set_otherwise.compare(one, before.configuration, after.configuration, target, {})
        for one in ("server", "database", "roles")
    ]
    rights = privileges.Comparison(before.privileges, after.privileges, Privileges())
    found += map(rights.of, rights.subjects)
    return sum(len(one.findings) for one in found)


if __name__ == "__main__":
    main()
