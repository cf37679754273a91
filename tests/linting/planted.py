"""Files that a server would refuse, or that lose something.

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
        "there is no type kind",
        "alter type kind rename to sort;",
        "create table t (k kind);",
    ),
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
        rules.TAKEN,
        1,
        "public.pools_season is there already",
        "alter table pools add constraint pools_season unique (name);",
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
    _planted(rules.TAKEN, 1, "public.active is there", "create view active as select 1 as one;"),
    _planted(rules.TAKEN, 1, "public.pools is there", "create sequence pools;"),
    _planted(
        rules.UNCAST,
        1,
        "public.pools.short: varchar(20) becomes int4 by no cast of its own",
        "alter table pools alter column short type int;",
    ),
    _planted(
        rules.UNCAST,
        1,
        "public.pools.url: text becomes public.kind by no cast of its own",
        "alter table pools alter column url type kind;",
    ),
    _planted(
        rules.UNCAST,
        1,
        "the default of public.pools.kind: public.kind becomes int4",
        "alter table pools alter column kind type int using 1;",
    ),
    _planted(
        rules.UNCAST,
        1,
        "the default of public.games.state: text becomes public.kind",
        "alter table games add column state text default 'A';",
        "alter table games alter column state type kind using state::kind;",
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
        "public.games loses rows by delete",
        "update games set season = 1999 where note = 'n';",
        "delete from games where season = 1999;",
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
