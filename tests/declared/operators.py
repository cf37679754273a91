"""Operators, casts, collations, languages and text search."""

from __future__ import annotations

from tests.declared.case import ARGUMENTS, CLASS, SAME, SEARCH, TRANSFORM, Case

COMPOSITE = """
    create type c as (a integer);
    create function a_of(c) returns integer language sql immutable as 'select $1.a';
    create function b_of(c) returns integer language sql immutable as 'select 2';
"""
EQUAL = f"{SAME} create operator === ({ARGUMENTS}"
PARSER = """
    create text search parser tp (
      start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype
"""
HANDLER = """
    create function handler() returns language_handler language c
      as '$libdir/plpgsql', 'plpgsql_call_handler';
    create function validator(oid) returns void language c
      as '$libdir/plpgsql', 'plpgsql_validator';
"""

CASES = (
    # operators
    Case(
        "operator", SAME, f"{EQUAL})".removeprefix(SAME), "", "operator {s}.===(integer, integer)"
    ),
    Case(
        "estimator of an operator",
        "",
        f"{EQUAL})",
        f"{EQUAL}, restrict = eqsel)",
        "operator {s}.===(integer, integer) restriction estimator",
    ),
    Case(
        "join estimator of an operator",
        "",
        f"{EQUAL})",
        f"{EQUAL}, join = eqjoinsel)",
        "operator {s}.===(integer, integer) join estimator",
    ),
    Case(
        "commutator",
        "",
        f"{EQUAL})",
        f"{EQUAL}, commutator = ===)",
        "operator {s}.===(integer, integer) commutator",
    ),
    Case(
        "negator",
        "",
        f"{EQUAL})",
        f"{EQUAL}, negator = !==)",
        "operator {s}.===(integer, integer) negator",
    ),
    Case(
        "operator that hashes",
        "",
        f"{EQUAL})",
        f"{EQUAL}, hashes)",
        "operator {s}.===(integer, integer) hashes",
    ),
    Case(
        "operator that merges",
        "",
        f"{EQUAL})",
        f"{EQUAL}, merges)",
        "operator {s}.===(integer, integer) merges",
    ),
    Case(
        "function of an operator",
        f"{SAME} create function other(integer, integer) returns boolean language internal"
        " immutable as 'int4eq'",
        f"{EQUAL})".removeprefix(SAME),
        f"{EQUAL})".removeprefix(SAME).replace("= same", "= other"),
        "operator {s}.===(integer, integer) function",
    ),
    Case(
        "operators of a class",
        "",
        CLASS,
        f"{CLASS}, operator 2 <=",
        "operator class {s}.oc using btree operators",
    ),
    Case(
        "functions of a class",
        "",
        CLASS,
        f"{CLASS}, function 2 btint4sortsupport(internal)",
        "operator class {s}.oc using btree functions",
    ),
    Case(
        "operator class is missing",
        "create operator family oc using btree",
        CLASS.replace("btree as", "btree family oc as"),
        "",
        "operator class {s}.oc using btree",
    ),
    Case(
        "members of a family",
        CLASS,
        "",
        "alter operator family oc using btree add operator 1 < (integer, bigint)",
        "operator family {s}.oc using btree operators",
    ),
    Case(
        "functions of a family",
        CLASS,
        "",
        "alter operator family oc using btree add function 1 (integer, bigint)"
        " btint48cmp(integer, bigint)",
        "operator family {s}.oc using btree functions",
    ),
    Case(
        "family is missing",
        "",
        "create operator family fam using hash",
        "",
        "operator family {s}.fam using hash",
    ),
    # what turns one thing into another
    Case(
        "cast",
        COMPOSITE,
        "create cast (c as integer) with function a_of(c)",
        "",
        "cast ({s}.c as integer)",
    ),
    Case(
        "context of a cast",
        COMPOSITE,
        "create cast (c as integer) with function a_of(c)",
        "create cast (c as integer) with function a_of(c) as implicit",
        "cast ({s}.c as integer) context",
    ),
    Case(
        "function of a cast",
        COMPOSITE,
        "create cast (c as integer) with function a_of(c)",
        "create cast (c as integer) with function b_of(c)",
        "cast ({s}.c as integer) function",
    ),
    Case(
        "method of a cast",
        "create type e as enum ('1')",
        "create cast (e as integer) with inout",
        "",
        "cast ({s}.e as integer)",
    ),
    Case(
        "conversion",
        "",
        "create conversion cv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8",
        "",
        "conversion {s}.cv",
    ),
    Case(
        "default conversion",
        "",
        "create conversion cv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8",
        "create default conversion cv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8",
        "conversion {s}.cv default",
    ),
    Case(
        "collation's locale",
        "",
        "create collation co (locale = 'C')",
        "create collation co (locale = 'POSIX')",
        "collation {s}.co locale",
    ),
    Case(
        "collation's kinds of characters",
        "",
        "create collation co (lc_collate = 'C', lc_ctype = 'POSIX')",
        "create collation co (lc_collate = 'POSIX', lc_ctype = 'C')",
        "collation {s}.co lc_collate\ncollation {s}.co lc_ctype",
    ),
    Case(
        "collation that is not deterministic",
        "create collation co (locale = 'C')",
        "",
        "update pg_catalog.pg_collation set collisdeterministic = false where oid ="
        " '{s}.co'::regcollation",
        "collation {s}.co deterministic",
    ),
    Case(
        "collation's version",
        "create collation co (locale = 'C')",
        "update pg_catalog.pg_collation set collversion = '2.31' where oid ="
        " '{s}.co'::regcollation",
        "update pg_catalog.pg_collation set collversion = '2.36' where oid ="
        " '{s}.co'::regcollation",
        "collation {s}.co version",
    ),
    Case(
        "collation's provider",
        "",
        "create collation co (locale = 'C')",
        "create collation co (provider = builtin, locale = 'C')",
        "collation {s}.co provider\ncollation {s}.co version",
        since=18,
    ),
    Case(
        "transform",
        TRANSFORM,
        "create transform for token language plpgsql (from sql with function one(internal))",
        "",
        "transform for {s}.token language plpgsql",
    ),
    Case(
        "function of a transform",
        TRANSFORM,
        "create transform for token language plpgsql (from sql with function one(internal))",
        "create transform for token language plpgsql (from sql with function two(internal))",
        "transform for {s}.token language plpgsql from sql",
    ),
    Case(
        "language is missing",
        HANDLER,
        "create language {s}_l handler handler",
        "",
        "language {s}_l",
    ),
    Case(
        "trusted language",
        HANDLER,
        "create language {s}_l handler handler",
        "create trusted language {s}_l handler handler",
        "language {s}_l trusted",
    ),
    Case(
        "validator of a language",
        HANDLER,
        "create language {s}_l handler handler",
        "create language {s}_l handler handler validator validator",
        "language {s}_l validator",
    ),
    Case(
        "access method",
        "",
        "create access method {s}_am type table handler heap_tableam_handler",
        "",
        "access method {s}_am",
    ),
    Case(
        "type of an access method",
        "",
        "create access method {s}_am type table handler heap_tableam_handler",
        "create access method {s}_am type index handler bthandler",
        "access method {s}_am handler\naccess method {s}_am type",
    ),
    # text search
    Case(
        "headline of a parser",
        "",
        f"{PARSER})",
        f"{PARSER}, headline = prsd_headline)",
        "text search parser {s}.tp headline",
    ),
    Case(
        "init of a template",
        "",
        "create text search template tt (lexize = dsimple_lexize)",
        "create text search template tt (init = dsimple_init, lexize = dsimple_lexize)",
        "text search template {s}.tt init",
    ),
    Case(
        "options of a dictionary",
        "",
        "create text search dictionary td (template = simple)",
        "create text search dictionary td (template = simple, accept = false)",
        "text search dictionary {s}.td options",
    ),
    Case(
        "template of a dictionary",
        "create text search template tt (init = dsimple_init, lexize = dsimple_lexize)",
        "create text search dictionary td (template = simple)",
        "create text search dictionary td (template = tt)",
        "text search dictionary {s}.td template",
    ),
    Case(
        "dictionary of a kind of word",
        SEARCH,
        "alter text search configuration tc add mapping for word with simple",
        "alter text search configuration tc add mapping for word with english_stem",
        "text search configuration {s}.tc mappings word",
    ),
    Case(
        "order of dictionaries",
        SEARCH,
        "alter text search configuration tc add mapping for word with simple, english_stem",
        "alter text search configuration tc add mapping for word with english_stem, simple",
        "text search configuration {s}.tc mappings word",
    ),
    Case(
        "parser of a configuration",
        f"{PARSER})",
        SEARCH,
        "create text search configuration tc (parser = tp)",
        "text search configuration {s}.tc parser",
    ),
)
