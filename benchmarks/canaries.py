"""Is any acknowledged row ever lost, whenever the runner is killed?

    python -m benchmarks.canaries --runs 50 [--seed N] [--rows N]

Each run moves a small shop from PostgreSQL 16 to 18 while an application writes to it as fast as it
is answered, and the runner's own prober beside it.  At a random moment the runner is killed
outright (SIGKILL); then it is aborted or resumed, by turns, and every row that was acknowledged
must be in the database that is live.  A proof by trying, not a measurement: it runs by hand.
"""

from __future__ import annotations

import argparse
import contextlib
import http.server
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from gatepost import database, embedded, rooms
from gatepost.dsn import Dsn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.embedded import Server

_SCHEMA = """
create schema ops;
create table ops.canary (id uuid primary key, at timestamptz not null);
create table public.orders (id int primary key, note text not null);
"""
_ROWS = sql.SQL("insert into public.orders select n, 'order ' || n from generate_series(1, {}) n")
_WRITE = sql.SQL("insert into ops.canary (id, at) values (%s, now())")
_PRESENT = sql.SQL("select id::text from ops.canary")
_MARK = "select shobj_description(oid, 'pg_database') from pg_database where datname = %s"
_PATIENCE = 300.0  # seconds for a verb
_PAUSE = 0.01  # seconds between two writes
_WHERE = "where"  # the file by which the hooks tell the application where it stands

_PROJECT = """
name = "canaries"
[source]
url = "${{CANARIES_SOURCE}}"
[targets.prod]
url = "${{CANARIES_TARGET}}"
app = "{app}"
[migrate]
stop = 'echo down > where; while test -e is-up; do sleep 0.02; done'
start = 'echo "$GATEPOST_SYSTEM" > where; until test -e is-up; do sleep 0.02; done'
status = 'test -e is-up'
[prober]
table = "ops.canary"
every = "100 ms"
[[health]]
path = "/health"
expect = {{ status = "ok" }}
"""


class Application:
    """What users talk to: it writes to the old system, and on the new one only reads until a GO.

    :param folder: where the hooks say where it stands.
    """

    def __init__(self, folder: Path, source: Dsn, target: Dsn) -> None:
        self._folder = folder
        self._addresses = {"old": source, "new": target}
        self._over = threading.Event()
        self.acknowledged: list[str] = []
        self.up = False

    @contextlib.contextmanager
    def running(self) -> Iterator[Application]:
        """Run until the block ends."""
        (self._folder / _WHERE).write_text("old")
        thread = threading.Thread(target=self._live)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()

    def _live(self) -> None:
        while not self._over.is_set():
            where = (self._folder / _WHERE).read_text().strip()
            if where in self._addresses:
                self._serve(where)
            time.sleep(_PAUSE)

    def _serve(self, where: str) -> None:
        """Answer from one database, in one session as long as it lasts, until told otherwise."""
        is_up = self._folder / "is-up"
        try:
            with psycopg.connect(self._addresses[where].raw, autocommit=True) as conn:
                conn.execute("set lock_timeout = '500ms'")
                is_up.touch()
                self.up = True
                while not self._over.is_set() and self._stands(where):
                    with contextlib.suppress(psycopg.errors.LockNotAvailable):
                        self._work(conn, where)
                    time.sleep(_PAUSE)
        except psycopg.OperationalError:
            return
        finally:
            self.up = False
            is_up.unlink(missing_ok=True)

    def _stands(self, where: str) -> bool:
        return (self._folder / _WHERE).read_text().strip() == where

    def _work(self, conn: database.Connection, where: str) -> None:
        if where == "new":
            conn.execute(_PRESENT)
            return
        name = str(uuid.uuid4())
        conn.execute(_WRITE, (name,))
        self.acknowledged.append(name)


class Health(http.server.BaseHTTPRequestHandler):
    """Says whether the application is up."""

    def __init__(self, application: Application, *given: Any) -> None:
        self._application = application
        super().__init__(*given)

    def do_GET(self) -> None:
        """Answer."""
        up = self._application.up
        body = json.dumps({"status": "ok" if up else "down"}).encode()
        self.send_response(200 if up else 503)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # whoever asked was killed with its runner
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@dataclass(frozen=True)
class Scene:
    """One run's project, and both of its databases."""

    folder: Path
    source: Dsn
    target: Dsn

    def told(self, verb: str) -> list[str]:
        """Return the command of a verb."""
        command = [sys.executable, "-m", rooms.module("runner"), verb, "--target=prod"]
        report = [] if verb == "abort" else ["--no-report"]
        return [*command, f"--project={self.folder}", "--execute", *report]

    def start(self, verb: str) -> subprocess.Popen[bytes]:
        """Start a verb."""
        with (self.folder / f"{verb}.txt").open("ab") as words:
            return subprocess.Popen(
                self.told(verb),
                cwd=rooms.start_folder(),
                env={
                    **os.environ,
                    "CANARIES_SOURCE": self.source.raw,
                    "CANARIES_TARGET": self.target.raw,
                },
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
            )

    def live(self) -> tuple[str, Dsn]:
        """Return which system is live, by the mark of the target's database."""
        with contextlib.closing(database.maintenance(self.target.of("postgres"))) as conn:
            found = conn.execute(_MARK, (self.target.dbname,)).fetchone()
        is_new = found is not None and "role=live" in (found[0] or "")
        return ("new", self.target) if is_new else ("old", self.source)

    def probed(self) -> set[str]:
        """Return the canaries that the runner's prober has written, in all runs of this scene."""
        lines = [
            json.loads(line)
            for file in self.folder.glob("gatepost-runs/*/prober.jsonl")
            for line in file.read_text().splitlines()
            if line.endswith("}")
        ]
        return {line["canary"] for line in lines if line["canary"]}

    def step(self) -> str:
        """Return the last step that was announced before the runner was killed."""
        steps = [
            json.loads(line)
            for file in sorted(self.folder.glob("gatepost-runs/*/journal.jsonl"))
            for line in file.read_text().splitlines()
            if line.endswith("}")
        ]
        return f"{steps[-1]['event']} {steps[-1]['step']}" if steps else "before its journal"


