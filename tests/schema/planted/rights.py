"""Owners, grants, default privileges, roles and memberships."""

# ruff: noqa: E501 - a statement is best read in one line

from __future__ import annotations

from tests.schema.planted import Fault

T = "create table t (id integer, v text);"
F = "create function f(integer) returns integer language sql as 'select 1';"
WRAPPER = "create foreign data wrapper {s}__w;"
SERVER = f"{WRAPPER} create server {{s}}__s foreign data wrapper {{s}}__w;"


def owner(name: str, common: str, what: str, *words: str) -> Fault:
    """Return a fault of another owner."""
    return Fault(
        name,
        "privileges",
        (*words, "owner", "planted_owner", "postgres"),
        common,
        was=f"alter {what} owner to planted_owner",
    )


def grant(name: str, common: str, what: str, *words: str) -> Fault:
    """Return a fault of a grant to a role that is lost."""
    return Fault(
        name,
        "privileges",
        (*words, "planted_other"),
        common,
        was=f"grant {what} to planted_other",
    )


def role(name: str, *words: str, was: str, damage: str) -> Fault:
    """Return a fault of a role that the database uses, declared in two ways."""
    return Fault(
        name,
        "privileges",
        ("{s}__r", *words),
        f"{T} grant select on t to {{s}}__r",
        cluster=f"create role {{s}}__r {was}",
        cluster_damage=f"alter role {{s}}__r {damage}",
    )


FAULTS = (
    owner("owner_of_schema", "", "schema {s}", "{s}"),
    owner("owner_of_table", T, "table t", "{s}.t"),
    owner("owner_of_view", "create view w as select 1 as id;", "view w", "{s}.w"),
    owner("owner_of_sequence", "create sequence q;", "sequence q", "{s}.q"),
    owner("owner_of_function", F, "function f(integer)", "{s}.f(integer)"),
    owner("owner_of_type", "create type y as enum ('a');", "type y", "{s}.y"),
    owner("owner_of_domain", "create domain y as integer;", "domain y", "{s}.y"),
    owner("owner_of_publication", "create publication {s}__p;", "publication {s}__p", "{s}__p"),
    owner("owner_of_server", SERVER, "server {s}__s", "{s}__s"),
    owner(
        "owner_of_statistics",
        f"{T} create statistics st on id, v from t;",
        "statistics st",
        "{s}.st",
    ),
    Fault(
        "owner_of_large_object",
        "privileges",
        ("large object 4712", "owner", "planted_owner", "postgres"),
        "select pg_catalog.lo_create(4712);",
        was="alter large object 4712 owner to planted_owner",
        mine="large object 4712",
    ),
    grant("grant_on_schema", "", "usage on schema {s}", "{s}", "usage"),
    grant("grant_on_table", T, "insert on t", "{s}.t", "insert"),
    grant("grant_on_column", T, "update (v) on t", "{s}.t.v", "update"),
    grant("grant_on_sequence", "create sequence q;", "usage on sequence q", "{s}.q", "usage"),
    grant("grant_on_view", "create view w as select 1 as id;", "select on w", "{s}.w", "select"),
    grant("grant_on_function", F, "execute on function f(integer)", "{s}.f(integer)", "execute"),
    grant("grant_on_type", "create type y as enum ('a');", "usage on type y", "{s}.y", "usage"),
    grant("grant_on_wrapper", WRAPPER, "usage on foreign data wrapper {s}__w", "{s}__w", "usage"),
    grant("grant_on_server", SERVER, "usage on foreign server {s}__s", "{s}__s", "usage"),
    Fault(
        "grant_on_large_object",
        "privileges",
        ("large object 4713", "select", "planted_other"),
        "select pg_catalog.lo_create(4713);",
        was="grant select on large object 4713 to planted_other",
        mine="large object 4713",
    ),
    Fault(
        "grant_to_all_revoked",
        "privileges",
        ("{s}.f(integer)", "execute", "PUBLIC"),
        F,
        damage="revoke execute on function f(integer) from public",
    ),
    Fault(
        "grant_with_option",
        "privileges",
        ("{s}.t", "select", "planted_other"),
        T,
        was="grant select on t to planted_other with grant option",
        damage="grant select on t to planted_other",
    ),
    Fault(
        "grant_only_after",
        "privileges",
        ("{s}.t", "delete", "planted_other"),
        T,
        damage="grant delete on t to planted_other",
    ),
    Fault(
        "grant_to_maintain",
        "privileges",
        ("{s}.t", "maintain", "planted_other"),
        T,
        was="grant maintain on t to planted_other",
        since=18,
    ),
    Fault(
        "owner_may_no_longer",
        "privileges",
        ("{s}.t", "delete", "postgres"),
        T,
        damage="revoke delete on t from postgres",
    ),
    Fault(
        "default_privileges_in_schema",
        "privileges",
        ("{s}", "select", "planted_other"),
        was="alter default privileges in schema {s} grant select on tables to planted_other",
    ),
    Fault(
        "default_privileges_of_a_role",
        "privileges",
        ("execute",),
        was="alter default privileges for role planted_owner revoke execute on functions from public",
        mine="default privileges.*planted_owner|planted_owner.*default privileges",
    ),
    Fault(
        "grant_on_database",
        "privileges",
        ("create", "planted_other"),
        was="grant create on database {db} to planted_other",
        mine=r"(gone|only after) on database(\n|$)",
    ),
    role("role_may_log_in", "login", was="nologin", damage="login"),
    role("role_is_superuser", "superuser", was="nosuperuser", damage="superuser"),
    role("role_bypasses_policies", "bypass", was="nobypassrls", damage="bypassrls"),
    role("role_inherits", "inherit", was="inherit", damage="noinherit"),
    role("role_creates_databases", "create", was="nocreatedb", damage="createdb"),
    role(
        "role_limit", "connection limit", "5", was="connection limit 5", damage="connection limit 6"
    ),
    Fault(
        "role_membership",
        "privileges",
        ("{s}__r", "{s}__group"),
        f"{T} grant select on t to {{s}}__r, {{s}}__group",
        cluster="create role {s}__r; create role {s}__group; grant {s}__group to {s}__r",
        cluster_damage="revoke {s}__group from {s}__r",
    ),
)
