"""Which databases are there on the target's server, and how is one made, renamed, dropped?

Everything here is said on a maintenance connection: a database cannot be renamed or dropped from
within, and nobody needs to enter one to know whose it is.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.errors import CannotConnect, ToolFailed
from gatepost.sql import question

from . import labels

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.dsn import Dsn

# Where a session can stand while others are renamed; managed servers have a defaultdb instead.
MAINTENANCE = ("postgres", "defaultdb", "template1")

_PROVIDERS = {"c": "libc", "i": "icu", "b": "builtin"}
_LOCALE = {"i": sql.SQL("icu_locale {}"), "b": sql.SQL("builtin_locale {}")}
_HAS_PROVIDERS = 150000


@dataclass(frozen=True)
class Database:
    """A database as pg_database describes it.

    :param owned: whether our role may act as its owner.
    :param provider: of its collation: c (libc), i (ICU) or b (built in).
    :param connection_limit: -1 for none.
    """

    oid: int
    name: str
    owner: str
    owned: bool
    encoding: str
    collate: str
    ctype: str
    provider: str
    locale: str
    icu_rules: str
    allows_connections: bool
    connection_limit: int
    comment: str


@dataclass(frozen=True)
class Session:
    """Somebody in a database; process 0 is a prepared transaction."""

    pid: int
    role: str
    application: str

    def __str__(self) -> str:
        who = f"process {self.pid} of {self.role}" if self.pid else f"role {self.role}"
        return f"{who} ({self.application})" if self.application else who


def maintenance(target: Dsn) -> Dsn:
    """Return the address of a database that we can stand in beside the target's own.

    :raises CannotConnect: none lets us in; wrong passwords are tried once only.
    """
    refused: CannotConnect | None = None
    for name in MAINTENANCE:
        if name == target.dbname:
            continue
        try:
            database.read_only(target.of(name), label="survey").close()
        except CannotConnect as error:
            if "does not exist" not in error.message:
                raise
            refused = refused or error
        else:
            return target.of(name)
    assert refused is not None  # at least two names were tried
    raise refused


def beside(conn: Connection, name: str) -> dict[str, Database]:
    """Return the database ``name`` and those whose names begin like it, by name."""
    found = database.records(conn, Database, question("runner_databases"), {"prefix": name})
    return {one.name: one for one in found}


def named(conn: Connection, name: str) -> Database | None:
    """Return the database ``name``; None where there is none."""
    return beside(conn, name).get(name)


def create(
    conn: Connection, names: labels.Names, name: str, *, role: str, like: Database, owner: str
) -> None:
    """Create the empty database ``name`` with the encoding and locale of ``like``, marked ours.

    It is called by a name with the run's label in it until it is marked, so that whoever finds
    it after a crash knows whose it is at any moment.

    :param role: what the mark says it is.
    :param owner: empty for our own role.
    """
    conn.execute(_creation(names.new, like, owner, conn.info.server_version))
    comment(conn, names.new, str(labels.Mark(names.label, role)))
    rename(conn, names.new, name)


def copy(conn: Connection, names: labels.Names, name: str, *, of: Database) -> None:
    """Copy a database file by file under the name ``name``, marked ours.

    :raises psycopg.errors.ObjectInUse: somebody is in it; the server waits about five seconds.
    """
    conn.execute(
        sql.SQL("create database {} template {} owner {}").format(
            sql.Identifier(names.new), sql.Identifier(of.name), sql.Identifier(of.owner)
        )
    )
    comment(conn, names.new, str(labels.Mark(names.label, "building")))
    rename(conn, names.new, name)


def _creation(name: str, like: Database, owner: str, version: int) -> sql.Composed:
    options = [
        sql.SQL("encoding {}").format(sql.Literal(like.encoding)),
        sql.SQL("lc_collate {}").format(sql.Literal(like.collate)),
        sql.SQL("lc_ctype {}").format(sql.Literal(like.ctype)),
    ]
    if version >= _HAS_PROVIDERS:
        provider = sql.Literal(_PROVIDERS[like.provider])
        options.append(sql.SQL("locale_provider {}").format(provider))
    if like.provider in _LOCALE:
        options.append(_LOCALE[like.provider].format(sql.Literal(like.locale)))
    if like.icu_rules:
        options.append(sql.SQL("icu_rules {}").format(sql.Literal(like.icu_rules)))
    if owner:
        options.append(sql.SQL("owner {}").format(sql.Identifier(owner)))
    return sql.SQL("create database {} template template0 {}").format(
        sql.Identifier(name), sql.SQL(" ").join(options)
    )


def rename(conn: Connection, name: str, to: str) -> None:
    """Rename a database; the server waits about five seconds for sessions in it to go."""
    statement = sql.SQL("alter database {} rename to {}")
    conn.execute(statement.format(sql.Identifier(name), sql.Identifier(to)))


def comment(conn: Connection, name: str, text: str) -> None:
    """Set the comment of a database; an empty one takes it away."""
    statement = sql.SQL("comment on database {} is {}")
    conn.execute(statement.format(sql.Identifier(name), sql.Literal(text or None)))


def allow_connections(conn: Connection, name: str, allowed: bool) -> None:
    """Open a database to sessions, or close it to all, its owner included."""
    statement = sql.SQL("alter database {} with allow_connections {}")
    conn.execute(statement.format(sql.Identifier(name), sql.Literal(allowed)))


def drop_ours(conn: Connection, name: str, label: str) -> None:
    """Drop a database of run ``label``; one that is not there is no error.

    :raises ToolFailed: it does not say that it is this run's: nothing is dropped.
    """
    there = named(conn, name)
    if there is None:
        return
    if not is_of(there, label):
        raise ToolFailed(f"database {name} does not say that it is of run {label}: not dropped")
    conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def is_of(there: Database, label: str) -> bool:
    """Whether run ``label`` made this database: its mark says so, or its name before it had one."""
    mark = labels.read(there.comment)
    if mark is None:
        return there.name.endswith((f"_new_{label}", f"_drill_{label}"))
    return mark.label == label and mark.role in ("building", "drill")


def sessions(conn: Connection, *names: str) -> list[Session]:
    """Return who is in these databases, and what else keeps a rename away."""
    return database.records(conn, Session, question("runner_sessions"), {"names": list(names)})


def terminate(conn: Connection, found: list[Session]) -> None:
    """Ask the server to end these sessions; those that we may not end stay."""
    for session in found:
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            conn.execute("select pg_catalog.pg_terminate_backend(%s)", (session.pid,))
