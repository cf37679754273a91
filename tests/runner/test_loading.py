"""Is what the queries yield in the tables, all of it or none?"""

from __future__ import annotations

import contextlib
import uuid
from typing import TYPE_CHECKING

import psycopg
import pytest

from gatepost import project_file, snapshot
from gatepost.errors import SourceFault, UsageError
from gatepost.migrations import apply
from gatepost.staging import stage
from runner.programs import loading
from tests.conftest import run
from tests.runner import studio as studios

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatepost import embedded
    from gatepost.dsn import Dsn
    from runner.programs.loading import Loaded
    from tests.runner.studio import Studio

RULE = "alter table public.project_members add check (role <> 'viewer')"


@pytest.fixture
def studio(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database18: Callable[..., Dsn],
    server16: embedded.Server,
) -> Studio:
    """A studio whose tables are made and empty; what is staged lies on another server."""
    made = studios.made(tmp_path, monkeypatch, database18())
    made.declare(source=f'scratch = "{server16.url()}"')
    apply.up(made.target, tmp_path / "migrations")
    return made


def load(studio: Studio, seen: Callable[[int, int], None] = lambda *_: None) -> Loaded:
    """Stage the studio's files, and load them into the target's own database."""
    chosen = project_file.load(studio.folder, "prod")
    with contextlib.ExitStack() as held:
        staged = held.enter_context(stage.opened(chosen))
        moment = held.enter_context(snapshot.hold(staged.before))
        return loading.load(staged, studio.target.dbname, moment.id, seen)


def counts(studio: Studio) -> dict[str, int]:
    return {name: studio.rows(name) for name in studios.QUERIES}


def test_rows_are_loaded_after_those_that_they_point_to(studio: Studio) -> None:
    seen: list[tuple[int, int]] = []

    loaded = load(studio, lambda *at: seen.append(at))

    assert [str(one.relation) for one in loaded.tables] == [
        "public.legacy_ids",
        "public.users",
        "public.projects",
        "public.project_members",
    ]
    assert counts(studio) == {"users": 3, "legacy_ids": 3, "projects": 4, "project_members": 6}
    assert seen[-1] == (16, 16)
    assert (loaded.sequences, str(loaded)[:23]) == (1, "16 rows into 4 tables, ")
    with psycopg.connect(studio.target.raw) as conn:
        following = conn.execute("select nextval('public.projects_number_seq')").fetchone()
    assert following == (5,)


def test_row_that_is_refused_takes_all_others_with_it(studio: Studio) -> None:
    """It is told where it is, and not what is in it."""
    run(studio.target, RULE)

    with pytest.raises(SourceFault) as fault:
        load(studio)

    assert fault.value.message == (
        'public.project_members: new row for relation "project_members" violates check constraint'
        ' "project_members_role_check1" (row 2 of its query)'
    )
    assert counts(studio) == dict.fromkeys(studios.QUERIES, 0)


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("User 1", "invalid input syntax for type integer"),
        ("4000000000", "value is out of range for type integer"),
    ],
)
def test_value_that_does_not_fit_is_not_told(studio: Studio, name: str, refused: str) -> None:
    studio.write("users", [{**one, "name": name} for one in studios.users()])
    run(studio.target, "alter table public.users alter name type int using 0")

    with pytest.raises(SourceFault) as fault:
        load(studio)

    assert fault.value.message == f"public.users: {refused} (row 1 of its query, column name)"


def test_column_that_the_table_has_not_is_told_with_the_one_that_was_meant(studio: Studio) -> None:
    run(studio.target, "alter table public.users rename email to e_mail")

    with pytest.raises(SourceFault) as fault:
        load(studio)

    assert "public.users: its query yields email, which the table has not" in str(fault.value)
    assert "did you mean 'e_mail'?" in str(fault.value)


def test_tables_that_point_to_each_other_are_loaded_where_a_key_can_wait(studio: Studio) -> None:
    first = "alter table public.users add first uuid references public.projects deferrable"
    run(studio.target, f"{first} default '{uuid.UUID(int=99)}'")

    with pytest.raises(SourceFault, match=r"public\.users: .* \"users_first_fkey\""):
        load(studio)

    assert counts(studio) == dict.fromkeys(studios.QUERIES, 0)
    column = "alter table public.users alter first set default"
    run(studio.target, f"{column} '{uuid.UUID(int=1)}'")
    assert load(studio).tables
    assert studio.rows("users") == 3


def test_tables_of_which_none_can_be_first_are_refused(studio: Studio) -> None:
    run(studio.target, "alter table public.users add first uuid references public.projects")

    with pytest.raises(UsageError, match="no table of a circle can be filled first"):
        load(studio)
