"""What is told of Liquibase's changelog table, as Liquibase 4.28 has written it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.errors import UsageError
from gatepost.ledgers.entries import Told
from tests.ledgers.others import files, held, read, said_of, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost.dsn import Dsn

    Make = Callable[..., Dsn]


LIQUIBASE = """
create table databasechangelog (
    id varchar(255) not null, author varchar(255) not null, filename varchar(255) not null,
    dateexecuted timestamp not null, orderexecuted integer not null,
    exectype varchar(10) not null, md5sum varchar(35), description varchar(255),
    comments varchar(255), tag varchar(255), liquibase varchar(20), contexts varchar(255),
    labels varchar(255), deployment_id varchar(10)
);
create table databasechangeloglock (
    id integer primary key, locked boolean not null, lockgranted timestamp, lockedby varchar(255)
);
insert into databasechangeloglock values (1, false, null, null);
insert into databasechangelog values
    ('1', 'ann', 'db/changelog.sql', '2026-11-22 06:10:56.082177', 1, 'EXECUTED',
     '9:3a2f70df1241f9817af80a4d9014faab', 'sql', '', null, '4.28.0', null, 'core', '5327855992'),
    ('2', 'ben', 'db/changelog.sql', '2026-11-22 06:10:56.118872', 2, 'EXECUTED',
     '9:08c6b1a2297877a77dc644f5c7d5a7b1', 'sql', '', null, '4.28.0', null, null, '5327855992');
"""

LIQUIBASE_FILE = """--liquibase formatted sql

--changeset ann:1 labels:core
create table users (id int primary key, name text not null);
--rollback drop table users;

--changeset ben:2 runOnChange:true
create or replace view names as select name from users;
"""


def test_liquibase_is_read_as_it_writes(database16: Make, tmp_path: Path) -> None:
    place = tmp_path / "db"
    files(place, {"changelog": LIQUIBASE_FILE})
    dsn = database16(LIQUIBASE)

    assert told("liquibase", "databasechangelog", dsn, tmp_path) == Told()
    assert told("liquibase", "databasechangelog", dsn, place) == Told()


def test_liquibase_tells_every_state(database16: Make, tmp_path: Path) -> None:
    more = LIQUIBASE_FILE.replace("ben:2", "ben:3")
    files(tmp_path, {"changelog": more})
    dsn = database16(
        LIQUIBASE + "insert into databasechangelog select * from databasechangelog where id = '1';"
        "insert into databasechangelog values"
        " ('8', 'eve', 'old.xml', now(), 4, 'FAILED', 'manual'),"
        " ('9', 'eve', 'old.xml', now(), 5, 'MARK_RAN', '8:0123456789abcdef0123456789abcdef');"
        "update databasechangeloglock set locked = true, lockedby = 'ci (10.0.0.7)',"
        " lockgranted = '2026-11-22 06:00'"
    )

    found = told("liquibase", "databasechangelog", dsn, tmp_path)

    assert said_of("databasechangelog", found) == [
        "its lock is held by ci (10.0.0.7) since 2026-11-22 06:00:00",
        "old.xml::8::eve is recorded as FAILED",
        "old.xml::8::eve has 'manual' for a checksum",
        "db/changelog.sql::1::ann is recorded 2 times",
        "db/changelog.sql::2::ben was applied, and changelog.sql has no such change set any more",
        "changelog.sql::3::ben is in its file and was never applied",
    ]
    assert "recorded as MARK_RAN: it never ran here" in found.notes[0]


def test_change_set_that_ran_and_is_in_no_file_any_more_is_told(
    database16: Make, tmp_path: Path
) -> None:
    """A file of plain SQL is one change set by itself, and one of XML is not read."""
    files(tmp_path, {"changelog": LIQUIBASE_FILE, "plain": "select 1;"})
    dsn = database16(
        LIQUIBASE + "insert into databasechangelog values"
        " ('raw', 'includeAll', 'db/plain.sql', now(), 3, 'EXECUTED', null),"
        " ('1', 'ann', 'db/first.sql', now(), 4, 'EXECUTED', null),"
        " ('1', 'ann', 'db/first.xml', now(), 5, 'RERAN', null)"
    )

    found = told("liquibase", "databasechangelog", dsn, tmp_path)

    assert said_of("databasechangelog", found) == [
        f"db/first.sql::1::ann was applied, and {tmp_path.name} has no such file any more"
    ]


def test_of_two_files_of_one_name_the_one_that_is_meant_is_taken(
    database16: Make, tmp_path: Path
) -> None:
    """The author may have a name of several words."""
    files(tmp_path, {"changelog": "--liquibase formatted sql\n"})
    files(tmp_path / "db", {"changelog": LIQUIBASE_FILE.replace("ann:", "Ann of IT:")})
    dsn = database16(LIQUIBASE + "update databasechangelog set author = 'Ann of IT' where id = '1'")

    assert told("liquibase", "databasechangelog", dsn, tmp_path) == Told()


def test_change_set_of_a_state_that_nobody_knows_did_not_run(database16: Make) -> None:
    dsn = database16(LIQUIBASE + "update databasechangelog set exectype = 'BY HAND' where id = '2'")

    found = told("liquibase", "databasechangelog", dsn)

    assert said_of("databasechangelog", found) == [
        "db/changelog.sql::2::ben is recorded as BY HAND"
    ]


def test_folder_that_is_not_there_is_no_folder_without_change_sets(
    database16: Make, tmp_path: Path
) -> None:
    dsn = database16(LIQUIBASE)

    with pytest.raises(UsageError, match="gone: there is no such folder of migrations"):
        told("liquibase", "databasechangelog", dsn, tmp_path / "gone")


@pytest.mark.parametrize("column", ["id", "author", "filename", "exectype"])
def test_row_that_liquibase_never_wrote_is_refused(database16: Make, column: str) -> None:
    dsn = database16(
        LIQUIBASE + f"alter table databasechangelog alter {column} drop not null;"
        f"update databasechangelog set {column} = null where orderexecuted = 1"
    )

    with pytest.raises(UsageError, match=f"a row tells of no migration: {column} is NULL"):
        read("liquibase", "databasechangelog", dsn)


def test_lock_that_is_written_as_text_is_read(database16: Make) -> None:
    """And one that says neither yes nor no is refused."""
    lock = "alter table databasechangeloglock alter locked type text;"
    taken = LIQUIBASE + lock + "update databasechangeloglock set locked = '1', lockedby = 'ci'"

    (who,) = held("liquibase", "databasechangelog", database16(taken))

    assert who == "ci since an unknown time"
    with pytest.raises(UsageError, match="databasechangeloglock: a row is none of a ledger"):
        held("liquibase", "databasechangelog", database16(taken.replace("'1'", "'who knows'")))