@dataclass(frozen=True)
class Row:
    """What became of one run."""

    number: int
    killed: float
    step: str
    verb: str
    status: int
    live: str
    acknowledged: int
    lost: int
    took: float

    def __str__(self) -> str:
        return (
            f"{self.number:4}  {self.killed:7.2f}  {self.step:26} {self.verb:7} {self.status:6}"
            f"  {self.live:4} {self.acknowledged:12} {self.lost:5} {self.took:7.1f}"
        )


_HEAD = "run   killed s  in                         then    status  live acknowledged  lost  took s"


def main(arguments: Sequence[str] | None = None) -> int:
    """Try, print a row for each run, and return 1 if anything was lost or left undone."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=20_000, help="of the table beside the canaries")
    given = parser.parse_args(arguments)
    chance = random.Random(given.seed)  # noqa: S311 - to be repeated, not to be kept secret
    with (
        embedded.running(16, durable=False) as source,
        embedded.running(18, durable=False) as target,
        tempfile.TemporaryDirectory(prefix="gatepost-canaries-") as folder,
    ):
        one = partial(_tried, Path(folder), source, target, given.rows)
        whole = one(0, None, "")
        _say(f"a run that nobody kills takes {whole.took:.1f} s\n{_HEAD}\n{whole}")
        rows = []
        with contextlib.suppress(KeyboardInterrupt):  # what was tried so far is told all the same
            for number in range(1, given.runs + 1):
                verb = ("abort", "resume")[number % 2]
                rows.append(one(number, chance.uniform(0.2, whole.took), verb))
                _say(str(rows[-1]))
    return _summed(rows)


def _summed(rows: Sequence[Row]) -> int:
    lost = sum(row.lost for row in rows)
    undone = [row.number for row in rows if row.status not in _ENDED[row.verb]]
    ended = Counter(row.live for row in rows)
    told = sum(row.acknowledged for row in rows)
    _say(
        f"{len(rows)} runs killed: {ended['new']} ended on the new system, {ended['old']} on the"
        f" old; {told} rows acknowledged, {lost} lost; not ended as they should: {undone or 'none'}"
    )
    return 1 if lost or undone else 0


# An abort has taken back, or found nothing to take back, or a GO; a resume ends in GO, or found
# nothing to go on with, which is none.
_ENDED = {"abort": (0, 20), "resume": (0, 30), "": (0,)}


def _tried(
    folder: Path,
    source: Server,
    target: Server,
    rows: int,
    number: int,
    kill: float | None,
    verb: str,
) -> Row:
    """Run once; kill the runner after ``kill`` seconds and let ``verb`` tidy up."""
    with _scene(folder, source, target, rows, number) as (scene, application):
        began = time.monotonic()
        runner = scene.start("migrate")
        with contextlib.suppress(subprocess.TimeoutExpired):
            runner.wait(_PATIENCE if kill is None else kill)
        runner.kill()
        status = runner.wait()
        took, step = time.monotonic() - began, scene.step()
        if verb:
            status = _waited(scene.start(verb))
        name, live = scene.live()
        time.sleep(0.1)  # what is being written meanwhile must be there as well
        acknowledged = {*application.acknowledged} | scene.probed()
        with psycopg.connect(live.raw) as conn:
            present = {found for (found,) in conn.execute(_PRESENT)}
        lost = acknowledged - present
        return Row(
            number, kill or 0.0, step, verb, status, name, len(acknowledged), len(lost), took
        )


def _waited(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return -1


@contextlib.contextmanager
def _scene(
    folder: Path, source: Server, target: Server, rows: int, number: int
) -> Iterator[tuple[Scene, Application]]:
    project = folder / f"run{number}"
    project.mkdir()
    name = f"canaries{number}"
    with _database(source, name, rows) as before, _database(target, name, 10) as after:
        application = Application(project, before, after)
        handler = partial(Health, application)
        with (
            application.running(),
            http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        ):
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            app = f"http://127.0.0.1:{server.server_port}"
            (project / "gatepost.toml").write_text(_PROJECT.format(app=app))
            try:
                yield Scene(project, before, after), application
            finally:
                server.shutdown()
                thread.join()


@contextlib.contextmanager
def _database(server: Server, name: str, rows: int) -> Iterator[Dsn]:
    """Make a database, and drop it at the end with all that a run has left beside it."""
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        with psycopg.connect(server.dsn(name).raw) as made:
            made.execute(_SCHEMA)
            made.execute(_ROWS.format(sql.Literal(rows)))
        try:
            yield server.dsn(name)
        finally:
            found = "select datname from pg_catalog.pg_database where datname ~ %s order by 1"
            for (one,) in conn.execute(found, (f"^{name}(_|$)",)).fetchall():
                drop = sql.SQL("drop database {} with (force)")
                conn.execute(drop.format(sql.Identifier(one)))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
