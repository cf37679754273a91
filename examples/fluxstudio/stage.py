"""What does a migration of the example need around it?  The files, a server, and the application.

One application, as in the real one: before, it keeps everything in JSON files; after, in the
database `fluxstudio` of a PostgreSQL 18 server.  There a first try left its tables, and one user.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from examples import control, hooks
from examples.fluxstudio.generate import generate
from examples.fluxstudio.world import SEED
from examples.hooks import take_down
from gatepost import database, embedded
from gatepost.embedded import Server
from gatepost.migrations import apply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn

DATABASE = "fluxstudio"
MIGRATIONS = Path(__file__).parent / "migrations"
_MODULE = "examples.fluxstudio.app"
# Without the password that the file has, and with an address that nobody verified.
_ONE_USER = sql.SQL(
    "insert into public.users (email, name, user_type, email_verified)"
    " values ('person1@studio.example', 'Björn Åkesson', 'designer', true)"
)


@dataclass(frozen=True)
class Stage:
    """Everything up and filled.

    :param data: the folder of the JSON files; ``uploads``: of what was uploaded.
    :param url: of the application.
    :param state: the file by which the application is controlled; next to it lies its log.
    :param environ: the variables that `gatepost.toml` asks for, the password included.
    """

    folder: Path
    server: Server
    data: Path
    uploads: Path
    url: str
    state: Path
    environ: dict[str, str] = field(repr=False)

    @property
    def target(self) -> Dsn:
        """The address of production's database."""
        return self.server.dsn(DATABASE)


@contextlib.contextmanager
def stage(
    folder: Path,
    scale: int = 1,
    seed: int = SEED,
    *,
    durable: bool = False,
    keep: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Stage]:
    """Put the old system up below an empty ``folder``, and beside it what a first try left.

    :param scale: copies of the studio.
    :param keep: leave everything up for `take_down`, unless the block raised.
    :param say: told what is being done, a line at a time.
    :raises ToolFailed: the server or the application did not start.
    """
    data, public = folder / "data", folder / "public"
    uploads = public / "uploads"
    kept = False
    try:
        say("starting PostgreSQL 18")
        server = embedded.start(18, folder / hooks.SERVERS, durable=durable)
        _try_first(server)
        say("generating the studio's files")
        counts = generate(data, uploads, scale, seed)
        say("  " + ", ".join(f"{count:,} {name}" for name, count in counts.items()))
        say("starting the application on the files")
        state, url, live = _serve(folder, data, uploads, server.url(DATABASE))
        environ = {
            "FLUXSTUDIO_DATA": str(data),
            "FLUXSTUDIO_PUBLIC": str(public),
            "FLUXSTUDIO_URL": server.url(DATABASE),
            "FLUXSTUDIO_APP": url,
            "FLUXSTUDIO_LIVE": live,
            "FLUXSTUDIO_BACKUPS": str(folder / "backups"),
            "FLUXSTUDIO_STOP": hooks.hook("stop", state),
            "FLUXSTUDIO_START": hooks.hook("start", state),
            "FLUXSTUDIO_STATUS": hooks.hook("status", state),
            "FLUXSTUDIO_FILLED": "",
        }
        yield Stage(folder, server, data, uploads, url, state, environ)
        kept = keep
    finally:
        if not kept:
            take_down(folder)


def _try_first(server: Server) -> None:
    """Leave what the script left that ended with "completed successfully": one user of three."""
    with contextlib.closing(database.maintenance(server.dsn(), label="stage")) as conn:
        conn.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
    address = server.dsn(DATABASE)
    apply.up(address, MIGRATIONS)
    with contextlib.closing(database.maintenance(address, label="stage")) as conn:
        conn.execute(_ONE_USER)


def _serve(folder: Path, data: Path, uploads: Path, address: str) -> tuple[Path, str, str]:
    """Start the application on the files; return its state, its address and its WebSocket's."""
    port, live = embedded.free_port(), embedded.free_port()
    new = [_MODULE, "--port", str(port), "--live", str(live), "--uploads", str(uploads)]
    apps = folder / hooks.APPLICATIONS
    apps.mkdir()
    state = apps / "app.json"
    control.State(
        {"old": [*new, "--data", str(data)], "new": new},
        {"DATABASE_URL": address},
        port,
        str(apps / "app.log"),
    ).write(state)
    hooks.tell("start", state)
    return state, f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{live}/"
