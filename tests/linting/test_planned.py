"""Which files are read, by whom are they run, and what does the project accept?"""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost.linting import judging, planned, rules, running
from gatepost.linting.cases import Hit
from gatepost.linting.declared import Lint
from gatepost.migrations.chain import File
from gatepost.origin import Source
from gatepost.settings import Project, Settings, Target

FILES = (File("1_a", Path("1_a/migration.sql")), File("2_b", Path("2_b/migration.sql")))
DROPPED = Hit(rules.COLUMN_DROPPED, 3, "public.t.c is dropped", of="public.t.c")


def settings(**migrate: str) -> Settings:
    """Return those of a project that says so much of its migrations."""
    return Settings(
        project=Project.model_validate({"migrate": migrate}),
        folder=Path(),
        target_name="prod",
        target=Target(url="postgresql://h/d", strategy="in-place"),
        source=Source(url="postgresql://h/d"),
    )


def test_each_pending_migration_is_a_check_that_knows_all_pending_ones() -> None:
    found = list(planned.lint(FILES[1:]))

    assert found == [(planned.Pending(FILES[1], FILES[1:]), "2_b", "critical")]
    assert repr(planned.Pending(FILES[1], FILES[1:])) == "2_b"


@pytest.mark.parametrize(
    ("fill", "file", "who"),
    [
        ("prisma", FILES[0], "prisma"),
        ("sql", File("001_a", Path("001_a.sql")), "ours"),
        ("command", File("V1__a", Path("V1__a.sql")), "another"),
    ],
)
def test_who_runs_a_file_is_known_by_its_folder_and_the_fill(
    fill: str, file: File, who: str
) -> None:
    assert running.runner(settings(fill=fill), file) == who


def test_prisma_looks_for_names_in_the_schema_of_its_ledger() -> None:
    assert running.path(settings(fill="prisma", ledger="shop._prisma_migrations")) == ("shop",)
    assert running.path(settings(fill="sql")) == ("public",)


def test_what_the_project_says_is_to_go_is_a_note_with_its_reason() -> None:
    told = judging.judge([DROPPED], 0, live=True, dropped={"public.t.c": "kept in rules"})

    assert told.findings == ()
    assert told.notes == ("line 3: public.t.c is dropped: kept in rules",)


def test_finding_has_line_rule_and_way_out() -> None:
    told = judging.judge([DROPPED], 0, live=True)

    (said,) = told.findings
    first, hint = said.splitlines()
    assert first == "line 3: public.t.c is dropped (column dropped)"
    assert hint == f"  hint: {rules.COLUMN_DROPPED.way_out}"


def test_limit_is_spoken_as_a_size() -> None:
    assert Lint.model_validate({"locks_up_to": "2 GB"}).locks_up_to == 2 << 30
    assert Lint().locks_up_to == 64 << 20
