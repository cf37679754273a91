"""What does a migration of the example need around it?  Staging, production, and what they run.

Both are on one PostgreSQL 16 server, each a database, an application of the old release and an
environment file that says where the application finds its database.
"""

from __future__ import annotations

import contextlib
import secrets
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from examples import control, hooks
from examples.hooks import take_down
from examples.poolmanager.generate import generate
from gatepost import database, embedded
from gatepost.embedded import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn

PROD, STAGING = "prod", "staging"
# By target: the database, and the file in which its application's variables are.
DATABASES = {PROD: "poolmanager", STAGING: "poolmanager_staging"}
FILES = {PROD: ".env.production", STAGING: ".env.staging"}
# Of the client's: libpq knows none of them.
_CLIENT = "schema=public&connection_limit=20&pool_timeout=30"
_MODULE = "examples.poolmanager.app"


@dataclass(frozen=True)
class Stage:
    """Everything up and filled.

    :param urls: by target, where its application answers.
    :param variables: what `gatepost.toml` asks for, the passwords included.
    """

    folder: Path
    server: Server
    urls: dict[str, str]
    variables: dict[str, str] = field(repr=False)

    def environ(self, target: str) -> dict[str, str]:
        """Return the variables for a run on one target: each has a folder of backups."""
        return {**self.variables, "POOL_BACKUPS": str(self.folder / "backups" / target)}

    def database(self, target: str = PROD) -> Dsn:
        """Return the address of the database of a target."""
        return self.server.dsn(DATABASES[target])

    def state(self, target: str = PROD) -> Path:
        """Return the file by which the application of a target is controlled."""
        return self.folder / hooks.APPLICATIONS / f"{target}.json"

    def env(self, target: str = PROD) -> Path:
        """Return the environment file of a target."""
        return self.folder / "env" / FILES[target]


@contextlib.contextmanager
def stage(
    folder: Path,
    scale: int = 1,
    *,
    staging: bool = True,
    keep: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Stage]:
    """Put staging and production up below an empty ``folder``, and take both down.

    :param scale: copies of the pools in production; staging has one.
    :param staging: whether there is a staging at all; its environment file is there in any case.
    :param keep: leave everything up for `take_down`, unless the block raised.
    :param say: told what is being done, a line at a time.
    :raises ToolFailed: the server or an application did not start.
    """
    kept = False
    try:
        say("starting PostgreSQL 16")
        server = embedded.start(16, folder / hooks.SERVERS, durable=False)
        urls = {}
        for name in (STAGING, PROD):
            url, port = _environment(folder, server, name)
            if name == PROD or staging:
                say(f"generating the data of {name}, and starting the old release on it")
                counts = generate(create(server, DATABASES[name]), scale if name == PROD else 1)
                say(f"  {sum(counts.values()):,} rows in {len(counts)} tables")
                _serve(folder, name, port)
            urls[name] = url
        yield Stage(folder, server, urls, _variables(folder, server, urls))
        kept = keep
    finally:
        if not kept:
            take_down(folder)


def create(server: Server, name: str) -> Dsn:
    """Return the address of a new, empty database."""
    with contextlib.closing(database.maintenance(server.dsn(), label="stage")) as conn:
        conn.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return server.dsn(name)


def _environment(folder: Path, server: Server, name: str) -> tuple[str, int]:
    """Write the environment file of a target; return where its application is to answer."""
    port = embedded.free_port()
    url = f"http://127.0.0.1:{port}"
    known = {
        "DATABASE_URL": f"{server.url(DATABASES[name])}?{_CLIENT}",
        "SESSION_SECRET": secrets.token_urlsafe(18),
        "COMMISSIONER_PASSWORD": secrets.token_urlsafe(9),
        "APP_URL": url,
    }
    file = folder / "env" / FILES[name]
    file.parent.mkdir(exist_ok=True)
    file.touch(mode=0o600)
    lines = (f'{key}="{value}"\n' for key, value in known.items())
    file.write_text("".join(lines), encoding="utf-8")
    return url, port


def _serve(folder: Path, name: str, port: int) -> None:
    apps = folder / hooks.APPLICATIONS
    apps.mkdir(exist_ok=True)
    given = [_MODULE, "--port", str(port), "--env", str(folder / "env" / FILES[name]), "--release"]
    state = apps / f"{name}.json"
    modules = {"old": [*given, "old"], "new": [*given, "new"]}
    control.State(modules, {}, port, str(apps / f"{name}.log")).write(state)
    hooks.tell("start", state)


def _variables(folder: Path, server: Server, urls: dict[str, str]) -> dict[str, str]:
    """Return the variables that are the same for both targets."""
    notified = shlex.quote(str(folder / "notified"))
    return {
        "POOL_PROD_URL": server.url(DATABASES[PROD]),
        "POOL_PROD_APP": urls[PROD],
        "POOL_STAGING_URL": server.url(DATABASES[STAGING]),
        "POOL_STAGING_APP": urls[STAGING],
        "POOL_ENV": str(folder / "env"),
        "POOL_NOTIFY": f'echo "$GATEPOST_ACTION: $GATEPOST_REASON" >> {notified}',
        **{f"POOL_{action.upper()}": _hook(action, folder) for action in _ACTIONS},
    }


_ACTIONS = ("stop", "start", "status")


def _hook(action: str, folder: Path) -> str:
    """Return a hook of both targets, told by the runner which of them is meant."""
    program = shlex.join([sys.executable, control.__file__, action])
    return f'{program} {shlex.quote(str(folder / hooks.APPLICATIONS))}/"$GATEPOST_TARGET_NAME".json'
