"""Does `gatepost migrations` say what ran, and do no more than it was told?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from runner.__main__ import main
from tests.migrations.conftest import recorded, tables

if TYPE_CHECKING:
    from tests.runner.conftest import Shop

FILES = {
    "001_teams.sql": "create table teams (id int primary key)",
    "001_teams.down.sql": "drop table teams",
    "002_tasks.sql": "create table tasks (team int references teams)",
}


@pytest.fixture
def project(live: Shop) -> Shop:
    """A shop with two migrations, the second of which nothing takes back."""
    folder = live.folder / "migrations"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    live.declare('fill = "sql"\nmigrations = "migrations"')
    return live


def asked(shop: Shop, *arguments: str) -> int:
    """Say the verb."""
    return main(["migrations", *arguments, "--target=prod", f"--project={shop.folder}"])


def test_nothing_is_run_without_execute(project: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(project) == 0
    assert asked(project, "up") == 0

    said = capsys.readouterr().out
    assert "pending   001_teams" in said
    assert "pending   002_tasks, which nothing takes back" in said
    assert "nothing was changed; with --execute would be run: 001_teams, 002_tasks" in said
    assert tables(project.target) == ["posts", "users"]


def test_migrations_are_run_up_to_a_version_and_taken_back(
    project: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(project, "up", "--to=001", "--execute") == 0
    assert recorded(project.target) == ["001_teams"]
    assert asked(project, "down", "--execute") == 0

    assert tables(project.target) == ["posts", "users"]
    said = capsys.readouterr().out
    assert "done      001_teams: 1 made" in said
    assert "done      001_teams.down: 1 dropped" in said


def test_program_is_told_what_was_done_and_what_failed(
    project: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.folder / "migrations" / "003_users.sql").write_text("create table users (id int)")

    assert asked(project, "up", "--execute", "--json") == 30

    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in told["done"]] == ["001_teams", "002_tasks"]
    assert told["failed"].startswith('003_users.sql, line 1: relation "users" already exists')
    assert recorded(project.target) == ["001_teams", "002_tasks"]


def test_chain_of_prismas_is_none_of_ours(
    project: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    project.declare('fill = "prisma"\nmigrations = "migrations"')

    assert asked(project) == 64

    assert "these are Prisma's" in capsys.readouterr().err


def test_what_cannot_be_taken_back_is_refused(
    project: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(project, "up", "--execute")

    assert asked(project, "down", "--execute") == 64

    assert "002_tasks: nothing takes it back" in capsys.readouterr().err
    assert recorded(project.target) == ["001_teams", "002_tasks"]


def test_file_that_was_edited_since_is_told_by_the_exit_status(
    project: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(project, "up", "--execute")
    (project.folder / "migrations" / "001_teams.sql").write_text("create table teams (id bigint)")

    assert asked(project) == 30
    assert "no        001_teams: it was edited after it was applied" in capsys.readouterr().out
    assert asked(project, "down", "--to=0", "--execute") == 30
    assert recorded(project.target) == ["001_teams", "002_tasks"]
