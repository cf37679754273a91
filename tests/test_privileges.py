"""Is an honest restore left alone, and what is no finding only noted?"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gatepost.schema.declared import Privileges
from tests.conftest import run
from tests.rights import Pair, compare, findings, notes, read
from tests.rights_cases import EVERY_KIND, LOST, ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

    Make = Callable[..., Dsn]

pytestmark = pytest.mark.servers


def restore(server: Server, before: Dsn, after: Dsn, *options: str) -> None:
    """Restore a dump of ``before`` as the programs of ``server`` do it."""
    environ = os.environ | before.environment()
    dump = [str(server.bin / "pg_dump"), "-d", before.dbname, *options]
    script = subprocess.run(dump, check=True, capture_output=True, env=environ).stdout
    psql = [str(server.bin / "psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-d", after.dbname]
    environ = os.environ | after.environment()
    subprocess.run(psql, check=True, input=script, capture_output=True, env=environ)


def test_role_that_is_missing_is_found(database16: Make, database18: Make) -> None:
    script = "create table t (id integer);"
    before = database16(f"create role shop login createdb; {script} grant select on t to shop")
    found = Pair(before, database18(script)).compare("roles")

    assert found.told == "role shop: missing after\n  mend: create role shop createdb login;"


def test_what_it_says_would_mend_it_does(database16: Make, database18: Make) -> None:
    pair = Pair(database16(ROLES + EVERY_KIND), database18(ROLES + EVERY_KIND))
    for _, damage, _ in LOST:
        run(pair.after, damage)

    for _ in range(2):  # what a new owner was granted is seen once it is none any more
        for found in pair.every().values():
            run(pair.after, found.script)

    assert findings(pair.every()) == []


def test_public_is_told_first_and_one_cause_is_one_line(database16: Make, database18: Make) -> None:
    tables = "".join(f"create table t{number:02} (id integer);" for number in range(12))
    before = database16(
        f"create role shop; {tables} grant select on all tables in schema public to shop"
    )
    after = database18(f"create role shop; {tables} grant update on t07 to public")

    found = Pair(before, after).compare("schema public").findings

    assert list(found) == [
        "PUBLIC: update only after on table public.t07",
        "role shop: select gone on 12 tables of public: t00, t01, t02 and 9 more",
    ]


def test_honest_restore_is_left_alone(database16: Make, database18: Make, server18: Server) -> None:
    pair = Pair(
        database16(ROLES + EVERY_KIND),
        database18(ROLES + "grant reporting to boss with admin option"),
    )
    restore(server18, pair.before, pair.after)

    every = pair.every()

    assert findings(every) == []
    assert set(every) == {"database", "roles", "default privileges", "schema public", "schema shop"}


def test_restore_without_owners_is_noted_where_that_was_declared(
    database16: Make, database18: Make, server18: Server
) -> None:
    pair = Pair(
        database16(ROLES + EVERY_KIND),
        database18(ROLES + "grant reporting to boss with admin option"),
    )
    restore(server18, pair.before, pair.after, "--no-owner")

    found = pair.every()
    assert any("shop: owner app before, postgres after of" in line for line in findings(found))
    assert all("owner app before" in line for line in findings(found)), findings(found)
    declared = pair.every(Privileges(owners="note"))
    assert findings(declared) == []
    assert "shop: owner app before, postgres after of" in notes(declared)


def test_restore_without_grants_is_noted_where_that_was_declared(
    database16: Make, database18: Make, server18: Server
) -> None:
    pair = Pair(database16(ROLES + EVERY_KIND), database18(ROLES))
    restore(server18, pair.before, pair.after, "--no-privileges")

    found = pair.every()
    assert any("role reporting: select gone on" in line for line in findings(found))
    assert findings(pair.every(Privileges(grants="note"))) == []


def test_roles_of_other_names_are_the_same_where_that_was_declared(
    database16: Make, database18: Make
) -> None:
    script = """
        create role {0} login; create table t (id integer); alter table t owner to {0};
        create role {1}; grant select on t to {1}; grant {1} to {0};
        alter default privileges for role {0} grant select on tables to {1};
    """
    pair = Pair(
        database16(script.format("old_app", "old_readers")),
        database18(script.format("app", "readers")),
    )
    declared = Privileges(roles={"old_app": "app", "old_readers": "readers"})

    assert findings(pair.every(declared)) == []
    assert findings(pair.every())


def test_maintain_is_noted_once_between_servers_of_which_one_has_it(
    database16: Make, database18: Make
) -> None:
    script = """
        create role boss; create table t (id integer); create table u (id integer);
        grant all on t, u to boss; alter default privileges grant all on tables to boss;
    """
    every = Pair(database16(script), database18(script)).every()

    assert findings(every) == []
    assert notes(every) == (
        "maintain, which the other server cannot grant, was not compared: after it is granted to"
        " boss on 3 objects"
    )


def test_default_spelled_out_is_the_default(database16: Make, database18: Make) -> None:
    script = """
        create table t (id integer, v text);
        create function f() returns integer language sql as 'select 1';
        create type e as enum ('a');
    """
    spelled = """
        grant select on t to boss; revoke select on t from boss;
        grant select (v) on t to boss; revoke select (v) on t from boss;
        grant execute on function f() to boss; revoke execute on function f() from boss;
        grant usage on type e to boss; revoke usage on type e from boss;
        alter default privileges grant select on tables to boss;
        alter default privileges revoke select on tables from boss;
        alter default privileges grant execute on functions to public;
    """
    roles = "create role boss;"
    pair = Pair(database16(roles + script), database18(roles + script + spelled))

    assert findings(pair.every()) == []
    assert findings(Pair(pair.after, pair.before).every()) == []


def test_schema_public_of_14_is_what_a_dump_makes_of_it(
    database16: Make, database18: Make, server18: Server
) -> None:
    pair = Pair(
        database16(
            "alter schema public owner to postgres; grant create on schema public to public"
        ),
        database18(),
    )
    restore(server18, pair.before, pair.after)

    assert findings(pair.every()) == []


def test_honest_restore_from_15_is_left_alone(
    database15: Make, database18: Make, server18: Server
) -> None:
    of_14 = "alter schema public owner to postgres; grant create on schema public to public;"
    roles = ROLES + "create role heir noinherit; grant app to heir; grant reporting to boss;"
    pair = Pair(
        database15(roles + EVERY_KIND + of_14),
        database18(roles + "grant reporting to boss with admin option"),
    )
    restore(server18, pair.before, pair.after)

    assert findings(pair.every()) == []


def test_membership_without_inheritance_of_16_is_what_a_role_was_in_15(
    database15: Make, database18: Make
) -> None:
    roles = "create role app; create role heir {}; create table t (id integer);"
    roles += "grant select on t to app; grant app to heir {}"
    before = database15(roles.format("noinherit", ""))
    pair = Pair(before, database18(roles.format("noinherit", "with inherit true")))

    (line,) = pair.compare("roles").findings

    assert "inherit false before, inherit true after" in line


def test_membership_that_whoever_made_a_role_has_since_16_is_noted(
    database15: Make, database18: Make
) -> None:
    roles = """
        create role maker createrole; create table t (id integer);
        create role app; grant select on t to app, maker;
    """
    pair = Pair(
        database15(roles),
        database18(roles + "grant app to maker with admin true, inherit false, set false"),
    )

    found = pair.compare("roles")

    assert found.findings == ()
    assert found.notes == ("role maker: a member of app only after",)


def test_right_on_part_of_an_extension_is_found(database15: Make) -> None:
    extension = "create extension pg_trgm; create schema s; create extension hstore schema s;"
    before = database15(f"{extension} create role boss; grant usage on type s.hstore to boss")
    after = database15(f"{extension} revoke execute on function similarity(text, text) from public")
    without = database15()

    every = Pair(before, after).every()

    assert list(every["schema public"].findings) == [
        "PUBLIC: execute gone on function public.similarity(text, text)"
    ]
    assert list(every["schema s"].findings) == ["role boss: usage gone on type s.hstore"]
    assert findings(Pair(after, without).every()) == []
    assert findings(Pair(without, after).every()) == []


def test_owner_of_public_is_noted_where_each_server_made_it_so(
    database16: Make, database18: Make
) -> None:
    script = "alter schema public owner to postgres"
    was, now = read(database16(script)), read(database18())
    older = tuple(
        replace(one, attributes=one.attributes | {"version": 140000})
        if one.kind == "server"
        else one
        for one in was
    )

    noted = compare("schema public", older, now)

    assert compare("schema public", was, now).findings
    assert not noted.findings
    assert noted.notes == ("schema public: owner postgres before, pg_database_owner after",)


def test_roles_that_the_database_does_not_use_are_noted(database16: Make, database18: Make) -> None:
    before = database16("create role aside login; create role idle")
    after = database18("create role idle login; create role other superuser")

    found = Pair(before, after).compare("roles")

    assert found.findings == ()
    assert found.notes == (
        "role aside: only before, and nothing here is theirs or granted to them",
        "role idle: nologin before, login after",
        "role other: only after",
    )


def test_what_lets_the_gate_read_is_noted(
    database16: Make, database18: Make, server18: Server
) -> None:
    script = "create table t (id integer); grant usage on schema public to public;"
    after = database18(
        script + "create role visitor login password 'a'; grant select on t to visitor;"
        " grant pg_read_all_data to visitor"
    )
    visitor = replace(after, raw=server18.url(after.dbname, "visitor", "a"))

    every = Pair(database16(script), visitor).every()

    assert findings(every) == []
    assert "role visitor: select only after on table public.t" in notes(every)
    assert "role visitor: only after, a member of pg_read_all_data" in notes(every)


def test_another_grantor_is_noted(database16: Make, database18: Make) -> None:
    script = """
        create role a; create role b; create table t (id integer);
        grant select on t to a with grant option; grant usage on schema public to a; {}
    """
    before = database16(script.format("grant select on t to b"))
    after = database18(script.format("set role a; grant select on t to b; reset role"))

    found = Pair(before, after).compare("schema public")

    assert found.findings == ()
    assert found.notes == (
        "role b: select on table public.t: granted by the owner before, by a after",
    )


def test_what_only_one_side_has_is_left_to_the_schema_check(
    database16: Make, database18: Make
) -> None:
    script = """
        create table t (id integer); grant select on t to pg_monitor;
        create schema s; create table s.t (id integer); grant select (id) on s.t to pg_monitor;
        alter default privileges in schema s grant select on tables to pg_monitor;
        select lo_from_bytea(4242, 'a'); grant select on large object 4242 to pg_monitor;
    """
    assert findings(Pair(database16(script), database18()).every()) == []
    assert findings(Pair(database16(), database18(script)).every()) == []


def test_names_are_quoted_where_sql_wants_it(database16: Make, database18: Make) -> None:
    script = 'create role "The Boss"; create table "A b" ("C d" integer);'
    granted = 'grant select, update ("C d") on "A b" to "The Boss"'
    found = Pair(database16(script + granted), database18(script)).compare("schema public")

    assert found.told == (
        'role "The Boss": select gone on table public."A b"\n'
        '  mend: grant select on table public."A b" to "The Boss";\n'
        'role "The Boss": update gone on column public."A b"."C d"\n'
        '  mend: grant update ("C d") on table public."A b" to "The Boss";'
    )


def test_facts_hold_no_password(database16: Make, server16: Server) -> None:
    run(server16.dsn(), "create role keeper login password 'hidden words'")
    try:
        facts = read(database16())
    finally:
        run(server16.dsn(), "drop role keeper")

    (keeper,) = (one for one in facts if one.identity == "role keeper")
    assert keeper.attributes["password"] == "scram-sha-256"
    assert "SCRAM-SHA-256$" not in json.dumps([one.attributes for one in facts])


def test_everything_can_be_asked_by_a_role_without_any_right(
    database16: Make, server16: Server
) -> None:
    dsn = database16(ROLES + EVERY_KIND + "create role nobody login password 'a'")
    as_nobody = replace(dsn, raw=server16.url(dsn.dbname, "nobody", "a"))

    seen, known = read(as_nobody), read(dsn)

    assert [one.identity for one in seen] == [one.identity for one in known]
    assert not any("password" in one.attributes for one in seen)
    assert findings({"roles": compare("roles", seen, known)}) == []
