"""Does the new database get what belongs to it, and does the data gate agree?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.schema import configuration, privileges
from gatepost.schema.configuration import set_otherwise
from gatepost.schema.configuration.set_otherwise import Target
from gatepost.schema.declared import Privileges
from gatepost.schema.privileges import Comparison
from gatepost.sql import question
from runner.servers import carry, databases
from runner.servers.fence import Act, Fence

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from runner.servers.carry import Carried, Place


@pytest.fixture
def source(database16: Callable[..., Dsn]) -> Dsn:
    """The source, with a role that both servers have."""
    made = database16()
    do(made, "create role app", "create role old_app")
    return made


@pytest.fixture
def old(database18: Callable[..., Dsn]) -> Dsn:
    """The target's old database, with a role that only its server has."""
    made = database18()
    do(made, "create role app", "create role monitor")
    return made


@pytest.fixture
def new(database18: Callable[..., Dsn]) -> Dsn:
    """The new one, as it was made."""
    return database18()


def do(dsn: Dsn, *statements: str) -> None:
    """Run statements; `{db}` is the database's name."""
    with contextlib.closing(database.maintenance(dsn)) as conn:
        for statement in statements:
            conn.execute(statement.replace("{db}", dsn.dbname).encode())


def place(dsn: Dsn, renamed: dict[str, str] | None = None, fence: Fence | None = None) -> Place:
    """Return what a database has."""
    with contextlib.closing(database.read_only(dsn)) as conn:
        here = databases.named(conn, dsn.dbname)
        assert here is not None
        return carry.place(conn, here, renamed or {}, fence)


def carried(source: Place, old: Dsn | None, new: Dsn) -> Carried:
    """Carry over, and return what was."""
    found = (
        carry.combine(source, place(old), "postgres") if old else carry.alone(source, place(new))
    )
    with contextlib.closing(database.maintenance(new.of("postgres"))) as conn:
        carry.give(conn, new.dbname, found.belongings, "postgres")
    return found


def findings(source: Dsn, new: Dsn, renamed: dict[str, str] | None = None) -> list[str]:
    """Return what the data gate would find of the database itself, and of roles within it."""
    found: list[str] = []
    with (
        contextlib.closing(database.read_only(source)) as was,
        contextlib.closing(database.read_only(new)) as now,
    ):
        sides = configuration.read(was), configuration.read(now)
        for subject in ("database", "roles"):
            target = Target(new.dbname)
            found += set_otherwise.compare(subject, *sides, target, renamed or {}).findings
        rights = Comparison(
            privileges.read(was), privileges.read(now), Privileges(roles=renamed or {})
        )
        found += [line for one in ("database", "roles") for line in rights.of(one).findings]
    return found


def test_what_changes_a_meaning_comes_from_the_source(source: Dsn, old: Dsn, new: Dsn) -> None:
    do(
        source,
        "alter database {db} set timezone = 'Europe/Kyiv'",
        'alter database {db} set search_path = shop, "a b"',
        "alter role app in database {db} set statement_timeout = '5min'",
    )
    do(
        old,
        "alter database {db} set timezone = 'Asia/Tokyo'",
        "alter database {db} set datestyle = 'German'",
        "alter database {db} set shop.api_token = 'not-to-be-seen'",
    )

    found = carried(place(source), old, new)

    assert findings(source, new) == []
    assert found.left[:2] == ("DateStyle = German", "TimeZone = Asia/Tokyo")
    assert found.left[2].startswith("shop.api_token = (hidden")
    assert str(found).startswith("3 settings, 0 grants; not carried over from it: DateStyle")


def test_what_merely_tunes_or_makes_up_for_the_server_stays_where_it_is(
    source: Dsn, old: Dsn, new: Dsn
) -> None:
    """The source's sessions get the server's own lock_timeout, 0; so do those of the old target."""
    do(old, "alter database {db} set work_mem = '5MB'", "alter database {db} set lock_timeout = 0")
    do(source, "alter database {db} set random_page_cost = 2")

    found = carried(place(source), old, new)

    assert findings(source, new) == []
    assert found.kept == ("lock_timeout = 0", "work_mem = 5MB")
    assert {one.name for one in found.belongings.settings} == {
        "lock_timeout",
        "random_page_cost",
        "work_mem",
    }


