"""What belongs to the database as a whole: publications, foreign servers, statistics, settings."""

# ruff: noqa: E501 - a statement is best read in one line

from __future__ import annotations

from tests.schema.planted import Fault

T = "create table t (id integer primary key, v text);"
WRAPPER = "create foreign data wrapper {s}__w;"
SERVER = f"{WRAPPER} create server {{s}}__s foreign data wrapper {{s}}__w;"
LANGUAGE = "create language {s}__l handler plpgsql_call_handler"


def publication(name: str, *words: str, was: str, now: str, since: int = 15) -> Fault:
    """Return a fault of a publication, created in two ways."""
    created = "create publication {s}__p "
    return Fault(
        name,
        "schema",
        ("publication {s}__p", *words),
        f"{T} create table u (id integer primary key);",
        was=created + was,
        damage=created + now if now != "no" else "",
        since=since,
    )


def subscription(name: str, *words: str, was: str = "off", now: str) -> Fault:
    """Return a fault of a subscription that never connects, created in two ways.

    Whether it streams is said each time: the default has changed with PostgreSQL 18.
    """
    created = "create subscription {s}__b connection 'host=nowhere dbname=x' publication p with (connect = false, slot_name = none"
    was, now = (f", streaming = {text}" for text in (was, now))
    return Fault(
        name,
        "schema",
        ("subscription {s}__b", *words),
        was=f"{created}{was})",
        damage=f"{created}{now})" if "no" not in now else "",
    )


