"""Are two sides told apart when they are two, and refused when they are one?"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from gatepost import embedded
from gatepost.errors import UsageError
from tests.conftest import run
from tests.pairs import opened
from tests.test_usage import gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.embedded import Server

COPIED = "copied"


@contextlib.contextmanager
def copied(server: Server, *options: str) -> Iterator[Server]:
    """Copy a running server file by file, and start the copy."""
    folder = Path(tempfile.mkdtemp(prefix="gatepost-copy-"))
    owner = server.folder.stat().st_uid
    os.chown(folder, owner, -1)
    copy = replace(server, folder=folder / "data", port=embedded.free_port())
    try:
        as_owner = partial(subprocess.run, check=True, cwd="/", user=owner)
        environ = {**os.environ, **server.dsn().environment()}
        command = [str(server.bin / "pg_basebackup"), "-D", str(copy.folder), "-c", "fast"]
        as_owner([*command, *options], env=environ)
        with (copy.folder / "postgresql.conf").open("a") as file:
            file.write(f"port = {copy.port}\n")
        command = [str(server.bin / "pg_ctl"), "start", "-w", "-D", str(copy.folder)]
        as_owner([*command, "-l", str(copy.folder / "log")], stdout=subprocess.DEVNULL)
        yield copy
    finally:
        copy.stop(at_once=True)
        shutil.rmtree(folder)


@pytest.fixture
def origin() -> Iterator[Server]:
    """A server of its own, since what is copied is all of it."""
    with embedded.running(18, durable=False) as server:
        run(server.dsn(), f"create database {COPIED}")
        run(server.dsn(COPIED), "create table t (id int primary key)")
        yield server


def test_cluster_that_was_copied_and_went_on_is_another(origin: Server) -> None:
    with copied(origin) as copy, opened(origin.dsn(COPIED), copy.dsn(COPIED)) as session:
        before, after = session.before.info, session.after.info

    assert before.system_identifier == after.system_identifier


def test_standby_of_the_other_side_is_refused(origin: Server) -> None:
    with (
        copied(origin, "-R") as copy,
        pytest.raises(UsageError, match="are one database"),
        opened(origin.dsn(COPIED), copy.dsn(COPIED)),
    ):
        pass


def test_standby_as_a_target_is_a_no(origin: Server, server16: Server) -> None:
    with copied(origin, "-R") as copy:
        done = gate(f"--source={server16.url()}", f"--target={copy.url(COPIED)}", "--gate=pre")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "identity databases: after is a standby" in done.stdout


def test_server_that_is_read_only_by_default_is_no_target(server16: Server) -> None:
    with embedded.running(
        18, durable=False, options={"default_transaction_read_only": "on"}
    ) as server:
        done = gate(f"--source={server16.url()}", f"--target={server.url()}", "--gate=pre")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "connect after: default_transaction_read_only is on" in done.stdout


def test_settings_of_one_server_are_not_those_of_the_next() -> None:
    with (
        embedded.running(
            18, durable=False, options={"default_transaction_read_only": "on"}
        ) as server,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        run(server.dsn(), "create table t ()")
    with embedded.running(18, durable=False) as server:
        run(server.dsn(), "create table t ()")
