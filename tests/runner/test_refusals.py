"""Does the runner say what is wrong in one line, and leave nothing behind?"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psycopg
import pytest

from gatepost import database
from runner.__main__ import main
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

pytestmark = pytest.mark.slow

SECRET = "not-to-be-seen"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder; nothing of the machine's own settings lets anybody in."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "no-such-file"))
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def declare(project: Path, source: str, target: str, migrate: str = "") -> None:
    """Write a `gatepost.toml`."""
    (project / "gatepost.toml").write_text(
        f'name = "shop"\n[source]\nurl = "{source}"\n'
        f'[targets.prod]\nurl = "{target}"\n[migrate]\n{migrate}\n',
        encoding="utf-8",
    )


def refused(
    capsys: pytest.CaptureFixture[str], project: Path, *arguments: str, status: int = 64
) -> str:
    """Run the runner, which must refuse, and return the line it says."""
    before = sorted(project.rglob("*"))
    given = ["migrate", f"--project={project}", *arguments]
    assert main([*given, "--execute"]) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert SECRET not in said.err
    first, *hint = said.err.splitlines()
    assert len(hint) <= 1, said.err
    assert all(line.startswith("  hint: ") for line in hint)
    assert sorted(project.rglob("*")) == before
    return first


def test_unknown_target_is_named_with_those_that_are_known(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    declare(project, "postgresql://a/b", "postgresql://c/d")

    assert refused(capsys, project, "--target=prd") == (
        "no target 'prd' in gatepost.toml: it has prod"
    )


def test_unknown_key_is_named(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    declare(project, "postgresql://a/b", "postgresql://c/d", "job = 4")

    assert "unknown key 'migrate.job'" in refused(capsys, project, "--target=prod")


def test_unknown_option_is_a_usage_error() -> None:
    assert main(["migrate", "--target=prod", "--no-such-option"]) == 64
    assert main(["migrate", "--target=prod", "--exec"]) == 64
    assert main(["no-such-verb"]) == 64
    assert main([]) == 64


def test_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("gatepost ")


def test_no_password_is_said_with_where_it_is_read_from(
    capsys: pytest.CaptureFixture[str], project: Path, server16: Server, server18: Server
) -> None:
    bare = f"postgresql://postgres@127.0.0.1:{server16.port}/postgres"
    declare(project, bare, server18.url("shop"))

    assert "no password supplied" in refused(capsys, project, "--target=prod")


@pytest.mark.parametrize("side", ["source", "target"])
def test_wrong_password_is_said_and_not_shown(
    capsys: pytest.CaptureFixture[str],
    project: Path,
    server16: Server,
    server18: Server,
    side: str,
) -> None:
    wrong = {"source": server16, "target": server18}[side].url("postgres", password=SECRET)
    source = wrong if side == "source" else server16.url()
    declare(project, source, wrong if side == "target" else server18.url("shop"))

    assert "password authentication failed" in refused(capsys, project, "--target=prod")


def test_unreachable_host_is_said(
    capsys: pytest.CaptureFixture[str], project: Path, server16: Server
) -> None:
    declare(project, server16.url(), f"postgresql://postgres:{SECRET}@127.0.0.1:1/shop")

    assert "cannot connect to host=127.0.0.1 port=1" in refused(capsys, project, "--target=prod")


def test_unreachable_url_given_as_an_option_is_said(
    capsys: pytest.CaptureFixture[str], project: Path, server16: Server
) -> None:
    target = f"--target=postgresql://postgres:{SECRET}@127.0.0.1:1/shop"

    said = refused(capsys, project, target, f"--source={server16.url()}")

    assert "cannot connect" in said


def test_both_addresses_naming_one_database_are_refused(
    capsys: pytest.CaptureFixture[str],
    project: Path,
    server16: Server,
    database16: Callable[..., Dsn],
) -> None:
    name = database16().dbname
    spelled_otherwise = server16.url(name).replace("127.0.0.1", "localhost")
    declare(project, server16.url(name), spelled_otherwise)

    assert "before and after are one database" in refused(capsys, project, "--target=prod")


def test_address_without_a_database_is_refused(
    capsys: pytest.CaptureFixture[str], project: Path, server16: Server
) -> None:
    declare(project, server16.url(), f"postgresql://127.0.0.1:{server16.port}")

    assert "names no database" in refused(capsys, project, "--target=prod")


def test_target_that_is_taken_is_refused(
    capsys: pytest.CaptureFixture[str],
    project: Path,
    database16: Callable[..., Dsn],
    database18: Callable[..., Dsn],
) -> None:
    target = database18()
    with psycopg.connect(target.of("postgres").raw, autocommit=True) as conn:
        conn.execute(f"create database {target.dbname}_next")
    declare(project, database16().raw, target.raw)

    said = refused(capsys, project, "--target=prod")

    with psycopg.connect(target.of("postgres").raw, autocommit=True) as conn:
        conn.execute(f"drop database {target.dbname}_next")
    assert f"target not empty: database {target.dbname}_next is there" in said


def test_unfinished_run_is_found(
    capsys: pytest.CaptureFixture[str],
    project: Path,
    database16: Callable[..., Dsn],
    database18: Callable[..., Dsn],
) -> None:
    target = database18()
    left = f"{target.dbname}_next"
    with psycopg.connect(target.of("postgres").raw, autocommit=True) as conn:
        conn.execute(f"create database {left}")
        conn.execute(
            f"comment on database {left} is 'gatepost run=20260101T000000-0000 role=building'"
        )
    declare(project, database16().raw, target.raw)

    arguments = ["migrate", f"--project={project}", "--target=prod", "--execute"]
    status = main(arguments)

    said = capsys.readouterr().err
    with psycopg.connect(target.of("postgres").raw, autocommit=True) as conn:
        conn.execute(f"drop database {left}")
    assert status == 50
    assert f"{left} was left by 20260101T000000-0000" in said
    assert [one.name for one in project.rglob("2*")] == []


def test_pg_dump_older_than_the_server_is_refused(
    capsys: pytest.CaptureFixture[str],
    project: Path,
    database16: Callable[..., Dsn],
    database18: Callable[..., Dsn],
) -> None:
    programs = project.parent / "old-client"
    programs.mkdir()
    for name in ("pg_dump", "pg_restore"):
        (programs / name).write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) 14.18"\n')
        (programs / name).chmod(0o755)
    declare(project, database16().raw, database18().raw, f'pg_bin = "{programs}"')

    assert refused(capsys, project, "--target=prod") == (
        "pg_dump is older than the server: the source is PostgreSQL 16,"
        " found: 14.18 (migrate.pg_bin)"
    )


def test_target_older_than_the_source_is_refused(
    capsys: pytest.CaptureFixture[str],
    project: Path,
    database16: Callable[..., Dsn],
    database18: Callable[..., Dsn],
) -> None:
    declare(project, database18().raw, database16().raw)

    assert "the target is PostgreSQL 16, the source 18" in refused(capsys, project, "--target=prod")


@pytest.fixture
def role(server16: Server, server18: Server) -> Iterator[str]:
    """Make a role without any right, on both servers."""
    for server in (server16, server18):
        run(server.dsn(), f"create role plain login password '{SECRET}'")
    yield "plain"
    for server in (server16, server18):
        run(server.dsn(), "drop role plain")


def test_role_that_may_not_create_a_database_is_refused(
    capsys: pytest.CaptureFixture[str],
    project: Path,
    database16: Callable[..., Dsn],
    database18: Callable[..., Dsn],
    server18: Server,
    role: str,
) -> None:
    name = database18().dbname
    declare(project, database16().raw, server18.url(name, user=role, password=SECRET))

    assert "role plain may not create a database" in refused(capsys, project, "--target=prod")


def test_role_that_does_not_own_the_target_is_refused(
    capsys: pytest.CaptureFixture[str],
    project: Path,
    database16: Callable[..., Dsn],
    database18: Callable[..., Dsn],
    server18: Server,
    role: str,
) -> None:
    name = database18().dbname
    conn = database.maintenance(server18.dsn())
    conn.execute("alter role plain createdb")
    conn.close()
    declare(project, database16().raw, server18.url(name, user=role, password=SECRET))

    said = refused(capsys, project, "--target=prod")

    assert f"role plain does not own database {name}" in said


@pytest.mark.parametrize(
    ("grant", "expected"),
    [("", "may not read public.users"), ("select", "may not lock public.users")],
)
def test_role_that_may_not_read_or_lock_the_source_is_refused(
    capsys: pytest.CaptureFixture[str],
    project: Path,
    database16: Callable[..., Dsn],
    database18: Callable[..., Dsn],
    server16: Server,
    role: str,
    grant: str,
    expected: str,
) -> None:
    script = "create table users (id int primary key);"
    given = f"grant {grant} on users to {role};" if grant else ""
    name = database16(script + given).dbname
    declare(project, server16.url(name, user=role, password=SECRET), database18().raw)

    said = refused(capsys, project, "--target=prod")

    conn = database.maintenance(server16.dsn(name))
    conn.execute("drop owned by plain")
    conn.close()
    assert expected in said


def test_service_that_only_the_environment_names_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    declare(project, "postgresql://127.0.0.1:1/a", "postgresql://127.0.0.1:1/b")
    monkeypatch.setenv("PGSERVICE", "elsewhere")
    said = refused(capsys, project, "--target=prod")
    assert (
        said
        == "PGSERVICE is 'elsewhere', and an address that names no service could be left for it"
    )


def test_stop_without_start_is_refused(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    declare(project, "postgresql://a/b", "postgresql://c/d", 'stop = "true"')

    assert "migrate.stop without migrate.start" in refused(capsys, project, "--target=prod")