FAULTS = (
    publication("publication_gone", "missing after", was="for table t", now="no"),
    publication("publication_tables", "{s}.u", was="for table t, u", now="for table t"),
    publication("publication_of_all", "all tables", was="for all tables", now=""),
    publication(
        "publication_condition", "id > 0", was="for table t where (id > 0)", now="for table t"
    ),
    publication("publication_columns", "id", was="for table t (id)", now="for table t"),
    publication(
        "publication_of_a_schema", "{s}", was="for tables in schema {s}", now="for table t"
    ),
    publication(
        "publication_operations",
        "delete",
        was="for table t",
        now="for table t with (publish = 'insert, update')",
    ),
    publication(
        "publication_through_root",
        "root",
        was="for table t with (publish_via_partition_root)",
        now="for table t",
    ),
    publication(
        "publication_generated",
        "generated",
        was="for table t with (publish_generated_columns = stored)",
        now="for table t",
        since=18,
    ),
    subscription("subscription_gone", "missing after", now="no"),
    subscription("subscription_streaming", "streaming", now="on"),
    subscription("subscription_binary", "binary", now="off, binary = true"),
    Fault(
        "wrapper_options",
        "schema",
        ("foreign data wrapper {s}__w", "debug"),
        was="create foreign data wrapper {s}__w options (debug 'true')",
        damage="create foreign data wrapper {s}__w",
    ),
    Fault(
        "server_gone",
        "schema",
        ("server {s}__s", "missing after"),
        WRAPPER,
        was="create server {s}__s foreign data wrapper {s}__w",
    ),
    Fault(
        "server_options",
        "schema",
        ("server {s}__s", "host"),
        WRAPPER,
        was="create server {s}__s foreign data wrapper {s}__w options (host 'a')",
        damage="create server {s}__s foreign data wrapper {s}__w options (host 'b')",
    ),
    Fault(
        "server_version",
        "schema",
        ("server {s}__s", "version"),
        WRAPPER,
        was="create server {s}__s version '1' foreign data wrapper {s}__w",
        damage="create server {s}__s version '2' foreign data wrapper {s}__w",
    ),
    Fault(
        "mapping_gone",
        "schema",
        ("user mapping", "planted_other", "{s}__s"),
        SERVER,
        was="create user mapping for planted_other server {s}__s",
    ),
    Fault(
        "mapping_options",
        "schema",
        ("user mapping", "{s}__s", "user"),
        SERVER,
        was="create user mapping for public server {s}__s options (user 'a')",
        damage="create user mapping for public server {s}__s options (user 'b')",
    ),
    Fault(
        "foreign_table_options",
        "schema",
        ("{s}.ft", "options"),
        SERVER,
        was="create foreign table ft (id integer) server {s}__s options (file 'a')",
        damage="create foreign table ft (id integer) server {s}__s options (file 'b')",
    ),
    Fault(
        "foreign_table_server",
        "schema",
        ("{s}.ft", "server"),
        f"{SERVER} create server {{s}}__s2 foreign data wrapper {{s}}__w;",
        was="create foreign table ft (id integer) server {s}__s",
        damage="create foreign table ft (id integer) server {s}__s2",
    ),
    Fault(
        "foreign_column_options",
        "schema",
        ("{s}.ft.id", "options"),
        SERVER,
        was="create foreign table ft (id integer options (name 'a')) server {s}__s",
        damage="create foreign table ft (id integer) server {s}__s",
    ),
    Fault(
        "statistics_gone",
        "schema",
        ("statistics {s}.st", "missing after"),
        T,
        was="create statistics st on id, v from t",
    ),
    Fault(
        "statistics_kinds",
        "schema",
        ("statistics {s}.st", "ndistinct"),
        T,
        was="create statistics st on id, v from t",
        damage="create statistics st (ndistinct) on id, v from t",
    ),
    Fault(
        "statistics_target",
        "schema",
        ("statistics {s}.st", "statistics target", "77"),
        f"{T} create statistics st on id, v from t;",
        was="alter statistics st set statistics 77",
    ),
    Fault(
        "statistics_expression",
        "schema",
        ("statistics {s}.st", "lower"),
        T,
        was="create statistics st on lower(v), id from t",
        damage="create statistics st on upper(v), id from t",
    ),
    Fault("language_gone", "schema", ("language {s}__l", "missing after"), was=LANGUAGE),
    Fault(
        "language_trusted",
        "schema",
        ("language {s}__l", "trusted"),
        was=LANGUAGE.replace("create", "create trusted"),
        damage=LANGUAGE,
    ),
    Fault(
        "access_method_gone",
        "schema",
        ("access method {s}__a", "missing after"),
        was="create access method {s}__a type index handler bthandler",
    ),
    Fault(
        "transform_gone",
        "schema",
        ("transform", "{s}.pair", "missing after"),
        "create type pair as (a integer);",
        was="create transform for pair language plpgsql (from sql with function pg_catalog.regclassin(cstring))".replace(
            "pg_catalog.regclassin(cstring)", "pg_catalog.prsd_lextype(internal)"
        ),
    ),
    Fault(
        "database_setting",
        "settings",
        ("gatepost.{s}", "1"),
        was="alter database {db} set gatepost.{s} = '1'",
    ),
    Fault(
        "database_setting_value",
        "settings",
        ("gatepost.{s}", "1", "2"),
        was="alter database {db} set gatepost.{s} = '1'",
        damage="alter database {db} set gatepost.{s} = '2'",
    ),
    Fault(
        "database_search_path",
        "settings",
        ("search_path",),
        was="alter database {db} set search_path = {s}, public",
        damage="alter database {db} set search_path = public",
        mine="^database: search_path",
    ),
    Fault(
        "database_time_zone",
        "settings",
        ("Europe/Paris",),
        was="alter database {db} set timezone = 'Europe/Paris'",
        mine="(?i)timezone",
    ),
    Fault(
        "database_limit",
        "settings",
        ("connection limit", "77"),
        damage="alter database {db} connection limit 77",
        mine="^database: connection limit",
    ),
    Fault(
        "role_setting_here",
        "settings",
        ("planted_other", "gatepost.{s}"),
        was="alter role planted_other in database {db} set gatepost.{s} = '1'",
    ),
    Fault(
        "database_comment",
        "schema",
        ("comment", "a shop"),
        was="comment on database {db} is 'a shop'",
        mine="a shop",
    ),
    Fault(
        "extension_gone",
        "extensions",
        ("vector", "missing after"),
        was="create extension vector",
        mine=r"\bvector\b",
        since=18,
    ),
    Fault(
        "large_object_lost",
        "objects",
        ("large object 4711", "gone"),
        was="select pg_catalog.lo_from_bytea(4711, 'a')",
        also=(("objects", ("large objects:", "before", "after")),),
        mine="large object 4711|large objects:",
    ),
)
