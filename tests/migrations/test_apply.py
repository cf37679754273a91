"""Is nothing recorded that did not run, and nothing left of what failed?"""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING

import psycopg
import pytest

from gatepost.errors import CannotConnect, NotMigrated, UsageError
from gatepost.migrations import apply, session
from gatepost.migrations.session import Limits
from tests.migrations.conftest import asked, recorded, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from tests.migrations.conftest import Write

    Make = Callable[..., Dsn]

INDEX = "-- gatepost: no transaction\ncreate index concurrently by_name on users (name);"


def test_migrations_run_in_order_and_are_recorded_with_their_hashes(
    database16: Make, folder: Write
) -> None:
    there, dsn = folder({"003_index.sql": INDEX}), database16()

    done = apply.up(dsn, there)

    assert [str(one) for one in done] == [
        "001_users: 1 made",
        "002_posts: 1 made",
        "003_index: 1 changed",
    ]
    assert tables(dsn) == ["posts", "users"]
    assert asked(dsn, "select name from users") == ["a;b"]
    assert recorded(dsn) == ["001_users", "002_posts", "003_index"]
    hashes = [hashlib.sha256((there / f"{one.name}.sql").read_bytes()).hexdigest() for one in done]
    assert asked(dsn, "select sha256 from gatepost_migrations order by version") == hashes
    assert asked(dsn, """select "by" from gatepost_migrations limit 1""") == ["postgres"]
    assert asked(dsn, "select bool_and(duration > '0') from gatepost_migrations") == [True]


def test_what_ran_is_not_run_again(database16: Make, folder: Write) -> None:
    there, dsn = folder(), database16()
    apply.up(dsn, there, to="001")

    assert [one.name for one in apply.up(dsn, there)] == ["002_posts"]
    assert apply.up(dsn, there) == ()


def test_first_error_ends_the_run_with_file_line_and_the_servers_words(
    database16: Make, folder: Write
) -> None:
    broken = "create table a (id int);\n\ncreate table b (\n  id int,\n  x no_such_type\n);"
    there = folder({"003_broken.sql": broken, "004_after.sql": "create table c (id int)"})
    dsn = database16()

    with pytest.raises(NotMigrated) as failed:
        apply.up(dsn, there)

    assert failed.value.message == (
        '003_broken.sql, line 5: type "no_such_type" does not exist (42704);'
        " done before it, and kept: 001_users, 002_posts"
    )
    assert tables(dsn) == ["posts", "users"]
    assert recorded(dsn) == ["001_users", "002_posts"]


def test_error_within_a_function_is_told_with_its_line_there(
    database16: Make, folder: Write
) -> None:
    text = "create table a (id int);\ndo $$\nbegin\n  perform 1 / 0;\nend $$;"

    with pytest.raises(NotMigrated) as failed:
        apply.up(database16(), folder({"001_a.sql": text}, only=True))

    assert failed.value.message == (
        "001_a.sql, line 2: division by zero (22012), in function inline_code_block line 3"
    )


def test_already_exists_is_an_error_like_every_other(database16: Make, folder: Write) -> None:
    """X2: the whole file was rolled back, so its rest was not applied either."""
    dsn = database16("create table users (id int primary key)")

    with pytest.raises(NotMigrated) as failed:
        apply.up(dsn, folder())

    assert '001_users.sql, line 1: relation "users" already exists (42P07)' in str(failed.value)
    assert "nothing is ever skipped as done" in str(failed.value)
    assert asked(dsn, "select to_regclass('gatepost_migrations')") == [None]


def test_migration_that_returns_silently_is_refused(database16: Make, folder: Write) -> None:
    """X3: it would be recorded as applied, and has made nothing."""
    text = (
        "do $$ begin\n  if to_regclass('users') is not null then return; end if;\n"
        "  create table users (id int); create table teams (id int);\nend $$"
    )
    dsn = database16("create table users (id int)")

    with pytest.raises(
        NotMigrated, match=r"001_core\.sql: it ran without an error, and everything"
    ):
        apply.up(dsn, folder({"001_core.sql": text}, only=True))

    assert recorded(dsn) == []


