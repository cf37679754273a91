"""What becomes of a database that is dumped and restored into a newer server?"""

from __future__ import annotations

import contextlib
import os
import subprocess
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database, tools

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server


@contextlib.contextmanager
def made(server: Server, name: str, template: str = "template0") -> Iterator[Dsn]:
    """Make a database that is gone at the end."""
    create = sql.SQL("create database {} template {}")
    told(server.dsn(), [create.format(sql.Identifier(name), sql.Identifier(template))])
    try:
        yield server.dsn(name)
    finally:
        drop = sql.SQL("drop database {} with (force)")
        told(server.dsn(), [drop.format(sql.Identifier(name))])


def restored(before: Server, after: Server, name: str, folder: Path) -> None:
    """Dump a database of one server, and restore it into one of that name on another."""
    programs = tools.choose(before.major, after.major)
    archive = folder / f"{name}.dump"
    _run(before.dsn(name), [programs.pg_dump, "-Fc", "-f", archive])
    _run(after.dsn(name), [programs.pg_restore, "-e", "-d", name, archive])


def told(dsn: Dsn, statements: Iterable[str | sql.Composed], schema: str = "public") -> None:
    """Run statements, each in a transaction of its own, as their author would in psql."""
    with contextlib.closing(database.maintenance(dsn)) as conn:
        conn.execute(sql.SQL("set search_path = {}, public").format(sql.Identifier(schema)))
        for statement in statements:
            conn.execute(statement.encode() if isinstance(statement, str) else statement)


def _run(dsn: Dsn, command: list[object]) -> None:
    environ = os.environ | dsn.environment()
    subprocess.run(list(map(str, command)), check=True, env=environ)
