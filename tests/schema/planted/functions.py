"""Functions, procedures, aggregates and window functions; triggers, policies and event triggers."""

# ruff: noqa: E501 - a statement is best read in one line

from __future__ import annotations

from tests.schema.planted import Fault

T = "create table t (id integer, v text);"
FIRES = "create function tf() returns trigger language plpgsql as 'begin return new; end';"
TRIGGER = "create trigger g before insert on t for each row execute function tf()"
LISTENS = "create function ef() returns event_trigger language plpgsql as 'begin end';"
EVENT = "create event trigger {s}__e on sql_drop execute function ef()"


def changed(
    name: str,
    *words: str,
    was: str = "language sql stable as 'select 1'",
    now: str,
    head: str = "f(a integer) returns integer",
) -> Fault:
    """Return a fault of the function f, created in two ways."""
    return Fault(
        name,
        "schema",
        ("function {s}.f(integer)", *words),
        was=f"create function {head} {was}",
        damage=f"create function {head} {now}",
    )


def marked(name: str, *words: str, mark: str, head: str = "f(a integer) returns integer") -> Fault:
    """Return a fault of a function that has lost a mark."""
    plain = "language sql stable as 'select 1'"
    return changed(name, *words, was=f"{plain} {mark}", now=plain, head=head)


def trigger(name: str, *words: str, was: str, now: str) -> Fault:
    """Return a fault of the trigger g, created in two ways."""
    return Fault(name, "schema", ("{s}.t", "trigger g", *words), f"{T}{FIRES}", was=was, damage=now)


def policy(name: str, *words: str, was: str, now: str) -> Fault:
    """Return a fault of the policy y, created in two ways."""
    made = f"create policy y on t {was}" if was else ""
    return Fault(
        name,
        "schema",
        ("{s}.t", "policy y", *words),
        f"{T} alter table t enable row level security;",
        was=made,
        damage=f"create policy y on t {now}" if now else "",
    )


def aggregate(name: str, *words: str, was: str, now: str) -> Fault:
    """Return a fault of the aggregate a, created in two ways."""
    return Fault(
        name,
        "schema",
        ("aggregate {s}.a(integer)", *words),
        was=f"create aggregate a (integer) ({was})",
        damage=f"create aggregate a (integer) ({now})",
    )


