"""Is an extension found that is missing, older or elsewhere, and one that will do let pass?"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import database
from gatepost.schema import configuration, extensions
from gatepost.schema.declarations import Object
from gatepost.schema.differences import Differences
from gatepost.schema.extensions import Offered
from tests.conftest import run, running15

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.dsn import Dsn

pytestmark = pytest.mark.servers

Make = Any
QUIET = Differences()
# As one that keeps jobs in a table of its own.
CRON = Object(
    "extension pg_cron",
    "extension",
    {
        "version": "1.6",
        "schema": "pg_catalog",
        "built in": False,
        "members": ["function cron.schedule(text)", "table cron.job"],
        "tables": ["cron.job"],
    },
)


def has(**attributes: Any) -> Object:
    return replace(CRON, attributes=CRON.attributes | attributes)


def read(dsn: Dsn) -> dict[str, Object]:
    with contextlib.closing(database.read_only(dsn)) as conn:
        return {one.identity: one for one in extensions.read(conn)}


def vector(dsn: Dsn) -> Object:
    return read(dsn)["extension vector"]


@pytest.fixture(scope="module")
def contrib() -> Iterator[Callable[[str], Dsn]]:
    """Run SQL in new databases of a server that has contrib; the wheel's have not."""
    made: list[str] = []
    with running15({"shared_preload_libraries": "pg_stat_statements"}) as server:

        def make(script: str) -> Dsn:
            name = f"contrib_{len(made)}"
            made.append(name)
            run(server.dsn(), f"create database {name} template template0")
            run(server.dsn(name), script)
            return server.dsn(name)

        yield make


def test_same_extension_of_two_versions_of_postgresql_is_quiet(
    database16: Make, database18: Make
) -> None:
    was, now = (read(make("create extension vector")) for make in (database16, database18))

    assert set(was) == set(now) == {"extension plpgsql", "extension vector"}
    for name in was:
        assert extensions.compare(was[name], now[name]) == QUIET
        assert was[name].attributes["members"], name


def test_contrib_of_15_against_itself_is_quiet(contrib: Callable[[str], Dsn]) -> None:
    names = ("citext", "hstore", "ltree", "pg_trgm", "pgcrypto", "btree_gist", "postgres_fdw")
    script = "".join(f"create extension {name};" for name in names)
    was, now = read(contrib(script)), read(contrib(script))

    assert len(was) == len(names) + 1
    assert all(extensions.compare(was[name], now[name]) == QUIET for name in was)


def test_missing_extension_is_found_with_what_creates_it(
    database16: Make, database18: Make
) -> None:
    was = vector(database16("create schema s; create extension vector schema s"))

    (finding,) = extensions.compare(was, None).findings

    assert "extension vector: 0." in finding
    assert finding.endswith("missing after\n  hint: create extension vector with schema s")
    dsn = database18("create schema s; create extension vector with schema s")
    assert extensions.compare(was, vector(dsn)) == QUIET


def test_other_schema_is_found_once(database16: Make, database18: Make) -> None:
    """Every member has another name then, which is the same cause."""
    was = vector(database16("create extension vector"))
    now = vector(database18("create schema s; create extension vector schema s"))

    assert extensions.compare(was, now).findings == (
        (
            "extension vector: schema public before, s after\n"
            "  hint: alter extension vector set schema public"
        ),
    )


def test_older_version_is_found_and_a_newer_one_noted(contrib: Callable[[str], Dsn]) -> None:
    older, newer = (
        read(contrib(f"create extension pg_trgm version '{version}'"))["extension pg_trgm"]
        for version in ("1.5", "1.6")
    )

    assert extensions.compare(newer, older).findings == (
        (
            "extension pg_trgm: version 1.6 before, 1.5 after\n"
            "  hint: alter extension pg_trgm update to '1.6'"
        ),
    )
    assert extensions.compare(older, newer) == Differences(
        notes=("extension pg_trgm: version 1.5 before, 1.6 after",)
    )


@pytest.mark.parametrize(
    ("was", "now", "finding"),
    [("1.9", "1.10", False), ("1.10", "1.9", True), ("3.5.0", "3.5.0dev", True)],
)
def test_versions_are_ordered_by_their_numbers(was: str, now: str, *, finding: bool) -> None:
    found = extensions.compare(has(version=was), has(version=now))

    assert bool(found.findings) is finding


