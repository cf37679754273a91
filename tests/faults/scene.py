"""On what is a fault planted, and what does the gate then say?

A pair is made once: the example's database on PostgreSQL 16, and what dump and restore make of it
on 18.  Every fault has clones of its own, of the sides that it changes only.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from psycopg import sql

from examples.fonana import app as fonana
from examples.fonana.generate import generate
from gatepost import database, locks, verdict_file
from gatepost import measured as figures
from gatepost.embedded import Server
from gatepost.sql import question
from gatepost.verdict_file import Record
from tests.serving import serving
from tests.stored import noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn
    from gatepost.locks import Locks
    from gatepost.measured import Measured
    from gatepost.settings import Gate
    from tests.faults import Fault

Environ = dict[str, Any]
Start = Callable[..., Any]
Wsgi = Callable[[Environ, Start], Any]
Side = Literal["before", "after"]
SIDES: tuple[Side, Side] = ("before", "after")

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "examples" / "fonana" / "gatepost.toml"
PATIENCE = 120.0
TOKEN = "a token"
_NUMBER = itertools.count()
_NOBODY = "http://127.0.0.1:9"
_IN_PLACE = '[targets.prod]\nstrategy = "in-place"\n'
_PRISMA = 'fill = "prisma"\nmigrations = "prisma/migrations"\n'
# As Prisma makes it, and what it holds after one migration.
_LEDGER = """
create table _prisma_migrations (
  id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
  migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
  started_at timestamptz not null default now(), applied_steps_count integer not null default 0);
"""
_APPLIED = """
insert into _prisma_migrations
values (gen_random_uuid(), '{checksum}', now(), '1_step', null, null, now(), 1);
"""
# What a dump says to its own session, and what is no SQL.
_OF_A_SESSION = re.compile(r"^(SET |SELECT pg_catalog\.set_config|\\).*\n", re.MULTILINE)
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Pair:
    """A healthy migration: two databases of one name, and the media that both sides have."""

    servers: dict[Side, Server]
    database: str
    public: Path

    def url(self, side: Side) -> str:
        """Return where a side's database is, password included."""
        return self.servers[side].url(self.database)


@dataclass(frozen=True)
class Ended:
    """How a gate ended.

    :param record: None where it wrote no verdict.
    """

    status: int
    text: str
    record: Record | None


def migrated(server16: Server, server18: Server, folder: Path, name: str = "faults") -> Pair:
    """Return a pair: the example's data, generated, dumped, restored and analysed."""
    pair = Pair({"before": server16, "after": server18}, name, folder / "public")
    for server in pair.servers.values():
        statement = sql.SQL("create database {} template template0")
        _administer(server, statement.format(sql.Identifier(name)))
    generate(server16.dsn(pair.database), pair.public)
    archive = folder / "fonana.dump"
    _told("pg_dump", server16, pair.database, "-Fc", "-f", archive)
    _told("pg_restore", server18, pair.database, "-e", "-d", pair.database, archive)
    run(server18.dsn(pair.database), "analyze")
    return pair


