"""Real servers, started once per session, and databases that live for one test."""

from __future__ import annotations

import contextlib
import itertools
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from gatepost import database, embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gatepost.dsn import Dsn

PROGRAMS15 = Path("/usr/lib/postgresql/15/bin")
_NUMBER = itertools.count()


@contextlib.contextmanager
def running15(options: Mapping[str, str] | None = None) -> Iterator[embedded.Server]:
    """Start a PostgreSQL 15 server of the system's programs; a skip where there are none."""
    if not (PROGRAMS15 / "initdb").is_file():
        pytest.skip(f"no PostgreSQL 15 in {PROGRAMS15}: apt-get install postgresql-15")
    with embedded.running(15, bin=PROGRAMS15, durable=False, options=options) as server:
        yield server


@pytest.fixture(autouse=True)
def signals_as_they_were() -> Iterator[None]:
    """Heed again what a verb that was interrupted in this process no longer does."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


@pytest.fixture(scope="session")
def server15() -> Iterator[embedded.Server]:
    """A PostgreSQL 15 server of the system's programs, which have ICU, XML and contrib."""
    with running15() as server:
        yield server


@pytest.fixture(scope="session")
def server16() -> Iterator[embedded.Server]:
    """A PostgreSQL 16 server."""
    with embedded.running(16, durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def server18() -> Iterator[embedded.Server]:
    """A PostgreSQL 18 server."""
    with embedded.running(18, durable=False) as server:
        yield server


@pytest.fixture
def database15(server15: embedded.Server) -> Iterator[Callable[..., Dsn]]:
    """Make databases on PostgreSQL 15, given SQL to fill them with; gone after the test."""
    yield from _maker(server15)


@pytest.fixture
def database16(server16: embedded.Server) -> Iterator[Callable[..., Dsn]]:
    """Make databases on PostgreSQL 16, given SQL to fill them with; gone after the test."""
    yield from _maker(server16)


@pytest.fixture
def database18(server18: embedded.Server) -> Iterator[Callable[..., Dsn]]:
    """Make databases on PostgreSQL 18, given SQL to fill them with; gone after the test."""
    yield from _maker(server18)


def _maker(server: embedded.Server) -> Iterator[Callable[..., Dsn]]:
    made: list[str] = []

    def make(script: str = "", template: str = "template0") -> Dsn:
        name = f"test_{next(_NUMBER)}"
        conn = database.maintenance(server.dsn())
        conn.execute(
            sql.SQL("create database {} template {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        conn.close()
        made.append(name)
        if script:
            run(server.dsn(name), script)
        return server.dsn(name)

    with roles_dropped(server):
        yield make
        conn = database.maintenance(server.dsn())
        for name in made:
            conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        conn.close()


@contextlib.contextmanager
def roles_dropped(server: embedded.Server) -> Iterator[None]:
    """Drop what was made of roles meanwhile: they are the server's, and outlive the databases."""
    there = _roles(server)
    yield
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        for name in sorted(_roles(server) - there):
            conn.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


def _roles(server: embedded.Server) -> set[str]:
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        return {name for (name,) in conn.execute("select rolname from pg_catalog.pg_roles")}


def run(dsn: Dsn, script: str) -> None:
    """Run SQL in a database, as its author would in psql."""
    with contextlib.closing(database.maintenance(dsn)) as conn:
        conn.execute("set search_path = public")
        conn.execute(script.encode())