@pytest.mark.parametrize(
    "text",
    [
        "grant select on users to pg_monitor",
        "alter table users owner to pg_monitor",
        "alter default privileges grant select on tables to pg_monitor",
    ],
)
def test_migration_of_grants_alone_has_done_something(
    database16: Make, folder: Write, text: str
) -> None:
    dsn = database16()

    assert len(apply.up(dsn, folder({"003_given.sql": text}))) == 3


def test_grant_that_was_there_is_nothing_done(database16: Make, folder: Write) -> None:
    text = "grant select on users to pg_monitor"
    there = folder({"003_given.sql": text, "004_given.sql": text})

    with pytest.raises(NotMigrated, match=r"004_given\.sql: it ran without an error, and"):
        apply.up(database16(), there)


@pytest.mark.parametrize(
    "text",
    [
        "insert into gatepost_migrations values ('004', 'd', repeat('a', 64), now(), '0', 'me')",
        "delete from gatepost_migrations where version = '001'",
        "drop table gatepost_migrations",
        "alter table gatepost_migrations add more int",
    ],
)
def test_migration_that_writes_to_the_ledger_is_refused(
    database16: Make, folder: Write, text: str
) -> None:
    there, dsn = folder({"003_hand.sql": f"create table a (id int); {text}"}), database16()

    with pytest.raises(NotMigrated, match=r"003_hand\.sql: (it writes to|.* has the columns)"):
        apply.up(dsn, there)

    assert recorded(dsn) == ["001_users", "002_posts"]
    assert tables(dsn) == ["posts", "users"]


def test_session_that_ends_between_two_is_told_with_what_was_done(
    database16: Make, folder: Write
) -> None:
    there, dsn = folder(), database16()

    def end(_: apply.Applied) -> None:
        asked(
            dsn,
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()",
        )

    with pytest.raises(CannotConnect, match="; done before it, and kept: 001_users"):
        apply.up(dsn, there, told=end)


def test_migration_of_rows_alone_says_so(database16: Make, folder: Write) -> None:
    rows = "update users set name = 'b'"
    there, dsn = folder({"003_rows.sql": rows}), database16()

    with pytest.raises(NotMigrated, match=r"003_rows\.sql: .* as it was before"):
        apply.up(dsn, there)
    assert asked(dsn, "select name from users") == ["a;b"]

    folder({"003_rows.sql": f"-- gatepost: no objects\n{rows}"})
    assert str(apply.up(dsn, there)[0]) == "003_rows: nothing declared has changed"
    assert asked(dsn, "select name from users") == ["b"]


def test_mark_that_is_not_true_is_refused(database16: Make, folder: Write) -> None:
    text = "-- gatepost: no objects\ncreate table a (id int)"

    with pytest.raises(NotMigrated, match="marked 'no objects', and of these are 1 made"):
        apply.up(database16(), folder({"001_a.sql": text}, only=True))


@pytest.mark.parametrize(
    "statement",
    [
        "select set_config('search_path', '', false)",
        "do $$ begin set statement_timeout = 0; end $$",
        "do $$ begin execute 'set role pg_monitor'; end $$",
    ],
)
def test_setting_that_would_outlive_a_migration_is_refused(
    database16: Make, folder: Write, statement: str
) -> None:
    text = f"create table a (id int);\n{statement}"
    dsn = database16()

    with pytest.raises(NotMigrated, match=r"001_a\.sql: it has set \w+, and not for itself alone"):
        apply.up(dsn, folder({"001_a.sql": text}, only=True))

    assert tables(dsn) == []


def test_each_file_begins_as_in_a_session_of_its_own(database16: Make, folder: Write) -> None:
    text = "create temporary table t as select 1; create table {} as table t"
    files = {"001_a.sql": text.format("a"), "002_b.sql": text.format("b")}

    assert len(apply.up(database16(), folder(files, only=True))) == 2


