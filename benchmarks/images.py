"""What does it cost to see a value exactly, type by type?

Each type is measured in a table of its own, (id bigint, c type): the processor time of a digest
with the column less that of a digest of the key alone, beside that of the plain 64-bit hash of
the value's text less that of the scan.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, LiteralString

from psycopg import sql

from benchmarks import bench as shared
from benchmarks import clock, data
from benchmarks.report import Report
from gatepost import database
from gatepost.parity import digests, readings
from gatepost.schema import catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.bench import Bench
    from benchmarks.clock import Spread
    from gatepost.dsn import Dsn

_ROWS = 400_000
_NANO = 1e9
_NOTE = (
    "Both are a hash under a seed and its sum, less the scan; ours also less the key's own hash."
)


@dataclass(frozen=True)
class _Kind:
    """A type, and the value of the row whose number is g."""

    type: LiteralString
    value: LiteralString
    size: str = ""

    def __str__(self) -> str:
        return f"{self.type.removeprefix('public.')}{self.size}"


_KINDS = (
    _Kind("boolean", "g % 3 = 0"),
    _Kind("smallint", "g % 30000"),
    _Kind("integer", "g * 7"),
    _Kind("bigint", "g::bigint * 7919 * 1000003"),
    _Kind("real", "g::float8 / 7"),
    _Kind("double precision", "g::float8 / 7"),
    _Kind("numeric(10,2)", "g % 9999999 / 100.0"),
    _Kind("numeric(30,10)", "g * 1234567890.0987654321"),
    _Kind("money", "(g % 9999999)::numeric / 100"),
    _Kind('"char"', "chr(65 + g % 50)"),
    _Kind("text", "'name ' || g"),
    _Kind("text", "repeat(md5(g::text), 4)", " of 128"),
    _Kind("text", "repeat(md5(g::text), 32)", " of 1,024"),
    _Kind("varchar(40)", "md5(g::text)"),
    _Kind("char(40)", "md5(g::text)"),
    _Kind("bytea", "decode(md5(g::text), 'hex')", " of 16"),
    _Kind("bytea", "decode(repeat(md5(g::text), 64), 'hex')", " of 1,024"),
    _Kind("date", "date '2000-01-01' + g % 9000"),
    _Kind("time", "time '00:00' + g * interval '1.000001 second'"),
    _Kind("timetz", "timetz '00:00+02' + g * interval '1.000001 second'"),
    _Kind("timestamp", "timestamp '2024-01-01' + g * interval '1.000001 second'"),
    _Kind("timestamptz", "timestamptz '2024-01-01' + g * interval '1.000001 second'"),
    _Kind("interval", "g * interval '1.000001 second'"),
    _Kind("uuid", "md5(g::text)"),
    _Kind("json", "json_build_object('at', g, 'hash', md5(g::text))"),
    _Kind("jsonb", "jsonb_build_object('at', g, 'hash', md5(g::text))"),
    _Kind("inet", "inet '10.0.0.0' + g"),
    _Kind("macaddr", "lpad(to_hex(g), 12, '0')"),
    _Kind("integer[]", "array[g, g * 7, g % 10]"),
    _Kind("text[]", "array['a' || g, md5(g::text)]"),
    _Kind("int4range", "int4range(g, g + 10)"),
    _Kind("bit(16)", "g % 65536"),
    _Kind("point", "point(g, g::float8 / 7)"),
    _Kind("tsvector", "to_tsvector('simple', 'some words and ' || g)"),
    _Kind("public.mood", "(array['sad', 'well', 'glad'])[1 + g % 3]", " (enum)"),
    _Kind("public.pair", "row(g, md5(g::text))", " (composite)"),
)


def measure(bench: Bench) -> Iterator[Report]:
    """Measure all types on the before server."""
    dsn = shared.create(bench.before, "images")
    with contextlib.closing(database.maintenance(dsn, label="data")) as conn:
        conn.execute("create type public.mood as enum ('sad', 'well', 'glad')")
        conn.execute("create type public.pair as (a int, b text)")
    found = [_row(dsn, kind, bench) for kind in _KINDS]
    yield Report(
        f"Images: CPU per value, PostgreSQL {bench.before.major}",
        ("type", "image", "ns", "hash of `c::text`, ns", "ratio"),
        tuple(found),
        notes=(_NOTE,),
    )


def _row(dsn: Dsn, kind: _Kind, bench: Bench) -> tuple[str | Spread, ...]:
    columns = sql.SQL("({})::{} as c").format(sql.SQL(kind.value), sql.SQL(kind.type))
    dataset = data.Dataset("one", _ROWS, str(kind), columns)
    rows = dataset.at(bench.scale)
    data.make(dsn, dataset, rows)
    name = dataset.relation.identifier
    with contextlib.closing(database.read_only(shared.alone(dsn), label="bench")) as conn:
        table = catalog.read(conn).table(dataset.relation)
        assert table is not None
        reading = readings.pair(table, table)[0]
        scan = sql.SQL("select pg_catalog.count(*) from {}").format(name)
        text = sql.SQL(
            "select pg_catalog.sum(pg_catalog.hashtextextended(c::pg_catalog.text, id)) from {}"
        ).format(name)
        runs = {
            "scan": partial(database.value, conn, scan),
            "text": partial(database.value, conn, text),
            "key": partial(digests.digest, conn, reading.of([])),
            "image": partial(digests.digest, conn, reading),
        }
        took = clock.taken(runs, bench.rounds, pid=conn.info.backend_pid)
    with contextlib.closing(database.maintenance(dsn, label="data")) as conn:
        conn.execute(sql.SQL("drop table {}").format(name))
    ours = took["image"].cpu.minus(took["key"].cpu).times(_NANO / rows)
    plain = took["text"].cpu.minus(took["scan"].cpu).times(_NANO / rows)
    return str(kind), reading.columns[0].image, ours, plain, ours.over(plain)
