"""Is what was lost in the move told from what was never built, and from what was never moved?"""

from __future__ import annotations

import contextlib
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import settings, verdict_file
from gatepost.errors import UsageError
from gatepost.schema.comparison import Comparison
from gatepost.schema.declared import Schema
from gatepost.schema.lineage import WORDS
from tests.pairs import opened
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

    Make = Callable[..., Dsn]

BUILT = """
create table users (id int primary key, name text not null, check (id > 0));
create index users_name on users (name);
create view names as select name from users where name in ('a', 'b');
create table orders (id serial primary key, total numeric(10,2) default 0);
"""
LEDGER = "create table _prisma_migrations (id text primary key);"
LOST = WORDS["lost"]
NEW = WORDS["new"]


@pytest.fixture
def compared(
    database16: Make, server18: Server, tmp_path: Path
) -> Iterator[Callable[..., Comparison]]:
    """Compare two databases against what a folder of migrations builds on another server."""
    with contextlib.ExitStack() as held:

        def compare(files: dict[str, str], before: str, after: str, **declared: Any) -> Comparison:
            folder = tmp_path / "migrations"
            for name, text in files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text)
            given = {"migrations": "migrations", "scratch": server18.url()} | declared
            project = settings.Project(compare_schema=Schema(**given))
            sides = database16(before), database16(after)
            found = held.enter_context(opened(*sides, project, folder=tmp_path))
            return Comparison(found.settings, found.before, found.after)

        yield compare


@pytest.mark.parametrize(
    ("before", "after", "identity", "last"),
    [
        ("", "drop index users_name", "public.users", LOST),
        ("", "alter table users drop column name cascade", "public.users", LOST),
        ("", "alter table users drop constraint users_id_check", "public.users", LOST),
        ("", "alter table orders alter total type numeric(8,2)", "public.orders", LOST),
        ("", "alter table orders alter total drop default", "public.orders", LOST),
        ("", "drop view names", "public.names", LOST),
        ("", "drop table orders", "public.orders", LOST),
        ("drop index users_name", "", "public.users", NEW),
        ("alter table orders alter total type numeric(8,2)", "", "public.orders", NEW),
        ("drop view names", "", "public.names", NEW),
        ("create table extra (id int)", "", "public.extra", WORDS["drift before"]),
        ("create index extra on orders (total)", "", "public.orders", WORDS["drift before"]),
        ("", "create table extra (id int)", "public.extra", WORDS["drift after"]),
        ("", "alter table orders add extra int", "public.orders", WORDS["drift after"]),
        (
            "alter table orders alter total type numeric(8,2)",
            "alter table orders alter total type numeric(9,2)",
            "public.orders",
            WORDS["drift each"],
        ),
    ],
)
def test_finding_ends_with_the_side_that_agrees_with_the_migrations(
    compared: Callable[..., Comparison], before: str, after: str, identity: str, last: str
) -> None:
    found = compared({"1.sql": BUILT}, f"{BUILT};{before}", f"{BUILT};{after}").of(identity)

    assert found.findings
    assert found.text.splitlines()[-1] == last
    assert found.lineage == {last: found.findings}
    assert not found.notes


def test_findings_of_two_lineages_are_told_apart(compared: Callable[..., Comparison]) -> None:
    after = "alter table orders add extra int; alter table orders alter total drop default;"
    found = compared({"1.sql": BUILT}, BUILT, BUILT + after).of("public.orders")

    assert found.lineage == {
        LOST: ("public.orders.total: default 0 before, none after",),
        WORDS["drift after"]: ("public.orders: column extra only after",),
    }


def test_finding_that_counts_what_has_two_lineages_is_told_for_each(
    compared: Callable[..., Comparison],
) -> None:
    before = "create table t (id int, a int, b int, x int, y int)"
    comparison = compared(
        {"1.sql": "create table t (id int, a int, b int)"}, before, "create table t (id int)"
    )

    found = comparison.of("public.t")

    assert found.findings == ("public.t: 4 columns gone: a, b, x … and 1 more",)
    assert found.lineage == {
        LOST: ("public.t: column a gone", "public.t: column b gone"),
        WORDS["drift before"]: ("public.t: column x gone", "public.t: column y gone"),
    }


def test_drift_that_both_have_is_noted_and_no_finding(compared: Callable[..., Comparison]) -> None:
    drift = (
        "alter table orders alter total type numeric(8,2); alter table orders add extra int;"
        " drop index users_name; create table extra (id int);"
    )
    comparison = compared({"1.sql": BUILT}, BUILT + drift, BUILT + drift)
    said = [comparison.of(one) for one in ("public.orders", "public.users", "public.extra")]

    total = "drift that both have: public.orders.total"
    assert not any(one.findings for one in said)
    assert [note for one in said for note in one.notes] == [
        "drift that both have: public.orders: column extra on both sides, in no migration",
        f"{total}: numeric(10,2) by the migrations, numeric(8,2) on both sides",
        "drift that both have: public.users: index users_name in the migrations, on neither side",
        "drift that both have: public.extra: on both sides, in no migration",
    ]
    assert not comparison.of_migrations().findings


def test_healthy_pair_is_what_its_migrations_build(compared: Callable[..., Comparison]) -> None:
    comparison = compared({"1.sql": BUILT}, BUILT + LEDGER, BUILT + LEDGER)
    everything = ("public.users", "public.names", "public.orders", "public._prisma_migrations")
    said = [comparison.of(one) for one in everything] + [comparison.of_migrations()]

    assert not any(one.findings or one.notes for one in said)


