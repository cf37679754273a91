"""What is told of Liquibase's changelog table, as Liquibase 4.28 has written it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.ledgers.entries import Told
from tests.ledgers.others import files, said_of, told

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
