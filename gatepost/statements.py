"""How long do the application's queries take, on average, and how do we know?

By pg_stat_statements, if the server keeps it and the application has a role of its own: all calls
of that role since the database is there.  Otherwise queries of the project are asked and timed.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from gatepost import database, dsn
from gatepost.durations import spoken
from gatepost.errors import NotReadable
from gatepost.latency import SAMPLES
from gatepost.sql import question
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.settings import Project, Settings
    from gatepost.side import Side

SLOWEST = 5
_SHOWN = 200  # characters of a query
_KNOWN = re.compile(r"\s*(select|insert|update|delete|merge|with|values)\b", re.IGNORECASE)
# The server leaves a value in the text now and then, and of other statements all of them.
_VALUES = re.compile(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$|(?<![$\w])\d+(?:\.\d+)?\b", re.DOTALL)

# Where `total_exec_time` is not known yet, PostgreSQL 12, it is `total_time`.
_STATISTICS = sql.SQL("""
select coalesce(s.queryid::pg_catalog.text, '') as id, s.query as text, s.calls as calls,
  t.seconds as seconds
from {}.pg_stat_statements s
  join pg_catalog.pg_database d on d.oid = s.dbid
  join pg_catalog.pg_roles r on r.oid = s.userid
  cross join lateral (
    select pg_catalog.to_jsonb(s) as facts
  ) j
  cross join lateral (
    select coalesce(j.facts ->> 'total_exec_time', j.facts ->> 'total_time')::pg_catalog.float8
      / 1000 as seconds
  ) t
where d.datname = pg_catalog.current_database() and r.rolname = %(role)s and s.calls > 0
order by t.seconds / s.calls desc, id
""")


@dataclass(frozen=True)
class Statement:
    """One statement; ``mean`` in seconds.

    :param text: normalised, without values.
    """

    id: str
    text: str
    calls: int
    mean: float


@dataclass(frozen=True)
class Average:
    """What statements take.

    :param mean: of all calls, in seconds.
    :param basis: how it is known, in words.
    """

    mean: float
    calls: int
    basis: str
    slowest: tuple[Statement, ...] = ()


def average(side: Side, settings: Settings) -> Average:
    """Return what the application's statements take on average.

    :raises NotReadable: neither statistics nor a query to be timed.
    """
    project = settings.project
    try:
        return _collected(side.connection, role(settings))
    except _UnknownError as unknown:
        why = str(unknown)
    texts = list(_declared(project))
    if not texts:
        raise NotReadable(
            f"no query of the application is known: {why}",
            hint="[queries] sample names some, or [[endpoints]] count",
        )
    found = sorted((_timed(side, text) for text in texts), key=lambda one: -one.mean)
    mean = sum(one.mean for one in found) / len(found)
    basis = f"of {counted(len(found), 'statement')} of the project, timed from here: {why}"
    return Average(mean, len(found) * SAMPLES, basis, _first(found))


def findings(subject: str, found: Average, allowed: float) -> tuple[str, ...]:
    """Return what is wrong with the average.

    :param allowed: seconds.
    """
    return (f"{subject}: {told(found, allowed)}",) if found.mean > allowed else ()


def told(found: Average, allowed: float) -> str:
    """Return the average as a person says it."""
    return (
        f"queries take {_fine(found.mean)} on average, {spoken(allowed)} allowed:"
        f" {counted(found.calls, 'call')} {found.basis}"
    )


class _UnknownError(Exception):
    """The server does not tell what the application's queries take; the text says why."""


def role(settings: Settings) -> str:
    """Return the role under which the application logs in; empty where nobody said."""
    declared = settings.project.queries.role
    address = settings.project.prober.target
    if declared or not address:
        return declared
    return dsn.parse(address, of="prober.target").parameters.get("user", "")


def _collected(conn: Connection, role: str) -> Average:
    found = _statistics(conn, role)
    calls = sum(number for _, _, number, _ in found)
    if not calls:
        raise _UnknownError(f"role {role} has asked nothing yet")
    total = sum(float(seconds) for *_, seconds in found)
    slowest = [
        Statement(name, bare(text), number, seconds / number)
        for name, text, number, seconds in found
    ]
    return Average(total / calls, calls, f"of role {role}, by pg_stat_statements", _first(slowest))


def _statistics(conn: Connection, role: str) -> list[tuple[Any, ...]]:
    if not role:
        raise _UnknownError("[queries] names no role of the application")
    ((schema, asks),) = database.rows(conn, question("statements_kept"))
    if role == asks:
        raise _UnknownError(f"the application logs in as we do, as {role}")
    if schema is None:
        raise _UnknownError("pg_stat_statements is not installed in the database")
    try:
        with conn.transaction():
            return database.rows(conn, _STATISTICS.format(sql.Identifier(schema)), {"role": role})
    except psycopg.errors.ObjectNotInPrerequisiteState as error:
        raise _UnknownError(str(error.diag.message_primary)) from None


def _declared(project: Project) -> Iterator[str]:
    """Yield the queries of the project that stand for the application's."""
    yield from project.queries.sample
    if not project.queries.sample:
        yield from (one.count for one in project.endpoints if one.count)


def _timed(side: Side, text: str) -> Statement:
    """Return what a query takes, from here and back, all its rows read; the caches are warm."""
    conn = side.connection
    with database.as_written(conn):
        database.rows(conn, text)
        began = time.perf_counter()
        for _ in range(SAMPLES):
            database.rows(conn, text)
        took = time.perf_counter() - began
    return Statement("", bare(text), SAMPLES, took / SAMPLES)


def _first(found: list[Statement]) -> tuple[Statement, ...]:
    return tuple(found[:SLOWEST])


def bare(text: str) -> str:
    """Return a statement without its values; of one that declares or copies, its first word."""
    line = " ".join(text.split())
    if not _KNOWN.match(line):
        return f"{line.split(' ')[0]} …"
    return _VALUES.sub("?", line)[:_SHOWN]


def _fine(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else spoken(seconds)
