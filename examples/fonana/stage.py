"""What does a migration of the example need around it?  Two servers, two applications, the files.

The old system runs PostgreSQL 16 and holds the data.  Production runs PostgreSQL 18, holds what a
first try left there, and has been given the new media files beforehand.
"""

from __future__ import annotations

import contextlib
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from examples.fonana import control
from examples.fonana.generate import SEED, generate
from examples.fonana.inventory import OLD
from gatepost import database, embedded
from gatepost.errors import ToolFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

DATABASE = "fonana"
PROJECT = Path(__file__).parent
_CONTROL = PROJECT / "control.py"


@dataclass(frozen=True)
class Application:
    """One application and what belongs to it.

    :param public: the folder its media are served from.
    :param state: the file that `control.py` is told; next to it lies the log.
    """

    url: str
    public: Path
    state: Path

    def control(self, action: str) -> None:
        """Start or stop the application, as a hook does, and wait until that is done.

        :raises ToolFailed: it could not be done; what was printed is in the message.
        """
        # A child of its own: the application must not be a child of whoever asked for it.
        done = subprocess.run(
            self.command(action), check=False, capture_output=True, text=True, timeout=60
        )
        if done.returncode:
            raise ToolFailed(f"{action} {self.state.stem}: {done.stderr.strip()}")

    def command(self, action: str) -> list[str]:
        """Return the command behind a stop, start or status hook."""
        return [sys.executable, str(_CONTROL), action, str(self.state)]


@dataclass(frozen=True)
class Stage:
    """Everything up and filled.

    :param environ: the variables that `gatepost.toml` asks for, passwords included.
    """

    folder: Path
    server16: Server
    server18: Server
    source: Application
    prod: Application
    environ: dict[str, str] = field(repr=False)
    _down: contextlib.ExitStack = field(repr=False)

    @property
    def before(self) -> Dsn:
        """The address of the old system's database."""
        return self.server16.dsn(DATABASE)

    @property
    def after(self) -> Dsn:
        """The address of production's database."""
        return self.server18.dsn(DATABASE)

    def leave_up(self) -> Callable[[], None]:
        """Let everything outlive the block; return what takes it down."""
        return self._down.pop_all().close


@contextlib.contextmanager
def stage(
    folder: Path,
    scale: int = 1,
    seed: int = SEED,
    *,
    durable: bool = False,
    missing: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Stage]:
    """Put the old system and production up below an empty ``folder``; take both down at the end.

    The servers' data go with them, also after an exception; media, logs and whatever a run wrote
    below ``folder`` stay.

    :param scale: copies in the old system; production's old data stay as few as they are.
    :param missing: the old system lacks the files that the real one lacked.
    :param say: told what is being done, a line at a time.
    :raises ToolFailed: a server or an application did not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    public, prod_public = folder / "source" / "public", folder / "prod" / "public"
    with contextlib.ExitStack() as down:
        say("starting PostgreSQL 16 and 18")
        server16 = _server(16, folder, down, durable=durable)
        server18 = _server(18, folder, down, durable=durable)
        say("generating the old system's data and what production held")
        generate(create_database(server16), public, scale, seed, missing=missing)
        generate(create_database(server18), prod_public, seed=seed + 1, inventory=OLD)
        shutil.copytree(public, prod_public, dirs_exist_ok=True)
        say("starting both applications")
        source = serve("source", server16.url(DATABASE), public, folder, down)
        prod = serve("prod", server18.url(DATABASE), prod_public, folder, down)
        environ = {
            "FONANA_SOURCE_URL": server16.url(DATABASE),
            "FONANA_SOURCE_APP": source.url,
            "FONANA_SOURCE_MEDIA": str(public),
            "FONANA_PROD_URL": server18.url(DATABASE),
            "FONANA_PROD_APP": prod.url,
            "FONANA_PROD_MEDIA": str(prod_public),
            "FONANA_STOP": shlex.join(prod.command("stop")),
            "FONANA_START": shlex.join(prod.command("start")),
            "FONANA_STATUS": shlex.join(prod.command("status")),
        }
        yield Stage(folder, server16, server18, source, prod, environ, down)


def _server(major: int, folder: Path, down: contextlib.ExitStack, *, durable: bool) -> Server:
    server = embedded.start(major, folder / "servers", durable=durable)
    down.callback(shutil.rmtree, server.folder, ignore_errors=True)
    down.callback(server.stop)
    return server


def create_database(server: Server, name: str = DATABASE) -> Dsn:
    """Return the address of a new, empty database."""
    conn = database.maintenance(server.dsn(), label="stage")
    try:
        conn.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    finally:
        conn.close()
    return server.dsn(name)


def serve(
    name: str, address: str, public: Path, folder: Path, down: contextlib.ExitStack
) -> Application:
    """Start an application on a free port; ``down`` stops it and removes its state.

    :param address: the URL of its database, password included.
    """
    port = _free_port()
    file = folder / f"{name}.json"
    log = folder / f"{name}.log"
    token = secrets.token_urlsafe(18)
    down.callback(file.unlink, missing_ok=True)
    control.State(address, token, port, str(public), str(log)).write(file)
    application = Application(f"http://127.0.0.1:{port}", public, file)
    # Before it is started: one that hangs at its start is taken down as well.
    down.callback(application.control, "stop")
    application.control("start")
    return application


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
