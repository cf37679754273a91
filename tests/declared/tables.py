"""Tables, views and sequences with all that hangs on them."""

from __future__ import annotations

from tests.declared.case import Case, T

FIRES = "create function tf() returns trigger language plpgsql as 'begin return new; end';"
TRIGGER = f"{T}{FIRES} create trigger tr after insert on t for each row execute function tf();"
EVENT = """
    create function ef() returns event_trigger language plpgsql as 'begin end';
    create function eg() returns event_trigger language plpgsql as 'begin end';
"""
TRIGGERED = f"{EVENT} create event trigger {{s}}_et on ddl_command_end execute function ef();"
PARTITION = """
    create table t (id integer, k integer) partition by range (id);
    create table t1 partition of t for values from (0) to (10);
"""
GENERATED = "create table t (a integer, b integer generated always as (a * 2)"

CASES = (
    # relations
    Case(
        "access method of a table",
        "create access method {s}_heap type table handler heap_tableam_handler",
        "create table t (id integer)",
        "create table t (id integer) using {s}_heap",
        "{s}.t access method",
    ),
    Case(
        "storage parameters of the TOAST table",
        T,
        "",
        "alter table t set (toast.autovacuum_enabled = off)",
        "{s}.t toast options",
    ),
    Case(
        "table of a type",
        "create type ty as (id integer)",
        "create table t of ty",
        "create table t (id integer)",
        "{s}.t of type",
    ),
    Case(
        "index as replica identity",
        "create table t (id integer not null); create unique index u on t (id)",
        "",
        "alter table t replica identity using index u",
        "{s}.t replica identity\n{s}.t indexes u replica identity",
    ),
    Case(
        "index that a table is clustered on",
        "create table t (id integer); create index i on t (id)",
        "",
        "alter table t cluster on i",
        "{s}.t indexes i clustered",
    ),
    Case(
        "row security is forced",
        T,
        "",
        "alter table t force row level security",
        "{s}.t row security forced",
    ),
    Case(
        "unlogged sequence",
        "",
        "create sequence s",
        "create unlogged sequence s",
        "{s}.s persistence",
    ),
    Case(
        "strategy of partitions",
        "",
        "create table t (id integer) partition by range (id)",
        "create table t (id integer) partition by list (id)",
        "{s}.t partitioned by",
    ),
    Case(
        "partition on its way out",
        PARTITION,
        "",
        "update pg_catalog.pg_inherits set inhdetachpending = true where inhrelid = 't1'::regclass",
        "{s}.t1 being detached",
    ),
    Case(
        "check option",
        T,
        "create view v as select id from t where id > 0",
        "create view v as select id from t where id > 0 with cascaded check option",
        "{s}.v options",
    ),
    Case(
        "default of a view's column",
        f"{T} create view v as select id from t",
        "",
        "alter view v alter id set default 7",
        "{s}.v columns id default",
    ),
    Case(
        "storage parameters of a materialised view",
        f"{T} create materialized view m as select id from t",
        "",
        "alter materialized view m set (fillfactor = 70)",
        "{s}.m options",
    ),
    # columns
    Case(
        "compression",
        T,
        "",
        "alter table t alter v set compression pglz",
        "{s}.t columns v compression",
    ),
    Case(
        "statistics target",
        T,
        "",
        "alter table t alter v set statistics 0",
        "{s}.t columns v statistics target",
    ),
    Case(
        "options of a column",
        T,
        "",
        "alter table t alter v set (n_distinct = 5)",
        "{s}.t columns v options",
    ),
    Case(
        "virtual column",
        "",
        f"{GENERATED} stored)",
        f"{GENERATED} virtual)",
        "{s}.t columns b generated",
        since=18,
    ),
    Case(
        "NOT NULL that is not inherited",
        "create table t (id integer)",
        "alter table t add constraint n not null id",
        "alter table t add constraint n not null id no inherit",
        "{s}.t columns id not null inherited",
        since=18,
    ),
    # constraints
    Case(
        "foreign key that clears some columns",
        "create table p (a integer, b integer, primary key (a, b));"
        " create table t (a integer, b integer)",
        "alter table t add constraint f foreign key (a, b) references p on delete set null",
        "alter table t add constraint f foreign key (a, b) references p on delete set null (b)",
        "{s}.t constraints f definition",
    ),
    Case(
        "foreign key that matches fully",
        "create table p (a integer, b integer, primary key (a, b));"
        " create table t (a integer, b integer)",
        "alter table t add constraint f foreign key (a, b) references p",
        "alter table t add constraint f foreign key (a, b) references p match full",
        "{s}.t constraints f definition",
    ),
    Case(
        "foreign key that is not enforced",
        "create table p (a integer primary key); create table t (a integer)",
        "alter table t add constraint f foreign key (a) references p",
        "alter table t add constraint f foreign key (a) references p not enforced",
        "{s}.t constraints f enforced",
        since=18,
    ),
    Case(
        "key without overlaps",
        "create table t (a int4range, b int4range)",
        "alter table t add constraint u unique (a, b)",
        "alter table t add constraint u unique (a, b without overlaps)",
        "{s}.t constraints u definition",
        since=18,
    ),
    Case(
        "foreign key over a period",
        "create table p (a int4range, b int4range, primary key (a, b without overlaps));"
        " create table t (a int4range, b int4range)",
        "alter table t add constraint f foreign key (a, period b) references p (a, period b)",
        "",
        "{s}.t constraints f",
        since=18,
    ),
    Case(
        "check that the child has of its own",
        "create table p (a integer constraint c check (a > 0))",
        "create table t () inherits (p)",
        "create table t (constraint c check (a > 0)) inherits (p)",
        "{s}.t constraints c local",
    ),
    Case(
        "storage parameters of a constraint's index",
        "create table t (a integer)",
        "alter table t add constraint u unique (a)",
        "alter table t add constraint u unique (a) with (fillfactor = 70)",
        "{s}.t constraints u options",
    ),
    Case(
        "statistics target of a constraint's index",
        "create table t (a text, constraint x exclude using gist (int4range(1, 2) with &&))",
        "",
        "alter index x alter column 1 set statistics 300",
        "{s}.t: constraint x",
    ),
    Case(
        "comment of a constraint's index",
        "create table t (a integer constraint u unique)",
        "",
        "comment on index u is 'x'",
        "{s}.t constraints u comment of the index",
    ),
    # indexes
    Case(
        "parameters of an operator class",
        "create table t (v tsvector)",
        "create index i on t using gist (v)",
        "create index i on t using gist (v tsvector_ops (siglen = 100))",
        "{s}.t indexes i definition",
    ),
    Case(
        "operator class",
        T,
        "create index i on t (v)",
        "create index i on t (v text_pattern_ops)",
        "{s}.t indexes i definition",
    ),
    Case(
        "order within an index",
        T,
        "create index i on t (v)",
        "create index i on t (v desc nulls last)",
        "{s}.t indexes i definition",
    ),
    Case(
        "collation within an index",
        T,
        "create index i on t (v)",
        'create index i on t (v collate "C")',
        "{s}.t indexes i definition",
    ),
    Case(
        "columns that an index includes",
        T,
        "create index i on t (v)",
        "create index i on t (v) include (id)",
        "{s}.t indexes i definition",
    ),
    Case(
        "nulls within a unique index",
        T,
        "create unique index i on t (v)",
        "create unique index i on t (v) nulls not distinct",
        "{s}.t indexes i definition",
    ),
    Case(
        "statistics target of an expression",
        f"{T} create index i on t (id, lower(v))",
        "",
        "alter index i alter column 2 set statistics 300",
        "{s}.t indexes i statistics targets 2",
    ),
    Case(
        "index that is not ready",
        f"{T} create index i on t (id)",
        "",
        "update pg_catalog.pg_index set indisready = false where indexrelid = 'i'::regclass",
        "{s}.t indexes i ready",
    ),
    Case(
        "index of a partition that is not attached",
        PARTITION,
        "create index i on t (k)",
        "create index i on only t (k); create index t1_k_idx on t1 (k)",
        "{s}.t indexes i valid\n{s}.t1 indexes t1_k_idx part of the parent's index",
    ),
    Case(
        "comment of an index",
        f"{T} create index i on t (id)",
        "",
        "comment on index i is 'x'",
        "{s}.t indexes i comment",
    ),
    # triggers, rules, policies
    Case(
        "trigger of replicas",
        TRIGGER,
        "",
        "alter table t enable replica trigger tr",
        "{s}.t triggers tr enabled",
    ),
    Case(
        "trigger that always fires",
        TRIGGER,
        "",
        "alter table t enable always trigger tr",
        "{s}.t triggers tr enabled",
    ),
    Case(
        "comment of a trigger",
        TRIGGER,
        "",
        "comment on trigger tr on t is 'x'",
        "{s}.t triggers tr comment",
    ),
    Case(
        "transition table",
        f"{T}{FIRES}",
        "create trigger tr after insert on t for each statement execute function tf()",
        "create trigger tr after insert on t referencing new table as n for each statement"
        " execute function tf()",
        "{s}.t triggers tr definition",
    ),
    Case(
        "argument of a trigger",
        f"{T}{FIRES}",
        "create trigger tr after insert on t for each row execute function tf('a')",
        "create trigger tr after insert on t for each row execute function tf('b')",
        "{s}.t triggers tr definition",
    ),
    Case(
        "comment of a rule",
        f"{T} create rule r as on delete to t do instead nothing",
        "",
        "comment on rule r on t is 'x'",
        "{s}.t rules r comment",
    ),
    Case(
        "command of a policy",
        T,
        "create policy p on t for select using (true)",
        "create policy p on t for delete using (true)",
        "{s}.t policies p command",
    ),
    Case(
        "roles of a policy",
        T,
        "create policy p on t using (true)",
        "create policy p on t to postgres using (true)",
        "{s}.t policies p roles",
    ),
    Case(
        "restrictive policy",
        T,
        "create policy p on t using (true)",
        "create policy p on t as restrictive using (true)",
        "{s}.t policies p permissive",
    ),
    Case(
        "what a policy lets in",
        T,
        "create policy p on t using (true)",
        "create policy p on t using (true) with check (id > 0)",
        "{s}.t policies p with check",
    ),
    Case(
        "comment of a policy",
        f"{T} create policy p on t",
        "",
        "comment on policy p on t is 'x'",
        "{s}.t policies p comment",
    ),
    Case(
        "event trigger",
        EVENT,
        "create event trigger {s}_et on ddl_command_end execute function ef()",
        "",
        "event trigger {s}_et",
    ),
    Case(
        "event trigger of replicas",
        TRIGGERED,
        "",
        "alter event trigger {s}_et enable replica",
        "event trigger {s}_et enabled",
    ),
    Case(
        "function of an event trigger",
        EVENT,
        "create event trigger {s}_et on ddl_command_end execute function ef()",
        "create event trigger {s}_et on ddl_command_end execute function eg()",
        "event trigger {s}_et function",
    ),
    Case(
        "event",
        EVENT,
        "create event trigger {s}_et on ddl_command_end execute function ef()",
        "create event trigger {s}_et on ddl_command_start execute function ef()",
        "event trigger {s}_et event",
    ),
    Case(
        "commands of an event trigger",
        EVENT,
        "create event trigger {s}_et on ddl_command_end execute function ef()",
        "create event trigger {s}_et on ddl_command_end when tag in ('CREATE DOMAIN') execute"
        " function ef()",
        "event trigger {s}_et tags",
    ),
)
