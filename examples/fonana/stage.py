"""What does a migration of the example need around it?  Two servers, two applications, the files.

The old system runs PostgreSQL 16 and holds the data.  Production runs PostgreSQL 18, holds what a
first try left there, and has been given the new media files beforehand.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from examples import control, hooks
from examples.fonana.generate import SEED, generate
from examples.fonana.inventory import OLD
from examples.hooks import take_down
from gatepost import database, embedded
from gatepost.embedded import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn

DATABASE = "fonana"


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
        hooks.tell(action, self.state)


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

    @property
    def before(self) -> Dsn:
        """The address of the old system's database."""
        return self.server16.dsn(DATABASE)

    @property
    def after(self) -> Dsn:
        """The address of production's database."""
        return self.server18.dsn(DATABASE)


@contextlib.contextmanager
def stage(
    folder: Path,
    scale: int = 1,
    seed: int = SEED,
    *,
    durable: bool = False,
    missing: bool = False,
    keep: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Stage]:
    """Put the old system and production up below an empty ``folder``, and take both down.

    :param scale: copies in the old system; production's old data stay as few as they are.
    :param missing: the old system lacks the files that the real one lacked.
    :param keep: leave everything up for `take_down`, unless the block raised.
    :param say: told what is being done, a line at a time.
    :raises ToolFailed: a server or an application did not start.
    """
    kept = False
    try:
        say("starting PostgreSQL 16 and 18")
        server16 = embedded.start(16, folder / hooks.SERVERS, durable=durable)
        server18 = embedded.start(18, folder / hooks.SERVERS, durable=durable)
        say("generating the old system's data, and what production held")
        public, prod_public = folder / "source" / "public", folder / "prod" / "public"
        generate(create_database(server16), public, scale, seed, missing=missing)
        generate(create_database(server18), prod_public, seed=seed + 1, inventory=OLD)
        shutil.copytree(public, prod_public, dirs_exist_ok=True)
        say("starting both applications")
        source = serve("source", server16.url(DATABASE), public, folder)
        prod = serve("prod", server18.url(DATABASE), prod_public, folder)
        environ = {
            "FONANA_SOURCE_URL": server16.url(DATABASE),
            "FONANA_SOURCE_APP": source.url,
            "FONANA_SOURCE_MEDIA": str(public),
            "FONANA_PROD_URL": server18.url(DATABASE),
            "FONANA_PROD_APP": prod.url,
            "FONANA_PROD_MEDIA": str(prod_public),
            "FONANA_STOP": _hook("stop", prod, source),
            "FONANA_START": _hook("start", prod, source),
            "FONANA_STATUS": _hook("status", prod, source),
            "FONANA_FILLED": "",
        }
        yield Stage(folder, server16, server18, source, prod, environ)
        kept = keep
    finally:
        if not kept:
            take_down(folder)


def create_database(server: Server, name: str = DATABASE) -> Dsn:
    """Return the address of a new, empty database."""
    conn = database.maintenance(server.dsn(), label="stage")
    try:
        conn.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    finally:
        conn.close()
    return server.dsn(name)


def serve(name: str, address: str, public: Path, folder: Path) -> Application:
    """Start an application on a free port; `take_down` of ``folder`` stops it.

    :param address: the URL of its database, password included.
    """
    apps = folder / hooks.APPLICATIONS
    apps.mkdir(exist_ok=True)
    state = apps / f"{name}.json"
    port = embedded.free_port()
    token = secrets.token_urlsafe(18)
    log = str(apps / f"{name}.log")
    module = ["examples.fonana.app", "--port", str(port), "--media", str(public)]
    environ = {"DATABASE_URL": address, "ADMIN_TOKEN": token}
    control.State({"old": module, "new": module}, environ, port, log).write(state)
    application = Application(f"http://127.0.0.1:{port}", public, state)
    application.control("start")
    return application


def _hook(action: str, *applications: Application) -> str:
    """Return a hook, for a shell: whoever may write to the source is stopped with production."""
    return hooks.hook(action, *(one.state for one in applications))
