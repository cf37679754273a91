"""Types, casts, operators, and what text is searched, ordered and converted by."""

# ruff: noqa: E501 - a statement is best read in one line

from __future__ import annotations

from tests.schema.planted import Fault

EQUALS = "create function eq(text, text) returns boolean language sql immutable as 'select true';"
OPERATOR = "leftarg = text, rightarg = text, function = eq"
COMPARES = (
    "create function lt(text, text) returns boolean language sql immutable as 'select true';"
    " create operator <<< (leftarg = text, rightarg = text, function = lt);"
    " create function cmp(text, text) returns integer language sql immutable as 'select 0';"
    " create operator family of using btree;"
)
DICTIONARY = "create text search dictionary d (template = simple"
CONFIGURATION = "create text search configuration c (copy = simple);"
PAIR = "create type pair as (a integer, b integer);"
INTO = "create function into_text(pair) returns text language sql immutable as 'select 1::text';"
SHELL = (
    "create type sh; create function sh_in(cstring) returns sh language internal immutable strict"
    " as 'int4in'; create function sh_out(sh) returns cstring language internal immutable strict"
    " as 'int4out';"
)


def changed(
    name: str,
    kind: str,
    *words: str,
    was: str,
    now: str,
    common: str = "",
    called: str = "y",
    since: int = 15,
) -> Fault:
    """Return a fault of a type, domain or the like that is created in two ways."""
    return Fault(
        name,
        "schema",
        (f"{kind} {{s}}.{called}", *words),
        common,
        was=f"create {was}",
        damage=f"create {now}" if now else "",
        since=since,
    )


def domain(name: str, *words: str, was: str, now: str) -> Fault:
    """Return a fault of the domain y."""
    return changed(name, "domain", *words, was=f"domain y as {was}", now=f"domain y as {now}")


