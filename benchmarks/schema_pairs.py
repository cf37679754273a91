"""What are two databases of one difference, and how are they made and unmade?"""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from gatepost import database, embedded
from gatepost.errors import CannotConnect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.embedded import Server

_CHEAP = {"allow_in_place_tablespaces": "on", "autovacuum": "off", "wal_level": "minimal"}
_CHEAP |= {"max_wal_senders": "0"}
# A statement that is to fail and leave its traces, as CREATE INDEX CONCURRENTLY does.
_FAILS = "--CONCURRENT-FAIL"
_ROLES = "select rolname from pg_catalog.pg_roles where oid >= 16384"
_TABLESPACES = "select spcname from pg_catalog.pg_tablespace where oid >= 16384"
# A database that subscribes cannot be dropped.
_UNSUBSCRIBE = """
do $$ declare one record; begin
    for one in select subname from pg_catalog.pg_subscription s
        join pg_catalog.pg_database d on d.oid = s.subdbid
        where d.datname = pg_catalog.current_database()
    loop
        execute pg_catalog.format('alter subscription %1$I disable;'
            'alter subscription %1$I set (slot_name = none); drop subscription %1$I', one.subname);
    end loop;
end $$
"""
_AVAILABLE = "select 1 from pg_catalog.pg_available_extensions where name = 'pg_trgm'"


@dataclass(frozen=True)
class Pair:
    """One entry of the list: what it is called, and the SQL of its two databases."""

    id: str
    group: str
    scripts: tuple[tuple[str, str], tuple[str, str]]
    create: tuple[str, str]

    @staticmethod
    def of(entry: dict[str, Any]) -> Pair:
        """Return an entry as a record."""
        common = entry.get("common", "")
        a, b = entry.get("createdb", ("", ""))
        scripts = ((common, entry["a"]), (common, entry["b"]))
        return Pair(entry["id"], entry["group"], scripts, (a, b))


@contextlib.contextmanager
def running(version: int, programs: Path | None) -> Iterator[Server]:
    """Start a server whose data nobody misses; stop it in the end."""
    with tempfile.TemporaryDirectory(prefix="gatepost-score-") as folder:
        server = embedded.start(version, Path(folder), bin=programs, durable=False, options=_CHEAP)
        try:
            yield server
        finally:
            server.stop(at_once=True)


def made(server: Server, scripts: tuple[str, str], create: str) -> Connection:
    """Make a database and return a connection that reads it."""
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(f"create database probe template template0 {create}".encode())
    with contextlib.closing(database.maintenance(server.dsn("probe"))) as conn:
        conn.execute("set search_path = public")
        for script in scripts:
            _run(conn, script)
    return database.read_only(server.dsn("probe"))


def _run(conn: Connection, script: str) -> None:
    start, _, fails = script.partition(_FAILS)
    if "tablespace" in start:  # not within the transaction that several statements are
        first, _, start = start.partition(";")
        conn.execute(first.encode())
    if start.strip():
        conn.execute(start.encode())
    if fails:
        with contextlib.suppress(psycopg.errors.UniqueViolation):
            conn.execute(fails.encode())


def clean(server: Server) -> None:
    """Drop whatever a pair has left behind on a server."""
    with (
        contextlib.suppress(CannotConnect),  # where the database was never made
        contextlib.closing(database.maintenance(server.dsn("probe"))) as conn,
    ):
        conn.execute(_UNSUBSCRIBE)
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute("drop database if exists probe with (force)")
        for query, drop in ((_TABLESPACES, "drop tablespace {}"), (_ROLES, "drop role {}")):
            for (name,) in conn.execute(query.encode()).fetchall():
                conn.execute(sql.SQL(drop).format(sql.Identifier(name)))


def has_contrib(server: Server) -> bool:
    """Whether the extensions of PostgreSQL's contrib can be had."""
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        return bool(conn.execute(_AVAILABLE.encode()).fetchall())
