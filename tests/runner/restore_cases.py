"""Which dumps and restores say that all went well, and lose something?  One record each.

The numbers are those under which the cases were first tried; letters were added here.
"""

from __future__ import annotations

from dataclasses import dataclass

# For the cases in which somebody sees, or owns, less than everything; it is made on both servers.
READER = "create role reader login password 'reader'"
# Everything that one of the cases loses.
SOURCE = """
create extension vector;
create type mood as enum ('sad', 'fine');
create table users (
  id int generated always as identity primary key,
  name text not null unique,
  feels mood not null default 'fine',
  ratio float8
);
create table posts (
  id int generated always as identity primary key,
  author int not null references users on delete cascade,
  body text
);
create index posts_body on posts (body);
create table logs (n int, line text);
create table events (id int, at date) partition by range (id);
create table events_1 partition of events for values from (1) to (100);
create table events_2 partition of events for values from (100) to (200);
create unlogged table cache (key text primary key, value text);
create sequence tickets;
create function greeting(text) returns text language sql immutable as $$ select 'hello ' || $1 $$;
create function noted() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger noted before insert on posts for each row execute function noted();
create view active as select id, name from users where feels = 'fine';
create materialized view totals as select author, count(*) as posts from posts group by author;
create schema apart;
create table apart.notes (id int primary key, note text);
comment on table users is 'whoever has an account';
create publication news for table users;
alter table logs enable row level security;
create policy first_ten on logs for select to reader using (n <= 10);
grant select on all tables in schema public to reader;
grant select on all sequences in schema public to reader;
grant usage on schema apart to reader;
grant select on apart.notes to reader;
alter table apart.notes owner to reader;

insert into users (name, ratio)
  select case n when 7 then 'żółć' else 'user ' || n end, n / 7::float8
  from generate_series(1, 50) n;
insert into posts (author, body) select id, 'body ' || id from users;
insert into logs select n, 'line ' || n || ' of the log' from generate_series(1, 2000) n;
insert into events select n, date '2026-01-01' + n from generate_series(1, 199) n;
insert into cache select 'key ' || n, 'value' from generate_series(1, 20) n;
insert into apart.notes select n, 'note' from generate_series(1, 20) n;
select setval('tickets', 41);
select lo_from_bytea(4711, 'a large object');
refresh materialized view totals;
analyze;
"""


@dataclass(frozen=True)
class Case:
    """One thing that goes wrong without a word.

    :param name: number and words.
    :param finds: checks that must say no, each a question and a subject; none if nothing is lost.
    :param source: SQL that prepares the source.
    :param dump: shell, instead of pg_dump; see `clients`.
    :param restore: shell, instead of pg_restore.
    :param after: SQL that is run in the restored database.
    :param create: how the target's database is made, where not as the source's is.
    :param analyzed: whether statistics are gathered before the gate is asked.
    """

    name: str
    finds: tuple[str, ...]
    source: str = ""
    dump: str = ""
    restore: str = ""
    after: str = ""
    create: str = ""
    analyzed: bool = True


# Errors are "ignored", and nobody looks at what was said about them.
_GOES_ON = """
for given; do shift; [ "$given" = -e ] || set -- "$@" "$given"; done
"$REAL" "$@" 2>/dev/null
"""
# A directory without compression; $data is the largest file in it, that of the table logs.
_PLAIN_FILES = """
for given; do
  shift
  case "$given" in --format=* | --compress=* | --jobs=*) ;; *) set -- "$@" "$given";; esac
done
"$REAL" "$@" --format=directory --compress=0
data=$(ls -S "$file"/*.dat | head -1)
"""
_LISTED = """
"$REAL" --list "$archive" | grep -v '{without}' > "$archive.list"
"$REAL" "$@" --use-list="$archive.list"
"""


def _with(options: str) -> str:
    return f'"$REAL" "$@" {options}'


