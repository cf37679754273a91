"""A shop whose database is to be moved: the project, both databases, what is seen from outside."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from gatepost import database, embedded
from gatepost.dsn import Dsn
from runner.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.runner.studio import Studio

SCHEMA = """
create type mood as enum ('sad', 'fine');
create table users (
  id int generated always as identity primary key,
  name text not null,
  feels mood not null default 'fine'
);
create table posts (
  id int generated always as identity primary key,
  author int not null references users on delete cascade,
  body text
);
"""


SOURCE = f"""{SCHEMA}
insert into users (name) select 'user ' || n from generate_series(1, 50) n;
insert into posts (author, body) select id, nullif(name, 'user 7') from users;
"""


OLD = f"{SCHEMA} insert into users (name) values ('of the old database');"


# An application would be stopped; here the hooks say when they were called, and for which system.
HOOKS = """
stop = 'echo "stop $GATEPOST_SYSTEM" >> calls; touch is-down'
start = 'echo "start $GATEPOST_SYSTEM" >> calls; rm -f is-down'
status = "test ! -e is-down"
hook_timeout = "20 s"
"""


FILLED = "import psycopg; psycopg.connect('', autocommit=True).execute({!r})"


@dataclass
class Shop:
    """A project whose database is to be moved, and what can be seen of it from outside."""

    folder: Path
    source: Dsn
    target: Dsn

    def declare(self, migrate: str = HOOKS, target: str = "", more: str = "") -> None:
        """Write `gatepost.toml`; the addresses come from the environment."""
        (self.folder / "gatepost.toml").write_text(
            'name = "shop"\n[source]\nurl = "${SHOP_SOURCE}"\n'
            f'[targets.prod]\nurl = "${{SHOP_TARGET}}"\n{target}\n[migrate]\n{migrate}\n{more}\n',
            encoding="utf-8",
        )

    def migrate(self, *arguments: str) -> int:
        """Run `migrate`, without the report, which is not in question here."""
        given = ["migrate", "--target=prod", f"--project={self.folder}", "--no-report"]
        return main([*given, *arguments])

    @property
    def calls(self) -> list[str]:
        """The hooks that were called, in order."""
        file = self.folder / "calls"
        return file.read_text().splitlines() if file.exists() else []

    @property
    def runs(self) -> list[Path]:
        """The folders of the runs."""
        return sorted(one for one in self.folder.glob("gatepost-runs/2*") if one.is_dir())

    @property
    def outcome(self) -> dict[str, Any]:
        """What the one run's `run.json` says."""
        (run,) = self.runs
        told: dict[str, Any] = json.loads((run / "run.json").read_text())
        return told

    def states(self) -> dict[str, str]:
        """The steps of the one run and what became of them."""
        return {step["name"]: step["state"] for step in self.outcome["steps"]}

    def databases(self) -> dict[str, tuple[int, bool, str]]:
        """The target's databases: number, whether it is open, comment."""
        with psycopg.connect(self.target.of("postgres").raw) as conn:
            found = conn.execute(
                "select datname, oid, datallowconn, shobj_description(oid, 'pg_database')"
                " from pg_database where datname like %s",
                (f"{self.target.dbname}%",),
            ).fetchall()
        # Names of other tests' databases may begin like ours.
        ours = (self.target.dbname, f"{self.target.dbname}_")
        return {
            name: (oid, is_open, comment or "")
            for name, oid, is_open, comment in found
            if name == ours[0] or name.startswith(ours[1])
        }

    def users(self) -> list[str]:
        """The users that the target's database holds."""
        with psycopg.connect(self.target.raw) as conn:
            return [name for (name,) in conn.execute("select name from users order by id")]

    def is_as_before(self, before: dict[str, tuple[int, bool, str]]) -> bool:
        """Whether the old database is there, whole and open, and no other beside it."""
        return self.databases() == before and self.users() == ["of the old database"]


def execute(conn_to: Dsn, statement: str) -> None:
    """Run one statement, in its own transaction."""
    with contextlib.closing(database.maintenance(conn_to)) as conn:
        conn.execute(statement.encode())


@pytest.fixture(scope="module")
def mortal() -> Iterator[embedded.Server]:
    """A server of a module's own, which is stopped at once, again and again."""
    with embedded.running(18, durable=False) as server:
        yield server


@pytest.fixture
def shop(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database16: Callable[..., Dsn],
    database18: Callable[..., Dsn],
) -> Iterator[Shop]:
    """A shop on PostgreSQL 16, to be moved to 18, where an older copy of it stands."""
    made = Shop(tmp_path, database16(SOURCE), database18(OLD))
    monkeypatch.setenv("SHOP_SOURCE", made.source.raw)
    monkeypatch.setenv("SHOP_TARGET", made.target.raw)
    made.declare()
    yield made
    drop_others(made)


@pytest.fixture
def live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database18: Callable[..., Dsn]
) -> Iterator[Shop]:
    """A shop on PostgreSQL 18 whose database is to be changed where it stands."""
    dsn = database18(SOURCE)
    made = Shop(tmp_path, dsn, dsn)
    monkeypatch.setenv("SHOP_SOURCE", dsn.raw)
    monkeypatch.setenv("SHOP_TARGET", dsn.raw)
    yield made
    drop_others(made)


@pytest.fixture
def studio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database18: Callable[..., Dsn]
) -> Iterator[Studio]:
    """A studio with an old database that nobody is to lose."""
    from tests.runner import studio as studios  # noqa: PLC0415 - which builds on this module

    made = studios.made(tmp_path, monkeypatch, database18(OLD))
    yield made
    drop_others(made)


def drop_others(shop: Shop) -> None:
    """Drop what a run has left beside the target's database."""
    drop = sql.SQL("drop database {} with (force)")
    with contextlib.closing(database.maintenance(shop.target.of("postgres"))) as conn:
        for name in set(shop.databases()) - {shop.target.dbname}:
            conn.execute(drop.format(sql.Identifier(name)))


@pytest.fixture
def application(tmp_path: Path) -> Iterator[str]:
    """Serve the project's folder: an application whose answers are files."""
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""
