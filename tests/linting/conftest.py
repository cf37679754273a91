"""A database, files that are to run there, what is said of them, and what the server says."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from gatepost import database
from gatepost.database import Connection
from gatepost.embedded import Server
from gatepost.linting import walk
from gatepost.migrations.chain import File
from gatepost.schema import catalog
from gatepost.schema.catalog import Catalog
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.linting.cases import Hit
    from gatepost.linting.running import Runner

THERE = """
create type kind as enum ('A', 'B');
create schema apart;
create table pools (
  id text primary key, name text not null, kind kind not null default 'A', season int not null,
  "isActive" boolean not null default true, url text, begins timestamp(3), moment timestamptz(3),
  amount numeric(10, 2), short varchar(20), day date, span interval, small smallint, big bigint,
  ratio float8, net cidr, bits varbit(8), fixed char(4), data jsonb);
create table games (
  id text primary key, season int not null, "poolId" text constraint games_pool references pools,
  note text constraint noted check (note is not null));
create table empty (id int primary key);
create table apart.pools (id int);
create index pools_season on pools (season);
create domain code as text;
create table parted (id int) partition by list (id);
create table part partition of parted for values in (1);
create view active as select id, name from pools where "isActive";
create function steady(text) returns text immutable language sql as 'select $1';
create function unsteady(text) returns text stable language plpgsql
  as 'begin return $1; end';
create function inlined(text) returns text language sql as 'select $1';
insert into pools (id, name, season) select 'p' || i, 'n' || i, 2025 from generate_series(1, 50) i;
insert into games select 'g' || i, 2025, 'p1', 'n' from generate_series(1, 300) i;
insert into apart.pools values (1);
analyze;
"""
_NUMBER = itertools.count()


@dataclass(frozen=True)
class Place:
    """A database in which files are to run.

    :param reader: reads; :param writer: tries what it then takes back.
    """

    server: Server
    name: str
    catalog: Catalog
    reader: Connection
    writer: Connection
    folder: Path

    def hits(self, *texts: str, runner: Runner = "prisma") -> tuple[tuple[Hit, ...], ...]:
        """Return what is said of each file."""
        files = []
        for number, text in enumerate(texts, start=1):
            file = self.folder / f"{next(_NUMBER)}.sql"
            file.write_bytes(text.encode())
            files.append(File(str(number), file))
        found = walk.over(files, self.catalog, self.reader, runner)
        return tuple(found[one.name] for one in files)

    @contextlib.contextmanager
    def tried(self) -> Iterator[Connection]:
        """Lend a connection whose work is taken back at the end."""
        self.writer.execute("begin")
        try:
            yield self.writer
        finally:
            self.writer.execute("rollback")

    def refusal(self, text: str) -> str:
        """Return what the server says to a file that is run whole and taken back; or nothing."""
        with self.tried() as conn:
            try:
                conn.execute(text.encode())
            except psycopg.Error as error:
                return str(error)
        return ""

    def refusal_for_good(self, *texts: str) -> str:
        """Return what the server says to files that are run in a copy, each whole; or nothing."""
        name = f"{self.name}_{next(_NUMBER)}"
        with contextlib.closing(database.maintenance(self.server.dsn())) as admin:
            copy = sql.SQL("create database {} template {}")
            admin.execute(copy.format(sql.Identifier(name), sql.Identifier(f"{self.name}_pattern")))
            try:
                for text in texts:
                    run(self.server.dsn(name), text)
            except psycopg.Error as error:
                return str(error)
            finally:
                drop = sql.SQL("drop database {} with (force)")
                admin.execute(drop.format(sql.Identifier(name)))
        return ""


@pytest.fixture(scope="session")
def place(server16: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A database with some tables, and rows in them."""
    name = f"linted_{next(_NUMBER)}"
    # Who reads holds locks until the end: what is tried is tried beside it.
    made = (f"{name}_pattern", name, f"{name}_tried")
    with contextlib.ExitStack() as held:
        admin = held.enter_context(contextlib.closing(database.maintenance(server16.dsn())))
        for one in made:
            create = sql.SQL("create database {} template {}")
            origin = "template0" if one == made[0] else made[0]
            admin.execute(create.format(sql.Identifier(one), sql.Identifier(origin)))
            drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(one))
            held.callback(admin.execute, drop)
            if one == made[0]:
                run(server16.dsn(one), THERE)
        reader = held.enter_context(contextlib.closing(database.read_only(server16.dsn(name))))
        writer = held.enter_context(
            contextlib.closing(database.maintenance(server16.dsn(made[-1])))
        )
        writer.execute("set search_path = public")
        writer.execute("set lock_timeout = '5s'")
        # Where it is UTC, a moment without a zone is one with a zone already.
        writer.execute("set timezone = 'Europe/Zurich'")
        yield Place(
            server16,
            name,
            catalog.read(reader),
            reader,
            writer,
            tmp_path_factory.mktemp("linted"),
        )
