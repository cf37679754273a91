"""What is told of Flyway's history, in every state that it can be in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.errors import UsageError
from gatepost.ledgers import checksums
from gatepost.ledgers.entries import Told
from gatepost.ledgers.kinds import KINDS
from gatepost.migrations import chain
from tests.ledgers.others import FLYWAY, NAMES, USERS, files, read, said_of, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]


def test_flyway_that_is_honest_is_left_alone(database16: Make, tmp_path: Path) -> None:
    """Line ends and a byte order mark are nothing to its checksum; a repeatable one ran twice."""
    files(tmp_path, {"V1__users": "\ufeff" + USERS.replace("\n", "\r\n"), "R__names": NAMES})
    dsn = database16(
        FLYWAY
        + flyway(1, "1", "V1__users", checksums.crc32(USERS))
        + flyway(2, None, "R__names", 5)
        + flyway(3, None, "R__names", checksums.crc32(NAMES))
    )

    assert told("flyway", "flyway_schema_history", dsn, tmp_path) == Told()


def test_flyway_checksum_is_javas() -> None:
    """Of `a` and `b` on two lines: the CRC-32 of `ab`, as an int of Java's."""
    assert checksums.crc32("a\r\nb\n") == checksums.crc32("ab") == -1635563411


def test_flyway_tells_every_state(database16: Make, tmp_path: Path) -> None:
    scripts = dict.fromkeys(("V1__a", "V2__b", "V2_1__was_c", "V3__edited", "V4__e"), USERS)
    files(tmp_path, {**scripts, "V3_5__late": USERS, "V9__new": USERS, "R__views": NAMES})
    same = checksums.crc32(USERS)
    dsn = database16(
        FLYWAY
        + flyway(1, "1", "V1__a", same)
        + flyway(2, "2", "V2__b", same, success=False)
        + flyway(3, "2.1", "V2_1__c", same)
        + flyway(4, "3", "V3__edited", 42)
        + flyway(5, "4", "V4__e", same)
        + flyway(6, "4", "V4__e", same)
        + flyway(7, "5", "V5__gone", same)
        + flyway(8, "6", "V6__undone", same)
        + flyway(9, "6", "U6__undone", same, type="UNDO_SQL")
    )

    found = told("flyway", "flyway_schema_history", dsn, tmp_path)

    assert said_of("flyway_schema_history", found) == [
        "V2__b failed, and Flyway refuses to go on",
        "version 4 is recorded 2 times",
        "V2_1__c was applied, and is called V2_1__was_c since",
        "V3__edited was edited after it was applied",
        "V5__gone was applied and has no file",
        "V3_5__late was never applied, and a later one was: Flyway passes it over",
        "V9__new has a file and was never applied",
        "R__views has a file and was never applied",
    ]


def test_flyway_runs_nothing_below_a_baseline(database16: Make, tmp_path: Path) -> None:
    files(tmp_path, {"V1__old": USERS, "V4__new": USERS})
    dsn = database16(FLYWAY + flyway(1, "3", "<< Flyway Baseline >>", None, type="BASELINE"))

    found = told("flyway", "flyway_schema_history", dsn, tmp_path, pending=True)

    table = "public.flyway_schema_history"
    assert found == Told((), (f"{table}: V4__new has a file and was never applied",))
    rows = read("flyway", "flyway_schema_history", dsn)
    waiting = KINDS["flyway"].pending
    assert waiting is not None
    assert [file.name for file in waiting(rows, chain.of(tmp_path))] == ["V4__new"]


def test_flyway_begins_a_new_database_at_the_newest_baseline(
    database16: Make, tmp_path: Path
) -> None:
    """One that is there already passes over the script that stands for all before it."""
    files(tmp_path, {"V1__a": USERS, "V2__b": USERS, "B2__all": USERS, "V3__c": USERS})
    same = checksums.crc32(USERS)
    waiting = KINDS["flyway"].pending
    assert waiting is not None
    files_there = chain.of(tmp_path)

    old = told(
        "flyway",
        "flyway_schema_history",
        database16(FLYWAY + flyway(1, "1", "V1__a", same)),
        tmp_path,
        pending=True,
    )
    new = read("flyway", "flyway_schema_history", database16(FLYWAY))
    of_it = FLYWAY + flyway(1, "2", "B2__all", same, type="SQL_BASELINE")
    begun = read("flyway", "flyway_schema_history", database16(of_it))

    assert old.findings == ()
    assert [one.rpartition(": ")[2].split()[0] for one in old.notes] == ["V2__b", "V3__c"]
    assert [file.name for file in waiting(new, files_there)] == ["B2__all", "V3__c"]
    assert [file.name for file in waiting(begun, files_there)] == ["V3__c"]


def test_flyway_takes_a_version_and_one_with_noughts_behind_it_for_the_same(
    database16: Make, tmp_path: Path
) -> None:
    files(tmp_path, {"V1_0__a": USERS, "V2__b": USERS, "V2_0__b": USERS})
    dsn = database16(FLYWAY + flyway(1, "1", "V1_0__a", checksums.crc32(USERS)))

    found = told("flyway", "flyway_schema_history", dsn, tmp_path, pending=True)

    assert said_of("flyway_schema_history", found) == ["2 files have the version 2: V2_0__b, V2__b"]


@pytest.mark.parametrize("column", ["script", "type"])
def test_row_that_flyway_never_wrote_is_refused(database16: Make, column: str) -> None:
    dsn = database16(
        FLYWAY
        + f"alter table flyway_schema_history alter {column} drop not null;"
        + flyway(1, "1", "V1__a", 5)
        + f"update flyway_schema_history set {column} = null"
    )

    with pytest.raises(UsageError, match=f"a row tells of no migration: {column} is NULL"):
        read("flyway", "flyway_schema_history", dsn)


def test_table_that_lacks_a_column_of_its_kind_is_refused(database16: Make) -> None:
    dsn = database16("create table flyway_schema_history (installed_rank int, version text)")

    with pytest.raises(UsageError, match="it has no checksum, description, script, success, type"):
        read("flyway", "flyway_schema_history", dsn)


def flyway(
    rank: int,
    version: str | None,
    name: str,
    checksum: int | None,
    *,
    success: bool = True,
    type: str = "SQL",  # noqa: A002 - as the column is called
) -> str:
    """Return the statement that Flyway's row is made by."""
    script = f"{name}.sql" if type.endswith("SQL") else name
    said_version = "null" if version is None else f"'{version}'"
    return (
        f"insert into flyway_schema_history values ({rank}, {said_version}, '{name}', '{type}',"
        f" '{script}', {'null' if checksum is None else checksum}, 'app', now(), 3, {success});"
    )
