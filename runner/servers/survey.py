"""What is there, on both servers, before anything is done?  Read only; nothing is written."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.dsn import Dsn
from gatepost.errors import GatepostError, NotReadable, UsageError
from gatepost.names import Relation
from gatepost.sql import question

from . import databases, files, labels
from .databases import Database

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.settings import Settings


class Unfinished(GatepostError):
    """An earlier run left something behind that a new one must not build on."""


@dataclass(frozen=True)
class Server:
    """A server, and what our role may do on it.

    :param number: as server_version_num says it: 160014.
    :param sees_clients: whether a backend at work can look if its client still lives.
    """

    system_identifier: str
    number: int
    version: str
    standby: bool
    role: str
    superuser: bool
    may_create: bool
    sees_clients: bool

    @property
    def major(self) -> int:
        """The major version."""
        return self.number // 10000


@dataclass(frozen=True)
class Table:
    """A table of the source, and whether our role may read it and lock it against writers.

    :param bytes: about; indexes apart.
    """

    schema: str
    name: str
    readable: bool
    lockable: bool
    bytes: int

    @property
    def relation(self) -> Relation:
        """The table's name."""
        return Relation(self.schema, self.name)


@dataclass(frozen=True)
class Survey:
    """All of it.

    Of files that are not staged yet, ``source`` is the target's own server and ``origin`` says only
    what a database for them will be like.

    :param beside: the target's database and those whose names begin like it, by name.
    :param maintenance: where the runner stands on the target's server.
    :param of_itself: source and target are to be one database.
    :param source_bytes: -1 where our role may not ask; so ``target_bytes``, 0 without a target.
    """

    source: Server
    target: Server
    origin: Database
    tables: tuple[Table, ...]
    beside: dict[str, Database]
    maintenance: Dsn
    live: str
    source_bytes: int
    target_bytes: int
    of_itself: bool = False

    @property
    def old(self) -> Database | None:
        """The target's database as it is now; None where there is none yet."""
        return self.beside.get(self.live)

    @property
    def relations(self) -> tuple[Relation, ...]:
        """The tables of the source."""
        return tuple(table.relation for table in self.tables)


def look(settings: Settings) -> Survey:
    """Return what is there.

    :raises UsageError: the target's address names no database.
    :raises CannotConnect: a server cannot be reached, or refuses us.
    """
    after = settings.after
    if not after.dbname:
        raise UsageError(
            f"target '{settings.target_name}': the address names no database",
            hint="postgresql://user@host:port/dbname",
        )
    read = None if settings.to_be_staged else _read(settings.before)
    maintenance = databases.maintenance(after)
    with contextlib.closing(database.read_only(maintenance, label="survey")) as conn:
        beside, target = databases.beside(conn, after.dbname), _server(conn)
        source = read or _files(conn, settings, beside.get(after.dbname))
        return Survey(
            source=source.server,
            target=target,
            origin=source.origin,
            tables=source.tables,
            beside=beside,
            maintenance=maintenance,
            live=after.dbname,
            source_bytes=source.bytes,
            target_bytes=_bytes(conn, after.dbname) if after.dbname in beside else 0,
            of_itself=settings.of_itself,
        )


def with_staged(survey: Survey, staged: Dsn) -> Survey:
    """Return the survey with the database in which the files of the source lie by now.

    What a new database is to be like, it does not say: it is not the target's kind of server.
    """
    read = _read(staged)
    return replace(survey, source=read.server, tables=read.tables, source_bytes=read.bytes)


@dataclass(frozen=True)
class _Source:
    server: Server
    origin: Database
    tables: tuple[Table, ...]
    bytes: int


def _read(before: Dsn) -> _Source:
    with contextlib.closing(database.read_only(before, label="survey")) as conn:
        # Asked by the session: an alias or a service file may have named the database for us.
        own = str(database.value(conn, "select pg_catalog.current_database()::pg_catalog.text"))
        return _Source(
            server=_server(conn),
            origin=databases.beside(conn, own)[own],
            tables=tuple(database.records(conn, Table, question("runner_tables"))),
            bytes=_bytes(conn, own),
        )


def _files(conn: Connection, settings: Settings, old: Database | None) -> _Source:
    """Return what stands in for files: a database for them will be as the target's own is.

    :param conn: a maintenance connection to the target's server.
    """
    server = _server(conn)
    name = str(database.value(conn, "select pg_catalog.current_database()::pg_catalog.text"))
    like = old or replace(databases.beside(conn, name)[name], owner=server.role)
    origin = replace(like, oid=0, name=files.called(settings), comment="")
    return _Source(replace(server, system_identifier=""), origin, (), files.size(settings))


def refuse(survey: Survey) -> None:
    """Make sure that a migration can be begun at all; what data says is the pre gate's business.

    :raises UsageError: one database twice, a standby, a target that is taken, a right missing.
    :raises NotReadable: a table of the source that may not be read, or not be locked.
    """
    names = labels.Names(survey.live, labels.PLACEHOLDER)
    names.check()
    _refuse_sides(survey)
    _refuse_rights(survey)
    taken = survey.beside.get(names.next)
    if taken is not None and labels.read(taken.comment) is None:
        raise UsageError(
            f"target not empty: database {names.next} is there, and no run of ours made it",
            hint=f'if nobody needs it: drop database "{names.next}"',
        )


def _refuse_sides(survey: Survey) -> None:
    source, target = survey.source, survey.target
    are_one = (source.system_identifier, survey.origin.name) == (
        target.system_identifier,
        survey.live,
    )
    if survey.of_itself and not are_one:
        raise UsageError(
            f"before and after are two databases ({survey.origin.name} and {survey.live}), and the"
            " migrations are to change one",
            hint='give both one address, or strategy = "swap" with another fill than prisma',
        )
    if are_one and not survey.of_itself:
        raise UsageError(
            f"before and after are one database (system {source.system_identifier},"
            f" {survey.live}): nothing would be migrated",
            hint="give the source and the target addresses of two databases",
        )
    if target.standby:
        raise UsageError("the target is a standby: it takes no writes", hint="name the primary")
    if source.standby:
        raise UsageError(
            "the source is a standby: writers cannot be locked out on it", hint="name the primary"
        )


def _refuse_rights(survey: Survey) -> None:
    target, old = survey.target, survey.old
    if not target.may_create:
        raise UsageError(
            f"role {target.role} may not create a database on the target's server",
            hint=f'alter role "{target.role}" createdb',
        )
    if old is not None and not old.owned:
        raise UsageError(
            f"role {target.role} does not own database {old.name}, and could not rename it",
            hint=f'grant "{old.owner}" to "{target.role}"',
        )
    unread = [str(table.relation) for table in survey.tables if not table.readable]
    if unread:
        raise NotReadable(
            f"role {survey.source.role} may not read {_some(unread)} of the source",
            hint=f'grant pg_read_all_data to "{survey.source.role}"   (PostgreSQL 14 and later)',
        )
    unlocked = [str(table.relation) for table in survey.tables if not table.lockable]
    if unlocked:
        raise NotReadable(
            f"role {survey.source.role} may not lock {_some(unlocked)} of the source"
            " against writers",
            hint="let it own the tables, or grant MAINTAIN on them (PostgreSQL 17 and later)",
        )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return names[0] + more


def _server(conn: Connection) -> Server:
    (server,) = database.records(conn, Server, question("runner_server"))
    return server


def _bytes(conn: Connection, name: str) -> int:
    return int(database.value(conn, question("runner_sizes"), {"name": name}))