def test_member_that_was_lost_is_named(contrib: Callable[[str], Dsn]) -> None:
    script = "create extension pg_trgm;"
    lost = """
        alter extension pg_trgm drop function similarity(text, text);
        drop function similarity(text, text)
    """
    was, now = (read(contrib(one))["extension pg_trgm"] for one in (script, script + lost))

    (finding,) = extensions.compare(was, now).findings

    assert finding.startswith("extension pg_trgm: without function public.similarity(")
    (note,) = extensions.compare(now, was).notes
    assert "similarity" in note


OF_ITS_OWN = """
    create extension citext;
    create table public.jobs (id integer primary key, name text);
    alter extension citext add table public.jobs;
"""
INDEX = "create index by_name on public.jobs (name);"
TRIGGER = """
    create trigger seen before update on public.jobs for each row
    execute function suppress_redundant_updates_trigger();
"""


def test_index_and_trigger_that_somebody_made_on_its_table_are_seen(
    contrib: Callable[[str], Dsn],
) -> None:
    was = read(contrib(f"{OF_ITS_OWN}{INDEX}{TRIGGER}"))["extension citext"]
    same = read(contrib(f"{OF_ITS_OWN}{TRIGGER}{INDEX}"))["extension citext"]
    asleep = f"{TRIGGER} alter table public.jobs disable trigger seen"
    now = read(contrib(f"{OF_ITS_OWN}{asleep}"))["extension citext"]
    lost = extensions.compare(was, now).findings
    new = extensions.compare(now, was).findings

    assert extensions.compare(was, same) == QUIET
    assert lost[0] == (
        "extension citext: on its tables, index public.by_name gone: pg_dump leaves it behind\n"
        "  hint: CREATE INDEX by_name ON public.jobs USING btree (name)"
    )
    assert lost[1].startswith(
        "extension citext: on its tables, trigger seen on public.jobs: CREATE"
    )
    assert "trigger(), disabled after" in lost[1]
    assert "on its tables, index public.by_name only after: CREATE INDEX by_name" in new[0]
    assert len(lost) == len(new) == 2


@pytest.mark.parametrize(
    ("made", "name", "drop"),
    [
        (
            "alter table public.jobs add constraint positive check (id > 0)",
            "constraint positive on public.jobs",
            "alter table public.jobs drop constraint positive",
        ),
        (
            "create rule silent as on delete to public.jobs do instead nothing",
            "rule silent on public.jobs",
            "drop rule silent on public.jobs",
        ),
        (
            "create policy own on public.jobs for update using (id > 0) with check (id < 9)",
            "policy own on public.jobs",
            "drop policy own on public.jobs",
        ),
    ],
    ids=lambda value: value.partition(" ")[0],
)
def test_whatever_else_hangs_on_its_table_is_seen(
    contrib: Callable[[str], Dsn], made: str, name: str, drop: str
) -> None:
    was = read(contrib(f"{OF_ITS_OWN}{made}"))["extension citext"]
    now = read(contrib(OF_ITS_OWN))["extension citext"]
    (lost,), (new,) = extensions.compare(was, now).findings, extensions.compare(now, was).findings
    definition = lost.partition("  hint: ")[2]

    assert lost.startswith(f"extension citext: on its tables, {name} gone: pg_dump leaves it")
    assert new.endswith(f"  hint: {drop}")
    assert read(contrib(f"{OF_ITS_OWN}{definition}"))["extension citext"] == was


def test_indexes_that_another_version_brought_are_its_own_affair() -> None:
    indexes = {"index cron.i": "CREATE INDEX i ON cron.job USING btree (id)"}
    was, now = has(version="1.5", **{"on its tables": {}}), has(**{"on its tables": indexes})
    older = has()

    assert extensions.compare(was, now).findings == ()
    assert extensions.compare(older, now).findings == ()


def test_extension_that_is_only_after_is_a_note() -> None:
    assert extensions.compare(None, CRON) == Differences(
        notes=("extension pg_cron: only after (1.6)",)
    )


def test_extension_that_acts_on_commands_of_others_is_found_when_only_after(
    database18: Make,
) -> None:
    script = """
        create extension vector;
        create function f() returns event_trigger language plpgsql as 'begin end';
        create event trigger watch on ddl_command_end execute function f();
        alter extension vector add event trigger watch
    """

    (finding,) = extensions.compare(None, vector(database18(script))).findings

    assert "only after" in finding
    assert "event trigger watch, which acts on commands of others" in finding
    assert finding.endswith("hint: drop extension vector")


