"""Is all that needs what goes named, and nothing beside?"""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.origin import Source
from gatepost.schema import catalog
from gatepost.schema.catalog import Catalog
from gatepost.settings import Project, Settings, Target
from gatepost.side import Side
from gatepost.store import Store
from gatepost.uses import telling
from gatepost.uses.dropping import read
from tests.conftest import run
from tests.violations.conftest import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.embedded import Server
    from gatepost.told import Told

    Asked = Callable[..., dict[str, Told]]

THERE = """
create type kind as enum ('A', 'B');
create domain email as text;
create table pools (
  id int primary key, name text, url text, kind kind, mail email, size int, idle int,
  doubled int generated always as (size * 2) stored);
create table entries (id int primary key, pool int references pools, name text);
create table audits (id int primary key, idle text);
create table rooms (id int primary key, floor int check (floor > 0));
create table beds (id int primary key, room int references rooms);
create sequence numbers;
create table tickets (id int default nextval('numbers'), owner text);
create view shown as select id, url from pools;
create view shown_again as select * from shown;
create materialized view named as select name from pools;
create function urls(int) returns text language sql as 'select url from pools where id = $1';
create function defaults() returns trigger language plpgsql as
  $$ begin if new.url is null then new.url := 'none'; end if; return new; end $$;
create trigger defaults before insert on pools for each row execute function defaults();
create function all_urls() returns int language plpgsql as $$
  declare one record;
  begin
    for one in select * from pools loop perform urls(one.size); end loop;
    return (select count(*) from entries where name = 'idle');
  end $$;
create function a_text() returns text language sql as $$ select 'x'::text $$;
alter table entries add column said text default a_text();
alter table pools enable row level security;
create policy seen on pools using (name <> 'x');
create function counted(pools) returns int language sql as 'select 1';
create function kinds(kind) returns kind language sql as 'select $1';
create function audited() returns text language sql as
  'select idle from audits where id in (select pool from entries, pools where pools.id = 1)';
create function parsed() returns text language sql
  begin atomic select mail from pools; end;
create table seats (id int primary key, a text, b text, c int, d int, e int);
create function upserts() returns void language sql as
  $$ insert into seats (id) values (1) on conflict (id) do update set a = 'x' $$;
create function merges() returns void language plpgsql as
  $$ begin
    merge into seats s using tickets t on t.id = s.id when matched then update set b = 'x';
  end $$;
create function joins() returns bigint language sql as
  'select count(*) from seats join (select 1 as c) as x using (c)';
create unique index on seats (d);
create function ignores() returns void language sql as
  'insert into seats (id) values (1) on conflict (d) do nothing';
create function counts_on_all() returns void language sql as 'insert into seats values (1)';
"""
_NUMBER = itertools.count()


