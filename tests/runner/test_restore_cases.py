"""Is whatever a dump or a restore loses without a word found, and by the right check?

The cases are in `restore_cases`.  Here the data gate alone is asked about each;
`test_wrong_clients` sends them through a whole run.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from gatepost import database, embedded
from tests.conftest import roles_dropped, run
from tests.runner import clients, gate
from tests.runner.restore_cases import KEPT, LOST, READER, SOURCE, Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

pytestmark = [pytest.mark.slow, pytest.mark.servers]


@pytest.fixture(scope="module")
def origin(server16: Server, server18: Server) -> Iterator[Dsn]:
    """A database that has everything that can be lost."""
    name = "restore_cases"
    with contextlib.ExitStack() as held:
        for server in (server16, server18):
            held.enter_context(roles_dropped(server))
            run(server.dsn(), READER)
            held.callback(_drop, server, name)
        run(server16.dsn(), f"create database {name} template template0")
        run(server16.dsn(name), SOURCE)
        yield server16.dsn(name)


@pytest.fixture(scope="module")
def archive(origin: Dsn, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An honest dump of it."""
    file = tmp_path_factory.mktemp("archive") / "source.dump"
    client(embedded.majors()[18] / "pg_dump", origin, *dumping(file))
    return file


@pytest.fixture
def given(
    origin: Dsn, archive: Path, database16: Callable[..., Dsn], tmp_path: Path
) -> Callable[[Case], tuple[Dsn, Path]]:
    """Return a case's source, and what its pg_dump makes of it."""

    def make(case: Case) -> tuple[Dsn, Path]:
        if not (case.source or case.dump):
            return origin, archive
        source = database16(case.source, template=origin.dbname) if case.source else origin
        file = tmp_path / "source.dump"
        client(clients.wrong(tmp_path / "dump", dump=case.dump) / "pg_dump", source, *dumping(file))
        return source, file

    return make


@pytest.fixture
def restored(
    server18: Server, database18: Callable[..., Dsn], tmp_path: Path
) -> Callable[[Case, Path], Dsn]:
    """Return what a case's pg_restore makes of an archive."""

    def restore(case: Case, file: Path) -> Dsn:
        target = database18()
        if case.create:
            _drop(server18, target.dbname)
            run(server18.dsn(), f"create database {target.dbname} template template0 {case.create}")
        folder = clients.wrong(tmp_path / "restore", restore=case.restore)
        client(folder / "pg_restore", target, *restoring(target, file))
        run(target, case.after or "select")
        if case.analyzed:
            run(target, "analyze")
        return target

    return restore


@pytest.mark.parametrize("case", LOST, ids=lambda case: case.name)
def test_what_is_lost_without_a_word_is_found(
    case: Case,
    given: Callable[[Case], tuple[Dsn, Path]],
    restored: Callable[[Case, Path], Dsn],
    tmp_path: Path,
) -> None:
    source, file = given(case)

    found = gate.findings(source, restored(case, file), tmp_path)

    assert set(case.finds) <= set(found), "\n".join(f"{k}: {v}" for k, v in found.items())


@pytest.mark.parametrize("case", KEPT, ids=lambda case: case.name)
def test_what_is_done_otherwise_and_loses_nothing_is_left_alone(
    case: Case,
    given: Callable[[Case], tuple[Dsn, Path]],
    restored: Callable[[Case, Path], Dsn],
    tmp_path: Path,
) -> None:
    source, file = given(case)

    assert gate.findings(source, restored(case, file), tmp_path) == {}


def dumping(file: Path) -> tuple[str, ...]:
    """Return how the runner asks for a dump."""
    return ("--format=custom", f"--file={file}", "--compress=1", "--no-password")


def restoring(target: Dsn, file: Path) -> tuple[str, ...]:
    """Return how the runner asks for a restore."""
    return (
        "-e",
        "--no-password",
        "--jobs=2",
        f"--dbname={make_conninfo(dbname=target.dbname, **target.noticing)}",
        str(file),
    )


def client(program: Path, at: Dsn, *arguments: str) -> None:
    """Run a client, which has to say that all went well."""
    done = subprocess.run(
        [str(program), *arguments],
        env={**os.environ, **at.environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def _drop(server: Server, name: str) -> None:
    statement = sql.SQL("drop database if exists {} with (force)")
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(statement.format(sql.Identifier(name)))