class Scene:
    """One pair to be damaged, the project around it, and the application in front of it.

    :param folder: an empty folder, for the project and for what is changed of the media.
    :param held: ends with the scene.
    """

    def __init__(self, pair: Pair, folder: Path, held: contextlib.ExitStack) -> None:
        self.pair = pair
        self.folder = folder
        self.held = held
        self.project = folder / "project"
        self.project.mkdir()
        self.toml = self.project / PROJECT.name
        shutil.copy(PROJECT, self.toml)
        self.target = "prod"
        # What stands between the application and whoever asks it.
        self.front: Callable[[Wsgi], Wsgi] = lambda application: application
        # The database that the application asks, where it is not the one that the gate asks.
        self.application: Dsn | None = None
        # What a gate does not ask for must be set as well.
        self.environ = dict.fromkeys(_VARIABLE.findall(PROJECT.read_text()), "true") | {
            "FONANA_SOURCE_URL": pair.url("before"),
            "FONANA_PROD_URL": pair.url("after"),
            "FONANA_SOURCE_MEDIA": str(pair.public),
            "FONANA_PROD_MEDIA": str(pair.public),
            "FONANA_SOURCE_APP": _NOBODY,
            "FONANA_PROD_APP": _NOBODY,
        }
        self._clones: dict[Side, Dsn] = {}

    def plant(self, fault: Fault) -> None:
        """Do what a fault does."""
        if fault.toml:
            with self.toml.open("a") as file:
                file.writelines(f"{line}\n" for line in ("", *fault.toml))
        if "both" in fault.parts:
            for side in SIDES:
                self.run(side, fault.parts["both"])
                self.run(side, "analyze")
        for side in SIDES:
            if side in fault.parts:
                self.run(side, fault.parts[side])
        if fault.plant is not None:
            fault.plant(self)

    def run(self, side: Side, script: str) -> None:
        """Run SQL as superuser in a side's own clone."""
        run(self.clone(side), script)

    def in_place(self, *pending: str) -> None:
        """Let the source be changed as it stands, by a Prisma project whose first file built it.

        :param pending: files that are still to run.
        """
        base = _schema(self.pair.servers["before"], self.clone("before").dbname)
        folder = self.project / "prisma" / "migrations"
        for number, text in enumerate((base, *pending), start=1):
            file = folder / f"{number}_step" / "migration.sql"
            file.parent.mkdir(parents=True)
            file.write_text(text)
        checksum = hashlib.sha256(base.encode()).hexdigest()
        self.run("before", _LEDGER + _APPLIED.format(checksum=checksum))
        self.environ["FONANA_PROD_URL"] = self.environ["FONANA_SOURCE_URL"]
        text = self.toml.read_text().replace("[targets.prod]\n", _IN_PLACE)
        self.toml.write_text(text.replace('fill = "dump-restore"\n', _PRISMA))

    def clone(self, side: Side) -> Dsn:
        """Return a side's own clone, made when first asked for; the gate reads it from then on."""
        if side not in self._clones:
            self._clones[side] = self.copy(side)
            self.environ[_URL[side]] = self._clones[side].raw
        return self._clones[side]

    def copy(self, side: Side) -> Dsn:
        """Return a copy of a side as it is, which the gate does not read; gone with the scene."""
        server, name = self.pair.servers[side], f"fault_{next(_NUMBER)}"
        origin = self._clones[side].dbname if side in self._clones else self.pair.database
        create = sql.SQL("create database {} template {}")
        _administer(server, create.format(sql.Identifier(name), sql.Identifier(origin)))
        drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
        self.held.callback(_administer, server, drop)
        return server.dsn(name)

    def dump(self, file: Path, *arguments: str) -> Path:
        """Return a backup of the after side."""
        file.parent.mkdir()
        server = self.pair.servers["after"]
        _told("pg_dump", server, self.pair.database, "-Fc", "-f", file, *arguments)
        return file

    def backup(self, name: str, days: int = 0, **changed: Any) -> Path:
        """Return the archive of a backup of the after side, with a manifest that says all is well.

        :param days: how old it is.
        :param changed: what the manifest says otherwise.
        """
        folder = self.project / "backups"
        folder.mkdir(exist_ok=True)
        server, archive = self.pair.servers["after"], folder / f"{name}.dump"
        _told("pg_dump", server, self.pair.database, "-Fc", "-f", archive)
        with contextlib.closing(database.read_only(server.dsn(self.pair.database))) as conn:
            ((_, identifier, of),) = database.rows(conn, question("identity"))
        known = {"at": dt.datetime.now(dt.UTC) - dt.timedelta(days=days)}
        noted(archive, **{**known, "database": of, "system_identifier": identifier, **changed})
        return archive

    def role(self, side: Side, script: str) -> None:
        """Let the gate come to a side as a role of its own, which has no right but to log in.

        :param script: run as superuser after that, with the role's name for `{role}` and the
            database's for `{database}`.
        """
        server, dsn = self.pair.servers[side], self.clone(side)
        name, password = f"fault_{next(_NUMBER)}", "a password"
        create = sql.SQL("create role {} login password {}")
        _administer(server, create.format(sql.Identifier(name), sql.Literal(password)))
        self.held.callback(
            _administer, server, sql.SQL("drop role {}").format(sql.Identifier(name))
        )
        # What it owns must go before it does, and what was held last ends first.
        self.held.callback(run, dsn, f"reassign owned by {name} to postgres; drop owned by {name}")
        run(dsn, script.replace("{role}", name).replace("{database}", dsn.dbname))
        self.environ[_URL[side]] = server.url(dsn.dbname, name, password)

    def measure(self, measured: Measured) -> None:
        """Hand the gate figures, as the runner does."""
        figures.write(measured, self._handed_over())

    def watch(self, locked: Locks) -> None:
        """Hand the gate what was seen of locks, as the runner does."""
        locks.write(locked, self._handed_over())

    def _handed_over(self) -> Path:
        facts = self.folder / "facts"
        self.environ["PYTEST_ADDOPTS"] = f"--gatepost-facts={shlex.quote(str(facts))}"
        return facts

    def media(self, side: Side) -> Path:
        """Return a side's own copy of the media."""
        own = self.folder / f"{side} public"
        if not own.exists():
            shutil.copytree(self.pair.public, own)
            self.environ[_MEDIA[side]] = str(own)
        return own

    def ask(self, gate: Gate, *options: str) -> Ended:
        """Ask a gate, as a process of its own, and return how it ended."""
        out = self.folder / "out"
        with contextlib.ExitStack() as served:
            if gate in ("app", "post"):
                self.environ["FONANA_PROD_APP"] = served.enter_context(self._serving())
            done = subprocess.run(
                [
                    *(sys.executable, "-m", "pytest", "checks", "-q", "-p", "no:cacheprovider"),
                    *(f"--gate={gate}", f"--project={self.project}", f"--gatepost-out={out}"),
                    *(f"--target={self.target}", "--gatepost-no-report", *options),
                ],
                cwd=ROOT,
                env=_own_environment() | self.environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                timeout=PATIENCE,
            )
        wrote = (out / verdict_file.FILE).exists()
        return Ended(done.returncode, done.stdout, verdict_file.read(out) if wrote else None)

    @contextlib.contextmanager
    def _serving(self) -> Iterator[str]:
        """Serve the application on loopback; yields its URL."""
        url = self.application.raw if self.application else self.environ["FONANA_PROD_URL"]
        app = fonana.create(url, Path(self.environ["FONANA_PROD_MEDIA"]), TOKEN)
        try:
            with serving(self.front(app.wsgi_app)) as address:
                yield address
        finally:
            app.extensions["engine"].dispose()