@pytest.fixture(scope="session")
def asked(server16: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """Return what is said, by subject, when files are pending in a database."""
    folder = tmp_path_factory.mktemp("uses")
    with contextlib.closing(database.maintenance(server16.dsn())) as conn:
        conn.execute("create database uses template template0")
        dsn = server16.dsn("uses")
        run(dsn, THERE)
        with contextlib.closing(database.read_only(dsn)) as reading:
            known = catalog.read(reading)
        settings = Settings(
            project=Project(),
            folder=folder,
            target_name="prod",
            target=Target(url=dsn.raw, strategy="in-place"),
            source=Source(url=dsn.raw),
        )

        def ask(*files: str) -> dict[str, Told]:
            store = Store(folder / str(next(_NUMBER)), alone=True)
            store.once("before catalog", Catalog, lambda: known)
            side = Side("before", dsn, store)
            with contextlib.closing(side):
                found = read(written(folder, *files), known)
                return {one.subject: telling.of(settings, side, one) for one in found.taken}

        yield ask
        conn.execute("drop database uses with (force)")


# By what is taken: files, the subject, and what the findings say, in their order.
USED = {
    "a column that a view shows": (
        "select 1;\nalter table pools drop column url",
        "column public.pools.url",
        (
            "view public.shown needs it: 1, line 2, which drops it, will fail",
            "function public.defaults(), function public.urls(integer) name it in the body",
        ),
    ),
    "the same with CASCADE": (
        "alter table pools drop column url cascade",
        "column public.pools.url",
        ("what needs it goes with it: view public.shown; 1, line 1 says CASCADE", "in the body"),
    ),
    "a column that another is made of": (
        "alter table pools drop column size",
        "column public.pools.size",
        ("default value for public.pools.doubled needs it", "function public.all_urls() names it"),
    ),
    "a column in a function that the server has parsed": (
        "alter table pools drop column mail",
        "column public.pools.mail",
        ("function public.parsed() needs it",),
    ),
    "a column in a policy": (
        "alter table pools drop column name",
        "column public.pools.name",
        ("materialized view public.named, policy seen on public.pools need it",),
    ),
    "a table": (
        "drop table pools",
        "table public.pools",
        (
            "table constraint entries_pool_fkey on public.entries, view public.shown",
            "function public.all_urls(), function public.audited(), function public.urls(integer)",
        ),
    ),
    "a function in a default": (
        "drop function a_text()",
        "function public.a_text",
        ("default value for public.entries.said needs it",),
    ),
    "a function that another calls": (
        "drop function urls(int)",
        "function public.urls",
        ("function public.all_urls() names it in the body",),
    ),
    "a type": (
        "drop type kind",
        "type public.kind",
        ("function public.kinds(public.kind), table column public.pools.kind need it",),
    ),
    "a domain": (
        "drop domain email",
        "domain public.email",
        ("table column public.pools.mail needs it",),
    ),
    "a sequence": (
        "drop sequence numbers",
        "sequence public.numbers",
        ("default value for public.tickets.id needs it",),
    ),
    "a column by another name": (
        "alter table pools rename url to link",
        "column public.pools.url",
        ("function public.defaults(), function public.urls(integer) name it in the body",),
    ),
    "a table by another name": (
        "alter table entries rename to places",
        "table public.entries",
        ("function public.all_urls(), function public.audited() name it in the body",),
    ),
    "a table in another schema": (
        "create schema kept; alter table audits set schema kept",
        "table public.audits",
        ("function public.audited() names it in the body",),
    ),
    "a column of a table by another name": (
        "alter table pools rename to tanks; alter table tanks drop column url",
        "column public.pools.url",
        ("view public.shown needs it", "in the body"),
    ),
    "a type that a view would change": (
        "alter table pools alter name type varchar(10)",
        "type of column public.pools.name",
        ("materialized view public.named, policy seen on public.pools need it: 1, line 1, which",),
    ),
    "a column that is written where the row is there": (
        "alter table seats drop column a",
        "column public.seats.a",
        ("function public.counts_on_all(), function public.upserts() name it in the body",),
    ),
    "a column that MERGE writes": (
        "alter table seats rename b to bb",
        "column public.seats.b",
        ("function public.merges() names it in the body",),
    ),
    "a column by which tables are joined": (
        "alter table seats rename c to cc",
        "column public.seats.c",
        ("function public.joins() names it in the body",),
    ),
    "a column of a key that is met": (
        "alter table seats rename d to dd",
        "column public.seats.d",
        ("function public.ignores() names it in the body",),
    ),
    "a function made anew that names it still": (
        (
            "create or replace function defaults() returns trigger language plpgsql as"
            " $$ begin new.url := ''; return new; end $$;"
            " create or replace function urls(int) returns text language sql as"
            " 'select null::text';"
            " drop view shown cascade; alter table pools drop url"
        ),
        "column public.pools.url",
        ("function public.defaults() names it in the body",),
    ),
}


@pytest.mark.parametrize(("file", "subject", "says"), USED.values(), ids=USED)
def test_what_needs_a_thing_that_goes_is_named(
    asked: Asked, file: str, subject: str, says: tuple[str, ...]
) -> None:
    findings = asked(file)[subject].findings

    assert len(findings) == len(says), findings
    for finding, piece in zip(findings, says, strict=True):
        assert piece in finding


UNUSED = {
    "nothing has it": "alter table audits drop column idle_since; drop table if exists nowhere",
    "a column of another table in the same body": "alter table pools drop column idle",
    "a word in a text": "alter table tickets drop column owner",
    "another name in a table that is written whole": "alter table seats rename e to ee",
    "made anew, and dropped before": (
        "drop view shown_again; drop view shown;"
        " create or replace function defaults() returns trigger language plpgsql as"
        " $$ begin return new; end $$;"
        " drop function urls(int); create function urls(int) returns text language sql as"
        " $$ select 'none'::text $$; alter table pools drop column url"
    ),
    "several that need one another": (
        "drop view shown, shown_again; drop materialized view named; drop policy seen on pools;"
        " drop function urls, all_urls, audited, counted, parsed; drop table pools, entries"
    ),
    "a function, and later the one that calls it": (
        "drop function urls(int); select 1; drop function all_urls()"
    ),
    "a table that is made anew": "drop table audits; create table audits (id int, idle text)",
    "a table that the files made": "create table cups (id int); drop table cups",
    "a new name that views follow": "alter materialized view named rename to called",
    "a check that goes with its column": "alter table rooms drop column floor",
    "a check that goes with its column, by CASCADE": "alter table rooms drop column floor cascade",
    "a foreign key that went with its column": (
        "alter table beds drop column room; drop table rooms"
    ),
    "an enum that takes another's place": (
        "create type kind_new as enum ('A', 'B', 'C');"
        " drop function kinds(kind);"
        " alter table pools alter kind type kind_new using (kind::text::kind_new);"
        " alter type kind rename to kind_old; alter type kind_new rename to kind;"
        " drop type kind_old"
    ),
}


@pytest.mark.parametrize("file", UNUSED.values(), ids=UNUSED)
def test_what_nothing_needs_any_more_is_no_finding(asked: Asked, file: str) -> None:
    assert [one for told in asked(file).values() for one in told.findings] == []


def test_guard_that_is_not_met_makes_it_a_note(asked: Asked) -> None:
    found = asked("do $$ begin if 1 = 2 then drop table entries; end if; end $$")
    told = found["table public.entries"]

    assert told.findings == ()
    assert "as things are it does nothing" in told.notes[0]


def test_absent_statistics_are_told(asked: Asked) -> None:
    told = asked("alter table audits drop column idle")["column public.audits.idle"]

    assert "pg_stat_statements is not installed in the database" in told.notes[0]