def test_what_neither_side_has_is_a_finding_of_its_own(
    compared: Callable[..., Comparison],
) -> None:
    more = "create table audit (id int); create type mood as enum ('a'); create view v as select 1;"
    migrations = {"1.sql": BUILT, "2.sql": more}
    comparison = compared(migrations, BUILT, BUILT, leave_out=("view *",))

    assert comparison.of_migrations().findings == (
        "enum public.mood: the migrations build it, neither side has it",
        "public.audit: the migrations build it, neither side has it",
    )


def test_drift_of_a_source_is_noted_while_there_is_no_target(
    compared: Callable[..., Comparison],
) -> None:
    comparison = compared(
        {"1.sql": BUILT}, BUILT + "alter table users alter name drop not null", ""
    )

    found = comparison.of_migrations()

    assert not found.findings
    assert found.notes == (
        "drift of before: public.users.name: not null by the migrations, nullable before",
    )


def test_source_is_held_against_its_migrations_before_there_is_a_target(
    database16: Make, server18: Server, tmp_path: Path
) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "1.sql").write_text(BUILT)
    (tmp_path / "gatepost.toml").write_text(
        f"""
        source = {{ url = "{database16(BUILT + "drop table users cascade").raw}" }}
        targets.prod.url = "{server18.url("not_made_yet")}"
        schema.migrations = "migrations"
        """
    )
    out = tmp_path / "out"

    gate("--gate=pre", "--target=prod", f"--project={tmp_path}", f"--gatepost-out={out}")

    (found,) = verdict_file.read(out).findings
    assert (found.check, found.subject) == ("schema", "migrations")
    assert found.message.splitlines() == [
        "public.names: the migrations build it, neither side has it",
        "public.users: the migrations build it, neither side has it",
    ]


def test_migrations_of_prisma_are_built_in_their_order(compared: Callable[..., Comparison]) -> None:
    migrations = {
        "20250101000000_init/migration.sql": "create table users (id int primary key);",
        "20250201000000_name/migration.sql": "alter table users add name text;",
        "migration_lock.toml": 'provider = "postgresql"',
    }
    built = "create table users (id int primary key, name text);"
    comparison = compared(migrations, built, built)

    assert comparison.of("public.users").notes == ()
    assert not comparison.of_migrations().findings


def test_ways_back_are_not_run(compared: Callable[..., Comparison]) -> None:
    back = "drop table users cascade;"
    comparison = compared(
        {"1.sql": BUILT, "1.down.sql": back, "2_rollback.sql": back}, BUILT, BUILT
    )

    assert not comparison.of_migrations().findings


def test_migration_that_fails_is_one_line_with_its_file(
    compared: Callable[..., Comparison],
) -> None:
    migrations = {"1.sql": BUILT, "2_more.sql": "select 1;\nalter table nowhere add x int;"}
    comparison = compared(migrations, BUILT, BUILT + "drop view names")
    refused = 'relation "nowhere" does not exist: alter table nowhere add x int'
    why = f"migrations/2_more.sql, line 2: {refused}"

    assert comparison.of_migrations().findings == (why,)
    assert comparison.of("public.orders").notes == ()
    lost = comparison.of("public.names")
    assert lost.findings == ("public.names: missing after",)
    assert lost.notes == (f"public.names: its lineage is not known: {why}",)


def test_folder_without_a_migration_is_an_error(compared: Callable[..., Comparison]) -> None:
    with pytest.raises(UsageError, match=r"neither NAME\.sql nor NAME/migration\.sql in migr"):
        compared({"README.md": ""}, BUILT, BUILT).of_migrations()


def test_project_builds_its_migrations_by_a_command(compared: Callable[..., Comparison]) -> None:
    build = (
        "import os, psycopg; c = psycopg.connect(os.environ['DATABASE_URL'], autocommit=True);"
        " c.execute(open('migrations/all.txt').read())"
    )
    given = {"all.txt": "create table users (id int);"}
    comparison = compared(given, "", "", build=(sys.executable, "-c", build))

    assert comparison.of_migrations().findings == (
        "public.users: the migrations build it, neither side has it",
    )


def test_command_is_led_to_the_scratch_database_alone(
    compared: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    services = tmp_path / "services"
    services.write_text("[elsewhere]\nhost=127.0.0.1\nport=9\ndbname=elsewhere\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    monkeypatch.setenv("PGSERVICE", "elsewhere")
    monkeypatch.setenv("PGDATABASE", "elsewhere")
    build = 'psql -qc "create table $PGDATABASE (id int)"'

    (found,) = compared({"all.txt": ""}, "", "", build=build).of_migrations().findings

    assert re.match(r"public\.gatepost_scratch_\w+: the migrations build it", found)


def test_command_that_fails_is_quoted_without_the_password(
    compared: Callable[..., Comparison],
) -> None:
    build = 'echo "cannot reach $DATABASE_URL"; exit 3'
    (found,) = compared({"all.txt": ""}, "", "", build=build).of_migrations().findings

    assert found.startswith(
        "[schema] build: exit status 3: cannot reach postgresql://postgres:****@"
    )


def test_without_migrations_nothing_is_built(compared: Callable[..., Comparison]) -> None:
    nowhere = "postgresql://127.0.0.1:9/nowhere?connect_timeout=1"
    comparison = compared(
        {}, BUILT, BUILT + "drop index users_name", migrations="", scratch=nowhere
    )

    found = comparison.of("public.users")

    assert found.findings == ("public.users: index users_name gone",)
    assert not found.lineage
    assert not found.notes
