"""Is every setting that changes what data mean found when it differs, and nothing else?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import database
from gatepost.dsn import Dsn
from gatepost.schema import configuration
from gatepost.schema.configuration import set_otherwise
from gatepost.schema.configuration.set_otherwise import Target
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.embedded import Server
    from gatepost.schema.declarations import Object
    from gatepost.schema.differences import Differences

pytestmark = pytest.mark.servers

Make = Any
Facts = tuple[Any, ...]

# What is done on the side before, what after, and what must be said of which subject.
# {db} is the database.  Roles that a test made go with it.
DIFFERENT = {
    "another zone": (
        "",
        "alter database {db} set timezone to 'Asia/Kathmandu'",
        "database",
        (
            "timezone not set (Etc/UTC) before, Asia/Kathmandu after\n"
            "  hint: alter database {after} reset timezone"
        ),
    ),
    "dates read otherwise": (
        "alter database {db} set datestyle to 'ISO, DMY'",
        "",
        "database",
        (
            "datestyle ISO, DMY before, not set (ISO, MDY) after\n"
            "  hint: alter database {after} set datestyle to 'ISO, DMY'"
        ),
    ),
    "search path lost": (
        'alter database {db} set search_path to app, "A b", public',
        "",
        "database",
        (
            'search_path app, "A b", public before, not set ("$user", public) after\n'
            '  hint: alter database {after} set search_path to app, "A b", public'
        ),
    ),
    "tuning lost": (
        "alter database {db} set work_mem to '8MB'",
        "",
        "database",
        "work_mem 8MB before, not set (4MB) after",
    ),
    "tuning changed": (
        "alter database {db} set work_mem to '8MB'",
        "alter database {db} set work_mem to '9MB'",
        "database",
        "work_mem 8MB before, 9MB after",
    ),
    "a limit only after": (
        "",
        "alter database {db} set statement_timeout to '5s'",
        "database",
        "statement_timeout not set (0) before, 5s after",
    ),
    "made read-only": (
        "",
        "alter database {db} set default_transaction_read_only to on",
        "database",
        "default_transaction_read_only not set (off) before, on after",
    ),
    "triggers switched off": (
        "",
        "alter database {db} set session_replication_role to replica",
        "database",
        "session_replication_role not set (origin) before, replica after",
    ),
    "a setting of the application": (
        "alter database {db} set shop.tax to '19'",
        "alter database {db} set shop.tax to '7'",
        "database",
        "shop.tax 19 before, 7 after",
    ),
    "fewer connections": (
        "",
        "alter database {db} connection limit 5",
        "database",
        "connection limit none before, 5 after\n  hint: alter database {after} connection limit -1",
    ),
    "search path of a role in the database": (
        "create role app; alter role app in database {db} set search_path to shop",
        "create role app",
        "roles",
        (
            'role app: search_path shop before, not set ("$user", public) after\n'
            "  hint: alter role app in database {after} set search_path to shop"
        ),
    ),
    "setting of an owner": (
        "create role app; create schema s authorization app; alter role app set datestyle to 'SQL'",
        "create role app; create schema s authorization app",
        "roles",
        (
            "role app: datestyle SQL, MDY before, not set (ISO, MDY) after\n"
            "  hint: alter role app set datestyle to 'SQL, MDY'"
        ),
    ),
    "setting of a member of who was granted": (
        (
            "create role readers; create role app in role readers;"
            " create table t (a int); grant select on t to readers;"
            " alter role app set lock_timeout = '2s'"
        ),
        (
            "create role readers; create role app in role readers;"
            " create table t (a int); grant select on t to readers"
        ),
        "roles",
        "role app: lock_timeout 2s before, not set (0) after",
    ),
}
# What is no difference, and what is a note about it, if anything.
THE_SAME = {
    "another spelling of a limit": (
        "alter database {db} set statement_timeout to '300000'",
        "alter database {db} set statement_timeout to '5min'",
        "",
    ),
    "another spelling of memory": (
        "alter database {db} set work_mem to 8192",
        "alter database {db} set work_mem to '8MB'",
        "",
    ),
    "another spelling of yes": (
        "alter database {db} set array_nulls to 'yes'",
        "alter database {db} set array_nulls to 'true'",
        "",
    ),
    "another name of UTC": (
        "alter database {db} set timezone to 'UTC'",
        "alter database {db} set timezone to 'Etc/UTC'",
        "",
    ),
    "what the server does anyway": (
        "alter database {db} set intervalstyle to 'postgres'",
        "",
        "intervalstyle postgres before, not set (postgres) after: set elsewhere to the same",
    ),
    "tuned after": (
        "",
        "alter database {db} set work_mem to '64MB'",
        "work_mem not set (4MB) before, 64MB after",
    ),
    "more connections": (
        "alter database {db} connection limit 5",
        "alter database {db} connection limit 9",
        "connection limit 5 before, 9 after",
    ),
    "a role that the database has nothing to do with": (
        "create role elsewhere; alter role elsewhere set search_path to shop",
        "",
        'role elsewhere: search_path shop before, not set ("$user", public) after',
    ),
    "set for the role in all databases": (
        (
            "create role app; create schema s authorization app;"
            " alter role app in database {db} set lock_timeout to '2s'"
        ),
        (
            "create role app; create schema s authorization app;"
            " alter role app set lock_timeout to 2000"
        ),
        "",
    ),
}


def facts(dsn: Dsn) -> tuple[Object, ...]:
    with contextlib.closing(database.read_only(dsn)) as conn:
        return configuration.read(conn)


def differences(before: Facts, after: Facts, target: Target) -> dict[str, Differences]:
    return {
        subject: set_otherwise.compare(subject, before, after, target, {})
        for subject in configuration.SUBJECTS
    }


def made(make: Make, script: str) -> Dsn:
    dsn: Dsn = make()
    run(dsn, script.replace("{db}", dsn.dbname) or "select 1")
    return dsn


@pytest.fixture
def pair(database16: Make, database18: Make) -> Callable[..., tuple[Dsn, Dsn]]:
    return lambda before, after: (made(database16, before), made(database18, after))


@pytest.mark.parametrize("name", DIFFERENT)
def test_difference_is_found_with_both_values(pair: Any, name: str) -> None:
    on_before, on_after, subject, said = DIFFERENT[name]
    before, after = pair(on_before, on_after)

    found = differences(facts(before), facts(after), Target(after.dbname))

    (finding,) = found[subject].findings
    assert said.replace("{after}", after.dbname) in finding
    assert [one for one in found if found[one].findings] == [subject]


@pytest.mark.parametrize("name", DIFFERENT)
def test_difference_that_both_sides_have_is_none(pair: Any, name: str) -> None:
    script, other, *_ = DIFFERENT[name]
    before, after = pair(script or other, script or other)

    found = differences(facts(before), facts(after), Target(after.dbname))

    assert [one for one in found if found[one].findings] == []
    assert not found["database"].notes + found["roles"].notes


@pytest.mark.parametrize("name", THE_SAME)
def test_what_comes_to_the_same_is_no_finding(pair: Any, name: str) -> None:
    on_before, on_after, note = THE_SAME[name]
    before, after = pair(on_before, on_after)

    found = differences(facts(before), facts(after), Target(after.dbname))

    assert [one for one in found if found[one].findings] == []
    said = [note for one in ("database", "roles") for note in found[one].notes]
    assert len(said) == bool(note)
    assert note in "".join(said)


def test_setting_of_the_server_is_found(
    server18: Server, database16: Make, database18: Make
) -> None:
    before, after = made(database16, ""), made(database18, "")
    with of_server(server18, "timezone", "Asia/Kathmandu"):
        now = facts(after)

    found = differences(facts(before), now, Target(after.dbname))

    (finding,) = found["server"].findings
    assert finding.startswith("server: timezone Etc/UTC before, Asia/Kathmandu after: which moment")
    assert finding.endswith(f"  hint: alter database {after.dbname} set timezone to 'Etc/UTC'")
    assert not found["database"].findings


def test_database_that_makes_up_for_its_server_is_alike(
    server18: Server, database16: Make, database18: Make
) -> None:
    before = made(database16, "")
    after = made(database18, "alter database {db} set timezone to 'UTC'")
    with of_server(server18, "timezone", "Asia/Kathmandu"):
        now = facts(after)

    found = differences(facts(before), now, Target(after.dbname))

    assert [one for one in found if found[one].findings] == []
    assert "set for the database, which is what counts" in "".join(found["server"].notes)


def test_server_of_a_target_still_to_be_made_counts_by_itself(
    server18: Server, database16: Make, database18: Make
) -> None:
    """The database that is asked then is another one, and its own settings mean nothing."""
    before = made(database16, "")
    beside = made(database18, "alter database {db} set timezone to 'UTC'")
    with of_server(server18, "timezone", "Asia/Kathmandu"):
        now = facts(beside)

    compared = set_otherwise.compare("server", facts(before), now, Target("shop", exists=False), {})

    assert "hint: alter database shop set timezone to 'Etc/UTC'" in "".join(compared.findings)


@pytest.mark.parametrize(
    ("name", "value", "matters"),
    [
        ("statement_timeout", "30s", True),
        ("track_counts", "off", True),
        ("quote_all_identifiers", "on", False),
        ("gin_fuzzy_search_limit", "100", True),
        ("lc_messages", "C.UTF-8", False),
    ],
)
def test_server_setting_matters_by_what_depends_on_it(
    server18: Server, database16: Make, database18: Make, name: str, value: str, *, matters: bool
) -> None:
    before, after = made(database16, ""), made(database18, "")
    was = facts(before)
    with of_server(server18, name, value):
        now = facts(after)

    compared = set_otherwise.compare("server", was, now, Target(after.dbname), {})

    assert bool(compared.findings) is matters
    assert f"server: {name} " in "".join((*compared.findings, *compared.notes))


def test_looser_limit_after_is_a_note(server16: Server, database16: Make, database18: Make) -> None:
    before, after = made(database16, ""), made(database18, "")
    with of_server(server16, "statement_timeout", "30s"):
        was = facts(before)

    compared = set_otherwise.compare("server", was, facts(after), Target(after.dbname), {})

    assert not compared.findings
    assert any(
        note.startswith("server: statement_timeout 30s before, 0") for note in compared.notes
    )


def test_what_our_own_session_is_given_is_not_the_servers(
    database18: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsn = made(database18, "alter role postgres in database {db} set datestyle to 'German'")
    monkeypatch.setenv("PGTZ", "Asia/Kathmandu")
    monkeypatch.setenv("PGOPTIONS", "-c intervalstyle=iso_8601")

    server, *_ = facts(dsn)

    assert server.attributes["settings"]["timezone"] == "Etc/UTC"
    assert server.attributes["settings"]["intervalstyle"] == "postgres"
    assert server.attributes["settings"]["datestyle"] == "ISO, MDY"


def test_reading_leaves_our_session_as_it_was(database18: Make) -> None:
    with contextlib.closing(database.read_only(made(database18, ""))) as conn:
        was = conn.execute("select name, setting from pg_catalog.pg_settings").fetchall()
        configuration.read(conn)
        now = conn.execute("select name, setting from pg_catalog.pg_settings").fetchall()

    assert was == now


def test_role_without_rights_says_what_it_cannot_see(server18: Server, database18: Make) -> None:
    dsn = made(database18, "create role reader login password 'reads'")
    seen = facts(dsn)

    now = facts(Dsn(server18.url(dsn.dbname, "reader", "reads")))

    compared = set_otherwise.compare("server", seen, now, Target(dsn.dbname), {})
    assert not compared.findings
    assert (
        "server: shared_preload_libraries is not told after: it takes pg_read_all_settings"
        in compared.notes
    )


def test_value_of_a_secret_is_told_apart_and_not_told(pair: Any) -> None:
    before, after = pair(
        "alter database {db} set app.settings.jwt_secret to 'first'",
        "alter database {db} set app.settings.jwt_secret to 'second'",
    )

    was, now = facts(before), facts(after)

    (finding,) = differences(was, now, Target(after.dbname))["database"].findings
    assert "app.settings.jwt_secret (hidden, sha256" in finding
    assert "first" not in str(was) + finding
    assert "second" not in str(now) + finding


def test_template_that_anybody_may_copy_is_found(database16: Make, database18: Make) -> None:
    before, after = made(database16, ""), made(database18, "alter database {db} is_template true")
    try:
        now = facts(after)
    finally:
        run(after, f"alter database {after.dbname} is_template false")

    (finding,) = differences(facts(before), now, Target(after.dbname))["database"].findings

    assert finding == (
        "database: no template before, a template after\n"
        f"  hint: alter database {after.dbname} is_template false"
    )


def test_role_of_another_name_is_the_role_that_it_is_mapped_to(pair: Any) -> None:
    script = "create role {0}; alter role {0} in database {{db}} set search_path to shop"
    before, after = pair(script.format("old_app"), script.format("new_app"))

    compared = set_otherwise.compare(
        "roles", facts(before), facts(after), Target(after.dbname), {"old_app": "new_app"}
    )

    assert (compared.findings, compared.notes) == ((), ())


@contextlib.contextmanager
def of_server(server: Server, name: str, value: str) -> Iterator[None]:
    """Let a server give a setting to whoever connects from now on."""
    with contextlib.closing(database.maintenance(server.dsn())) as conn:
        conn.execute(f"alter role all set {name} to '{value}'")
        try:
            yield
        finally:
            conn.execute(f"alter role all reset {name}")
