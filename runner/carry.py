"""What belongs to a database but is in no archive: its settings, its grants, its limits?

pg_dump leaves them out unless it is to create the database itself, which it may not do here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.database import Connection

# Their values are lists whose elements are quoted already: as one literal they would be one name.
_LISTS = frozenset(
    {"local_preload_libraries", "search_path", "session_preload_libraries", "temp_tablespaces"}
)
_PRIVILEGES = {
    "CONNECT": sql.SQL("connect"),
    "CREATE": sql.SQL("create"),
    "TEMPORARY": sql.SQL("temporary"),
}


@dataclass(frozen=True)
class Setting:
    """ALTER DATABASE … SET, or ALTER ROLE … IN DATABASE … SET where a role is named."""

    role: str
    name: str
    value: str


@dataclass(frozen=True)
class Grant:
    """A right on the database; an empty role stands for PUBLIC."""

    role: str
    privilege: str
    grantable: bool


@dataclass(frozen=True)
class Belongings:
    """All of it, of one database."""

    settings: tuple[Setting, ...]
    grants: tuple[Grant, ...]
    connection_limit: int

    def __str__(self) -> str:
        return f"{len(self.settings)} settings, {len(self.grants)} grants"


def read(conn: Connection, name: str, connection_limit: int) -> Belongings:
    """Return what belongs to the database ``name`` of the connection's server."""
    of = {"name": name}
    return Belongings(
        tuple(database.records(conn, Setting, question("runner_settings"), of)),
        tuple(database.records(conn, Grant, question("runner_grants"), of)),
        connection_limit,
    )


def give(conn: Connection, name: str, belongings: Belongings) -> None:
    """Give the database ``name`` what belonged to another; all or nothing.

    :param conn: a maintenance connection.
    """
    with conn.transaction():
        for setting in belongings.settings:
            _set(conn, name, setting)
        if belongings.grants:  # none at all means the defaults, which a new database has
            _grant(conn, name, belongings.grants)
        if belongings.connection_limit != -1:
            limit = sql.SQL("alter database {} with connection limit {}")
            conn.execute(
                limit.format(sql.Identifier(name), sql.Literal(belongings.connection_limit))
            )


def _set(conn: Connection, name: str, setting: Setting) -> None:
    whose = (
        sql.SQL("role {} in database {}").format(sql.Identifier(setting.role), sql.Identifier(name))
        if setting.role
        else sql.SQL("database {}").format(sql.Identifier(name))
    )
    # A setting of an extension has a dotted name, which is two identifiers.
    key = sql.Identifier(*setting.name.split("."))
    if setting.name in _LISTS:
        # The server reads the list, and hands on what it read: we need not know its quoting.
        conn.execute("select pg_catalog.set_config(%s, %s, true)", (setting.name, setting.value))
        conn.execute(sql.SQL("alter {} set {} from current").format(whose, key))
        return
    conn.execute(sql.SQL("alter {} set {} to {}").format(whose, key, sql.Literal(setting.value)))


def _grant(conn: Connection, name: str, grants: tuple[Grant, ...]) -> None:
    here = sql.Identifier(name)
    conn.execute(sql.SQL("revoke all on database {} from public").format(here))
    for grant in grants:
        to = sql.Identifier(grant.role) if grant.role else sql.SQL("public")
        option = sql.SQL("with grant option") if grant.grantable else sql.SQL("")
        statement = sql.SQL("grant {} on database {} to {} {}")
        conn.execute(statement.format(_PRIVILEGES[grant.privilege], here, to, option))
