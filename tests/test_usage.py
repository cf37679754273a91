"""Is bad input one clear line with the way out, exit status 4, and nothing written?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatepost import verdict_file
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

    Make = Callable[..., Dsn]

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
SECRET = "hunter2-very-secret"
USAGE = 4


def gate(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the suite's checks as a person would."""
    unset = {"GATEPOST_TARGET", "GATEPOST_SOURCE", "PYTEST_ADDOPTS"}
    kept = {key: value for key, value in os.environ.items() if key not in unset}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "checks", "-p", "no:cacheprovider", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=kept | environ,
        timeout=120,
    )


def refused(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    """Assert that a run was refused in words that hold ``parts``, and in no more than needed."""
    assert done.returncode == USAGE, done.stdout + done.stderr
    said = done.stdout + done.stderr
    for part in parts:
        assert part in said
    assert "Traceback" not in said
    assert SECRET not in said
    assert len([line for line in said.splitlines() if line.strip()]) <= 3


@pytest.fixture
def project(tmp_path: Path) -> Callable[[str], str]:
    """Write a gatepost.toml and return the option that names its folder."""

    def write(text: str) -> str:
        (tmp_path / "gatepost.toml").write_text(text, encoding="utf-8")
        return f"--project={tmp_path}"

    return write


def test_checks_without_a_target_are_refused() -> None:
    refused(gate(), "no target: give --target=NAME")


def test_unknown_target_is_told_with_the_known_ones(project: Callable[[str], str]) -> None:
    folder = project(
        '[targets.prod]\nurl = "postgresql://x/y"\n[targets.dev]\nurl = "postgresql://x/z"'
    )

    refused(
        gate("--target=prd", folder),
        "no target 'prd' in gatepost.toml: it has dev, prod",
        "did you mean 'prod'?",
    )


def test_unknown_key_is_told_with_the_one_that_was_meant(project: Callable[[str], str]) -> None:
    folder = project(
        '[source]\nurl = "postgresql://x/y"\n[targets.prod]\nurll = "postgresql://x/y"'
    )

    refused(gate("--target=prod", folder), "unknown key 'targets.prod.urll'", "did you mean 'url'?")


def test_unset_variable_is_named(project: Callable[[str], str]) -> None:
    folder = project('[targets.prod]\nurl = "${NOBODY_SET_THIS}"')

    refused(gate("--target=prod", folder), "NOBODY_SET_THIS is not set")


def test_no_file_and_no_url_is_refused(tmp_path: Path) -> None:
    refused(gate("--target=prod", f"--project={tmp_path}"), "no gatepost.toml in")


def test_target_without_a_source_is_refused(tmp_path: Path) -> None:
    refused(
        gate("--target=postgresql://x/y", f"--project={tmp_path}"), "no source: nothing to compare"
    )


def test_other_kinds_of_url_are_refused(tmp_path: Path) -> None:
    refused(
        gate("--target=oracle://x/y", "--source=postgresql://x/y", f"--project={tmp_path}"),
        "'oracle' is no kind of address",
    )


def test_unreadable_address_is_not_quoted(tmp_path: Path) -> None:
    refused(
        gate(
            f"--target=postgresql://me:{SECRET}@[::1/x",
            "--source=postgresql://x/y",
            f"--project={tmp_path}",
        ),
        "not a connection string that libpq can read",
    )


def test_wrong_password_is_told_without_it(server16: Server, server18: Server) -> None:
    wrong = f"postgresql://postgres:{SECRET}@127.0.0.1:{server18.port}/postgres"

    refused(
        gate(f"--source={server16.url()}", f"--target={wrong}"),
        "password authentication failed for user",
        "hint: the password is read from the URL, PGPASSWORD, ~/.pgpass",
    )


def test_missing_password_is_told(server16: Server, server18: Server) -> None:
    bare = f"postgresql://postgres@127.0.0.1:{server18.port}/postgres"

    refused(
        gate(f"--source={server16.url()}", f"--target={bare}", PGPASSFILE=os.devnull),
        "no password supplied",
        "hint: the password is read from",
    )


def test_unreachable_host_is_told(server16: Server) -> None:
    refused(
        gate(f"--source={server16.url()}", f"--target=postgresql://me:{SECRET}@127.0.0.1:1/x"),
        "cannot connect to host=127.0.0.1 port=1 dbname=x user=me",
        "hint: is the server up",
    )


def test_one_database_behind_two_addresses_is_refused(server16: Server) -> None:
    other = server16.url().replace("127.0.0.1", "localhost")

    refused(gate(f"--source={server16.url()}", f"--target={other}"), "are one database")


def test_missing_database_is_told(server16: Server, server18: Server) -> None:
    refused(
        gate(f"--source={server16.url()}", f"--target={server18.url('nosuch')}"),
        'database "nosuch" does not exist',
    )


def test_role_that_may_not_read_is_no_answer(database16: Make, database18: Make) -> None:
    """The table it may not read is not asked, named with the way out; the others are."""
    script = "create table a (id int primary key); create table b (id int primary key)"
    before, after = database16(script), database18(script)
    name = after.dbname
    run(after, f"create role {name} login password '{SECRET}'; grant select on a to {name}")
    limited = f"postgresql://{name}:{SECRET}@127.0.0.1:{after.parameters['port']}/{name}"
    done = gate(f"--source={before.raw}", f"--target={limited}", "--gate=data")
    run(after, f"drop owned by {name}; drop role {name}")

    assert done.returncode == 7
    assert "cannot read: permission denied for table b" in done.stdout
    assert "grant pg_read_all_data" in done.stdout
    assert SECRET not in done.stdout


def test_older_go_does_not_survive_a_run_that_could_not_begin(
    database16: Make, database18: Make, tmp_path: Path
) -> None:
    script = "create table a (id int primary key)"
    before, after = database16(script), database18(script)
    out = f"--gatepost-out={tmp_path}"
    run(after, "analyze")
    went = gate(f"--source={before.raw}", f"--target={after.raw}", "--gate=data", out)
    assert went.returncode == 0, went.stdout
    assert verdict_file.read(tmp_path).verdict == "GO"
    refused(
        gate(f"--source={before.raw}", "--target=postgresql://127.0.0.1:1/x", out), "cannot connect"
    )

    assert verdict_file.read(tmp_path).verdict == "INCOMPLETE"


def test_nothing_is_written_for_a_run_that_could_not_begin(tmp_path: Path) -> None:
    out = tmp_path / "out"
    refused(
        gate("--target=nosuch", f"--project={tmp_path}", f"--gatepost-out={out}"), "no gatepost"
    )

    assert not out.exists()