def test_tables_of_an_extension_are_said_not_to_be_compared() -> None:
    assert extensions.compare(CRON, CRON) == Differences(
        notes=("extension pg_cron: what is in cron.job is its own, and not compared by `rows`",)
    )


def test_catalog_that_tells_no_members_is_compared_by_the_rest() -> None:
    """As in the text form of a schema, and in a catalog."""
    bare = replace(CRON, attributes={"version": "1.6", "schema": "pg_catalog"})

    assert extensions.compare(bare, CRON) == QUIET
    assert extensions.compare(CRON, bare) == QUIET


def test_side_without_an_extension_on_both_sides_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="on neither side"):
        extensions.compare(None, None)


def test_what_a_server_offers_is_read(database18: Make) -> None:
    with contextlib.closing(database.read_only(database18())) as conn:
        offer = extensions.offered(conn, "vector")
        assert extensions.offered(conn, "no such thing") is None

    assert offer is not None
    assert offer.usual in offer.versions
    assert "0.7.0" in offer.updates
    assert offer.usual not in offer.updates


@pytest.mark.parametrize(
    ("offer", "finding", "note"),
    [
        (Offered("1.6", ("1.6",), ()), "", ""),
        (Offered("1.7", ("1.6", "1.7"), ("1.6",)), "", "1.6 before, a restore will create 1.7"),
        (Offered("1.7", ("1.7",), ()), "", "1.7, to which 1.6 cannot be updated"),
        (
            Offered("1.5", ("1.5", "1.6"), ()),
            "",
            "1.5; then alter extension pg_cron update to '1.6",
        ),
        (
            Offered("1.5", ("1.5", "1.7"), ()),
            "",
            "1.5; then alter extension pg_cron update to '1.7",
        ),
        (Offered("1.5", ("1.4", "1.5"), ("1.4",)), "1.5, and has nothing newer\n  hint:", ""),
        (None, "1.6 before, and the target's server does not have it\n  hint: install", ""),
    ],
    ids=["same", "newer", "not reached", "default older", "newest", "too old", "none"],
)
def test_target_is_asked_for_a_version_that_will_do(
    offer: Offered | None, finding: str, note: str
) -> None:
    found = extensions.promise(CRON, offer, major=18)

    assert (bool(found.findings), bool(found.notes)) == (bool(finding), bool(note))
    assert finding in "".join(found.findings)
    assert note in "".join(found.notes)


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("vector", "postgresql-18-pgvector,"),
        ("postgis", "postgresql-18-postgis-3,"),
        ("pg_squeeze", "postgresql-18-pg-squeeze,"),
    ],
)
def test_package_that_would_bring_it_is_named(name: str, package: str) -> None:
    missing = replace(CRON, identity=f"extension {name}")

    (finding,) = extensions.promise(missing, None, major=18).findings

    assert package in finding


def test_extension_of_every_database_must_be_there_since_no_archive_holds_it(
    database16: Make,
) -> None:
    plpgsql = read(database16())["extension plpgsql"]
    offer = Offered("1.0", ("1.0",), ())

    (finding,) = extensions.promise(plpgsql, offer, major=18).findings

    assert finding == (
        "extension plpgsql: missing after, and no archive brings it\n"
        "  hint: create extension plpgsql with schema pg_catalog"
    )
    assert extensions.promise(plpgsql, offer, major=18, exists=False) == QUIET


def test_library_that_is_no_longer_loaded_is_found(
    contrib: Callable[[str], Dsn], database18: Make
) -> None:
    sides = []
    for dsn in (contrib("create extension pg_stat_statements"), database18()):
        with contextlib.closing(database.read_only(dsn)) as conn:
            sides.append(configuration.read(conn))
    was, now = sides

    assert extensions.library("pg_stat_statements", was, now).findings == (
        (
            "extension pg_stat_statements: its library is in shared_preload_libraries before, not"
            " after\n  hint: alter system set shared_preload_libraries to pg_stat_statements, and"
            " restart the server"
        ),
    )
    assert extensions.library("pg_stat_statements", was, was) == QUIET
    assert extensions.library("vector", was, now) == QUIET
