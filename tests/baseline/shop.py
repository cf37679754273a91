"""A shop whose baseline is taken, and the two sides of a gate over it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database, handover, served, session, settings
from gatepost.origin import Source
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from gatepost.session import Session
    from gatepost.settings import Project

# Every text that must be in no file of a baseline begins with this.
PLANTED = "planted"
SHOP = f"""
create type mood as enum ('sad', 'ok');
create table users (
    id int primary key, name text, feels mood, at timestamptz, total numeric, secret text
);
insert into users
select g, '{PLANTED} name ' || g, case when g % 2 = 0 then 'sad'::mood else 'ok' end,
       timestamptz '2024-05-01 12:34:56.789' + g * interval '1 hour', g * 1.10, '{PLANTED} secret'
from generate_series(1, 3000) as g;
create table orders (id int primary key, u int references users, note text);
insert into orders select g, g, '{PLANTED} note ' || g from generate_series(1, 1000) as g;
create table people (email text primary key, born date);
insert into people
select '{PLANTED}' || g || '@example.org', nullif(date '1961-04-12', date '1961-04-12' + g - 7)
from generate_series(1, 300) as g;
create table few (id int primary key, v text);
insert into few values (1, '{PLANTED}'), (2, 'b');
create table log (a int, b text);
insert into log select g, '{PLANTED} line ' || g from generate_series(1, 500) as g;
create sequence tickets;
select nextval('tickets'), nextval('tickets');
select lo_from_bytea(4242, '{PLANTED}');
analyze;
"""
PROJECT = settings.Project(
    tables={"public.people": settings.TableRule(mask=("email", "born"))},
    endpoints=(served.Endpoint(path="/users", count="select count(*) from users"),),
)
WITHOUT_KEYS_ASKED = "set session_replication_role = replica; "


def chosen(source: str, after: Dsn, folder: Path, project: Project = PROJECT) -> settings.Settings:
    """Return settings of two sides, as the project's file would."""
    return settings.Settings(
        project=project,
        folder=folder,
        target_name="test",
        target=settings.Target(url=after.raw),
        source=Source(url=source),
    )


@contextlib.contextmanager
def opened(file: Path, after: Dsn, project: Project = PROJECT) -> Iterator[Session]:
    """Open a data gate's session over a baseline and a database."""
    given = chosen(f"baseline:{file}", after, file.parent, project)
    found = session.begin(given, handover.Request(gate="data", out=file.parent))
    with contextlib.closing(found):
        yield found


def drop(dsn: Dsn) -> None:
    """Drop a database."""
    with contextlib.closing(database.maintenance(dsn.of("postgres"))) as conn:
        conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(dsn.dbname)))


def created(server: Server, name: str, script: str, options: str = "") -> Dsn:
    """Create a database and fill it."""
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(f"create database {name} template template0 {options}".encode())
    run(server.dsn(name), script)
    return server.dsn(name)
