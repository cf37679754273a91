"""Files that a server would refuse, or that lose something; and files that are well.

One line each: the rule that is to speak, the line on which, a piece of what it says, and the files.
"""

from __future__ import annotations

from dataclasses import dataclass

from gatepost.linting import rules
from gatepost.linting.rules import Rule


@dataclass(frozen=True)
class Planted:
    """Files of which the last one breaks a rule, and no other.

    :param refused: the server refuses it when it is run as Prisma runs it.
    """

    rule: Rule
    line: int
    says: str
    files: tuple[str, ...]
    refused: bool = True

    def __repr__(self) -> str:
        return f"{self.rule.name}: {named(self.files)}"


def named(files: tuple[str, ...]) -> str:
    """Return the last of some files on one line, as far as it tells it from others."""
    return " ".join(files[-1].split())[:90]


def _planted(rule: Rule, line: int, says: str, *files: str, refused: bool = True) -> Planted:
    return Planted(rule, line, says, files, refused)


def _well(*files: str) -> tuple[str, ...]:
    return files


BROKEN = (
    _planted(rules.TEXT, 1, "byte order mark", "\ufeffcreate table t (id int);"),
    _planted(rules.SYNTAX, 2, 'near "tabel"', "create table t (id int);\ncreate tabel u (id int);"),
    _planted(rules.SYNTAX, 1, 'near "\\"', "\\i other.sql"),
    _planted(
        rules.SYNTAX,
        1,
        'near "beginn"',
        "create function f() returns int language plpgsql as $$ beginn return 1; end $$;",
    ),
    _planted(rules.UNKNOWN, 1, "there is no public.pool", "create index i on pool (season);"),
    _planted(rules.UNKNOWN, 1, "there is no other.pools", "create index i on other.pools (id);"),
    _planted(
        rules.UNKNOWN,
        2,
        "public.pools has no column 'active'",
        "select 1;\ncreate index i on pools (season, active);",
    ),
    _planted(
        rules.UNKNOWN,
        1,
        "public.pools has no column 'active'",
        "create index i on pools (id) where active;",
    ),
    _planted(
        rules.UNKNOWN,
        1,
        "public.games has no column 'pool_id'",
        "alter table games add constraint k foreign key (pool_id) references pools (id);",
    ),
    _planted(
        rules.UNKNOWN,
        1,
        "public.pools has no column 'key'",
        'alter table games add constraint k foreign key ("poolId") references pools (key);',
    ),
    _planted(
        rules.UNKNOWN,
        1,
        "public.pools has no column 'max'",
        "alter table pools add constraint k check (max > 0) not valid;",
    ),
    _planted(rules.UNKNOWN, 1, "no column 'titel'", "alter table pools drop column titel;"),
    _planted(
        rules.UNKNOWN, 1, "no column 'titel'", "alter table pools rename column titel to title;"
    ),
    _planted(rules.UNKNOWN, 1, "no constraint 'k'", "alter table pools drop constraint k;"),
    _planted(rules.UNKNOWN, 1, "there is no table nowhere", "drop table nowhere;"),
    _planted(rules.UNKNOWN, 1, "there is no type mood", "create table t (m mood);"),
    _planted(rules.UNKNOWN, 1, "there is no type mood", "alter type mood add value 'C';"),
    _planted(
        rules.UNKNOWN,
        1,
        "there is no function uuid_generate_v4 of 0 arguments",
        "create table t (id uuid default uuid_generate_v4());",
    ),
    _planted(
        rules.UNKNOWN,
        1,
        "public.pools has no column 'nme'",
        "update pools set nme = 'x' where id = 'p';",
    ),
    _planted(
        rules.UNKNOWN,
        1,
        "public.pools has no column 'nme'",
        "insert into pools (id, nme) values ('a', 'b');",
    ),
    _planted(
        rules.UNKNOWN,
        1,
        "there is no column 'nme' in public.pools",
        "update pools set url = nme where id = 'p';",
    ),
    _planted(
        rules.UNKNOWN,
        1,
        "public.games has no column 'pool'",
        "create view v as select p.id from pools p join games g on g.pool = p.id;",
    ),
    _planted(
        rules.UNKNOWN,
        1,
        "public.pools has no column 'url'",
        "alter table pools rename column url to link;",
        "create index i on pools (url);",
    ),
    _planted(
        rules.UNKNOWN,
        4,
        "public.pools has no column 'nme'",
        "do $$\nbegin\n  if true then\n    alter table pools alter column nme set not null;\n"
        "  end if;\nend $$;",
    ),
    _planted(rules.TAKEN, 1, "public.pools is there already", "create table pools (id int);"),
    _planted(
        rules.TAKEN,
        1,
        "column public.pools.url is there already",
        "alter table pools add column url text;",
    ),
    _planted(
        rules.TAKEN,
        1,
        "index public.pools_season is there already",
        "create index pools_season on pools (season);",
    ),
    _planted(
        rules.TAKEN,
        1,
        "constraint games_pool of public.games is there already",
        'alter table games add constraint games_pool foreign key ("poolId") references pools'
        " not valid;",
    ),
    _planted(
        rules.TAKEN, 1, "type public.kind is there already", "create type kind as enum ('A');"
    ),
    _planted(rules.TAKEN, 1, "label 'A' of public.kind", "alter type kind add value 'A';"),
    _planted(
        rules.FRESH_LABEL,
        2,
        "'C' of public.kind is used in the transaction that adds it, on line 1",
        "alter type kind add value 'C';\nalter table pools alter column kind set default 'C';",
    ),
    _planted(
        rules.FRESH_LABEL,
        2,
        "'C' of public.kind",
        "alter type kind add value 'C';\nupdate pools set kind = 'C' where id = 'p1';",
    ),
    _planted(
        rules.FRESH_LABEL,
        2,
        "'C' of public.kind",
        "alter type kind add value 'C';\n"
        "insert into pools (id, name, season, kind) values ('x', 'x', 1, 'C');",
    ),
    _planted(
        rules.FRESH_LABEL,
        2,
        "'C' of public.kind",
        "alter type kind add value 'C';\ncreate index i on pools (id) where kind = 'C';",
    ),
    _planted(rules.LABEL, 1, "public.kind has no label 'Z'", "select 'Z'::kind;"),
    _planted(
        rules.LABEL,
        1,
        "public.kind has no label 'Z'",
        "alter table pools add column k kind default 'Z';",
    ),
    _planted(
        rules.LABEL,
        1,
        "public.kind has no label 'Z'",
        "do $$ begin if not 'Z' = any (enum_range(null::kind)) then"
        " alter type kind add value 'Z'; end if; end $$;",
    ),
    _planted(
        rules.OUTSIDE,
        1,
        "create index concurrently in a transaction: the file has more statements",
        "create index concurrently i on pools (season);\nselect 1;",
    ),
    _planted(rules.OUTSIDE, 2, "vacuum in a transaction", "select 1;\nvacuum pools;"),
    _planted(
        rules.OUTSIDE,
        1,
        "a block is in a transaction",
        "do $$ begin create index concurrently i on pools (season); end $$;",
    ),
    _planted(
        rules.UNSTEADY,
        1,
        "index predicate: now() is stable",
        "create index i on pools (id) where moment > now();",
    ),
    _planted(
        rules.UNSTEADY,
        1,
        "index expression: a cast from timestamptz to date is stable",
        "create index i on pools ((moment::date));",
    ),
    _planted(
        rules.UNSTEADY,
        1,
        "date_trunc() is stable",
        "create index i on pools (date_trunc('day', moment));",
    ),
    _planted(
        rules.UNSTEADY, 1, "unsteady() is stable", "create index i on pools (unsteady(name));"
    ),
    _planted(
        rules.UNSTEADY,
        2,
        "mine() is volatile",
        "create function mine(t text) returns text language plpgsql as 'begin return t; end';\n"
        "create index i on pools (mine(name));",
    ),
    _planted(
        rules.UNSTEADY,
        1,
        "generated column old: current_date is stable",
        "create table t (d date, old bool generated always as (d < current_date) stored);",
    ),
    _planted(
        rules.REQUIRED,
        1,
        "public.pools.owner may not be NULL and has no default, and the table holds about 50 rows",
        "alter table pools add column owner text not null;",
    ),
    _planted(rules.CLIENT, 1, "copy from stdin", "copy pools from stdin;", refused=False),
    _planted(
        rules.HALF,
        2,
        "what stands before `commit` stays if what follows fails",
        "create table t (id int);\ncommit;\ncreate table u (id int);",
        refused=False,
    ),
    _planted(
        rules.LEFT_OPEN,
        1,
        "`begin` has no `commit` by line 2",
        "begin;\ncreate table t (id int);",
        refused=False,
    ),
    _planted(
        rules.LEAKS, 1, "`set search_path` outlives", "set search_path = apart;", refused=False
    ),
    _planted(
        rules.LEAKS,
        1,
        "`set search_path` outlives",
        "select pg_catalog.set_config('search_path', '', false);",
        refused=False,
    ),
    _planted(rules.LEAKS, 1, "`set role` outlives", "set role postgres;", refused=False),
    _planted(
        rules.SWALLOWED,
        2,
        "takes any error for none",
        "do $$ begin\n  alter type kind add value 'C';\nexception when others then null; end $$;",
        refused=False,
    ),
    _planted(
        rules.TABLE_DROPPED,
        1,
        "public.games is dropped, with about 300 rows",
        "drop table games;",
        refused=False,
    ),
    _planted(
        rules.TABLE_DROPPED,
        1,
        "apart.pools is dropped with its schema",
        "drop schema apart cascade;",
        refused=False,
    ),
    _planted(
        rules.COLUMN_DROPPED,
        1,
        "public.pools.url is dropped",
        "alter table pools drop column url;",
        refused=False,
    ),
    _planted(rules.ROWS_DELETED, 1, "public.games is emptied", "truncate games;", refused=False),
    _planted(
        rules.ROWS_DELETED,
        1,
        "and all that points to it",
        "truncate pools cascade;",
        refused=False,
    ),
    _planted(
        rules.ROWS_DELETED,
        1,
        "public.games loses all its rows by delete",
        "delete from games;",
        refused=False,
    ),
    _planted(
        rules.ROWS_DELETED,
        1,
        "public.games loses rows by delete",
        "with gone as (delete from games where season = 1 returning id) select id from gone;",
        refused=False,
    ),
    _planted(
        rules.ROWS_DELETED,
        1,
        "public.pools loses 30 rows by delete",
        "delete from pools p where substr(p.id, 2)::int > 20;",
        refused=False,
    ),
    _planted(
        rules.ROUNDED,
        1,
        "public.pools.amount: numeric(10, 2) becomes numeric(10, 1)",
        "alter table pools alter column amount type numeric(10, 1);",
        refused=False,
    ),
    _planted(
        rules.ROUNDED,
        1,
        "public.pools.begins: timestamp(3) becomes date",
        "alter table pools alter column begins type date;",
        refused=False,
    ),
)

