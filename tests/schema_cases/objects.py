"""Indexes, types, sequences, views, functions, triggers and partitions."""

from __future__ import annotations

from tests.schema_cases.case import FIRES, PARTITION, PARTITIONED, TRIGGER, Case, T, function

CASES = (
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
