"""Files that are well, on the tables of `conftest`: guards, queries, and all that looks wrong."""

from __future__ import annotations


def _well(*files: str) -> tuple[str, ...]:
    return files


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
    _well("update games set note = 'seen';", "delete from games where season = 1998;"),
    _well(
        """create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table ft (a int not null, b text) server s;""",
        "create view seen as select a from ft;",
    ),
    _well("create table t (a int check (t.* is not null));"),
    _well("drop transform if exists for int language plpgsql;"),
    _well(
        "create table t (id serial, n int generated always as identity);",
        "drop sequence t_id_seq cascade;\nalter sequence t_n_seq restart with 5;",
    ),
    _well(
        "alter table empty drop column id;\nalter table empty add column id int;",
        "alter table empty add constraint empty_pkey primary key (id);",
    ),
    _well(
        """create table t (id int, other int, primary key (id, other));
create index i on t (other);""",
        "alter table t rename other to second;\nalter table t drop column second;",
        "alter table t add constraint t_pkey primary key (id);\ncreate index i on t (id);",
    ),
    _well("alter domain code rename to codes;", "create table t (c codes);"),
    _well("alter schema apart rename to alone;", "create index i on alone.pools (id);"),
    _well("alter type kind set schema apart;", "create table t (k apart.kind default 'A');"),
    _well(
        "alter function steady(text) set schema apart;",
        "create index i on pools (apart.steady(name));",
    ),
    _well("select a.name from pools a union all select a.note from games a;"),
    _well("with pools as (select id as pool from pools) select pools.pool from pools;"),
    _well("select games.n from (select count(*) as n from games) games;"),
    _well("select set_config(name, setting, false) from pg_settings where name = 'lock_timeout';"),
    _well("alter table pools rename to lotteries;", "create index i on lotteries (season);"),
    _well("""create type mood as enum ('X');
alter type mood add value 'Y';
create table t (m mood default 'X');"""),
    _well("""create type mood as enum ('X');
create table t (m mood default 'X');
insert into t values ('X');"""),
    _well("alter type kind add value 'C';", "alter table pools alter column kind set default 'C';"),
    _well("alter type kind add value if not exists 'A';"),
    _well("""create type kind_new as enum ('A', 'C');
alter table pools alter column kind drop default;
alter table pools alter column kind type kind_new using (kind::text::kind_new);
alter type kind rename to kind_old;
alter type kind_new rename to kind;
drop type kind_old;
alter table pools alter column kind set default 'C';"""),
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
    _well("""alter table pools add column if not exists url text;
create index on pools (url);"""),
    _well("""create table t (a int, b int, check (a < b), unique (a, b));
alter table t drop constraint t_a_b_key;"""),
    _well("""create table t (id int generated always as identity primary key);
alter table t alter id restart with 5;"""),
    _well("""alter table pools rename constraint pools_pkey to pk;
alter table pools drop constraint pk cascade;"""),
    _well("""alter table games drop constraint "games_pool";
alter table games add constraint games_pool foreign key ("poolId") references pools
on delete cascade not valid;"""),
    _well("""update games set note = sub.n from (select id, name as n from pools) sub where
games."poolId" = sub.id and season = 3;"""),
    _well("""create materialized view mv as select season, count(*) as n from pools group by
season;
create unique index on mv (season);
refresh materialized view concurrently mv;"""),
    _well("""create temp table x (id int);
insert into x values (1);
drop table x;"""),
    _well("""select id from pools p where exists (select 1 from games g where g."poolId" = p.id
and g.season = p.season);"""),
    _well("""create function fn() returns setof pools language sql stable as $$ select * from
pools $$; select f.name from fn() f;"""),
    _well("""alter table pools add column v tsvector;
create index on pools using gin (v);
update pools set v = to_tsvector('english', name) where id = 'p1';"""),
    _well("""create index on pools (lower(name) text_pattern_ops, season desc nulls last)
include (url) where season in (2024, 2025) and kind = any (array['A'::kind]);"""),
    _well("""create policy p on pools using (id = current_user);
alter table pools enable row level security;"""),
    _well("""create type t2 as (a int, b text);
create table tt (c t2);
select (c).a from tt;"""),
    _well("""create schema s2;
create table s2.a (id int);
create view s2.v as select id from s2.a;
drop schema s2 cascade;"""),
    _well("""lock table pools in share mode;
select set_config('lock_timeout', '5s', true);"""),
    _well("""alter table pools alter column kind drop default;
alter table pools alter column kind type text using kind::text;
drop type kind;"""),
    _well("""create table k2 (k kind[] default '{A}', m kind default 'A'::kind);
insert into k2 values ('{B}', 'B');"""),
    _well("""merge into pools p using games g on p.id = g."poolId" when matched and g.season = 1
then update set url = g.note when not matched then do nothing;"""),
    _well("""alter type kind rename value 'A' to 'AA';
select 'AA'::kind;"""),
    _well("""create index on pools using btree (date(begins));
create index on pools (extract(year from begins));"""),
    _well("create index on pools ((begins at time zone 'utc'));"),
    _well("""alter table pools add column g int generated always as (extract(year from
begins)::int) stored;"""),
    _well("select * from generate_series(1, 3) as g(n) join pools p on p.season = n;"),
    _well("create unique index concurrently if not exists zz on pools (id);"),
    _well("""alter table pools add constraint zz2 exclude using gist (int4range(season, season +
1) with &&) where (season > 5000);"""),
    _well("select distinct on (season) id, season yr from pools order by season, yr;"),
    _well("insert into pools values ('zz9', 'n', 'A', 2025);"),
    _well("""grant usage on schema apart to public;
revoke all on table games from public;
comment on constraint games_pool on games is 'x';"""),
    _well("""create table "Weird.Name" ("a.b" int);
create index on "Weird.Name" ("a.b");
alter table "Weird.Name" rename "a.b" to c;"""),
    _well("""create statistics st on season, kind from pools;
analyze pools;"""),
    _well("""do $$ declare r record; begin for r in select id, name from pools loop update games
set note = r.name where "poolId" = r.id; end loop; end $$;"""),
    _well("do $$ begin execute 'create table dyn (id int)'; end $$; insert into dyn values (1);"),
    _well("""do $$ begin execute format('create table %I (id int)', 'dyn2'); end $$; insert into
dyn2 values (1);"""),
    _well("set constraints games_pool immediate;"),
    _well("create or replace view active as select id, name from pools;"),
    _well("drop view active; create view active as select 1 as one;"),
    _well("alter table pools alter column big type int, alter column season type numeric;"),
    _well("alter table games alter column season type text;"),
    _well(
        """alter table pools alter column kind type int using 1,
alter column kind drop default, alter column kind set default 1;"""
    ),
    _well(
        "alter table pools add column made text default current_timestamp, add column n text;",
        """alter table pools alter column made type timestamptz using made::timestamptz;
alter table pools alter column n type kind using n::kind;""",
    ),
    _well(
        "alter table pools add column x text constraint own references pools check (x <> '');",
        "alter table pools drop constraint own, drop constraint pools_x_check;",
    ),
    _well(
        """alter table pools add column x text references pools (id);
alter table games add foreign key ("poolId") references pools not valid, add check (season > 1);""",
        """alter table pools drop constraint pools_x_fkey;
alter table games validate constraint "games_poolId_fkey";
alter table games drop constraint games_season_check;""",
    ),
)
