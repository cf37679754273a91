"""Pairs that only look different: nothing is found, and at the most it is noted."""

from __future__ import annotations

from tests.schema_cases.case import CHECK, PARTITIONED, TRIGGER, Case, T

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
