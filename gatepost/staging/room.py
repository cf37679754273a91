"""Where is a source staged?  In a database of its own, gone unless it was finished."""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database, embedded, lifeline
from gatepost import dsn as dsns
from gatepost.errors import UsageError
from gatepost.sql import question
from gatepost.staging import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.settings import Settings

# What of our names a server's databases begin with.
PREFIX = "gatepost_staged_"
# Of the temporary folder in which a server's password lies.
SECRETS = "gatepost-staged-"

# The data is copied once and read; whoever loses the server stages it again.
_OPTIONS = {
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    # Queries join whole collections with their ids.
    "work_mem": "64MB",
    "maintenance_work_mem": "128MB",
}
_CREATE = sql.SQL(
    "create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype {ctype}"
)
# `pg_input_is_valid`, of which `casts` is made, came with it.
_OLDEST = 16
# In which lower() and its like know all letters, and after it what every server has.
_CTYPES = ("C.UTF-8", "C")


@contextlib.contextmanager
def server(settings: Settings) -> Iterator[Dsn]:
    """Yield a server to stage on: that of `[source] scratch`, else one of ours that ends with it.

    Ours is of the target's version, or the next one that there is.  No secret is in the address:
    it names a file, of this account alone, that holds it and ends with the server.

    :raises UsageError: there is none, or it is the target's, or older than 16.
    """
    with contextlib.closing(_target(settings)) as conn:
        identifier = database.rows(conn, question("identity"))[0][1]
        wanted = conn.info.server_version // 10_000
    with contextlib.ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix=SECRETS)))
        held.enter_context(lifeline.heir('rm -rf "$1"', str(folder)))
        if settings.source.scratch:
            address = dsns.parse(settings.source.scratch, of="[source] scratch")
            _refuse(address, identifier)
        else:
            running = embedded.running(_major(wanted), durable=False, options=_OPTIONS, mortal=True)
            address = held.enter_context(running).dsn()
        yield without_secret(address, folder)


def without_secret(dsn: Dsn, folder: Path) -> Dsn:
    """Return an address whose password, if it has one, lies in a file of this account alone."""
    password = dsn.parameters.get("password", "")
    if not password:
        return dsn
    file = folder / "pgpass"
    file.touch(mode=0o600)
    escaped = password.replace("\\", "\\\\").replace(":", "\\:")
    file.write_text(f"*:*:*:*:{escaped}\n", encoding="utf-8")
    return dsn.without_password(str(file))


@contextlib.contextmanager
def made(server: Dsn) -> Iterator[tuple[Dsn, Connection]]:
    """Make an empty database and yield its address and a connection to it; drop it on any error.

    What a staging that was killed has left on the server is dropped first.

    :raises UsageError: the role may not make a database there.
    """
    name = f"{PREFIX}{secrets.token_hex(4)}"
    with contextlib.closing(database.maintenance(server, label="staging")) as conn:
        _sweep(conn)
        _create(conn, name)
        address = server.of(name)
        try:
            with contextlib.closing(database.maintenance(address, label="staging")) as inside:
                registry.mark(inside, registry.UNFINISHED)
                yield address, inside
        except BaseException:
            drop(server, name)
            raise


def drop(server: Dsn, name: str) -> None:
    """Drop a database that was staged, and end the sessions in it."""
    with contextlib.closing(database.maintenance(server, label="staging")) as conn:
        conn.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )


def _create(conn: Connection, name: str) -> None:
    for ctype in _CTYPES:
        statement = _CREATE.format(name=sql.Identifier(name), ctype=sql.Literal(ctype))
        try:
            conn.execute(statement)
        except psycopg.Error as error:
            if ctype == _CTYPES[-1]:
                raise UsageError(
                    f"[source] scratch: no database can be made: {error.diag.message_primary}"
                ) from None
        else:
            return


def _sweep(conn: Connection) -> None:
    left = {"named": f"{PREFIX}%", "unfinished": registry.UNFINISHED}
    for (name,) in database.rows(conn, question("staged_left"), left):
        # Whoever has entered it since keeps it.
        with contextlib.suppress(psycopg.errors.ObjectInUse, psycopg.errors.InvalidCatalogName):
            conn.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


def _target(settings: Settings) -> Connection:
    return database.read_only(settings.after.of("postgres"), label="staging")


def _refuse(address: Dsn, target: str) -> None:
    with contextlib.closing(database.read_only(address, label="staging")) as conn:
        identifier = database.rows(conn, question("identity"))[0][1]
        major = conn.info.server_version // 10_000
    if major < _OLDEST:
        raise UsageError(
            f"[source] scratch is PostgreSQL {major}, and {_OLDEST} is the first that tells whether"
            " a type takes a value",
            hint="name another, or none: an embedded server is started then",
        )
    if identifier == target:
        raise UsageError(
            "[source] scratch is the target's server: nothing but the migration is made there",
            hint="name another, or none: an embedded server is started then",
        )


def _major(wanted: int) -> int:
    """Return the version of ours that is the target's, or the next one, or else the last."""
    known = sorted(embedded.majors())
    if not known:
        raise UsageError(
            "source: no server to stage it on",
            hint="pip install 'gatepost[embedded]', or scratch = \"postgresql://…\" under [source]",
        )
    return next((one for one in known if one >= wanted), known[-1])
