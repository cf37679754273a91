"""What does an exact digest per column cost, beside the bare scan and an inexact hash of rows?"""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, LiteralString

from psycopg import sql

from benchmarks import bench as shared
from benchmarks import clock
from benchmarks.report import Claim, Report
from gatepost import database
from gatepost.parity import digests, readings
from gatepost.schema import catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.bench import Bench
    from benchmarks.clock import Spread, Taken
    from benchmarks.data import Pair
    from gatepost.database import Connection
    from gatepost.names import Relation

_SCAN = "`count(*)`"
_HASH = "`sum(hashtext(t::text))`"
_KEYS = "digest of the keys alone"
_OURS = "digest"
_MOST_OF_HASH = 0.6
_MOST_OF_SCAN = 4.0
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
        found: set[str] = set()
        taken = {}
        for server, dsn in zip(bench.servers, (pair.before, pair.after), strict=True):
            with contextlib.closing(database.read_only(shared.alone(dsn), label="bench")) as conn:
                runs = _runs(conn, pair.relation)
                taken[server.major] = clock.taken(runs, bench.rounds, pid=conn.info.backend_pid)
                found.add(repr(runs[_OURS]()))
        if len(found) > 1:
            raise RuntimeError(f"{pair.relation}: the same rows, and two digests")
        yield _report(pair, taken)


def _runs(conn: Connection, relation: Relation) -> dict[str, Callable[[], object]]:
    table = catalog.read(conn).table(relation)
    assert table is not None
    reading = readings.pair(table, table)[0]
    bare = {
        asked: partial(database.value, conn, sql.SQL(query).format(table=relation.identifier))
        for asked, query in _BARE.items()
    }
    return {
        **bare,
        _KEYS: partial(digests.digest, conn, reading.of([])),
        _OURS: partial(digests.digest, conn, reading),
    }


def _report(pair: Pair, taken: dict[int, dict[str, Taken]]) -> Report:
    per_row = _MICRO / pair.rows
    rows: list[tuple[str | Spread, ...]] = []
    claims: list[Claim] = []
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
        claims += _claims(f"{pair.relation}, PostgreSQL {major}", pair, of)
    return Report(
        f"Digest of {pair}",
        ("server", "asked", "CPU µs/row", "wall µs/row", f"/ {_SCAN}", f"/ {_HASH}"),
        tuple(rows),
        tuple(claims),
    )


def _claims(what: str, pair: Pair, of: dict[str, Taken]) -> list[Claim]:
    found = of[_OURS].cpu.over(of[_HASH].cpu)
    claims = [Claim(f"{what}: digest / {_HASH}", found, _MOST_OF_HASH)]
    if pair.dataset.name == "wide":
        # What a digest costs beside its images, whose price `images` tells type by type.
        keys = of[_KEYS].cpu.over(of[_SCAN].cpu)
        claims.append(Claim(f"{what}: {_KEYS} / {_SCAN}", keys, _MOST_OF_SCAN))
    return claims
