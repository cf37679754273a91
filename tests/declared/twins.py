"""Pairs of one meaning, or of a difference that means nothing: nothing is to be told."""

from __future__ import annotations

from tests.declared.case import (
    ARGUMENTS,
    CLASS,
    SAME,
    SEARCH,
    SUBSCRIBES,
    TOKEN,
    WRAPPER,
    Case,
    T,
)

TWINS = (
    Case(
        "password of a server is another",
        WRAPPER,
        "create server {s}_sv foreign data wrapper {s}_w options (password 'a')",
        "create server {s}_sv foreign data wrapper {s}_w options (password 'b')",
        "",
    ),
    Case(
        "password within an address is another",
        WRAPPER,
        "create server {s}_sv foreign data wrapper {s}_w options (a 'http://u:one@h/d', b 'host=h"
        " password=''x y'' port=1')",
        "create server {s}_sv foreign data wrapper {s}_w options (a 'http://u:two@h/d', b 'host=h"
        " password=z port=1')",
        "",
    ),
    Case(
        "subscription is enabled, or has another address",
        "",
        f"{SUBSCRIBES})",
        f"{SUBSCRIBES}); alter subscription {{s}}_sb connection 'dbname=y password=hush';"
        f" alter subscription {{s}}_sb enable",
        "",
    ),
    Case(
        "operator class with its own family",
        "",
        CLASS,
        f"create operator family oc using btree; {CLASS.replace('btree as', 'btree family oc as')}",
        "",
    ),
    Case(
        "member that is added later",
        "",
        f"{CLASS}, operator 2 <=",
        f"{CLASS}; alter operator family oc using btree add operator 2 <= (integer, integer)",
        "",
    ),
    Case(
        "operator that is given its commutator later",
        SAME,
        f"create operator === ({ARGUMENTS}, commutator = ==>);"
        f" create operator ==> ({ARGUMENTS}, commutator = ===)",
        f"create operator ==> ({ARGUMENTS}, commutator = ===);"
        f" create operator === ({ARGUMENTS}, commutator = ==>)",
        "",
    ),
    Case(
        "shell that became a type",
        TOKEN,
        "create type token (input = token_in, output = token_out, like = text)",
        "create type token (input = token_in, output = token_out, internallength = variable,"
        " alignment = int4, storage = extended)",
        "",
    ),
    Case(
        "publication that grew",
        T,
        "create publication {s}_pb for table t",
        "create publication {s}_pb; alter publication {s}_pb add table t",
        "",
    ),
    Case(
        "mapping that was altered",
        SEARCH,
        "alter text search configuration tc add mapping for word, asciiword with simple",
        "alter text search configuration tc add mapping for asciiword with english_stem;"
        " alter text search configuration tc add mapping for word with simple;"
        " alter text search configuration tc alter mapping replace english_stem with simple",
        "",
    ),
    Case(
        "column of an index that was renamed",
        "",
        "create table t (b text); create index i on t (lower(b));"
        " alter index i alter column 1 set statistics 10",
        "create table t (a text); create index i on t (lower(a));"
        " alter index i alter column 1 set statistics 10; alter table t rename a to b",
        "",
    ),
    Case(
        "unlogged partitioned table",
        "",
        "create table t (id integer) partition by list (id)",
        "create table t (id integer) partition by list (id);"
        " update pg_catalog.pg_class set relpersistence = 'u' where oid = 't'::regclass",
        "",
    ),
    Case(
        "inherited check of a partition",
        "create table t (id integer, constraint c check (id > 0)) partition by list (id)",
        "create table t1 partition of t for values in (1)",
        "create table t1 (id integer, constraint c check (id > 0));"
        " alter table t attach partition t1 for values in (1)",
        "",
    ),
)