def test_strings_of_old_are_refused(database16: Make, folder: Write) -> None:
    dsn = database16(
        "do $$ begin execute format('alter database %I set"
        " standard_conforming_strings = off', current_database()); end $$"
    )

    with pytest.raises(NotMigrated, match="standard_conforming_strings is off"):
        apply.up(dsn, folder())


def test_local_setting_is_the_files_own_affair(database16: Make, folder: Write) -> None:
    text = "set local statement_timeout = '1h'; set local time zone 'UTC'; create table a (id int)"

    assert apply.up(database16(), folder({"001_a.sql": text}, only=True))


def test_limits_are_set_and_end_what_takes_longer(database16: Make, folder: Write) -> None:
    dsn = database16("create table users (id int)")
    there = folder({"001_a.sql": "alter table users add name text"}, only=True)

    with psycopg.connect(dsn.raw) as other:
        other.execute("select from users")
        with pytest.raises(NotMigrated) as waited:
            apply.up(dsn, there, limits=Limits(lock=0.1))
    folder({"001_a.sql": "create table a (id int); select pg_sleep(9)"}, only=True)
    with pytest.raises(NotMigrated) as worked:
        apply.up(dsn, there, limits=Limits(statement=0.1))

    assert "001_a.sql, line 1: canceling statement due to lock timeout (55P03)" in str(waited.value)
    assert "another session holds what it needs" in str(waited.value)
    assert "canceling statement due to statement timeout (57014)" in str(worked.value)
    assert tables(dsn) == ["users"]


def test_statements_before_an_error_in_no_transaction_stay_and_are_told(
    database16: Make, folder: Write
) -> None:
    text = f"{INDEX}\ncreate index concurrently by_name on users (id);"
    dsn = database16()

    with pytest.raises(NotMigrated) as failed:
        apply.up(dsn, folder({"003_index.sql": text}))

    assert '003_index.sql, line 3: relation "by_name" already exists' in failed.value.message
    assert "what stands before it in the file was done, and stays" in failed.value.message
    assert recorded(dsn) == ["001_users", "002_posts"]


def test_transaction_left_open_is_an_error(database16: Make, folder: Write) -> None:
    text = "-- gatepost: no transaction\nbegin; create table a (id int);"
    dsn = database16()

    with pytest.raises(NotMigrated, match="leaves a transaction open"):
        apply.up(dsn, folder({"001_a.sql": text}, only=True))

    assert tables(dsn) == []


def test_violation_that_is_seen_at_the_commit_is_told(database16: Make, folder: Write) -> None:
    text = (
        "create table a (id int primary key, b int references a deferrable initially deferred);"
        "insert into a values (1, 2)"
    )

    with pytest.raises(NotMigrated, match=r"001_a\.sql, at its commit: insert or update .*23503"):
        apply.up(database16(), folder({"001_a.sql": text}, only=True))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("001_users.sql", "create table users (id int)"), "001_users: it was edited after it"),
        (
            ("001_users.sql", "001_people.sql"),
            "001_people: it was applied as 001_users, and renamed",
        ),
        (("002_posts.sql", None), "002_posts: it was applied, and has no file"),
    ],
    ids=["edited", "renamed", "lost"],
)
def test_folder_that_contradicts_the_ledger_is_refused(
    database16: Make, folder: Write, change: tuple[str, str | None], complaint: str
) -> None:
    there, dsn = folder({"001_users.down.sql": "select 1"}), database16()
    apply.up(dsn, there)
    folder({"003_more.sql": "create table more (id int)"})
    name, new = change
    if new is None:
        (there / name).unlink()
        (there / "002_posts_rollback.sql").unlink()
    elif new.endswith(".sql"):
        (there / name).rename(there / new)
        (there / "001_users.down.sql").unlink()
    else:
        (there / name).write_text(new)

    with pytest.raises(UsageError, match=complaint):
        apply.up(dsn, there)

    assert tables(dsn) == ["posts", "users"]


