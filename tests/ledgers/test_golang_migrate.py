"""What is told of golang-migrate's one row, and of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.errors import UsageError
from tests.ledgers.others import NAMES, USERS, files, golang, golang_row, read, said_of, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]


def test_golang_migrate_that_came_through_is_left_alone(database16: Make, tmp_path: Path) -> None:
    files(tmp_path, {"000001_a.up": USERS, "000001_a.down": "", "000002_b.up": NAMES})

    found = told("golang-migrate", "schema_migrations", database16(golang(2)), tmp_path)

    assert found.findings == ()
    assert "it keeps no checksums" in found.notes[0]


def test_golang_migrate_that_is_dirty_runs_nothing_more(database16: Make, tmp_path: Path) -> None:
    files(tmp_path, {"000001_a.up": USERS, "000003_c.up": NAMES, "000003_d.up": NAMES})

    found = told("golang-migrate", "schema_migrations", database16(golang(2, "true")), tmp_path)

    assert said_of("schema_migrations", found) == [
        "version 2 is dirty: it failed halfway, and nothing else is run",
        "it is at version 2, and no file has that",
        "2 files have the version 3: 000003_c, 000003_d",
        "000003_c has a file and was never applied",
        "000003_d has a file and was never applied",
    ]


def test_golang_migrate_has_one_row(database16: Make) -> None:
    found = told("golang-migrate", "schema_migrations", database16(golang(1) + golang_row(2)))

    assert said_of("schema_migrations", found) == [
        "it has 2 rows, of the versions 1, 2, and should have one"
    ]


@pytest.mark.parametrize(
    ("type_", "row", "says"),
    [
        ("bigint", "null, false", "a row tells of no migration: version is NULL"),
        ("bigint", "1, null", "a row tells of no migration: dirty is NULL"),
        ("text", "'initial', false", "version 'initial' is no number"),
        ("bigint", "1, 'perhaps'", "a row is none of a ledger: invalid input syntax"),
    ],
)
def test_row_that_golang_migrate_never_wrote_is_refused(
    database16: Make, type_: str, row: str, says: str
) -> None:
    dirty = "text" if "perhaps" in row else "boolean"
    dsn = database16(
        f"create table schema_migrations (version {type_}, dirty {dirty});"
        f"insert into schema_migrations values ({row})"
    )

    with pytest.raises(UsageError, match=rf"public\.schema_migrations: {says}"):
        read("golang-migrate", "schema_migrations", dsn)
