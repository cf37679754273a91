"""What is told of a table with a row for each SQL file, ours and those that others have made."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from gatepost import database
from gatepost.errors import UsageError
from gatepost.ledgers.entries import Entry, Told
from gatepost.migrations import apply, session
from tests.ledgers.others import files, held, read
from tests.ledgers.rows import TABLE, judged, said, sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]

SCRIPTS = {"001_core": "create table users ();", "002_more": "create table posts ();"}
APPLIED = [Entry(name, name, sha256(text)) for name, text in SCRIPTS.items()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files(tmp_path / "migrations", SCRIPTS)
    return tmp_path / "migrations"


def test_ledger_of_ours_is_read_as_it_was_written(database16: Make, folder: Path) -> None:
    dsn = database16()
    apply.up(dsn, folder)

    rows = read("sql", "gatepost_migrations", dsn)

    assert [(row.name, row.checksum, row.state) for row in rows] == [
        (name, sha256(text), "applied") for name, text in SCRIPTS.items()
    ]
    assert of(rows, folder) == Told()
    assert held("sql", "gatepost_migrations", dsn) == ()
    with contextlib.closing(database.maintenance(dsn, label="other")) as other:
        other.execute("select pg_catalog.pg_advisory_lock(%s)", (session.KEY,))
        assert len(held("sql", "gatepost_migrations", dsn)) == 1


def test_columns_of_others_are_found_by_their_names(database16: Make) -> None:
    dsn = database16(
        "create table schema_migrations (filename text, hash text, success bool);"
        f"insert into schema_migrations values ('001_core.sql', '{sha256('x')}', true),"
        " ('002_more.sql', null, false);"
        "create table migrations (species text, executed_at timestamptz)"
    )

    first, second = read("sql", "schema_migrations", dsn)

    assert (first.name, first.state, second.state) == ("001_core", "applied", "failed")
    with pytest.raises(UsageError, match="no column names a migration; it has executed_at"):
        read("sql", "migrations", dsn)


@pytest.mark.parametrize("status", ["rolled_back", "in progress", "aborted", None])
def test_state_that_nobody_knows_is_none_of_success(database16: Make, status: str | None) -> None:
    said = "null" if status is None else f"'{status}'"
    dsn = database16(
        "create table migrations (name text, status text);"
        f"insert into migrations values ('001_core', 'SUCCESS'), ('002_more', {said})"
    )

    rows = read("sql", "migrations", dsn)

    assert [row.state for row in rows] == ["applied", "failed"]
    assert of(rows) == [f"002_more is recorded as {status or 'nothing'}"]


def test_row_without_a_name_is_refused(database16: Make) -> None:
    dsn = database16("create table migrations (name text); insert into migrations values (null)")

    with pytest.raises(UsageError, match=r"public\.migrations: a row tells of no migration"):
        read("sql", "migrations", dsn)


def test_every_state_is_told_with_the_way_out(folder: Path) -> None:
    files(folder, {"004_moved": "3", "002_again": "4", "helpers": "5"})
    rows = [
        Entry("001_core", "001_core", sha256("another")),
        Entry("002_more", "002_more", "FAILED", "failed", "failed"),
        Entry("003_moved", "003_moved", sha256("3")),
        Entry("009_gone", "009_gone"),
        Entry("009_gone", "009_gone"),
    ]

    assert of(rows, folder, held=("pid 7",)) == [
        "migrations are run at this moment: pid 7",
        "002_more is recorded as failed",
        "002_more has 'FAILED' for a checksum",
        "009_gone is recorded 2 times",
        "001_core was edited after it was applied",
        "003_moved was applied, and is called 004_moved since",
        "009_gone was applied and has no file in migrations",
        "migrations: 2 files have the version 002: 002_again, 002_more",
        "migrations: without a version: helpers",
        "002_again has a file and was never applied",
        "helpers has a file and was never applied",
    ]


def test_one_that_comes_too_late_is_found_before_it_runs(folder: Path) -> None:
    told = judged(APPLIED[1:], folder, kind="sql", pending=True)

    assert said(told.findings) == ["001_core was never applied, and a later one was: 002_more"]
    assert told.notes == (f"{TABLE}: 001_core has a file and was never applied",)


def of(
    rows: Sequence[Entry], folder: Path | None = None, *, held: tuple[str, ...] = ()
) -> Told | list[str]:
    """Return what is wrong, in words; nothing where nothing is."""
    told = judged(rows, folder, kind="sql", held=held)
    return said(told.findings) if told.findings else told
