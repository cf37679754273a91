"""What does pg_dump write of a database, and what becomes of it on another server?"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database, embedded
from tests.conftest import PROGRAMS15

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

# Owners and grantees of everything that is moved; roles are not in a database's dump.
ROLES = """
create role trip_owner;
create role trip_writer;
create role trip_reader in role trip_writer
"""
# Set by pg_dump 17 and later, and known to no older server.
_NEW_SETTING = "SET transaction_timeout = 0;\n"
_NOISE = re.compile(r"^(--.*|SET .*|\\.*|SELECT pg_catalog\.set_config.*|\s*)$\n?", re.MULTILINE)
# What a restore and another version are known to spell otherwise: where the casts of an array's
# elements stand, parentheses, whether a column is qualified, a column's name that follows from its
# type, the names that 18 gives to NOT NULL, and all that could be granted on tables before 17.
_NAME = r"""(?:\w+|"(?:[^"]|"")+")"""
_RESPELLED = re.compile(
    r" AS (?:text|name)\b|::(?:text|character varying)(?:\[\])?|[()\s]"
    rf'|CONSTRAINT {_NAME} (?=NOT NULL)|(?<![\w."]){_NAME}\.(?=[\w"*])'
    r"|(?<=GRANT )(?:ALL|SELECT,INSERT,REFERENCES,DELETE,TRIGGER,TRUNCATE,UPDATE)\b"
    # an older pg_dump leaves these out, and a newer server takes its own default for them
    r"|, (?:streaming|run_as_owner) = \w+"
)


def programs(major: int) -> Path:
    """Return the folder of the client programs of that version."""
    return embedded.majors().get(major, PROGRAMS15)


def prepared(server: Server) -> None:
    """Make the roles, once a server."""
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        found = conn.execute("select from pg_catalog.pg_roles where rolname = 'trip_owner'")
        if not found.fetchall():
            conn.execute(ROLES.encode())


@contextlib.contextmanager
def made(server: Server, name: str, script: str = "") -> Iterator[Dsn]:
    """Make a database, given SQL to fill it with, that is gone at the end."""
    prepared(server)
    given = sql.Identifier(name)
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(sql.SQL("create database {} template template0").format(given))
        try:
            if script:
                filled(server.dsn(name), script)
            yield server.dsn(name)
        finally:
            _let_go(server.dsn(name))
            conn.execute(sql.SQL("drop database {} with (force)").format(given))


def filled(dsn: Dsn, script: str) -> None:
    """Run SQL in a database, as its author would in psql."""
    with contextlib.closing(database.maintenance(dsn)) as conn:
        conn.execute("set search_path = public")
        conn.execute(script.encode())


def moved(before: Dsn, after: Dsn, tool: int) -> None:
    """Dump a database with the pg_dump of one version, and restore it with its psql."""
    dumped = said(programs(tool) / "pg_dump", before, "--quote-all-identifiers", "--no-sync")
    text = dumped.replace(_NEW_SETTING, "")
    options = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull)
    said(programs(tool) / "psql", after, *options, given=text)


def text(dsn: Dsn) -> list[str]:
    """Return what the newest pg_dump writes of a database's declarations, without its noise."""
    dumped = said(programs(18) / "pg_dump", dsn, "--schema-only", "--no-sync")
    return [_RESPELLED.sub("", line) for line in _NOISE.sub("", dumped).splitlines()]


def said(program: Path, dsn: Dsn, *options: str, given: str = "") -> str:
    """Run a client program and return what it printed."""
    done = subprocess.run(
        [str(program), *options, "-d", dsn.dbname],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        input=given,
        env=os.environ | dsn.environment(),
    )
    assert done.returncode == 0, f"{program.name}: {done.stderr}"
    return done.stdout


def _let_go(dsn: Dsn) -> None:
    """Drop the subscriptions of a database, which else cannot be dropped itself."""
    with contextlib.closing(database.maintenance(dsn)) as conn:
        mine = (
            "select subname from pg_catalog.pg_subscription s join pg_catalog.pg_database d"
            " on d.oid = s.subdbid where d.datname = pg_catalog.current_database()"
        )
        for (name,) in conn.execute(mine).fetchall():
            conn.execute(sql.SQL("drop subscription {}").format(sql.Identifier(name)))
