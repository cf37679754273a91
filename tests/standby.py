"""A server that replays another: a physical standby, or a logical subscription."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.conninfo import make_conninfo

from gatepost import database, embedded
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatepost.dsn import Dsn

# PostgreSQL refuses to run as root; `gatepost.embedded` starts servers under this account too.
_ACCOUNT = "nobody" if os.geteuid() == 0 else None


@contextlib.contextmanager
def standby(
    primary: embedded.Server, *, options: Mapping[str, str] | None = None
) -> Iterator[embedded.Server]:
    """Copy a server, start the copy as its standby, and leave nothing of it behind.

    :param options: settings of the standby, as in postgresql.conf.
    """
    folder = Path(tempfile.mkdtemp(prefix="gatepost-pg-"))
    try:
        data = folder / "standby"
        data.mkdir(mode=0o700)
        if _ACCOUNT:
            shutil.chown(data, _ACCOUNT)
            folder.chmod(0o711)
        copy = ("-D", str(data), "-R", "-X", "stream", "-c", "fast", "--no-sync")
        environment = primary.dsn().environment()
        del environment["PGDATABASE"]
        _call(primary.bin / "pg_basebackup", *copy, environment=environment)
        server = embedded.Server(
            primary.major, data, primary.bin, embedded.free_port(), primary.password
        )
        settings = {"port": str(server.port), **(options or {})}
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{key} = '{value}'\n" for key, value in settings.items())
        _call(primary.bin / "pg_ctl", "start", "-D", str(data), "-l", str(data / "log"), "-w")
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def subscription(publisher: Dsn, subscriber: Dsn, *, name: str = "sub") -> Iterator[None]:
    """Publish every table of one database and subscribe to them in another; drop both after.

    :param publisher: on a server with `wal_level = logical`, the tables there already.
    :param subscriber: has the same tables, empty.
    """
    with (
        contextlib.closing(database.maintenance(publisher)) as source,
        contextlib.closing(database.maintenance(subscriber)) as target,
    ):
        source.execute(sql.SQL("create publication {} for all tables").format(sql.Identifier(name)))
        target.execute(
            sql.SQL("create subscription {} connection {} publication {}").format(
                sql.Identifier(name),
                sql.Literal(make_conninfo(publisher.raw)),
                sql.Identifier(name),
            )
        )
    try:
        yield
    finally:
        run(subscriber, f"drop subscription {name}")
        run(publisher, f"drop publication {name}")


def configure(dsn: Dsn, name: str, value: str) -> None:
    """Change a setting of a running server."""
    with contextlib.closing(database.maintenance(dsn)) as conn:
        conn.execute(
            sql.SQL("alter system set {} = {}").format(sql.Identifier(name), sql.Literal(value))
        )
        conn.execute("select pg_catalog.pg_reload_conf()")


def _call(program: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
    # A temporary file, not a pipe: the server that pg_ctl leaves behind would hold it open.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            [str(program), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**os.environ, **(environment or {})},
            user=_ACCOUNT,
        )
        said.seek(0)
        assert done.returncode == 0, said.read()
