"""What can be lost or gained of rights, one thing at a time, and in which words is it said?"""

from __future__ import annotations

ROLES = """
    create role app login password 'a word';
    create role reporting;
    create role boss login;
"""
# One of every kind that has an owner, all of them app's, with grants on whatever can be granted.
EVERY_KIND = """
    create schema shop authorization app;
    create table shop.users (id integer primary key, email text, name text);
    create table shop.posts (id integer primary key);
    create table shop.likes (day date) partition by range (day);
    create table shop.likes_2025 partition of shop.likes
        for values from ('2025-01-01') to ('2026-01-01');
    create view shop.recent as select id from shop.posts;
    create materialized view shop.totals as select count(*) as number from shop.posts;
    create sequence shop.numbers;
    create function shop.twice(integer) returns integer language sql as 'select 2 * $1';
    create procedure shop.tidy() language sql as 'select 1';
    create aggregate shop.product (integer) (sfunc = int4mul, stype = integer);
    create type shop.mood as enum ('well', 'ill');
    create type shop.place as (street text, town text);
    create type shop.span as range (subtype = integer);
    create domain shop.amount as integer check (value >= 0);
    create collation shop.plain (locale = 'C');
    create conversion shop.odd for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
    create operator shop.@@@ (leftarg = integer, rightarg = integer, function = int4mul);
    create operator family shop.family using btree;
    create operator class shop.class for type integer using btree family shop.family as
        operator 1 <, function 1 btint4cmp(integer, integer);
    create text search configuration shop.words (copy = pg_catalog.simple);
    create text search dictionary shop.dictionary (template = pg_catalog.simple);
    create statistics shop.both on id, email from shop.users;
    create foreign data wrapper wrapper;
    create server far foreign data wrapper wrapper;
    create foreign table shop.remote (id integer) server far;
    create publication news for table shop.users;
    create function shop.watch() returns event_trigger language plpgsql as 'begin end';
    create event trigger watcher on ddl_command_end execute function shop.watch();
    select lo_from_bytea(oid, 'a') from generate_series(4241, 4244) as oid;
    do $$ declare one text; begin
        foreach one in array array['table shop.users', 'table shop.posts', 'table shop.likes',
            'table shop.likes_2025', 'view shop.recent', 'materialized view shop.totals',
            'sequence shop.numbers', 'function shop.twice(integer)', 'procedure shop.tidy()',
            'aggregate shop.product(integer)', 'type shop.mood', 'type shop.place',
            'type shop.span', 'domain shop.amount', 'collation shop.plain',
            'conversion shop.odd', 'operator shop.@@@ (integer, integer)',
            'operator family shop.family using btree', 'operator class shop.class using btree',
            'text search configuration shop.words', 'text search dictionary shop.dictionary',
            'statistics shop.both', 'server far', 'foreign table shop.remote',
            'function shop.watch()', 'large object 4241']
        loop
            execute format('alter %s owner to app', one);
        end loop;
    end $$;
    grant usage on schema shop to reporting;
    grant select on shop.users, shop.posts, shop.likes, shop.recent to reporting;
    grant insert, update on shop.posts to boss with grant option;
    grant select (email), update (name) on shop.users to boss;
    grant usage on sequence shop.numbers to reporting;
    revoke execute on function shop.twice(integer) from public;
    grant execute on function shop.twice(integer) to reporting;
    grant execute on procedure shop.tidy() to boss;
    revoke usage on type shop.mood from public;
    grant usage on foreign data wrapper wrapper to reporting;
    grant usage on foreign server far to reporting;
    grant select on large object 4242 to reporting;
    revoke delete on shop.posts from app;
    alter default privileges for role app in schema shop grant select on tables to reporting;
    alter default privileges for role app revoke execute on functions from public;
    alter default privileges for role app grant all on sequences to boss;
    grant reporting to boss with admin option;
"""
LOST = [
    # whose it is
    ("schema shop", "alter schema shop owner to boss", "schema shop: owner app before, boss after"),
    ("schema shop", "alter table shop.users owner to boss", "table shop.users: owner app before"),
    ("schema shop", "alter view shop.recent owner to boss", "view shop.recent: owner app before"),
    (
        "schema shop",
        "alter materialized view shop.totals owner to boss",
        (
            "materialised view shop.totals: owner app before, boss after\n"
            "  mend: alter materialized view shop.totals owner to app"
        ),
    ),
    ("schema shop", "alter sequence shop.numbers owner to boss", "sequence shop.numbers: owner"),
    (
        "schema shop",
        "alter function shop.twice(integer) owner to boss",
        (
            "function shop.twice(integer): owner app before, boss after\n"
            "  mend: alter routine shop.twice(integer) owner to app"
        ),
    ),
    ("schema shop", "alter procedure shop.tidy() owner to boss", "procedure shop.tidy(): owner"),
    (
        "schema shop",
        "alter aggregate shop.product(integer) owner to boss",
        "aggregate shop.product(integer): owner",
    ),
    ("schema shop", "alter type shop.mood owner to boss", "enum shop.mood: owner app before"),
    ("schema shop", "alter type shop.place owner to boss", "composite type shop.place: owner"),
    ("schema shop", "alter type shop.span owner to boss", "range shop.span: owner app before"),
    ("schema shop", "alter domain shop.amount owner to boss", "domain shop.amount: owner app"),
    ("schema shop", "alter collation shop.plain owner to boss", "collation shop.plain: owner app"),
    ("schema shop", "alter conversion shop.odd owner to boss", "conversion shop.odd: owner app"),
    (
        "schema shop",
        "alter operator shop.@@@ (integer, integer) owner to boss",
        (
            "operator shop.@@@(integer, integer): owner app before, boss after\n"
            "  mend: alter operator shop.@@@(integer, integer) owner to app"
        ),
    ),
    (
        "schema shop",
        "alter operator family shop.family using btree owner to boss",
        "operator family shop.family using btree: owner app before",
    ),
    (
        "schema shop",
        "alter operator class shop.class using btree owner to boss",
        "operator class shop.class using btree: owner app before",
    ),
    (
        "schema shop",
        "alter text search configuration shop.words owner to boss",
        "text search configuration shop.words: owner app before",
    ),
    (
        "schema shop",
        "alter text search dictionary shop.dictionary owner to boss",
        "text search dictionary shop.dictionary: owner app before",
    ),
    ("schema shop", "alter statistics shop.both owner to boss", "statistics shop.both: owner app"),
    ("schema shop", "alter foreign table shop.remote owner to boss", "foreign table shop.remote:"),
    ("database", "alter server far owner to boss", "foreign server far: owner app before"),
    (
        "database",
        "alter role boss superuser; alter foreign data wrapper wrapper owner to boss",
        "foreign data wrapper wrapper: owner postgres before, boss after",
    ),
    (
        "database",
        "alter role boss superuser; alter event trigger watcher owner to boss",
        "event trigger watcher: owner postgres before, boss after",
    ),
    (
        "database",
        "alter role boss superuser; alter publication news owner to boss",
        "publication news: owner postgres before, boss after",
    ),
    (
        "database",
        "do $$ begin execute format('alter database %I owner to boss', current_database()); end $$",
        "database: owner postgres before, boss after",
    ),
    (
        "database",
        "alter large object 4241 owner to boss",
        "large object 4241: owner app before, boss after",
    ),
    # who may do what
    (
        "schema shop",
        "revoke select on shop.users, shop.posts from reporting",
        (
            "role reporting: select gone on 2 tables of shop: posts, users\n"
            "  mend: grant select on table shop.posts, shop.users to reporting"
        ),
    ),
    (
        "schema shop",
        "grant truncate on shop.likes_2025 to reporting",
        "role reporting: truncate only after on table shop.likes_2025",
    ),
    (
        "schema shop",
        "grant select on shop.users to public",
        "PUBLIC: select only after on table shop.users",
    ),
    (
        "schema shop",
        "revoke grant option for insert on shop.posts from boss",
        (
            "role boss: insert on table shop.posts: with grant option before, without after\n"
            "  mend: grant insert on table shop.posts to boss with grant option"
        ),
    ),
    (
        "schema shop",
        "grant select on shop.users to reporting with grant option",
        (
            "role reporting: select on table shop.users: without grant option before, with after\n"
            "  mend: revoke grant option for select on table shop.users from reporting"
        ),
    ),
    (
        "schema shop",
        "revoke select (email) on shop.users from boss",
        (
            "role boss: select gone on column shop.users.email\n"
            "  mend: grant select (email) on table shop.users to boss"
        ),
    ),
    (
        "schema shop",
        "grant update (email) on shop.users to boss",
        "role boss: update only after on column shop.users.email",
    ),
    (
        "schema shop",
        "grant select (id) on shop.posts to boss",
        "role boss: select only after on column shop.posts.id",
    ),
    (
        "schema shop",
        "revoke usage on sequence shop.numbers from reporting",
        "role reporting: usage gone on sequence shop.numbers",
    ),
    ("schema shop", "revoke usage on schema shop from reporting", "usage gone on schema shop"),
    (
        "schema shop",
        "grant execute on function shop.twice(integer) to public",
        "PUBLIC: execute only after on function shop.twice(integer)",
    ),
    (
        "schema shop",
        "revoke execute on function shop.twice(integer) from reporting",
        "role reporting: execute gone on function shop.twice(integer)",
    ),
    (
        "schema shop",
        "revoke execute on all routines in schema shop from public",
        "PUBLIC: execute gone on 3 objects of shop: product(integer), watch(), tidy()",
    ),
    (
        "schema shop",
        "grant usage on type shop.mood to public",
        "PUBLIC: usage only after on enum shop.mood",
    ),
    (
        "schema shop",
        "revoke usage on domain shop.amount from public",
        "PUBLIC: usage gone on domain shop.amount\n  mend: grant usage on type shop.amount to",
    ),
    (
        "schema shop",
        "grant delete on shop.posts to app",
        "the owner: delete only after on table shop.posts",
    ),
    (
        "schema shop",
        "revoke update on shop.users from app",
        (
            "the owner: update gone on table shop.users\n"
            "  mend: grant update on table shop.users to app"
        ),
    ),
    (
        "schema public",
        "grant create on schema public to public",
        "PUBLIC: create only after on schema public",
    ),
    (
        "database",
        "revoke usage on language plpgsql from public",
        "PUBLIC: usage gone on language plpgsql",
    ),
    (
        "database",
        "revoke usage on foreign data wrapper wrapper from reporting",
        "role reporting: usage gone on foreign data wrapper wrapper",
    ),
    (
        "database",
        "revoke usage on foreign server far from reporting",
        "role reporting: usage gone on foreign server far",
    ),
    (
        "database",
        "revoke select on large object 4242 from reporting",
        "role reporting: select gone on large object 4242",
    ),
    (
        "database",
        (
            "do $$ begin execute format('revoke connect on database %I from public',"
            " current_database()); end $$"
        ),
        "PUBLIC: connect gone on database",
    ),
    (
        "database",
        "grant execute on function pg_catalog.pg_ls_dir(text) to boss",
        "role boss: execute only after on function pg_catalog.pg_ls_dir(text)",
    ),
    (
        "database",
        "revoke execute on function pg_catalog.version() from public",
        "PUBLIC: execute gone on function pg_catalog.version()",
    ),
    (
        "database",
        "revoke select on pg_catalog.pg_roles from public",
        "PUBLIC: select gone on view pg_catalog.pg_roles",
    ),
    # what new objects are granted
    (
        "default privileges",
        (
            "alter default privileges for role app in schema shop revoke select on tables"
            " from reporting"
        ),
        (
            "role reporting: select gone on new tables of app in schema shop\n  mend: alter default"
            " privileges for role app in schema shop grant select on tables to reporting"
        ),
    ),
    (
        "default privileges",
        "alter default privileges for role app grant execute on functions to public",
        (
            "PUBLIC: execute only after on new functions of app\n  mend: alter default privileges"
            " for role app revoke execute on functions from public"
        ),
    ),
    (
        "default privileges",
        "alter default privileges for role boss revoke usage on types from public",
        "PUBLIC: usage gone on new types of boss",
    ),
    (
        "default privileges",
        "alter default privileges for role app grant create on schemas to reporting",
        "role reporting: create only after on new schemas of app",
    ),
]
# On the server after alone, of roles that the database uses.
OF_ROLES = [
    (
        "alter role app nologin",
        "role app: login before, nologin after\n  mend: alter role app login",
    ),
    ("alter role app superuser", "role app: nosuperuser before, superuser after"),
    ("alter role app createdb", "role app: nocreatedb before, createdb after"),
    ("alter role app createrole", "role app: nocreaterole before, createrole after"),
    ("alter role app replication", "role app: noreplication before, replication after"),
    ("alter role app bypassrls", "role app: nobypassrls before, bypassrls after"),
    ("alter role app noinherit", "role app: inherit before, noinherit after"),
    ("alter role app connection limit 3", "role app: connection limit none before, 3 after"),
    (
        "alter role app valid until '2020-01-01 00:00+00'",
        "role app: valid until for ever before, 2020-01-01 00:00:00+00 after",
    ),
    ("alter role app password null", "role app: with a password before, without one after"),
    ("revoke reporting from boss", "role boss: a member of reporting before, not after"),
    (
        "revoke admin option for reporting from boss",
        "role boss: as a member of reporting: admin true before, admin false after",
    ),
    (
        "grant reporting to boss with inherit false, set false",
        (
            "inherit true, set true before, inherit false, set false after\n"
            "  mend: grant reporting to boss with inherit true, set true"
        ),
    ),
    ("grant app to boss", "role boss: a member of app only after\n  mend: revoke app from boss"),
    ("grant pg_read_all_data to app", "role app: a member of pg_read_all_data only after"),
    (
        "create role deputy; grant app to deputy",
        "role deputy: only after, a member of app\n  mend: revoke app from deputy",
    ),
]
