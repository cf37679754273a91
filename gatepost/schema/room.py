"""On which server may databases of ours be made, to be read and thrown away?

Never on that of a side: on an embedded one that ends with the question, or on one that the project
names for it.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database, embedded
from gatepost import dsn as dsns
from gatepost.dsn import Dsn
from gatepost.errors import UsageError
from gatepost.schema import catalog
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.database import Connection
    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Settings
    from gatepost.side import Side


@dataclass(frozen=True)
class Server:
    """A server on which databases of ours may be made.

    :param programs: a folder that has its psql, where it is known.
    :param ours: it ends with us, so that roles may be made on it, too.
    """

    major: int
    dsn: Dsn
    programs: Path | None
    ours: bool


@contextlib.contextmanager
def server(settings: Settings, before: Side, after: Side) -> Iterator[Server]:
    """Yield a server at least as new as both sides: an archive goes into no older one.

    :raises UsageError: there is none.
    """
    wanted = max(major(before), major(after))
    url = settings.project.compare_schema.scratch
    if url:
        yield _given(dsns.parse(url, of="[schema] scratch"), wanted, (before, after))
        return
    known = sorted(embedded.majors())
    fit = [one for one in known if one >= wanted]
    if not fit:
        have = ", ".join(map(str, known)) or "none"
        raise UsageError(f"no scratch server of PostgreSQL {wanted} or later: the wheel has {have}")
    with embedded.running(fit[0], durable=False) as found:
        yield Server(found.major, found.dsn(), found.bin, ours=True)


@contextlib.contextmanager
def room(there: Server) -> Iterator[Dsn]:
    """Yield an empty database of our own, which is dropped in the end.

    :raises UsageError: the role that the project names may not make one.
    """
    name = f"gatepost_scratch_{secrets.token_hex(4)}"
    create = sql.SQL("create database {} template template0").format(sql.Identifier(name))
    drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
    with contextlib.closing(database.maintenance(there.dsn, label="scratch")) as conn:
        try:
            conn.execute(create)
        except psycopg.Error as error:
            raise UsageError(
                f"[schema] scratch: no database can be made: {error.diag.message_primary}"
            ) from None
        try:
            yield there.dsn.of(name)
        finally:
            conn.execute(drop)


def declared_in(made: Dsn) -> Catalog:
    """Return what was built in a database of ours."""
    with contextlib.closing(database.read_only(made, label="scratch")) as conn:
        return catalog.read(conn)


def roles(conn: Connection) -> list[str]:
    """Return the names of all roles of a server."""
    return [name for (name,) in database.rows(conn, question("scratch_roles"))]


def make_roles(there: Server, names: Iterable[str]) -> None:
    """Make the roles that policies and grants may name; they own nothing and may do nothing."""
    with contextlib.closing(database.maintenance(there.dsn, label="scratch")) as conn:
        known = set(roles(conn))
        for name in names:
            if name not in known:
                conn.execute(sql.SQL("create role {}").format(sql.Identifier(name)))


def major(side: Side) -> int:
    """Return the major version of a side's server."""
    return _major(side.info.version)


def _major(version: str) -> int:
    return int(re.split(r"\D", version, maxsplit=1)[0])


def _given(address: Dsn, wanted: int, sides: Iterable[Side]) -> Server:
    with contextlib.closing(database.read_only(address, label="scratch")) as conn:
        ((version, identifier, _),) = database.rows(conn, question("identity"))
    for side in sides:
        if side.info.system_identifier == identifier:
            raise UsageError(
                f"[schema] scratch is the server of {side.label}: nothing is ever built there"
            )
    if _major(version) < wanted:
        raise UsageError(
            f"[schema] scratch is PostgreSQL {version}, and the sides need {wanted} or later"
        )
    return Server(_major(version), address, None, ours=False)
