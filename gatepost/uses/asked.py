"""Which statements did the application ask of late, by pg_stat_statements?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database, statements
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.settings import Settings

# Ours write all names out, `pg_catalog` among them, and those of pg_dump are COPY and LOCK.
_ASKED = sql.SQL("""
select s.query as text, pg_catalog.sum(s.calls)::pg_catalog.int8 as calls
from {}.pg_stat_statements s
  join pg_catalog.pg_database d on d.oid = s.dbid
  join pg_catalog.pg_roles r on r.oid = s.userid
where d.datname = pg_catalog.current_database() and s.calls > 0
  and s.query ~* '^[[:space:]]*(select|insert|update|delete|merge|with|call)[^a-z_]'
  and s.query !~ 'pg_catalog[.]'
  and (r.rolname = {role} or {role} = '')
group by s.query
order by 2 desc, 1
""")


@dataclass(frozen=True)
class Asked:
    """A statement that was asked so many times."""

    text: str
    calls: int


@dataclass(frozen=True)
class Known:
    """What was asked, and why that is not known; then there are none."""

    asked: tuple[Asked, ...] = ()
    unknown: str = ""


def read(conn: Connection, settings: Settings) -> Known:
    """Return what the application's role has asked, or everybody where nobody named it."""
    ((schema, _),) = database.rows(conn, question("statements_kept"))
    if schema is None:
        return Known(unknown="pg_stat_statements is not installed in the database")
    query = _ASKED.format(sql.Identifier(schema), role=sql.Literal(statements.role(settings)))
    try:
        with conn.transaction():
            return Known(tuple(database.records(conn, Asked, query)))
    except psycopg.errors.ObjectNotInPrerequisiteState as error:
        return Known(unknown=str(error.diag.message_primary))
