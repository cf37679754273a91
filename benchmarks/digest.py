"""What does an exact digest per column cost, beside the bare scan and an inexact hash of rows?"""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, LiteralString

from psycopg import sql

from benchmarks import bench as shared
from benchmarks import clock
from benchmarks.report import Claim, Report
from gatepost import catalog, database, digests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.bench import Bench
    from benchmarks.clock import Spread, Taken
    from benchmarks.data import Pair
    from gatepost.dsn import Dsn

_SCAN = "`count(*)`"
_HASH = "`sum(hashtext(t::text))`"
_OURS = "digest"
# What is asked of the server beside our digest; the second is what pgcopydb's compare sends.
_BARE: dict[str, LiteralString] = {
    _SCAN: "select pg_catalog.count(*) from {table}",
    _HASH: (
        "select pg_catalog.sum(pg_catalog.hashtext(t.*::pg_catalog.text)::pg_catalog.int8)"
        " from {table} as t"
    ),
}
_MICRO = 1e6


def measure(bench: Bench) -> Iterator[Report]:
    """Measure each dataset on both servers, in one backend without parallel workers."""
    for name in ("wide", "narrow", "text_key", "columns", "keyless", "megabytes"):
        pair = bench.pair(name)
        taken = {
            server.major: _taken(dsn, pair, bench.rounds)
            for server, dsn in zip(bench.servers, (pair.before, pair.after), strict=True)
        }
        yield _report(pair, taken)


def _taken(dsn: Dsn, pair: Pair, rounds: int) -> dict[str, Taken]:
    with contextlib.closing(database.read_only(shared.alone(dsn), label="bench")) as conn:
        table = catalog.read(conn).table(pair.relation)
        assert table is not None
        named = {"table": pair.relation.identifier}
        runs = {
            asked: partial(database.value, conn, sql.SQL(query).format(**named))
            for asked, query in _BARE.items()
        }
        runs[_OURS] = partial(digests.digest, conn, digests.readings(table, table)[0])
        return clock.taken(runs, rounds, pid=conn.info.backend_pid)


def _report(pair: Pair, taken: dict[int, dict[str, Taken]]) -> Report:
    per_row = _MICRO / pair.rows
    rows: list[tuple[str | Spread, ...]] = []
    claims = []
    for major, of in taken.items():
        hashed = of[_HASH].cpu
        rows += [
            (
                str(major),
                asked,
                one.cpu.times(per_row),
                one.wall.times(per_row),
                one.cpu.over(of[_SCAN].cpu),
                one.cpu.over(hashed),
            )
            for asked, one in of.items()
        ]
        found = of[_OURS].cpu.over(hashed)
        claims.append(Claim(f"{pair.relation}, PostgreSQL {major}, digest / {_HASH}", found, 0.6))
    return Report(
        f"Digest of {pair}",
        ("server", "asked", "CPU µs/row", "wall µs/row", f"/ {_SCAN}", f"/ {_HASH}"),
        tuple(rows),
        tuple(claims),
    )
