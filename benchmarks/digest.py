"""What does an exact digest per column cost, beside the bare scan and an inexact hash of rows?"""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, LiteralString

from psycopg import sql

from benchmarks.clock import Times, times
from gatepost import catalog, database, digests
from gatepost.names import relation

if TYPE_CHECKING:
    from gatepost.embedded import Server

_WIDE = """
create table public.{table} as
select {key} as id, g as n, (g::bigint * 7919) % 100000 as small, 'name ' || g as name,
       repeat(md5(g::text), 4) as body, (g % 9999)::numeric(12, 2) as price, g::float8 / 7 as ratio,
       timestamptz '2024-01-01' + g * interval '1 second' as made, g % 2 = 0 as flag,
       jsonb_build_object('a', g, 'b', md5(g::text)) as extra
from generate_series(1, {rows}) as g;
alter table public.{table} add primary key (id);
vacuum analyze public.{table};
"""
# What is asked of the server beside our digest; the last is what a well-known tool sends.
_BARE: dict[str, LiteralString] = {
    "`count(*)`": "select count(*) from public.{table}",
    "`count(t::text)`": "select count(t.*::text) from public.{table} as t",
    "`sum(hashtext(t::text))`": "select sum(hashtext(t::text)::bigint) from public.{table} as t",
}


def table(server: Server, rows: int, again: int) -> str:
    """Return a Markdown table for an integer key and a text key."""
    lines = [f"\n### Digest of {rows:,} rows of 10 columns, PostgreSQL {server.major}\n"]
    lines += ["| asked | integer key | text key |", "|---|---|---|"]
    taken = [
        _measured(server, name, key, rows, again)
        for name, key in (("wide", sql.SQL("g")), ("texts", sql.SQL("md5(g::text)")))
    ]
    lines += [f"| {name} | {taken[0][name]} | {taken[1][name]} |" for name in taken[0]]
    hashed = "`sum(hashtext(t::text))`"
    ratios = [one["digest"].median / one[hashed].median for one in taken]
    lines.append(f"| digest / {hashed} | {ratios[0]:.2f} | {ratios[1]:.2f} |")
    return "\n".join(lines) + "\n"


def _measured(server: Server, name: str, key: sql.SQL, rows: int, again: int) -> dict[str, Times]:
    named = {"table": sql.Identifier(name)}
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute("set search_path = public")
        for statement in (
            sql.SQL(_WIDE)
            .format(key=key, rows=sql.Literal(rows), **named)
            .as_string(conn)
            .split(";\n")
        ):
            if statement.strip():
                conn.execute(statement.encode())
    with contextlib.closing(database.read_only(server.dsn())) as conn:
        conn.execute("set max_parallel_workers_per_gather = 0")
        found = {}
        for asked, query in _BARE.items():
            composed = sql.SQL(query).format(**named)
            found[asked] = times(partial(database.value, conn, composed), again)
        wide = catalog.read(conn).table(relation(f"public.{name}"))
        assert wide is not None
        reading = digests.readings(wide, wide)[0]
        return found | {"digest": times(partial(digests.digest, conn, reading), again)}