LOST = (
    Case(
        "7 a table stays empty after one refused row",
        ("rows public.posts",),
        source="""
create function short(text) returns boolean language sql immutable as 'select true';
alter table posts add constraint posts_short check (short(body));
create or replace function short(text) returns boolean language sql immutable as
  $$ select $1 <> 'body 7' $$;
""",
        restore=_GOES_ON,
    ),
    Case(
        "8 a foreign key is missing, since the source had orphans",
        ("schema public.posts",),
        source="""
alter table posts disable trigger all;
insert into posts (author, body) values (999, 'of nobody');
alter table posts enable trigger all;
""",
        restore=_GOES_ON,
    ),
    Case(
        "9 a unique index is missing, since the source had duplicates",
        ("schema public.logs",),
        source="""
create function kind(text) returns text language sql immutable as 'select $1';
create unique index logs_kind on logs (kind(line));
create or replace function kind(text) returns text language sql immutable as $$ select 'all' $$;
""",
        restore=_GOES_ON,
    ),
    Case(
        "10 a file of the archive is cut at the end of a line",
        ("rows public.logs",),
        dump=f'{_PLAIN_FILES} head -n 100 "$data" > "$file.cut"; mv "$file.cut" "$data"',
    ),
    Case(
        "11 a file of the archive is emptied",
        ("rows public.logs",),
        dump=f'{_PLAIN_FILES} : > "$data"',
    ),
    Case(
        "12 a bit of the archive is flipped",
        ("rows public.logs",),
        dump=f"""{_with("--compress=0")} && sed -i 's/line 77 of/line 75 of/' "$file" """,
    ),
    Case(
        "14 one table is restored alone",
        ("schema public.posts", "schema public.users"),
        restore=_with("--table=posts"),
    ),
    Case(
        "15 the last section is left out",
        ("schema public.posts", "schema public.users"),
        restore=_with("--section=pre-data --section=data"),
    ),
    Case(
        "16 a partitioned table is dumped without its partitions",
        ("rows public.events", "schema public.events_1"),
        dump=_with("--table=public.events --table=public.logs"),
    ),
    Case(
        "17 a pattern matches nothing, beside one that does",
        ("rows public.posts", "schema public.posts"),
        dump=_with("--table=public.logs --table=public.no_such"),
    ),
    Case(
        "18 large objects are left out",
        ("objects large objects",),
        dump=_with("--no-large-objects"),
    ),
    Case(
        "19 extensions are left out",
        ("extensions vector",),
        dump=_with("--exclude-extension=vector"),
    ),
    Case(
        "20 the role that dumps sees some rows only",
        ("rows public.logs",),
        dump=f"PGUSER=reader PGPASSWORD=reader {_with('--enable-row-security --no-large-objects')}",
    ),
    Case(
        "21 a table belongs to an extension",
        ("extensions vector",),
        source="alter extension vector add table logs",
    ),
    Case(
        "22 settings of the database are in no dump",
        ("settings database",),
        source="""
do $$ begin
  execute format('alter database %I set timezone = ''Asia/Tokyo''', current_database());
end $$
""",
    ),
    Case(
        "23 the archive goes into a database of its own name",
        ("rows public.users", "schema public.users"),
        restore='"$REAL" --create --dbname=postgres "$archive"',
    ),
    Case(
        "24 something else was there before",
        ("schema public.stale",),
        after="create table stale (id int)",
    ),
    Case(
        "25 the archive is restored twice",
        ("rows public.logs",),
        restore=f'"$REAL" "$@"; {_GOES_ON}',
    ),
    Case(
        "26 another runner's rows are among ours",
        ("rows public.logs",),
        after="insert into logs values (2001, 'of another run')",
    ),
    Case(
        "27 stale rows are kept, since their keys are taken",
        ("rows public.users",),
        after="update users set name = 'stale ' || id",
    ),
    Case(
        "28 rows are loaded while no trigger looks",
        ("orphans public.posts.author -> public.users.id", "rows public.users"),
        after="""
alter table posts disable trigger all;
alter table users disable trigger all;
delete from users where id = 7;
alter table posts enable trigger all;
alter table users enable trigger all;
""",
    ),
    Case(
        "29 triggers stay disabled",
        ("objects triggers",),
        after="alter table posts disable trigger all",
    ),
    Case(
        "31 sequences are not set",
        ("sequences public.posts_id_seq", "sequences public.tickets"),
        restore=_LISTED.format(without="SEQUENCE SET"),
    ),
    Case(
        "32 sequences begin anew",
        ("sequences public.users_id_seq",),
        after="select setval('users_id_seq', 1, false)",
    ),
    Case(
        "34 the body of a function is broken",
        ("schema function public.greeting(text)",),
        after="""
set check_function_bodies = off;
create or replace function greeting(text) returns text language sql immutable as
  $$ select 'hello ' || no_such($1) $$;
""",
    ),
    Case(
        "35 an extension has another version",
        ("extensions vector",),
        after="update pg_extension set extversion = '0.0.1' where extname = 'vector'",
    ),
    Case(
        "36 owners and grants are left out",
        ("privileges schema apart", "privileges schema public"),
        restore=_with("--no-owner --no-privileges"),
    ),
    Case(
        "37 an index that was invalid is not dumped",
        ("schema public.posts",),
        source="update pg_index set indisvalid = false where indexrelid = 'posts_body'::regclass",
    ),
    Case("38 there are no statistics", ("objects statistics",), analyzed=False),
    Case(
        "39 an unlogged table was emptied by a crash",
        ("rows public.cache",),
        after="truncate cache",
    ),
    Case(
        "40 the target knows no encoding",
        ("settings database",),
        create="encoding 'SQL_ASCII'",
    ),
    Case(
        "41 the target has another encoding",
        ("rows public.users", "settings database"),
        create="encoding 'LATIN1' locale 'C'",
        restore=_GOES_ON,
    ),
    Case(
        "43 a line of the list is commented out",
        ("rows public.logs",),
        restore=_LISTED.format(without="TABLE DATA public logs"),
    ),
    Case(
        "44 a materialised view is not filled",
        ("objects materialised views",),
        restore=_LISTED.format(without="MATERIALIZED VIEW DATA"),
    ),
    Case(
        "a rows are left out of the dump",
        ("rows public.logs",),
        dump=_with("--exclude-table-data=logs"),
    ),
    Case("b only declarations are dumped", ("rows public.users",), dump=_with("--schema-only")),
    Case("c a schema is left out", ("rows apart.notes",), dump=_with("--exclude-schema=apart")),
    Case(
        "d rows of unlogged tables are left out",
        ("rows public.cache",),
        dump=_with("--no-unlogged-table-data"),
    ),
    Case(
        "e numbers lose their last digits",
        ("rows public.users",),
        dump=_with("--extra-float-digits=0"),
    ),
    Case("f policies are left out", ("schema public.logs",), restore=_with("--no-policies")),
    Case(
        "g publications are left out",
        ("schema publication news",),
        restore=_with("--no-publications"),
    ),
)

KEPT = (
    Case("as it should be", ()),
    Case("33 a sequence went on while it was dumped", (), after="select nextval('tickets')"),
    Case("h one row a statement", (), dump=_with("--rows-per-insert=100")),
    Case("i rows of partitions go through the whole", (), dump=_with("--load-via-partition-root")),
    Case("j every name is quoted", (), dump=_with("--quote-all-identifiers")),
)
