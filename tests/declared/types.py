"""Types, functions, procedures and aggregates."""

from __future__ import annotations

from tests.declared.case import TOKEN, TRANSFORM, Case

BASE = f"{TOKEN} create type token (input = token_in, output = token_out, like = text"
AGGREGATE = "create aggregate ag (integer) (sfunc = int4pl, stype = integer"
PLAIN = "create function f(a integer) returns integer language sql"

CASES = (
    # types
    Case(
        "shell of a type",
        "",
        "create type shell",
        "",
        "shell type {s}.shell",
    ),
    Case(
        "base type is only a shell",
        TOKEN,
        "create type token (input = token_in, output = token_out, like = text)",
        "",
        "base type {s}.token\nshell type {s}.token",
    ),
    Case(
        "delimiter of a base type",
        "",
        f"{BASE})",
        f"{BASE}, delimiter = ';')",
        "base type {s}.token base delimiter",
    ),
    Case(
        "category of a base type",
        "",
        f"{BASE})",
        f"{BASE}, category = 'S')",
        "base type {s}.token base category",
    ),
    Case(
        "default of a base type",
        "",
        f"{BASE})",
        f"{BASE}, default = 'x')",
        "base type {s}.token default",
    ),
    Case(
        "storage of a base type",
        "",
        f"{BASE})",
        f"{BASE}, storage = plain)",
        "base type {s}.token base storage",
    ),
    Case(
        "base type with a collation",
        "",
        f"{BASE})",
        f"{BASE}, collatable = true)",
        "base type {s}.token base collatable",
    ),
    Case(
        "operator class of a range",
        "",
        "create type r as range (subtype = text)",
        "create type r as range (subtype = text, subtype_opclass = text_pattern_ops)",
        "range {s}.r operator class",
    ),
    Case(
        "collation of a range",
        "",
        "create type r as range (subtype = text)",
        'create type r as range (subtype = text, collation = "C")',
        "range {s}.r subtype collation",
    ),
    Case(
        "multirange of a range",
        "",
        "create type r as range (subtype = float8)",
        "create type r as range (subtype = float8, multirange_type_name = m)",
        "range {s}.r multirange",
    ),
    Case(
        "canonical form of a range",
        "create type r; create function canon(r) returns r language internal immutable strict"
        " as 'int4range_canonical'",
        "create type r as range (subtype = integer)",
        "create type r as range (subtype = integer, canonical = canon)",
        "range {s}.r canonical",
    ),
    Case(
        "collation of a field",
        "",
        "create type c as (a text)",
        'create type c as (a text collate "C")',
        "composite {s}.c fields",
    ),
    Case(
        "comment of a field",
        "create type c as (a text)",
        "",
        "comment on column c.a is 'x'",
        "composite {s}.c comments of fields a",
    ),
    Case(
        "default of a domain",
        "",
        "create domain d as integer default 1",
        "create domain d as integer default 2",
        "domain {s}.d default",
    ),
    Case(
        "collation of a domain",
        "",
        "create domain d as text",
        'create domain d as text collate "C"',
        "domain {s}.d collation",
    ),
    Case(
        "domain's check that is not validated",
        "create domain d as integer",
        "alter domain d add constraint c check (value > 0)",
        "alter domain d add constraint c check (value > 0) not valid",
        "domain {s}.d constraints c validated",
    ),
    Case(
        "comment of a domain's check",
        "create domain d as integer constraint c check (value > 0)",
        "",
        "comment on constraint c on domain d is 'x'",
        "domain {s}.d constraints c comment",
    ),
    # functions
    Case(
        "parallel",
        "",
        f"{PLAIN} as 'select 1'",
        f"{PLAIN} parallel safe as 'select 1'",
        "function {s}.f(integer) parallel",
    ),
    Case(
        "strict",
        "",
        f"{PLAIN} as 'select 1'",
        f"{PLAIN} strict as 'select 1'",
        "function {s}.f(integer) strict",
    ),
    Case(
        "leakproof",
        "",
        f"{PLAIN} as 'select 1'",
        f"{PLAIN} leakproof as 'select 1'",
        "function {s}.f(integer) leakproof",
    ),
    Case(
        "cost",
        "",
        f"{PLAIN} as 'select 1'",
        f"{PLAIN} cost 7 as 'select 1'",
        "function {s}.f(integer) cost",
    ),
    Case(
        "name of an argument",
        "",
        f"{PLAIN} as 'select 1'",
        f"{PLAIN} as 'select 1'".replace("(a ", "(b "),
        "function {s}.f(integer) arguments",
    ),
    Case(
        "language",
        "",
        f"{PLAIN} as 'begin return 1; end'".replace("sql", "plpgsql"),
        f"{PLAIN} as 'select 1'",
        "function {s}.f(integer) body\nfunction {s}.f(integer) language",
    ),
    Case(
        "rows",
        "",
        "create function f() returns setof integer language sql as 'select 1'",
        "create function f() returns setof integer language sql rows 5 as 'select 1'",
        "function {s}.f() rows",
    ),
    Case(
        "result",
        "",
        "create function f() returns integer language internal as 'pg_backend_pid'",
        "create function f() returns bigint language internal as 'pg_backend_pid'",
        "function {s}.f() returns",
    ),
    Case(
        "support function",
        "",
        "create function f(integer, integer) returns setof integer language internal"
        " as 'generate_series_int4'",
        "create function f(integer, integer) returns setof integer language internal"
        " support generate_series_int4_support as 'generate_series_int4'",
        "function {s}.f(integer, integer) support",
    ),
    Case(
        "window function",
        "",
        "create function f() returns bigint language internal as 'window_row_number'",
        "create function f() returns bigint language internal window as 'window_row_number'",
        "function {s}.f() window",
    ),
    Case(
        "function became a procedure",
        "",
        "create function f() returns void language sql as 'select 1'",
        "create procedure f() language sql as 'select 1'",
        "function {s}.f()\nprocedure {s}.f()",
    ),
    Case(
        "symbol in a library",
        "",
        "create function f() returns language_handler language c"
        " as '$libdir/plpgsql', 'plpgsql_call_handler'",
        "create function f() returns language_handler language c"
        " as '$libdir/plpgsql', 'plpgsql_inline_handler'",
        "function {s}.f() body",
    ),
    Case(
        "transform that a function uses",
        f"{TRANSFORM} create transform for token language plpgsql (from sql with function"
        " one(internal))",
        "create function f() returns integer language plpgsql as 'begin return 1; end'",
        "create function f() returns integer transform for type token language plpgsql"
        " as 'begin return 1; end'",
        "function {s}.f() transforms",
    ),
    Case(
        "combining function of an aggregate",
        "",
        f"{AGGREGATE})",
        f"{AGGREGATE}, combinefunc = int4pl)",
        "aggregate {s}.ag(integer) aggregate combine",
    ),
    Case(
        "aggregate over a moving window",
        "",
        f"{AGGREGATE})",
        f"{AGGREGATE}, msfunc = int4pl, minvfunc = int4mi, mstype = integer)",
        "aggregate {s}.ag(integer) aggregate moving inverse\n"
        "aggregate {s}.ag(integer) aggregate moving state\n"
        "aggregate {s}.ag(integer) aggregate moving transition",
    ),
    Case(
        "final function of an aggregate",
        "",
        f"{AGGREGATE})",
        f"{AGGREGATE}, finalfunc = int4abs)",
        "aggregate {s}.ag(integer) aggregate final",
    ),
    Case(
        "what a final function may change",
        "",
        f"{AGGREGATE}, finalfunc = int4abs)",
        f"{AGGREGATE}, finalfunc = int4abs, finalfunc_modify = read_write)",
        "aggregate {s}.ag(integer) aggregate final modify",
    ),
    Case(
        "size of an aggregate's state",
        "",
        f"{AGGREGATE})",
        f"{AGGREGATE}, sspace = 99)",
        "aggregate {s}.ag(integer) aggregate state size",
    ),
    Case(
        "operator that an aggregate sorts by",
        "",
        "create aggregate ag (integer) (sfunc = int4smaller, stype = integer)",
        "create aggregate ag (integer) (sfunc = int4smaller, stype = integer,"
        " sortop = operator(pg_catalog.<))",
        "aggregate {s}.ag(integer) aggregate sort operator",
    ),
)
