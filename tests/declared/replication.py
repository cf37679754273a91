"""Foreign data, publications, subscriptions, statistics and labels."""

from __future__ import annotations

from tests.declared.case import SUBSCRIBED, SUBSCRIBES, WRAPPER, Case, T

SERVER = f"{WRAPPER} create server {{s}}_sv foreign data wrapper {{s}}_w;"
PUBLISHES = f"{T} create publication {{s}}_pb"

CASES = (
    # foreign data
    Case("wrapper is missing", "", WRAPPER, "", "foreign data wrapper {s}_w"),
    Case(
        "options of a wrapper",
        WRAPPER,
        "",
        "alter foreign data wrapper {s}_w options (a 'b')",
        "foreign data wrapper {s}_w options",
    ),
    Case(
        "options of a server",
        SERVER,
        "",
        "alter server {s}_sv options (host 'x')",
        "server {s}_sv options",
    ),
    Case(
        "type and version of a server",
        WRAPPER,
        "create server {s}_sv type 'a' version '1' foreign data wrapper {s}_w",
        "create server {s}_sv type 'b' version '2' foreign data wrapper {s}_w",
        "server {s}_sv type\nserver {s}_sv version",
    ),
    Case(
        "password that a server has",
        SERVER,
        "",
        "alter server {s}_sv options (password 'kept')",
        "server {s}_sv options",
    ),
    Case(
        "user mapping",
        SERVER,
        "create user mapping for public server {s}_sv",
        "",
        "user mapping for public server {s}_sv",
    ),
    Case(
        "options of a user mapping",
        SERVER,
        "create user mapping for public server {s}_sv options (user 'a')",
        "create user mapping for public server {s}_sv options (user 'b')",
        "user mapping for public server {s}_sv options",
    ),
    Case(
        "options of a foreign table",
        SERVER,
        "create foreign table ft (id integer) server {s}_sv options (a '1')",
        "create foreign table ft (id integer) server {s}_sv options (a '2')",
        "{s}.ft foreign options",
    ),
    Case(
        "options of a foreign column",
        SERVER,
        "create foreign table ft (id integer options (a '1')) server {s}_sv",
        "create foreign table ft (id integer) server {s}_sv",
        "{s}.ft columns id foreign options",
    ),
    Case(
        "server of a foreign table",
        f"{SERVER} create server {{s}}_far foreign data wrapper {{s}}_w",
        "create foreign table ft (id integer) server {s}_sv",
        "create foreign table ft (id integer) server {s}_far",
        "{s}.ft server",
    ),
    # replication
    Case("publication", T, "create publication {s}_pb for table t", "", "publication {s}_pb"),
    Case(
        "publication of all tables",
        T,
        "create publication {s}_pb for all tables",
        "create publication {s}_pb",
        "publication {s}_pb all tables",
    ),
    Case(
        "what a publication publishes",
        T,
        "create publication {s}_pb",
        "create publication {s}_pb with (publish = 'insert')",
        "publication {s}_pb publishes",
    ),
    Case(
        "publication via the partitioned table",
        T,
        "create publication {s}_pb",
        "create publication {s}_pb with (publish_via_partition_root)",
        "publication {s}_pb via the partitioned table",
    ),
    Case(
        "table of a publication",
        PUBLISHES,
        "alter publication {s}_pb add table t",
        "",
        "publication {s}_pb tables {s}.t",
    ),
    Case(
        "columns that are published",
        T,
        "create publication {s}_pb for table t",
        "create publication {s}_pb for table t (id)",
        "publication {s}_pb tables {s}.t columns",
    ),
    Case(
        "rows that are published",
        T,
        "create publication {s}_pb for table t where (id > 0)",
        "create publication {s}_pb for table t where (id > 1)",
        "publication {s}_pb tables {s}.t where",
    ),
    Case(
        "schema of a publication",
        PUBLISHES,
        "",
        "alter publication {s}_pb add tables in schema {s}",
        "publication {s}_pb schemas",
    ),
    Case(
        "generated columns that are published",
        T,
        "create publication {s}_pb",
        "create publication {s}_pb with (publish_generated_columns = stored)",
        "publication {s}_pb generated columns",
        since=18,
    ),
    Case("subscription", "", f"{SUBSCRIBES})", "", "subscription {s}_sb"),
    Case(
        "publications of a subscription",
        "",
        f"{SUBSCRIBES})",
        f"{SUBSCRIBES})".replace("p, q", "q"),
        "subscription {s}_sb publications",
    ),
    Case(
        "binary subscription",
        "",
        f"{SUBSCRIBES})",
        f"{SUBSCRIBES}, binary)",
        "subscription {s}_sb binary",
    ),
    Case(
        "streaming subscription",
        "",
        f"{SUBSCRIBES})",
        f"{SUBSCRIBED}, streaming = on)",
        "subscription {s}_sb streaming",
    ),
    Case(
        "subscription in two phases",
        "",
        f"{SUBSCRIBES})",
        f"{SUBSCRIBES}, two_phase)",
        "subscription {s}_sb two phase",
    ),
    Case(
        "subscription that stops on error",
        "",
        f"{SUBSCRIBES})",
        f"{SUBSCRIBES}, disable_on_error)",
        "subscription {s}_sb disable on error",
    ),
    Case(
        "origin of what is subscribed to",
        "",
        f"{SUBSCRIBES})",
        f"{SUBSCRIBES}, origin = none)",
        "subscription {s}_sb origin",
    ),
    Case(
        "subscription run as its owner",
        "",
        f"{SUBSCRIBES})",
        f"{SUBSCRIBES}, run_as_owner)",
        "subscription {s}_sb run as owner",
    ),
    Case(
        "slot of a subscription",
        "",
        f"{SUBSCRIBES})",
        f"{SUBSCRIBES})".replace("'x'", "'y'"),
        "subscription {s}_sb slot",
    ),
    Case(
        "commit of a subscription",
        "",
        f"{SUBSCRIBES})",
        f"{SUBSCRIBES}, synchronous_commit = on)",
        "subscription {s}_sb synchronous commit",
    ),
    Case(
        "subscription that fails over",
        "",
        f"{SUBSCRIBES})",
        f"{SUBSCRIBES}, failover)",
        "subscription {s}_sb failover",
        since=18,
    ),
    # statistics and labels
    Case(
        "kinds of statistics",
        T,
        "create statistics st (ndistinct) on id, v from t",
        "create statistics st (dependencies) on id, v from t",
        "statistics {s}.st definition",
    ),
    Case(
        "expressions of statistics",
        T,
        "create statistics st on id, lower(v) from t",
        "create statistics st on id, upper(v) from t",
        "statistics {s}.st definition",
    ),
    Case(
        "target of statistics",
        f"{T} create statistics st on id, v from t",
        "",
        "alter statistics st set statistics 500",
        "statistics {s}.st statistics target",
    ),
    Case(
        "security label",
        T,
        "insert into pg_catalog.pg_seclabel values ('t'::regclass,"
        " 'pg_catalog.pg_class'::regclass, 0, 'dummy', 'secret')",
        "insert into pg_catalog.pg_seclabel values ('t'::regclass,"
        " 'pg_catalog.pg_class'::regclass, 0, 'dummy', 'top secret')",
        "security label on table {s}.t dummy",
    ),
)