FAULTS = (
    changed("enum_gone", "enum", "missing after", was="type y as enum ('a')", now=""),
    changed(
        "enum_label_gone",
        "enum",
        "labels",
        "a, b before",
        was="type y as enum ('a', 'b')",
        now="type y as enum ('a')",
    ),
    changed(
        "enum_labels_turned",
        "enum",
        "labels",
        "b, a after",
        was="type y as enum ('a', 'b')",
        now="type y as enum ('b', 'a')",
    ),
    changed(
        "enum_label_in_another_case",
        "enum",
        "labels",
        was="type y as enum ('a', 'b')",
        now="type y as enum ('a', 'B')",
    ),
    changed(
        "composite_field",
        "composite",
        "b integer",
        "b text",
        was="type y as (a integer, b integer)",
        now="type y as (a integer, b text)",
    ),
    changed(
        "composite_turned",
        "composite",
        was="type y as (a integer, b integer)",
        now="type y as (b integer, a integer)",
    ),
    Fault(
        "composite_comment",
        "schema",
        ("composite {s}.y", "comment"),
        "create type y as (a integer);",
        was="comment on type y is 'x'",
    ),
    domain("domain_type", "integer before", "bigint after", was="integer", now="bigint"),
    domain("domain_length", "varying(8)", "varying(9)", was="varchar(8)", now="varchar(9)"),
    domain(
        "domain_nullable",
        "not null before",
        "nullable after",
        was="integer not null",
        now="integer",
    ),
    domain("domain_default", "default", was="integer default 1", now="integer default 2"),
    domain(
        "domain_check",
        "(VALUE > 0)",
        "(VALUE > 1)",
        was="integer constraint c check (value > 0)",
        now="integer constraint c check (value > 1)",
    ),
    domain(
        "domain_check_gone",
        "constraint c",
        was="integer constraint c check (value > 0)",
        now="integer",
    ),
    domain("domain_collation", "collation", was='text collate "C"', now="text"),
    Fault(
        "domain_check_not_valid",
        "schema",
        ("domain {s}.y", "not validated after"),
        "create domain y as integer;",
        was="alter domain y add constraint c check (value > 0)",
        damage="alter domain y add constraint c check (value > 0) not valid",
        also=(("objects", ("{s}.y", "not validated after")),),
    ),
    changed(
        "range_subtype",
        "range",
        "subtype",
        was="type y as range (subtype = float8)",
        now="type y as range (subtype = float4)",
    ),
    changed(
        "range_difference",
        "range",
        "float8mi",
        was="type y as range (subtype = float8, subtype_diff = float8mi)",
        now="type y as range (subtype = float8)",
    ),
    changed(
        "range_multirange",
        "range",
        "multirange",
        was="type y as range (subtype = float8, multirange_type_name = ym)",
        now="type y as range (subtype = float8, multirange_type_name = yn)",
    ),
    changed(
        "range_class",
        "range",
        "text_pattern_ops",
        was="type y as range (subtype = text, subtype_opclass = text_pattern_ops)",
        now="type y as range (subtype = text)",
    ),
    changed(
        "base_type_alignment",
        "type",
        "alignment",
        common=SHELL,
        called="sh",
        was="type sh (input = sh_in, output = sh_out, internallength = 8, alignment = int4)",
        now="type sh (input = sh_in, output = sh_out, internallength = 8, alignment = double)",
    ),
    changed(
        "base_type_storage",
        "type",
        "storage",
        common=SHELL,
        called="sh",
        was="type sh (input = sh_in, output = sh_out, storage = extended)",
        now="type sh (input = sh_in, output = sh_out, storage = plain)",
    ),
    Fault(
        "cast_gone",
        "schema",
        ("cast", "{s}.pair", "missing after"),
        f"{PAIR}{INTO}",
        was="create cast (pair as text) with function into_text(pair)",
    ),
    Fault(
        "cast_implicit",
        "schema",
        ("cast", "{s}.pair", "implicit"),
        f"{PAIR}{INTO}",
        was="create cast (pair as text) with function into_text(pair)",
        damage="create cast (pair as text) with function into_text(pair) as implicit",
    ),
    Fault(
        "cast_method",
        "schema",
        ("cast", "{s}.pair", "method function", "input and output"),
        f"{PAIR}{INTO}",
        was="create cast (pair as text) with function into_text(pair)",
        damage="create cast (pair as text) with inout",
        also=(("schema", ("cast", "{s}.pair", "into_text", "none after")),),
    ),
    Fault(
        "operator_gone",
        "schema",
        ("operator {s}.===", "missing after"),
        EQUALS,
        was=f"create operator === ({OPERATOR})",
    ),
    Fault(
        "operator_hashes",
        "schema",
        ("operator {s}.===", "hash"),
        EQUALS,
        was=f"create operator === ({OPERATOR}, hashes)",
        damage=f"create operator === ({OPERATOR})",
    ),
    Fault(
        "operator_estimator",
        "schema",
        ("operator {s}.===", "eqsel"),
        EQUALS,
        was=f"create operator === ({OPERATOR}, restrict = eqsel)",
        damage=f"create operator === ({OPERATOR})",
    ),
    Fault(
        "operator_commutator",
        "schema",
        ("operator {s}.===", "commutator"),
        EQUALS,
        was=f"create operator === ({OPERATOR}, commutator = operator(===))".replace(
            "operator(===)", "==="
        ),
        damage=f"create operator === ({OPERATOR})",
    ),
    Fault(
        "operator_class_gone",
        "schema",
        ("operator class {s}.oc", "missing after"),
        COMPARES,
        was="create operator class oc for type text using btree family of as operator 1 <<<, function 1 cmp(text, text)",
    ),
    Fault(
        "operator_class_default",
        "schema",
        ("operator class {s}.oc", "default"),
        "create type pair as (a integer, b integer); create operator family of using hash; create function h(pair) returns integer language sql immutable as 'select 1';",
        was="create operator class oc default for type pair using hash family of as function 1 h(pair)",
        damage="create operator class oc for type pair using hash family of as function 1 h(pair)",
    ),
    Fault(
        "operator_family_gone",
        "schema",
        ("operator family {s}.og", "missing after"),
        was="create operator family og using hash",
    ),
    Fault(
        "operator_family_member",
        "schema",
        ("operator family {s}.of", "<<<"),
        COMPARES,
        was="alter operator family of using btree add operator 1 <<< (text, text)",
    ),
    changed(
        "collation_rules",
        "collation",
        "POSIX",
        called="co",
        was="collation co (locale = 'C')",
        now="collation co (locale = 'POSIX')",
    ),
    changed(
        "collation_gone",
        "collation",
        "missing after",
        called="co",
        was="collation co (locale = 'C')",
        now="",
    ),
    changed(
        "conversion_gone",
        "conversion",
        "missing after",
        called="cv",
        was="conversion cv for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1",
        now="",
    ),
    changed(
        "conversion_default",
        "conversion",
        "default",
        called="cv",
        was="default conversion cv for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1",
        now="conversion cv for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1",
    ),
    Fault(
        "search_dictionary_options",
        "schema",
        ("text search dictionary {s}.d", "accept"),
        was=f"{DICTIONARY}, accept = false)",
        damage=f"{DICTIONARY})",
    ),
    Fault(
        "search_dictionary_gone",
        "schema",
        ("text search dictionary {s}.d", "missing after"),
        was=f"{DICTIONARY})",
    ),
    Fault(
        "search_mapping",
        "schema",
        ("text search configuration {s}.c", "english_stem"),
        CONFIGURATION,
        damage="alter text search configuration c alter mapping for asciiword with english_stem",
    ),
    Fault(
        "search_mapping_order",
        "schema",
        ("text search configuration {s}.c", "english_stem"),
        CONFIGURATION,
        was="alter text search configuration c alter mapping for asciiword with english_stem, simple",
        damage="alter text search configuration c alter mapping for asciiword with simple, english_stem",
    ),
    Fault(
        "search_parser_gone",
        "schema",
        ("text search parser {s}.p", "missing after"),
        was="create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)",
    ),
    Fault(
        "search_template_gone",
        "schema",
        ("text search template {s}.m", "missing after"),
        was="create text search template m (lexize = dsimple_lexize)",
    ),
)
