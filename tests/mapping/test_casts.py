"""Is all that a table would refuse told before the load, with the records that it comes from?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.mapping import casts
from gatepost.names import Relation

if TYPE_CHECKING:
    from tests.mapping.conftest import Stage
    from tests.mapping.scene import Scene


def found(scene: Scene, staging: Stage, table: str) -> tuple[str, ...]:
    """Return what is wrong with the rows for a table."""
    staged = staging(scene)
    told = casts.of(staged.settings, staged.before, Relation("public", table))
    assert told is not None
    return told.findings


def test_rows_that_fit_are_left_alone(scene: Scene, staging: Stage) -> None:
    staged = staging(scene)

    for table in scene.queries:
        told = casts.of(staged.settings, staged.before, Relation("public", table))
        assert told is not None
        assert told.findings == ()


def test_every_value_that_does_not_fit_is_told_with_its_record(
    scene: Scene, staging: Stage
) -> None:
    users = scene.collections["users"]
    users[0]["email"] = None
    users[1]["email"] = "x" * 21
    users[2]["age"] = "old"
    users.append({"id": "q", "email": "b@b.c", "age": 200, "born": "1990-01-01T10:00:00Z"})
    users.append({"id": "r", "email": "b@b.c", "age": 20, "born": None})

    assert found(scene, staging, "users") == (
        "public.users.email: NULL in 1 of 5 rows, and the column is NOT NULL: users, record 1",
        "public.users.email: too long for character varying(20) in 1 of 5 rows: users, record 2",
        "public.users.age: no integer in 1 of 5 rows: users, record 3",
        (
            "public.users.born: a time of day in 1 of 5 rows, which date has no room for:"
            " users, record 4"
        ),
        "public.users.age: against users_age_check in 1 of 5 rows: users, record 4",
        (
            "public.users.email: not unique in 2 of 5 rows, as users_email_key wants it:"
            " users, records 4, 5"
        ),
    )


def test_record_is_that_of_the_row_and_of_no_larger_collection_that_is_joined(
    scene: Scene, staging: Stage
) -> None:
    scene.collections["projects"][1]["name"] = None
    scene.queries["projects"] += " left join users u on u.id = p.owner"

    assert found(scene, staging, "projects") == (
        "public.projects.name: NULL in 1 of 2 rows, and the column is NOT NULL: projects, record 2",
    )


def test_value_that_the_target_would_spell_otherwise_is_told(scene: Scene, staging: Stage) -> None:
    scene.collections["users"][0]["born"] = "1 Jan 1990"
    scene.collections["users"][1]["age"] = "040"
    wanted = (
        (
            "public.users.age: spelled otherwise in 1 of 3 rows once it is integer: cast it in the"
            " query: users, record 2"
        ),
        (
            "public.users.born: spelled otherwise in 1 of 3 rows once it is date: cast it in the"
            " query: users, record 1"
        ),
    )

    assert found(scene, staging, "users") == wanted
    scene.toml = '[tables."public.users".compare]\nage = {tolerance = 1}\nborn = {ignore = "why"}\n'
    assert found(scene, staging, "users") == ()


def test_number_too_large_or_too_fine_is_told(scene: Scene, staging: Stage) -> None:
    scene.collections["projects"][0]["budget"] = "10.505"
    scene.collections["projects"][1]["budget"] = 10000

    assert found(scene, staging, "projects") == (
        "public.projects.budget: too large for numeric(6,2) in 1 of 2 rows: projects, record 2",
        (
            "public.projects.budget: more digits in 1 of 2 rows than numeric(6,2) keeps:"
            " projects, record 1"
        ),
    )


def test_what_lies_in_a_list_is_traced_to_its_record(scene: Scene, staging: Stage) -> None:
    scene.collections["projects"][1]["members"] = [{"userId": "demo-user", "role": "owner"}]

    assert found(scene, staging, "project_members") == (
        (
            "public.project_members.role: against project_members_role_check in 1 of 3 rows:"
            " projects, record 2"
        ),
    )


def test_row_that_points_to_nothing_is_told(scene: Scene, staging: Stage) -> None:
    scene.queries["users"] += " where u.id <> 'demo-user'"

    assert found(scene, staging, "projects") == (
        "public.projects.owner: points to no public.users.id in 1 of 2 rows: projects, record 1",
    )


def test_table_that_no_query_fills_is_told_where_rows_point_to_it(
    scene: Scene, staging: Stage
) -> None:
    del scene.queries["users"]

    assert found(scene, staging, "projects") == (
        (
            "public.projects.owner: points to public.users, which no query fills, in 2 of 2 rows:"
            " projects, records 1, 2"
        ),
    )


def test_query_that_fails_names_its_records_and_the_rest_is_looked_at(
    scene: Scene, staging: Stage
) -> None:
    scene.queries["users"] = scene.queries["users"].replace("i.new as id", "u.id::uuid as id")
    scene.collections["users"][1]["age"] = 151

    assert found(scene, staging, "users") == (
        (
            'sql/users.sql: fails on 2 records: invalid input syntax for type uuid: "…":'
            " users, records 1, 3"
        ),
        "public.users.age: against users_age_check in 1 of 1 row: users, record 2",
    )


def test_child_of_a_table_whose_query_fails_is_not_called_right(
    scene: Scene, staging: Stage
) -> None:
    scene.queries["users"] = scene.queries["users"].replace("i.new as id", "u.id::uuid as id")

    assert found(scene, staging, "projects") == (
        "public.projects.owner: not followed to public.users, whose query fails",
    )


def test_query_that_fails_without_any_record_says_so(scene: Scene, staging: Stage) -> None:
    scene.queries["projects"] = scene.queries["projects"].replace(
        "p.budget", "p.budget::numeric / (p.record * 0) as budget"
    )
    scene.queries["users"] += " where (select 1 / (count(*) * 0) from ids) > 0"

    assert "fails on 1 record" in found(scene, staging, "projects")[0]
    assert found(scene, staging, "users") == ("sql/users.sql: fails: division by zero",)


def test_column_that_cannot_be_filled_is_told(scene: Scene, staging: Stage) -> None:
    scene.queries["users"] = scene.queries["users"].replace("u.email", "'a' as shoe")
    scene.migration += "alter table users add twice int generated always as (age * 2) stored;"
    scene.queries["users"] = scene.queries["users"].replace("u.age", "u.age, 1 as twice")

    assert found(scene, staging, "users")[:3] == (
        "public.users.shoe: sql/users.sql yields it, and no migration makes it",
        "public.users.twice: is generated, and sql/users.sql yields it",
        "public.users.email: NOT NULL without a default, and sql/users.sql does not yield it",
    )


def test_table_that_no_migration_makes_is_not_there(scene: Scene, staging: Stage) -> None:
    scene.queries["people"] = "select 1 as id"
    staged = staging(scene)

    assert casts.of(staged.settings, staged.before, Relation("public", "people")) is None


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        ("create unique index k on users (lower(email))", 2),
        pytest.param(
            "create unique index k on users (age) nulls not distinct", 2, marks=pytest.mark.long
        ),
        pytest.param(
            "create unique index k on users (age) where age > 35", 0, marks=pytest.mark.long
        ),
        pytest.param("create unique index k on users (age, born)", 0, marks=pytest.mark.long),
    ],
)
def test_unique_keys_are_as_the_server_means_them(
    scene: Scene, staging: Stage, key: str, rows: int
) -> None:
    scene.migration += f"{key};"
    scene.collections["users"] = [
        {"id": "a", "email": "a@b.c", "age": None, "born": None, "password": "x"},
        {"id": "b", "email": "A@B.C", "age": None, "born": None},
        {"id": "c", "email": "c@b.c", "age": 30, "born": "1990-01-01"},
        {"id": "d", "email": "d@b.c", "age": 31, "born": "1990-01-01"},
    ]
    told = [one for one in found(scene, staging, "users") if "as k wants it" in one]

    assert [f"not unique in {rows} of 4 rows" in one for one in told] == [True] * bool(rows)


def test_domains_enums_arrays_and_moments_are_asked_as_their_types_mean(
    scene: Scene, staging: Stage
) -> None:
    scene.migration = """
      create type mood as enum ('good', 'bad');
      create domain mail as text check (value like '%@%');
      create table users (id uuid primary key, mood mood, mail mail, tags text[], at timestamp(0));
    """
    scene.queries = {
        "users": """select i.new as id, u.mood, u.mail, u.tags, u.at from users u
          join ids i on i.collection = 'users' and i.old = u.id"""
    }
    scene.collections["users"] = [
        {"id": "a", "mood": "good", "mail": "a@b", "tags": "{a,b}", "at": "2024-01-01T00:00:00Z"},
        {"id": "b", "mood": "so", "mail": "ab", "tags": ["a"], "at": "2024-01-01T00:00:00.5Z"},
    ]

    assert found(scene, staging, "users") == (
        "public.users.mood: no public.mood in 1 of 2 rows: users, record 2",
        "public.users.mail: no public.mail in 1 of 2 rows: users, record 2",
        "public.users.tags: no text[] in 2 of 2 rows: users, records 1, 2",
        (
            "public.users.at: finer than timestamp(0) without time zone in 1 of 2 rows:"
            " users, record 2"
        ),
        (
            "public.users.at: spelled otherwise in 1 of 2 rows once it is timestamp(0) without time"
            " zone: cast it in the query: users, record 1"
        ),
    )


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("interval(0)", "(u.v || ' s')::interval"),
        ("time(0) with time zone", "('10:00:0' || u.v || '+00')::timetz"),
        ("numeric(4,0)[]", "array[u.v::numeric]"),
        ("whole", "u.v::numeric"),
    ],
)
def test_what_a_type_leaves_out_without_a_word_is_told(
    scene: Scene, staging: Stage, type_: str, value: str
) -> None:
    scene.migration = f"create domain whole as numeric(4, 0); create table users (v {type_});"
    scene.queries = {"users": f"select {value} as v from users u"}
    scene.collections["users"] = [{"id": "a", "v": "1"}, {"id": "b", "v": "1.6"}]
    (told,) = found(scene, staging, "users")

    assert told.startswith("public.users.v: another value in 1 of 2 rows once it is ")
    assert told.endswith(": users, record 2")


def test_key_that_cannot_be_made_of_the_values_is_told_without_them(
    scene: Scene, staging: Stage
) -> None:
    scene.migration = """create table users (v varchar(9));
      create unique index n on users ((v::integer));"""
    scene.queries = {"users": "select u.v::varchar(6) as v from users u"}
    scene.collections["users"] = [{"id": "a", "v": "1"}, {"id": "b", "v": "secret"}]
    (told,) = found(scene, staging, "users")

    said = 'n cannot be made of it: invalid input syntax for type integer: "…"'
    assert told == f"public.users.((v)::integer): {said}"


def test_of_many_records_the_first_are_named_and_all_are_counted(
    scene: Scene, staging: Stage
) -> None:
    scene.collections["users"] = [
        {"id": f"u{at}", "email": f"{at}@b.c", "age": 200 if at % 3 else 20, "born": None}
        | ({"password": "x"} if at == 1 else {})
        for at in range(1, 91)
    ]
    (told,) = found(scene, staging, "users")

    assert told.startswith("public.users.age: against users_age_check in 60 of 90 rows: users,")
    assert told.endswith(
        "records 1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20, 22, 23, 25, 26, 28, 29, …"
    )
