"""One difference at a time, and pairs that only look different: a table for the schema's tests.

Each case lives in a schema of its own, which is the search_path while its SQL runs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """What both sides share, what each has alone, and what the gate is to say.

    :param said: the findings, a line for each, with {s} for the schema; none for a pair that is
        alike.
    :param noted: the notes, likewise.
    """

    name: str
    common: str
    before: str
    after: str
    said: str = ""
    noted: str = ""

    def __repr__(self) -> str:
        return self.name


T = "create table t (id integer, v text);"
PARENT = "create table p (id integer primary key, x integer unique); create table t (id integer);"
FK = "alter table t add constraint f foreign key (id) references p"
CHECK = "alter table t add constraint c check (id > 0)"
FIRES = "create function tf() returns trigger language plpgsql as 'begin return new; end';"
TRIGGER = f"{T}{FIRES} create trigger tr before insert on t for each row execute function tf();"
PARTITIONED = "create table t (id integer, k integer) partition by range (id);"
PARTITION = f"{PARTITIONED} create table t1 partition of t for values from (0) to (10);"
FUNCTION = "create function f(a integer default 1) returns integer language sql {0} as '{1}'"


def function(marks: str = "immutable", body: str = "select a") -> str:
    """Return the SQL that makes the function f."""
    return FUNCTION.format(marks, body)


DIFFERENT = (
    Case(
        "storage parameters that differ in one of two",
        f"{T} create index i on t (v) with (deduplicate_items = off);",
        "alter table t set (autovacuum_enabled = on, fillfactor = 70)",
        "alter table t set (autovacuum_enabled = 'true', fillfactor = 80);"
        " alter index i set (deduplicate_items = yes)",
        "{s}.t: index i: btree (v) WITH (deduplicate_items='false') before,"
        " btree (v) WITH (deduplicate_items='true') after\n"
        "{s}.t: options autovacuum_enabled=true, fillfactor=70 before,"
        " autovacuum_enabled=true, fillfactor=80 after",
    ),
    # relations
    Case("table is missing", "", T, "", "{s}.t: missing after"),
    Case("table is new", "", "", T, "{s}.t: only after"),
    Case(
        "table became a view",
        "",
        "create table t (id integer)",
        "create view t as select 1 as id",
        "{s}.t: table before, view after",
    ),
    Case(
        "table is unlogged",
        T,
        "",
        "alter table t set unlogged",
        "{s}.t: persistence permanent before, unlogged after",
    ),
    Case(
        "storage parameters",
        T,
        "",
        "alter table t set (fillfactor = 70)",
        "{s}.t: options none before, fillfactor=70 after",
    ),
    Case(
        "replica identity",
        T,
        "",
        "alter table t replica identity full",
        "{s}.t: replica identity none before, full after",
    ),
    Case(
        "parent",
        "create table p (id integer)",
        "create table t () inherits (p)",
        "create table t (id integer)",
        (
            "{s}.t.id: inherited before, declared here after\n"
            "{s}.t: inherits {s}.p before, none after"
        ),
    ),
    Case(
        "row security",
        T,
        "alter table t enable row level security",
        "",
        "{s}.t: row security on before, row security off after",
    ),
    Case(
        "comment of a table",
        T,
        "comment on table t is 'one'",
        "comment on table t is 'two'",
        "{s}.t: comment one before, two after",
    ),
    # columns
    Case("column is gone", "", T, "create table t (id integer)", "{s}.t: column v gone"),
    Case("column is new", "", "create table t (id integer)", T, "{s}.t: column v only after"),
    Case(
        "narrower numeric",
        "",
        "create table t (total numeric(12,2))",
        "create table t (total numeric(10,2))",
        "{s}.t.total: numeric(12,2) before, numeric(10,2) after",
    ),
    Case(
        "timestamp with another precision",
        "",
        "create table t (at timestamptz)",
        "create table t (at timestamptz(3))",
        "{s}.t.at: timestamp with time zone before, timestamp(3) with time zone after",
    ),
    Case(
        "array",
        "",
        "create table t (v integer[])",
        "create table t (v integer)",
        "{s}.t.v: integer[] before, integer after",
    ),
    Case(
        "nullability",
        "",
        "create table t (id integer not null)",
        "create table t (id integer)",
        "{s}.t.id: not null before, nullable after",
    ),
    Case(
        "default",
        T,
        "alter table t alter v set default 'a'",
        "alter table t alter v set default 'b'",
        "{s}.t.v: default 'a'::text before, 'b'::text after",
    ),
    Case(
        "default is gone",
        T,
        "alter table t alter v set default 'a'",
        "",
        "{s}.t.v: default 'a'::text before, none after",
    ),
    Case(
        "identity",
        "",
        "create table t (id integer generated always as identity)",
        "create table t (id integer generated by default as identity)",
        "{s}.t.id: identity always before, by default after",
    ),
    Case(
        "serial became identity",
        "",
        "create table t (id serial)",
        "create table t (id integer generated always as identity)",
        (
            "{s}.t.id: default nextval('{s}.t_id_seq'::regclass) before, none after\n"
            "{s}.t.id: identity none before, always after"
        ),
    ),
    Case(
        "generated expression",
        "",
        "create table t (a integer, b integer generated always as (a * 2) stored)",
        "create table t (a integer, b integer generated always as (a * 3) stored)",
        "{s}.t.b: generated (a * 2) stored before, (a * 3) stored after",
    ),
    Case(
        "collation",
        "",
        'create table t (v text collate "C")',
        "create table t (v text)",
        "{s}.t.v: collation pg_catalog.C before, the type's own after",
    ),
    Case(
        "storage",
        T,
        "",
        "alter table t alter v set storage external",
        "{s}.t.v: storage the type's own before, external after",
    ),
    Case(
        "comment of a column",
        T,
        "comment on column t.v is 'mail'",
        "",
        "{s}.t.v: comment mail before, none after",
    ),
    # constraints
    Case(
        "primary key is gone",
        "create table t (id integer not null)",
        "alter table t add primary key (id)",
        "",
        "{s}.t: constraint t_pkey gone",
    ),
    Case(
        "order of a primary key",
        "create table t (a integer not null, b integer not null)",
        "alter table t add primary key (a, b)",
        "alter table t add primary key (b, a)",
        "{s}.t: constraint t_pkey: PRIMARY KEY (a, b) before, PRIMARY KEY (b, a) after",
    ),
    Case(
        "unique constraint is deferrable",
        T,
        "alter table t add constraint u unique (id)",
        "alter table t add constraint u unique (id) deferrable",
        "{s}.t: constraint u: UNIQUE (id) before, UNIQUE (id) DEFERRABLE after",
    ),
    Case(
        "nulls are not distinct",
        T,
        "alter table t add constraint u unique (id)",
        "alter table t add constraint u unique nulls not distinct (id)",
        "{s}.t: constraint u: UNIQUE (id) before, UNIQUE NULLS NOT DISTINCT (id) after",
    ),
    Case(
        "check",
        T,
        CHECK,
        CHECK.replace("0", "1"),
        "{s}.t: constraint c: CHECK ((id > 0)) before, CHECK ((id > 1)) after",
    ),
    Case(
        "parentheses that carry meaning",
        "create table t (a integer, b integer, c integer)",
        "alter table t add constraint x check ((a + b) * c > 0)",
        "alter table t add constraint x check (a + b * c > 0)",
        (
            "{s}.t: constraint x: CHECK ((((a + b) * c) > 0)) before,"
            " CHECK (((a + (b * c)) > 0)) after"
        ),
    ),
    Case(
        "check that is not validated",
        T,
        CHECK,
        f"{CHECK} not valid",
        "{s}.t: constraint c: validated before, not validated after",
    ),
    Case(
        "check that is not inherited",
        T,
        CHECK,
        f"{CHECK} no inherit",
        "{s}.t: constraint c: CHECK ((id > 0)) before, CHECK ((id > 0)) NO INHERIT after",
    ),
    Case("foreign key is gone", PARENT, FK, "", "{s}.t: constraint f gone"),
    Case(
        "foreign key to another column",
        PARENT,
        f"{FK} (id)",
        f"{FK} (x)",
        (
            "{s}.t: constraint f: FOREIGN KEY (id) REFERENCES {s}.p(id) before,"
            " FOREIGN KEY (id) REFERENCES {s}.p(x) after"
        ),
    ),
    Case(
        "foreign key's action",
        PARENT,
        f"{FK} on update cascade",
        FK,
        (
            "{s}.t: constraint f: FOREIGN KEY (id) REFERENCES {s}.p(id) ON UPDATE CASCADE before,"
            " FOREIGN KEY (id) REFERENCES {s}.p(id) after"
        ),
    ),
    Case(
        "foreign key is deferred",
        PARENT,
        FK,
        f"{FK} deferrable initially deferred",
        (
            "{s}.t: constraint f: FOREIGN KEY (id) REFERENCES {s}.p(id) before,"
            " FOREIGN KEY (id) REFERENCES {s}.p(id) DEFERRABLE INITIALLY DEFERRED after"
        ),
    ),
    Case(
        "foreign key that is not validated",
        PARENT,
        FK,
        f"{FK} not valid",
        "{s}.t: constraint f: validated before, not validated after",
    ),
    Case(
        "foreign key whose triggers sleep",
        f"{PARENT}{FK}",
        "",
        "alter table t disable trigger all",
        "{s}.t: constraint f: triggers on {s}.t enabled before, disabled after",
    ),
    Case(
        "parent's side of a foreign key sleeps",
        f"{PARENT}{FK}",
        "",
        "alter table p disable trigger all",
        "{s}.t: constraint f: triggers on {s}.p enabled before, disabled after",
    ),
    Case(
        "exclusion constraint",
        "create table t (r int4range)",
        "alter table t add constraint x exclude using gist (r with &&)",
        "alter table t add constraint x exclude using gist (r with -|-)",
        (
            "{s}.t: constraint x: EXCLUDE USING gist (r WITH &&) before,"
            " EXCLUDE USING gist (r WITH -|-) after"
        ),
    ),
    Case(
        "comment of a constraint",
        f"{T}{CHECK}",
        "",
        "comment on constraint c on t is 'x'",
        "{s}.t: constraint c: comment none before, x after",
    ),
    # indexes
    Case("index is gone", T, "create index i on t (v)", "", "{s}.t: index i gone"),
    Case(
        "one of two equal indexes is gone",
        f"{T} create index i on t (v)",
        "create index j on t (v)",
        "",
        "{s}.t: index j gone",
    ),
    Case(
        "index on other columns",
        T,
        "create index i on t (v)",
        "create index i on t (v, id)",
        "{s}.t: index i: btree (v) before, btree (v, id) after",
    ),
    Case(
        "index of another method",
        T,
        "create index i on t (v)",
        "create index i on t using hash (v)",
        "{s}.t: index i: btree (v) before, hash (v) after",
    ),
    Case(
        "index on an expression",
        T,
        "create index i on t (lower(v))",
        "create index i on t (upper(v))",
        "{s}.t: index i: btree (lower(v)) before, btree (upper(v)) after",
    ),
    Case(
        "unique index is not",
        T,
        "create unique index i on t (v)",
        "create index i on t (v)",
        "{s}.t: index i: unique btree (v) before, btree (v) after",
    ),
    Case(
        "predicate",
        T,
        "create index i on t (v) where id > 0",
        "create index i on t (v) where id > 1",
        "{s}.t: index i: btree (v) WHERE (id > 0) before, btree (v) WHERE (id > 1) after",
    ),
    Case(
        "invalid index",
        f"{T} create index i on t (v)",
        "",
        "update pg_catalog.pg_index set indisvalid = false where indexrelid = 'i'::regclass",
        "{s}.t: index i: valid before, invalid after",
    ),
    Case(
        "unique constraint whose index is invalid",
        "create table t (id integer constraint u unique)",
        "",
        "update pg_catalog.pg_index set indisvalid = false where indexrelid = 'u'::regclass",
        "{s}.t: constraint u: valid before, invalid after",
    ),
    # types
    Case(
        "enum has lost a label",
        "",
        "create type e as enum ('PENDING', 'ACTIVE')",
        "create type e as enum ('ACTIVE')",
        "enum {s}.e: labels PENDING, ACTIVE before, ACTIVE after",
    ),
    Case(
        "enum in another order",
        "",
        "create type e as enum ('a', 'b')",
        "create type e as enum ('b', 'a')",
        "enum {s}.e: labels a, b before, b, a after",
    ),
    Case(
        "domain's type",
        "",
        "create domain d as integer",
        "create domain d as bigint",
        "domain {s}.d: integer before, bigint after",
    ),
    Case(
        "domain's check",
        "",
        "create domain d as integer constraint c check (value > 0)",
        "create domain d as integer constraint c check (value > 1)",
        "domain {s}.d: constraint c: CHECK ((VALUE > 0)) before, CHECK ((VALUE > 1)) after",
    ),
    Case(
        "domain's nullability",
        "",
        "create domain d as integer not null",
        "create domain d as integer",
        "domain {s}.d: not null before, nullable after",
    ),
    Case(
        "composite type",
        "",
        "create type c as (a integer, b text)",
        "create type c as (b text, a integer)",
        "composite {s}.c: fields a integer, b text before, b text, a integer after",
    ),
    Case(
        "range type",
        "",
        "create type r as range (subtype = float8)",
        "create type r as range (subtype = float8, subtype_diff = float8mi)",
        (
            "range {s}.r: subtype difference none before,"
            " float8mi(double precision,double precision) after"
        ),
    ),
    # sequences
    Case("sequence is missing", "", "create sequence s", "", "{s}.s: missing after"),
    Case(
        "sequence of a smaller type",
        "",
        "create sequence s maxvalue 99",
        "create sequence s as smallint maxvalue 99",
        "{s}.s: bigint before, smallint after",
    ),
    Case(
        "sequence's increment",
        "",
        "create sequence s",
        "create sequence s increment 2",
        "{s}.s: increment 1 before, 2 after",
    ),
    Case(
        "sequence cycles",
        "",
        "create sequence s",
        "create sequence s cycle",
        "{s}.s: does not cycle before, cycles after",
    ),
    Case(
        "sequence that nobody owns",
        f"{T} create sequence s",
        "alter sequence s owned by t.id",
        "",
        "{s}.s: owner {s}.t.id before, none after",
    ),
    # views
    Case(
        "view's query",
        T,
        "create view v as select id from t",
        "create view v as select id from t where id > 0",
        "{s}.v: query SELECT id FROM {s}.t; before, SELECT id FROM {s}.t WHERE (id > 0); after",
    ),
    Case(
        "view's options",
        T,
        "create view v with (security_barrier) as select id from t",
        "create view v as select id from t",
        "{s}.v: options security_barrier=true before, none after",
    ),
    Case(
        "materialised view's population",
        T,
        "create materialized view m as select id from t",
        "create materialized view m as select id from t with no data",
        "{s}.m: populated before, not populated after",
    ),
    Case(
        "index on a materialised view",
        f"{T} create materialized view m as select id from t",
        "create index i on m (id)",
        "",
        "{s}.m: index i gone",
    ),
    # functions
    Case("function is missing", "", function(), "", "function {s}.f(integer): missing after"),
    Case(
        "function's body, by one blank",
        "",
        function(),
        function(body="select  a"),
        'function {s}.f(integer): body "select a" before, "select  a" after',
    ),
    Case(
        "function's volatility",
        "",
        function(),
        function("stable"),
        "function {s}.f(integer): immutable before, stable after",
    ),
    Case(
        "function's security",
        "",
        function("stable"),
        function("stable security definer"),
        "function {s}.f(integer): security invoker before, security definer after",
    ),
    Case(
        "function's settings",
        "",
        function("stable"),
        function("stable set search_path = pg_catalog"),
        "function {s}.f(integer): settings none before, search_path=pg_catalog after",
    ),
    Case(
        "function's default argument",
        "",
        function(),
        function().replace("default 1", "default 2"),
        (
            "function {s}.f(integer): arguments a integer DEFAULT 1 before,"
            " a integer DEFAULT 2 after"
        ),
    ),
    Case(
        "overloaded function is missing",
        function(),
        function().replace("a integer default 1", "a text").replace("select a", "select 1"),
        "",
        "function {s}.f(text): missing after",
    ),
    Case(
        "statements of a function",
        "",
        "create function f() returns integer begin atomic select 1; end",
        "create function f() returns integer begin atomic select 2; end",
        (
            "function {s}.f(): statements BEGIN ATOMIC SELECT 1; END before,"
            " BEGIN ATOMIC SELECT 2; END after"
        ),
    ),
    Case(
        "aggregate",
        "",
        "create aggregate a (integer) (sfunc = int4pl, stype = integer, initcond = '0')",
        "create aggregate a (integer) (sfunc = int4pl, stype = integer, initcond = '1')",
        "aggregate {s}.a(integer): aggregate initial 0 before, 1 after",
    ),
    # triggers, rules, policies
    Case("trigger is gone", TRIGGER, "", "drop trigger tr on t", "{s}.t: trigger tr gone"),
    Case(
        "trigger sleeps",
        TRIGGER,
        "",
        "alter table t disable trigger tr",
        "{s}.t: trigger tr: enabled before, disabled after",
    ),
    Case(
        "trigger sleeps on one partition",
        f"{PARTITION}{FIRES} create trigger tr before insert on t for each row"
        " execute function tf();",
        "",
        "alter table t1 disable trigger tr",
        "{s}.t1: trigger tr: enabled before, disabled after",
    ),
    Case(
        "rule sleeps",
        f"{T} create rule r as on delete to t do instead nothing",
        "",
        "alter table t disable rule r",
        "{s}.t: rule r: enabled before, disabled after",
    ),
    Case(
        "policy",
        T,
        "create policy p on t using (id > 0)",
        "create policy p on t using (id > 1)",
        "{s}.t: policy p: using (id > 0) before, (id > 1) after",
    ),
    # partitions
    Case(
        "partition's bound",
        PARTITIONED,
        "create table t1 partition of t for values from (0) to (10)",
        "create table t1 partition of t for values from (0) to (20)",
        "{s}.t1: bound FOR VALUES FROM (0) TO (10) before, FOR VALUES FROM (0) TO (20) after",
    ),
    Case(
        "partition is detached",
        PARTITION,
        "",
        "alter table t detach partition t1",
        (
            "{s}.t1: bound FOR VALUES FROM (0) TO (10) before, none after\n"
            "{s}.t1: inherits {s}.t before, none after"
        ),
    ),
    Case(
        "partition's own default",
        PARTITION,
        "alter table t1 alter k set default 5",
        "",
        "{s}.t1.k: default 5 before, none after",
    ),
)

ALIKE = (
    Case(
        "gap of a dropped column",
        "",
        "create table t (a integer, b integer)",
        "create table t (a integer, x text, b integer); alter table t drop x",
    ),
    Case(
        "order of columns",
        "",
        "create table t (a integer, b text)",
        "create table t (b text, a integer)",
        noted="{s}.t: columns in the order a, b before, b, a after",
    ),
    Case(
        "name of a check",
        T,
        CHECK,
        CHECK.replace("constraint c", "constraint d"),
        noted="{s}.t: constraint c is named d after",
    ),
    Case(
        "name of an index",
        T,
        "create index i on t (v)",
        "create index j on t (v)",
        noted="{s}.t: index i is named j after",
    ),
    Case(
        "unique index for a unique constraint",
        T,
        "alter table t add constraint u unique (id)",
        "create unique index u on t (id)",
        noted="{s}.t: u is a unique constraint before, u a unique index after",
    ),
    Case(
        "unique constraint for a unique index",
        T,
        "create unique index t_id_key on t (id)",
        "alter table t add unique (id)",
        noted="{s}.t: t_id_key is a unique constraint after, t_id_key a unique index before",
    ),
    Case(
        "foreign key that leans on another index",
        "create table p (id integer not null); create table t (id integer);",
        "alter table p add primary key (id); alter table t add constraint f foreign key (id)"
        " references p (id); alter table p add constraint again unique (id)",
        "alter table p add constraint again unique (id); alter table t add constraint f"
        " foreign key (id) references p (id); alter table p add primary key (id)",
        noted="{s}.t: constraint f: backing index PRIMARY KEY (id) before, UNIQUE (id) after",
    ),
    Case(
        "foreign key that leans on an index of another name",
        "create table p (id integer not null, x integer); create table t (id integer);",
        "create unique index i on p (id) include (x); alter table t add constraint f"
        " foreign key (id) references p (id); alter table p add constraint a unique (id)",
        "create unique index j on p (id) include (x); alter table t add constraint f"
        " foreign key (id) references p (id); alter table p add constraint a unique (id)",
        noted="{s}.p: index i is named j after",
    ),
    Case(
        "named not null",
        "",
        "create table t (id integer not null)",
        "create table t (id integer constraint nn not null)",
        noted="{s}.t: NOT NULL of id: no name before, nn after",
    ),
    Case(
        "list or array of a varchar",
        "create table t (v varchar(10))",
        "alter table t add constraint c check (v in ('a', 'b'))",
        "alter table t add constraint c check (v::text = any"
        " (array['a'::varchar::text, 'b'::varchar::text]))",
    ),
    Case(
        "columns with and without their table",
        "",
        f"{T} create view v as select id from t where v = 'a'",
        f"{T} create view v as select t.id from t where (t.v = 'a')",
    ),
    Case(
        "enum that grew",
        "",
        "create type e as enum ('a', 'b', 'c')",
        "create type e as enum ('a', 'c'); alter type e add value 'b' before 'c'",
    ),
    Case(
        "serial spelled out",
        "",
        "create table t (id serial)",
        "create sequence t_id_seq as integer;"
        " create table t (id integer not null default nextval('t_id_seq'));"
        " alter sequence t_id_seq owned by t.id",
    ),
    Case(
        "index made anew",
        f"{T} create index i on t (v)",
        "",
        "drop index i; create index i on t (v)",
    ),
    Case(
        "statistics gathered and rows inserted",
        T,
        "",
        "insert into t select g, g from generate_series(1, 100) as g; analyze t",
    ),
    Case(
        "partition attached",
        PARTITIONED,
        "create table t1 partition of t for values from (0) to (10)",
        "create table t1 (id integer, k integer);"
        " alter table t attach partition t1 for values from (0) to (10)",
    ),
    Case(
        "comment that was taken back",
        T,
        "",
        "comment on table t is 'x'; comment on table t is null",
    ),
    Case(
        "options in another order",
        T,
        "alter table t set (fillfactor = 70, autovacuum_enabled = off)",
        "alter table t set (autovacuum_enabled = off, fillfactor = 70)",
    ),
    Case(
        "storage parameters spelled otherwise",
        f"{T} create view w as select 1 as one; create materialized view m as select 1 as one;",
        "alter table t set (autovacuum_enabled = on, fillfactor = 70,"
        " toast.autovacuum_enabled = no, autovacuum_vacuum_scale_factor = 0.05);"
        " alter table t alter v set (n_distinct = -0.5);"
        " alter view w set (security_barrier); alter materialized view m set (fillfactor = 80.0)",
        "alter table t set (autovacuum_enabled = 'true', fillfactor = 70.0,"
        " toast.autovacuum_enabled = 'F', autovacuum_vacuum_scale_factor = '5e-2');"
        " alter table t alter v set (n_distinct = '-.50'); alter view w set (security_barrier = 1);"
        " alter materialized view m set (fillfactor = 80)",
    ),
    Case(
        "storage parameters of indexes spelled otherwise",
        "create table t (id integer, v text, a integer[]);",
        "create index g on t using gin (a) with (fastupdate = on); create unique index i on t (id)"
        " nulls not distinct with (deduplicate_items = off, fillfactor = 70) where v = 'x';"
        " alter table t add constraint u unique (v) with (fillfactor = 70)",
        "create index g on t using gin (a) with (fastupdate = 'yes');"
        " create unique index i on t (id) nulls not distinct"
        " with (deduplicate_items = 0, fillfactor = 70.0) where v = 'x';"
        " alter table t add constraint u unique (v) with (fillfactor = '7e1')",
    ),
    Case(
        "sequence spelled out",
        "",
        "create sequence s",
        "create sequence s as bigint increment 1 minvalue 1 no maxvalue start 1 cache 1 no cycle",
    ),
    Case(
        "sequence that went on",
        "create sequence s",
        "",
        "select pg_catalog.setval('s', 500)",
    ),
    Case(
        "trigger that slept for a while",
        TRIGGER,
        "",
        "alter table t disable trigger all; alter table t enable trigger all",
    ),
    Case(
        "grants and owners, which are another question",
        T,
        "",
        "grant select on t to public",
    ),
)