def test_file_put_before_one_that_was_applied_is_refused(database16: Make, folder: Write) -> None:
    there, dsn = folder({"005_last.sql": "create table last (id int)"}), database16()
    apply.up(dsn, there)
    folder({"003_late.sql": "create table late (id int)"})

    with pytest.raises(UsageError, match="003_late: it was never applied, and a later one was"):
        apply.up(dsn, there)


def test_table_of_another_layout_is_no_ledger(database16: Make, folder: Write) -> None:
    """X5: one name, and two layouts."""
    dsn = database16("create table gatepost_migrations (filename text, executed_at timestamptz)")

    with pytest.raises(UsageError, match="it has the columns executed_at, filename, and a ledger"):
        apply.up(dsn, folder())

    assert tables(dsn) == []


def test_two_never_run_at_once(database16: Make, folder: Write) -> None:
    dsn = database16()

    with (
        session.opened(dsn, Limits()),
        pytest.raises(
            NotMigrated, match=r"another run .* under way: gatepost migrations \(pid \d+"
        ),
    ):
        apply.up(dsn, folder())

    assert tables(dsn) == []


def test_killed_in_the_middle_leaves_nothing_of_the_migration(
    database16: Make, folder: Write
) -> None:
    """X13: half of it done, the session is ended as by an operator."""
    text = "create table half (id int);\nselect pg_sleep(30);\ncreate table whole (id int);"
    there, dsn = folder({"003_half.sql": text}), database16()

    killer = threading.Thread(target=_end_sleeper, args=(dsn,))
    killer.start()
    with pytest.raises(NotMigrated, match=r"003_half\.sql, line 2: .*administrator command"):
        apply.up(dsn, there)
    killer.join()

    assert tables(dsn) == ["posts", "users"]
    assert recorded(dsn) == ["001_users", "002_posts"]


def _end_sleeper(dsn: Dsn) -> None:
    with psycopg.connect(dsn.raw, autocommit=True) as conn:
        while not conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where wait_event = 'PgSleep' and datname = current_database()"
        ).fetchone():
            threading.Event().wait(0.05)


def test_migrations_are_taken_back_with_their_rows_in_the_ledger(
    database16: Make, folder: Write
) -> None:
    there, dsn = folder(), database16()
    apply.up(dsn, there)

    assert [one.name for one in apply.down(dsn, there)] == ["002_posts_rollback"]
    assert (tables(dsn), recorded(dsn)) == (["users"], ["001_users"])

    apply.up(dsn, there)
    assert [str(one) for one in apply.down(dsn, there, to="0")] == [
        "002_posts_rollback: 1 dropped",
        "001_users.down: 1 dropped",
    ]
    assert (tables(dsn), recorded(dsn)) == ([], [])


def test_row_stays_in_the_ledger_where_the_script_fails(database16: Make, folder: Write) -> None:
    """X14: a rollback that only forgets what ran is none."""
    there, dsn = folder({"002_posts_rollback.sql": "drop table nobodys"}), database16()
    apply.up(dsn, there)

    with pytest.raises(NotMigrated, match=r'002_posts_rollback\.sql, line 1: table "nobodys"'):
        apply.down(dsn, there)
    folder({"002_posts_rollback.sql": "select 1"})
    with pytest.raises(NotMigrated, match="everything declared is as it was before"):
        apply.down(dsn, there)

    assert recorded(dsn) == ["001_users", "002_posts"]


def test_nothing_is_taken_back_if_one_of_them_has_no_way_back(
    database16: Make, folder: Write
) -> None:
    there, dsn = folder({"003_more.sql": "create table more (id int)"}), database16()
    apply.up(dsn, there)

    with pytest.raises(UsageError, match="003_more: nothing takes it back"):
        apply.down(dsn, there, to="001")

    assert tables(dsn) == ["more", "posts", "users"]


def test_version_that_is_none_is_refused(database16: Make, folder: Write) -> None:
    with pytest.raises(UsageError, match="no migration has the version 02"):
        apply.up(database16(), folder(), to="02")
