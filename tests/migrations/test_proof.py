"""Is a way back believed by what it leaves, and not by how it ends?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.migrations import apply, proof
from tests.migrations.conftest import asked, recorded, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn
    from tests.migrations.conftest import Write

    Make = Callable[..., Dsn]


def test_up_down_and_up_again_leaves_all_as_it_was(database16: Make, folder: Write) -> None:
    dsn = database16()

    found = proof.there_and_back(dsn, folder())

    assert found == proof.Proof(proved=("001_users", "002_posts"))
    assert (tables(dsn), recorded(dsn)) == (["posts", "users"], ["001_users", "002_posts"])


WRITTEN = "it writes to public.gatepost_migrations, which tells what ran and is ours to write"
# What a way back leaves or takes, and what is said of it.
UNTRUE = {
    "a column left": (
        {
            "003_more.sql": "create table more (id int); alter table users add more int;",
            "003_more.down.sql": "drop table more;",
        },
        "003_more.down.sql: public.users: column more only after",
    ),
    "a function left": (
        {
            "003_more.sql": "create table more (id int);"
            " create or replace function f() returns int language sql as 'select 1';",
            "003_more.down.sql": "drop table more;",
        },
        "003_more.down.sql: function public.f(): only after",
    ),
    "too much taken": (
        {
            "003_more.sql": "create table more (id int);",
            "003_more.down.sql": "drop table more; drop table users cascade;",
        },
        "003_more.down.sql: public.users: missing after",
    ),
    "rows taken": (
        {
            "003_more.sql": "create table more (id int); insert into users values (2, 'b');",
            "003_more.down.sql": "drop table more; delete from users;",
        },
        "003_more.down.sql: public.users: 1 row before, 0 rows after",
    ),
    "a value changed": (
        {
            "003_more.sql": "alter table users add more int; update users set name = 'c';",
            "003_more.down.sql": "alter table users drop more;",
        },
        "003_more.down.sql: public.users: other values in 1 row",
    ),
    "another the second time": (
        {
            "003_more.sql": "create sequence if not exists s; create table more (id int);"
            " insert into more values (nextval('s'));",
            "003_more.down.sql": "drop table more; drop sequence s; create table s (id int);",
        },
        "003_more.down.sql: public.s: only after",
    ),
    "its row in the ledger as well": (
        {
            "003_more.sql": "create table more (id int)",
            "003_more.down.sql": "drop table more; delete from gatepost_migrations"
            " where version = '003'",
        },
        f"003_more.down.sql: {WRITTEN}",
    ),
    "an error": (
        {"003_more.sql": "create table more (id int)", "003_more.down.sql": "drop table less"},
        '003_more.down.sql, line 1: table "less" does not exist (42P01)',
    ),
}


@pytest.mark.parametrize(("files", "complaint"), UNTRUE.values(), ids=UNTRUE)
def test_way_back_that_is_none_is_named(
    database16: Make, folder: Write, files: dict[str, str | bytes], complaint: str
) -> None:
    found = proof.there_and_back(database16(), folder(files))

    assert complaint in found.findings
    assert not found.proved


def test_what_was_not_the_same_the_second_time_is_named(database16: Make, folder: Write) -> None:
    more = {
        "003_more.sql": "create table more (id int);"
        " insert into more select 1 where nextval('s') = 1;",
        "003_more.down.sql": "drop table more;",
    }

    found = proof.there_and_back(database16("create sequence s"), folder(more))

    assert found.findings == (
        "003_more.sql, applied again: public.more: 1 row before, 0 rows after",
    )


def test_moment_that_a_migration_writes_is_another_each_time(
    database16: Make, folder: Write
) -> None:
    more = {
        "003_more.sql": "create table more (at timestamptz default now(),"
        " id uuid default gen_random_uuid()); insert into more default values;",
        "003_more.down.sql": "drop table more;",
    }

    assert not proof.there_and_back(database16(), folder(more)).findings


def test_what_cannot_be_taken_back_is_noted_and_the_rest_is_tried(
    database16: Make, folder: Write
) -> None:
    more = {"003_more.sql": "create table more (id int)", "003_more.down.sql": "drop table more"}
    there = folder(more)
    (there / "002_posts_rollback.sql").unlink()

    found = proof.there_and_back(database16(), there)

    assert found == proof.Proof(notes=("002_posts: nothing takes it back",), proved=("003_more",))


def test_copy_with_data_of_its_own_is_given_back_as_it_was(database16: Make, folder: Write) -> None:
    there, dsn = folder(), database16()
    apply.up(dsn, there, to="001")
    asked(dsn, "insert into users values (2, 'b') returning id")

    assert proof.there_and_back(dsn, there).proved == ("002_posts",)
    assert asked(dsn, "select count(*) from users") == [2]
