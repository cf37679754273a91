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

# What may stand before a statement's first word, and the words of those that name columns, tables.
# Ours write all names out, `pg_catalog` among them; those of pg_dump are COPY of a table and LOCK.
_BEGINS = (
    r"^([[:space:](]|--[^\n]*\n|/[*]([^*]|[*]+[^*/])*[*]+/)*"
    r"(copy[[:space:]]*[(]|(select|insert|update|delete|merge|with|table|call|declare|prepare)"
    r"[^a-z_])"
)
# What the server shows of statements of others to whoever may not read them.
_HIDDEN = "<insufficient privilege>"
_ASKED = sql.SQL("""
select q.text as text, pg_catalog.sum(s.calls)::pg_catalog.int8 as calls
from {}.pg_stat_statements s
  join pg_catalog.pg_database d on d.oid = s.dbid
  join pg_catalog.pg_roles r on r.oid = s.userid
  cross join lateral (
    select coalesce(nullif(s.query, {hidden}), '') as text
  ) q
where d.datname = pg_catalog.current_database() and s.calls > 0
  and (q.text = '' or (q.text ~* {begins} and q.text !~ 'pg_catalog[.]'))
  and (r.rolname = {role} or {role} = '')
group by q.text
order by 2 desc, 1
""")


@dataclass(frozen=True)
class Asked:
    """A statement that was asked so many times."""

    text: str
    calls: int


@dataclass(frozen=True)
class Known:
    """What was asked, and why that is not known; then there are none.

    :param hidden: how many calls were of statements that we may not read.
    """

    asked: tuple[Asked, ...] = ()
    unknown: str = ""
    hidden: int = 0


def read(conn: Connection, settings: Settings) -> Known:
    """Return what the application's role has asked, or everybody where nobody named it."""
    ((schema, _),) = database.rows(conn, question("statements_kept"))
    if schema is None:
        return Known(unknown="pg_stat_statements is not installed in the database")
    role = statements.role(settings)
    query = _ASKED.format(
        sql.Identifier(schema), hidden=_HIDDEN, begins=_BEGINS, role=sql.Literal(role)
    )
    try:
        with conn.transaction():
            found = tuple(database.records(conn, Asked, query))
    except psycopg.errors.ObjectNotInPrerequisiteState as error:
        return Known(unknown=str(error.diag.message_primary))
    if not found:
        whose = f" of role {role}" if role else ""
        return Known(unknown=f"pg_stat_statements knows no statement{whose} since it was reset")
    return Known(
        tuple(one for one in found if one.text),
        hidden=sum(one.calls for one in found if not one.text),
    )
