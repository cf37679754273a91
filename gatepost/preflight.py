"""Could the migration be done at all, with these servers, these programs and these roles?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from gatepost import database, tools
from gatepost.errors import UsageError
from gatepost.names import Relation
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.tools import Tools

OLDEST = 14
NEEDED_CONNECTIONS = 4
_NAMED = 5


@dataclass(frozen=True)
class Server:
    """What a server says of itself and of the database we are in.

    :param number: as in server_version_num: 180004 is 18.4.
    :param free_connections: for ordinary roles.
    :param read_only_default: what a session of ours begins with, before it sets anything.
    :param made_read_only: a setting of the database or of a role in it makes sessions read-only.
    """

    version: str
    number: int
    standby: bool
    free_connections: int
    encoding: str
    read_only_default: str
    made_read_only: bool

    @property
    def major(self) -> int:
        """The major version."""
        return self.number // 10_000


@dataclass(frozen=True)
class Rights:
    """What a role may do to databases; ``owns`` is None where there is no such database."""

    role: str
    superuser: bool
    may_create: bool
    owns: bool | None
    owner: str | None
    may_end_sessions: bool


def server(conn: Connection) -> Server:
    """Return what the server says of itself."""
    (found,) = database.records(conn, Server, question("server"))
    return found


def connection_findings(side: str, found: Server, *, is_target: bool) -> tuple[str, ...]:
    """Return what would keep a migration from using this server.  Pure."""
    said = []
    if found.free_connections < NEEDED_CONNECTIONS:
        said.append(
            f"{side}: {found.free_connections} connections free, {NEEDED_CONNECTIONS} needed"
        )
    if is_target and (found.made_read_only or found.read_only_default == "on"):
        said.append(
            f"{side}: default_transaction_read_only is on for the server, the database or a role:"
            " a restore would end without an error and without a row"
        )
    return tuple(said)


def version_findings(before: Server, after: Server) -> tuple[str, ...]:
    """Return what is wrong with the servers' versions.  Pure."""
    said = [
        f"{name} is PostgreSQL {one.version}: gatepost reads {OLDEST} and later"
        for name, one in (("before", before), ("after", after))
        if one.major < OLDEST
    ]
    if after.major < before.major:
        said.append(
            f"before is PostgreSQL {before.version}, after {after.version}:"
            " an archive goes into a server at least as new"
        )
    return tuple(said)


def chosen_tools(before: Server, after: Server, pg_bin: str) -> tuple[Tools | None, str]:
    """Return the programs for dump and restore, or why there are none."""
    try:
        return tools.choose(before.major, after.major, pg_bin), ""
    except UsageError as error:
        return None, str(error)


def library_finding(side: str, conn: Connection) -> str:
    """Return why the server cannot load its procedural language, or nothing.

    A server whose packages were upgraded under it answers queries and fails here.
    """
    try:
        with conn.transaction():
            conn.execute("do $$ begin end $$")
    except psycopg.Error as error:
        return f"{side}: plpgsql does not load: {error.diag.message_primary or error}"
    return ""


def unreadable(conn: Connection) -> tuple[str, ...]:
    """Return a line for each table or sequence that the role may not read, or not wholly."""
    return tuple(
        f"{Relation(schema, name)}: "
        + ("row security would hide rows" if filtered and readable else "may not be read")
        for schema, name, readable, filtered in database.rows(conn, question("unreadable"))
    )


def unlockable(conn: Connection) -> tuple[str, ...]:
    """Return the tables that the role may not lock against writers."""
    found = database.rows(conn, question("unlockable"))
    return tuple(str(Relation(schema, name)) for schema, name in found)


def rights(conn: Connection, name: str) -> Rights:
    """Return what the role may do to the database ``name`` and beside it."""
    (found,) = database.records(conn, Rights, question("swap_rights"), {"name": name})
    return found


def swap_findings(found: Rights, name: str) -> tuple[str, ...]:
    """Return which rights the swap by rename lacks, with the way out.  Pure."""
    said = []
    if not found.may_create:
        said.append(
            f"role {found.role} may not create databases\n  hint: alter role {found.role} createdb"
        )
    if found.owns is False and not found.superuser:
        said.append(
            f"role {found.role} does not own database {name}, which {found.owner} does\n"
            f"  hint: grant {found.owner} to {found.role}"
        )
    if found.owns is False and not found.may_end_sessions:
        said.append(
            f"role {found.role} may not end the sessions of others in {name}\n"
            f"  hint: grant pg_signal_backend to {found.role}"
        )
    return tuple(said)


def listed(side: str, lines: tuple[str, ...], what: str) -> str:
    """Return one finding for many lines: how many, and the first few."""
    shown = "\n  ".join(lines[:_NAMED])
    more = f"\n  … and {len(lines) - _NAMED} more" if len(lines) > _NAMED else ""
    return f"{side}: {len(lines)} {what}\n  {shown}{more}"
