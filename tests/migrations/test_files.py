"""Are files that would go wrong refused before one of them is run?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from gatepost.errors import UsageError
from gatepost.migrations import files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.migrations.conftest import Write


def test_migrations_come_in_the_order_of_their_versions_with_their_ways_back(folder: Write) -> None:
    there = folder({"010_index.sql": "create index on posts (author)"})

    found = files.read(there)

    assert [one.version for one in found] == ["001", "002", "010"]
    assert [one.down.path.name if one.down else "" for one in found] == [
        "001_users.down.sql",
        "002_posts_rollback.sql",
        "",
    ]
    assert found[0].sha256 == hashlib.sha256((there / "001_users.sql").read_bytes()).hexdigest()


def test_marks_are_read_from_comments(folder: Write) -> None:
    text = "-- Gatepost: no transaction\n-- gatepost: no objects\nvacuum users;"

    found = files.read(folder({"003_clean.sql": text}))[-1]

    assert not found.transactional
    assert not found.up.declares


# What is wrong with a file beside the healthy ones, and what is said of it.
FAULTS: dict[str, tuple[dict[str, str | bytes], str]] = {
    "a version twice": (
        {"002_more.sql": "select 1"},
        "002: 2 files have this version: 002_more.sql, 002_posts.sql",
    ),
    "a version twice, written otherwise": (
        {"02_more.sql": "select 1"},
        "2 files have this version",
    ),
    "no version": ({"helpers.sql": "select 1"}, "helpers.sql: it has no version"),
    "no name": ({"003.sql": "select 1"}, "003.sql: it has no version"),
    "another order by name": (
        {"9_more.sql": "select 1", "10_last.sql": "select 1"},
        "10_last.sql is listed before 9_more.sql, and is later",
    ),
    "a way back of nothing": (
        {"003_gone.down.sql": "drop table t"},
        "003_gone.down.sql: there is no 003_gone.sql that it could take back",
    ),
    "two ways back": (
        {"002_posts.down.sql": "drop table posts"},
        "002_posts.sql: 2 files take it back: 002_posts.down.sql, 002_posts_rollback.sql",
    ),
    "a byte order mark": (
        {"003_mark.sql": b"\xef\xbb\xbfselect 1"},
        "003_mark.sql: it begins with a byte order mark",
    ),
    "another encoding": (
        {"003_latin.sql": "select 'ä'".encode("latin-1")},
        "byte 8: it is not UTF-8",
    ),
    "two bytes a letter": ({"003_wide.sql": "select 1".encode("utf-16")}, "it is not UTF-8"),
    "a nul": ({"003_nul.sql": b"select 1;\0"}, "003_nul.sql: byte 9: a NUL"),
    "nothing": ({"003_empty.sql": ""}, "003_empty.sql: it holds no statement"),
    "comments only": ({"003_empty.sql": "-- later\n/* ; */;"}, "it holds no statement"),
    "a transaction of its own": (
        {"003_own.sql": "select 1;\nBEGIN;\nselect 2;\nCOMMIT;"},
        "003_own.sql: line 2: `begin`, and each file is one transaction",
    ),
    "an end of the transaction": ({"003_own.sql": "select 1;\nend"}, "line 2: `end`"),
    "a rollback": ({"003_own.sql": "rollback"}, "line 1: `rollback`"),
    "a prepared transaction": ({"003_own.sql": "prepare transaction 'a'"}, "line 1: `prepare`"),
    "an index made concurrently": (
        {"003_index.sql": "\ncreate unique index concurrently i on posts (author)"},
        "003_index.sql: line 2: create unique index … is done in no transaction",
    ),
    "a vacuum": ({"003_vacuum.sql": "vacuum users"}, "line 1: vacuum users … is done in no"),
    "a setting that stays": (
        {"003_set.sql": "set search_path = public"},
        "line 1: set without local would outlive the migration",
    ),
    "data for psql": ({"003_copy.sql": "copy users (id, name) from stdin;"}, "psql's business"),
    "a command of psql's": ({"003_psql.sql": "\\i 004.sql"}, "line 1: a command of psql's own"),
    "a mark that is none": (
        {"003_mark.sql": "-- gatepost: no transactions\nselect 1"},
        "line 1: 'no transactions' is no mark\n  hint: did you mean 'no transaction'?",
    ),
    "another spelling of .sql": (
        {"003_more.SQL": "create table a (id int)"},
        "003_more.SQL: it would not be run\n  hint: 003_more.sql",
    ),
    "a text without an end": ({"003_text.sql": "select 'a"}, "003_text.sql: line 1: what begins"),
}


@pytest.mark.parametrize(("more", "complaint"), FAULTS.values(), ids=FAULTS)
def test_folder_is_refused_and_the_file_named(
    folder: Write, more: dict[str, str | bytes], complaint: str
) -> None:
    with pytest.raises(UsageError) as refused:
        files.read(folder(more))

    assert complaint in str(refused.value)


# What only looks wrong.
HARMLESS = {
    "a savepoint": "savepoint a; select 1; rollback to savepoint a; release a",
    "words in a body": "do $$ begin raise notice 'commit'; end $$",
    "a local setting": "set local lock_timeout = '1s'",
    "constraints": "set constraints all immediate",
    "a prepared statement": "prepare p as select 1; deallocate p",
    "a view refreshed concurrently": "refresh materialized view concurrently v",
    "a table of that name": 'create table "begin" (commit int)',
    "a text about it": "insert into users values (2, 'begin; create index concurrently')",
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_what_only_looks_wrong_is_let_pass(folder: Write, text: str) -> None:
    assert files.read(folder({"003_more.sql": text}))[-1].name == "003_more"


def test_link_and_folder_called_like_a_file_are_told(folder: Write) -> None:
    there = folder()
    (there / "003_more.sql").symlink_to(there / "gone.sql")
    (there / "004_folder.sql").mkdir()

    assert files.look(there).faults == (
        "003_more.sql: it cannot be read: No such file or directory",
        "004_folder.sql: it cannot be read: Is a directory",
    )


def test_all_that_is_wrong_is_said_at_once(folder: Write) -> None:
    found = files.look(folder({"003_a.sql": "", "b.sql": "select 1", "004_c.sql": "commit"}))

    assert [fault.partition(":")[0] for fault in found.faults] == [
        "003_a.sql",
        "004_c.sql",
        "b.sql",
    ]


def test_folder_that_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such folder"):
        files.read(tmp_path / "migrations")
    with pytest.raises(UsageError, match=r"holds no NAME\.sql"):
        files.read(tmp_path)