_URL: dict[Side, str] = {"before": "FONANA_SOURCE_URL", "after": "FONANA_PROD_URL"}
_MEDIA: dict[Side, str] = {"before": "FONANA_SOURCE_MEDIA", "after": "FONANA_PROD_MEDIA"}


def _own_environment() -> dict[str, str]:
    """Return this process' environment without what it says of this test run.

    Only the plugins that a gate needs are loaded: a tenth of the time, over more than a hundred
    gates.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    return kept | {"NO_COLOR": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def run(dsn: Dsn, script: str) -> None:
    """Run SQL as superuser, as its author would in psql."""
    with contextlib.closing(database.maintenance(dsn)) as conn:
        conn.execute("set search_path = public")
        conn.execute(script.encode())


def _administer(server: Server, statement: sql.SQL | sql.Composed) -> None:
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(statement)


def _schema(server: Server, name: str) -> str:
    """Return what a database declares, as SQL that takes names from `public`."""
    command = [str(server.bin / "pg_dump"), "--schema-only", "--no-owner", "--no-privileges", name]
    environ = os.environ | server.dsn(name).environment()
    done = subprocess.run(command, check=True, env=environ, capture_output=True, text=True)
    return _OF_A_SESSION.sub("", done.stdout)


def _told(program: str, server: Server, name: str, *arguments: object) -> None:
    """Let one of a server's own programs do something with one of its databases."""
    environ = os.environ | server.dsn(name).environment()
    command = [str(server.bin / program), *map(str, arguments)]
    subprocess.run(command, check=True, env=environ)