def test_grants_come_from_the_source_but_for_who_only_the_target_has(
    source: Dsn, old: Dsn, new: Dsn
) -> None:
    do(
        source,
        "revoke all on database {db} from public",
        "grant connect on database {db} to app with grant option",
        "revoke create on database {db} from postgres",
    )
    do(
        old,
        "grant create on database {db} to app",
        "grant connect, create on database {db} to monitor",
    )

    found = carried(place(source), old, new)

    assert findings(source, new) == []
    assert found.kept == ("CONNECT of monitor",)
    assert found.left == (
        "CONNECT of PUBLIC",
        "TEMPORARY of PUBLIC",
        "CREATE of app",
        "CREATE of monitor",
    )
    with contextlib.closing(database.maintenance(new)) as conn:
        may = "select has_database_privilege(%s, %s, 'CONNECT')"
        assert database.value(conn, may, ("monitor", new.dbname)) is True


def test_right_to_create_of_a_role_of_the_target_alone_is_a_finding(
    source: Dsn, old: Dsn, new: Dsn
) -> None:
    do(new, "grant connect, create on database {db} to monitor")

    (found,) = findings(source, new)

    assert "role monitor: connect, create only after on database" in found
    assert old.dbname != new.dbname


def test_connection_limit_is_the_sources(source: Dsn, old: Dsn, new: Dsn) -> None:
    do(source, "alter database {db} connection limit 20")
    do(old, "alter database {db} connection limit 5")

    found = carried(place(source), old, new)

    assert findings(source, new) == []
    assert found.left == ("a connection limit of 5",)


def test_role_of_another_name_gets_what_it_had(source: Dsn, old: Dsn, new: Dsn) -> None:
    renamed = {"old_app": "app"}
    do(
        source,
        "revoke connect on database {db} from public",
        "grant connect on database {db} to old_app",
        "alter role old_app in database {db} set datestyle = 'German'",
    )

    carried(place(source, renamed), old, new)

    assert findings(source, new, renamed) == []


def test_what_the_fence_took_is_carried_over_all_the_same(source: Dsn, old: Dsn, new: Dsn) -> None:
    do(source, "revoke connect on database {db} from public")
    acts = (Act("connect", "app", was=False), Act("connect", "public", was=True))

    carried(place(source, fence=Fence("", source.dbname, acts)), old, new)

    do(source, "grant connect on database {db} to public")
    assert findings(source, new) == []


def test_database_that_takes_nobodys_place_gets_all_of_the_source(
    source: Dsn, old: Dsn, new: Dsn
) -> None:
    do(
        source,
        "alter database {db} set work_mem = '6MB'",
        "revoke temporary on database {db} from public",
        "alter database {db} connection limit 7",
    )

    found = carried(place(source), None, new)

    assert findings(source, new) == []
    assert (found.kept, found.left) == ((), ())
    assert old.dbname != new.dbname


def test_owner_is_the_sources_where_our_role_may_say_so(
    source: Dsn, database18: Callable[..., Dsn]
) -> None:
    there = database18()
    with contextlib.closing(database.maintenance(there)) as conn:
        may = "select pg_catalog.has_database_privilege('postgres', %s, 'CREATE')"
        assert database.value(conn, may, (there.dbname,)) is True
        conn.execute("create role app")
        conn.execute("create role mover")
        conn.execute("set role mover")
        assert database.value(conn, question("runner_owner"), {"role": "app"}) is False
        conn.execute("reset role")
        conn.execute("grant app to mover")
        conn.execute("set role mover")
        assert database.value(conn, question("runner_owner"), {"role": "app"}) is True
        assert database.value(conn, question("runner_owner"), {"role": "nobody"}) is False
    assert source.dbname