SUM = "sfunc = int4pl, stype = integer"
FAULTS = (
    Fault(
        "function_gone",
        "schema",
        ("function {s}.f(integer)", "missing after"),
        was="create function f(integer) returns integer language sql as 'select 1'",
    ),
    Fault(
        "function_overload_gone",
        "schema",
        ("function {s}.f(text)", "missing after"),
        "create function f(integer) returns integer language sql as 'select 1';",
        was="create function f(text) returns integer language sql as 'select 1'",
    ),
    changed(
        "function_body", "body", "select 1", "select 2", now="language sql stable as 'select 2'"
    ),
    changed("function_body_by_one_blank", "body", now="language sql stable as 'select  1'"),
    Fault(
        "function_language",
        "schema",
        ("function {s}.f(integer)", "language plpgsql before", "sql after"),
        was="create function f(integer) returns integer language plpgsql as 'begin return 1; end'",
        damage="create function f(integer) returns integer language sql as 'select 1'",
        also=(("schema", ("function {s}.f(integer)", "body")),),
    ),
    changed(
        "function_volatility",
        "stable before",
        "immutable after",
        now="language sql immutable as 'select 1'",
    ),
    marked("function_strict", "strict before", "not strict after", mark="strict"),
    marked("function_definer", "security definer before", mark="security definer"),
    marked("function_leakproof", "leakproof before", mark="leakproof"),
    marked("function_parallel", "parallel safe before", "unsafe after", mark="parallel safe"),
    marked("function_cost", "cost 7", mark="cost 7"),
    marked("function_rows", "rows 9", mark="rows 9", head="f(a integer) returns setof integer"),
    marked(
        "function_support",
        "support",
        "generate_series_int4_support",
        mark="support pg_catalog.generate_series_int4_support",
        head="f(a integer) returns setof integer",
    ),
    marked("function_settings", "settings", "search_path", mark="set search_path = pg_catalog"),
    changed(
        "function_statements",
        "statements",
        was="begin atomic select 1; end",
        now="begin atomic select 2; end",
    ),
    Fault(
        "function_default_argument",
        "schema",
        ("function {s}.f(integer)", "DEFAULT 1", "DEFAULT 2"),
        was="create function f(a integer default 1) returns integer language sql as 'select 1'",
        damage="create function f(a integer default 2) returns integer language sql as 'select 1'",
    ),
    Fault(
        "function_argument_name",
        "schema",
        ("function {s}.f(integer)", "a integer", "b integer"),
        was="create function f(a integer) returns integer language sql as 'select 1'",
        damage="create function f(b integer) returns integer language sql as 'select 1'",
    ),
    Fault(
        "function_returns",
        "schema",
        ("function {s}.f(integer)", "returns"),
        was="create function f(a integer) returns integer language plpgsql as 'begin return null; end'",
        damage="create function f(a integer) returns text language plpgsql as 'begin return null; end'",
    ),
    Fault(
        "function_returns_a_set",
        "schema",
        ("function {s}.f(integer)", "SETOF"),
        was="create function f(a integer) returns integer language sql as 'select 1'",
        damage="create function f(a integer) returns setof integer language sql as 'select 1'",
        also=(("schema", ("function {s}.f(integer)", "rows")),),
    ),
    Fault(
        "function_comment",
        "schema",
        ("function {s}.f(integer)", "comment"),
        "create function f(a integer) returns integer language sql as 'select 1';",
        was="comment on function f(integer) is 'x'",
    ),
    Fault(
        "function_for_windows",
        "schema",
        ("function {s}.f()", "window"),
        was="create function f() returns bigint language internal window as 'window_row_number'",
        damage="create function f() returns bigint language internal as 'window_row_number'",
    ),
    Fault(
        "function_library",
        "schema",
        ("function {s}.f()", "window_row_number", "window_rank"),
        was="create function f() returns bigint language internal window as 'window_row_number'",
        damage="create function f() returns bigint language internal window as 'window_rank'",
    ),
    Fault(
        "procedure_as_function",
        "schema",
        ("procedure {s}.f()", "missing after"),
        was="create procedure f() language sql as 'select 1'",
        damage="create function f() returns void language sql as 'select 1'",
        also=(("schema", ("function {s}.f()", "only after")),),
    ),
    aggregate(
        "aggregate_initial",
        "initial 0 before",
        "1 after",
        was=f"{SUM}, initcond = '0'",
        now=f"{SUM}, initcond = '1'",
    ),
    aggregate(
        "aggregate_transition", "int4pl", "int4mul", was=SUM, now=SUM.replace("int4pl", "int4mul")
    ),
    aggregate("aggregate_final", "final", "int4abs", was=f"{SUM}, finalfunc = int4abs", now=SUM),
    aggregate("aggregate_combine", "combine", was=f"{SUM}, combinefunc = int4pl", now=SUM),
    aggregate("aggregate_parallel", "parallel safe before", was=f"{SUM}, parallel = safe", now=SUM),
    aggregate(
        "aggregate_sort_operator",
        "sort operator",
        was="sfunc = int4larger, stype = integer, sortop = >",
        now="sfunc = int4larger, stype = integer",
    ),
    Fault("trigger_gone", "schema", ("{s}.t", "trigger g", "gone"), f"{T}{FIRES}", was=TRIGGER),
    trigger(
        "trigger_after", "BEFORE", "AFTER", was=TRIGGER, now=TRIGGER.replace("before", "after")
    ),
    trigger(
        "trigger_event", "UPDATE", was=TRIGGER.replace("insert", "insert or update"), now=TRIGGER
    ),
    trigger(
        "trigger_columns",
        "UPDATE OF v",
        was=TRIGGER.replace("insert", "update of v"),
        now=TRIGGER.replace("insert", "update"),
    ),
    trigger(
        "trigger_per_statement",
        "STATEMENT",
        was=TRIGGER,
        now=TRIGGER.replace("each row", "each statement"),
    ),
    trigger(
        "trigger_condition",
        "WHEN",
        was=TRIGGER.replace("row", "row when (new.id > 0)"),
        now=TRIGGER,
    ),
    trigger(
        "trigger_arguments",
        "'a'",
        was=TRIGGER.replace("tf()", "tf('a')"),
        now=TRIGGER.replace("tf()", "tf('b')"),
    ),
    trigger(
        "trigger_tables",
        "OLD TABLE",
        was="create trigger g after delete on t referencing old table as o for each statement execute function tf()",
        now="create trigger g after delete on t for each statement execute function tf()",
    ),
    trigger(
        "trigger_deferred",
        "DEFERRED",
        was="create constraint trigger g after insert on t deferrable initially deferred for each row execute function tf()",
        now="create constraint trigger g after insert on t deferrable for each row execute function tf()",
    ),
    *(
        Fault(
            f"trigger_{word}",
            "schema",
            ("{s}.t", "trigger g", f"{told} after"),
            f"{T}{FIRES}{TRIGGER};",
            damage=f"alter table t {clause} trigger g",
            also=(("objects", ("{s}.t", "trigger g")),),
        )
        for word, clause, told in (
            ("asleep", "disable", "disabled"),
            ("always", "enable always", "always"),
            ("for_replicas", "enable replica", "replica only"),
        )
    ),
    Fault(
        "trigger_comment",
        "schema",
        ("{s}.t", "trigger g", "comment"),
        f"{T}{FIRES}{TRIGGER};",
        was="comment on trigger g on t is 'x'",
    ),
    Fault(
        "event_trigger_gone",
        "schema",
        ("event trigger {s}__e", "missing after"),
        LISTENS,
        was=EVENT,
    ),
    Fault(
        "event_trigger_event",
        "schema",
        ("event trigger {s}__e", "sql_drop", "ddl_command_end"),
        LISTENS,
        was=EVENT,
        damage=EVENT.replace("sql_drop", "ddl_command_end"),
    ),
    Fault(
        "event_trigger_tags",
        "schema",
        ("event trigger {s}__e", "DROP TABLE"),
        LISTENS,
        was=EVENT.replace("execute", "when tag in ('DROP TABLE') execute"),
        damage=EVENT,
    ),
    Fault(
        "event_trigger_asleep",
        "schema",
        ("event trigger {s}__e", "disabled after"),
        f"{LISTENS}{EVENT};",
        damage="alter event trigger {s}__e disable",
    ),
    policy("policy_gone", "gone", was="using (id > 0)", now=""),
    policy(
        "policy_using",
        "using (id > 0) before",
        "(id > 1) after",
        was="using (id > 0)",
        now="using (id > 1)",
    ),
    policy("policy_check", "with check", was="with check (id > 0)", now="with check (id > 1)"),
    policy(
        "policy_command", "command", was="for select using (true)", now="for delete using (true)"
    ),
    policy(
        "policy_roles",
        "roles",
        "planted_other",
        was="to planted_other using (true)",
        now="using (true)",
    ),
    policy(
        "policy_restrictive", "restrictive", was="as restrictive using (true)", now="using (true)"
    ),
)
