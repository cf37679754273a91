"""A database, migrations that are pending there, and what is said of its rows."""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from gatepost import database
from gatepost.migrations.chain import File
from gatepost.origin import Source
from gatepost.schema import catalog
from gatepost.schema.catalog import Catalog
from gatepost.settings import Project, Settings, TableRule, Target
from gatepost.side import Side
from gatepost.store import Store
from gatepost.violations import telling
from gatepost.violations.following import follow
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.additions.declared import Renamed
    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.told import Told

    Asked = Callable[..., dict[str, Told]]

THERE = """
create type kind as enum ('ATS', 'SU', 'OTHER');
create domain code as text;
create schema app;
create sequence years_seen;
create function steady(int) returns int language sql stable as 'select $1';
create table teams (id text primary key, abbr text not null);
create table pools (
  id text primary key, name text, season int, kind kind, said varchar(20), number int8,
  counted text, team text, at timestamp(3), secret text, code code);
create table bets (game int, line int);
create table stays (room int, span int4range);
create table app.alone (id int primary key, name text);
create table years (year int, name text) partition by range (year);
create table years_old partition of years for values from (1) to (2000);
create table years_new partition of years for values from (2000) to (3000);
create table notes (id int primary key, team text references teams on delete set null);
insert into teams values ('t1', 'A'), ('t2', 'B');
insert into pools values
  ('p1', 'Sunday', 1, 'ATS', 'abc', 1, '1', 't1', '2025-09-01 10:00', 's1', 'a'),
  ('p2', 'Sunday', 2, 'SU', 'abcdef', 5000000000, 'none', 't9', '2025-09-01 11:00', 's1', 'b'),
  ('p3', null, 3, 'OTHER', 'ab   ', 3, null, null, null, 's2', null),
  ('p4', null, null, 'ATS', 'q', 4, '4', 't2', null, 's3', 'd');
insert into notes values (1, 't2'), (2, null);
insert into bets values (1, 1), (1, 1), (1, 2), (null, 1), (2, null);
insert into stays values (1, '[1,5)'), (1, '[4,6)'), (2, '[1,5)'), (1, '[6,7)');
insert into app.alone values (1, 'x'), (2, 'x');
insert into years values (1990, '7'), (1991, 'x'), (2001, '8'), (2002, 'y');
alter table teams add constraint two_letters check (pg_catalog.length(abbr) = 2) not valid;
analyze;
"""
_NUMBER = itertools.count()


@pytest.fixture(scope="session")
def there(server16: Server) -> Iterator[Dsn]:
    """A database that nothing changes."""
    with filled(server16) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def asked(there: Dsn, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Return what is said, by subject, of the rows that are there, when files are pending."""
    return asking(there, tmp_path_factory.mktemp("violations"))


@contextlib.contextmanager
def filled(server: Server) -> Iterator[Dsn]:
    """Make the database on a server; gone afterwards."""
    name = sql.Identifier(f"violations_{next(_NUMBER)}")
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(sql.SQL("create database {} template template0").format(name))
        dsn = server.dsn(name.as_string().strip('"'))
        run(dsn, THERE)
        yield dsn
        conn.execute(sql.SQL("drop database {} with (force)").format(name))


def asking(dsn: Dsn, folder: Path) -> Asked:
    """Return a function of the files that are to change a database."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        known = catalog.read(conn)

    def ask(*files: str, renamed: tuple[Renamed, ...] = (), **rules: TableRule) -> dict[str, Told]:
        tables = {f"public.{name}": rule for name, rule in rules.items()}
        settings = Settings(
            project=Project(tables=tables, renamed=renamed),
            folder=folder,
            target_name="prod",
            target=Target(url=dsn.raw, strategy="in-place"),
            source=Source(url=dsn.raw),
        )
        store = Store(folder / f"facts{next(_NUMBER)}", alone=True)
        store.once("before catalog", Catalog, lambda: known)
        side = Side("before", dsn, store)
        with contextlib.closing(side):
            claims = follow(written(folder, *files), side.catalog).claims
            return {one.subject: telling.told(settings, side, one, claims) for one in claims}

    return ask


def written(folder: Path, *texts: str) -> list[File]:
    """Return files of SQL, written to a folder and called `1`, `2` and so on."""
    found = []
    for number, text in enumerate(texts, start=1):
        file = folder / f"{number}.sql"
        file.write_text(text)
        found.append(File(str(number), file))
    return found