# Each is to be run whole, and nothing is to be said against it.
HEALTHY: tuple[tuple[str, ...], ...] = (
    _well("""create table t (id text primary key, pool text references pools (id), k kind
default 'B');"""),
    _well("""create table t (id int);
create index i on t (id);
insert into t values (1);
drop table t;"""),
    _well("""alter table pools add column "buyIn" numeric(65, 30) not null default 0;
create index i on pools ("buyIn");"""),
    _well("alter table pools rename column url to link;", "create index i on pools (link);"),
    _well("delete from games where season = 1999;"),
    _well("alter table pools rename to lotteries;", "create index i on lotteries (season);"),
    _well("""create type mood as enum ('X');
alter type mood add value 'Y';
create table t (m mood default 'X');"""),
    _well("""create type mood as enum ('X');
create table t (m mood default 'X');
insert into t values ('X');"""),
    _well("alter type kind add value 'C';", "alter table pools alter column kind set default 'C';"),
    _well("alter type kind add value if not exists 'A';"),
    _well("""create index i on pools (lower(name));
create index j on pools (date_trunc('day', begins));"""),
    _well('create index i on pools (id) where "isActive" = true;'),
    _well("create index i on pools (id) where begins > '2025-01-01';"),
    _well("create index i on pools (steady(name), inlined(name));"),
    _well("create index i on pools ((data ->> 'a'), (small::int), (begins::date));"),
    _well("""begin;
create table t (id int);
commit;"""),
    _well("""set lock_timeout = '1s';
create table t (id int);
reset lock_timeout;"""),
    _well("""set local search_path = apart;
select id from apart.pools;"""),
    _well("create index concurrently i on pools (season);"),
    _well("""do $$
begin
  if not exists (select 1 from pg_constraint where conname = 'k') then
    alter table pools add constraint k unique (name);
  end if;
end $$;"""),
    _well("""do $$ begin
  create type kind as enum ('A');
exception when duplicate_object then null; end $$;"""),
    _well("""do $$ declare n int; begin select count(*) into n from pools where season = 1; end
$$;"""),
    _well("create table if not exists pools (id int);"),
    _well("""drop table if exists nowhere;
alter table if exists nowhere add column x int;"""),
    _well("""update pools p set url = g.note from games g where g."poolId" = p.id and p.season =
1;"""),
    _well("""with g as (select id, season as year from games) select year from g where year >
2000;"""),
    _well("select x.n, count(*) from (select 1 as n) x group by n order by n;"),
    _well("""insert into pools (id, name, season) values ('z', 'z', 1)
on conflict (id) do update set name = excluded.name where pools.season = 1;"""),
    _well("""create function f() returns trigger language plpgsql as $$
begin new.name := lower(new.name); return new; end $$;
create trigger t before insert on pools for each row execute function f();"""),
    _well("""comment on column pools.url is 'where it is';
grant select on pools to public;"""),
    _well("""create view v as select p.*, count(*) over () as n from pools p;
create view w as select n from v;"""),
    _well("""create table t (like pools including all);
create index i on t (season);"""),
    _well("""create table t (id int, d date) partition by range (d);
create table t1 partition of t for values from ('2025-01-01') to ('2026-01-01');
create index on t1 (d);"""),
    _well("""create sequence s;
create table t (id int default nextval('s'));
select setval('s', 5);"""),
    _well("alter table empty add column owner text not null;"),
    _well("""alter table pools alter column short type varchar(40);
alter table pools alter column amount type numeric(12, 2);"""),
    _well("""alter table pools add column owner text;
update pools set owner = 'x';
alter table pools alter column owner set not null;"""),
    _well("""select extract(year from moment), coalesce(url, name), percentile_cont(0.5)
  within group (order by season) from pools group by 1, 2;"""),
    _well("""create extension if not exists plpgsql;
select pg_catalog.now(), current_user;"""),
    _well("""create function g() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on pools for each row execute function g();
alter trigger g on pools rename to h;
alter function g() rename to i;
alter table pools add constraint k check (season > 0);
create trigger j before insert on pools for each row execute function i();"""),
    _well("""create function pair(out a int, out b int) language plpgsql as 'begin a := 1; end';
create function taking(r record) returns int language plpgsql as 'begin return 1; end';
create aggregate total(int) (sfunc = int4pl, stype = int);
select total(season) from pools;"""),
)
