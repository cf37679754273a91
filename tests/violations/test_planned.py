"""Is it said why nothing is asked of pending migrations?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.ledgers.standing import Standing
from gatepost.linting import parsing
from gatepost.linting.planned import NO_CHAIN, NO_GRAMMAR
from gatepost.migrations.chain import File
from gatepost.origin import Source
from gatepost.schema.catalog import Catalog
from gatepost.settings import Project, Settings, Target
from gatepost.subjects import Subjects
from gatepost.verdict import NotPlanned
from tests.violations.conftest import written

if TYPE_CHECKING:
    from pathlib import Path


EMPTY = Catalog((), (), (), ())
QUESTIONS = ("violations", "uses")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A project without a word about anything."""
    return Settings(
        project=Project(),
        folder=tmp_path,
        target_name="prod",
        target=Target(url="postgresql://nowhere/db", strategy="in-place"),
        source=Source(url="postgresql://nowhere/db"),
    )


@pytest.mark.parametrize("question", ["lint", *QUESTIONS])
def test_without_a_chain_nothing_is_planned(settings: Settings, question: str) -> None:
    assert asked(settings, None, question) == ([NotPlanned(question, NO_CHAIN)], "")


@pytest.mark.parametrize("question", ["lint", *QUESTIONS])
def test_without_pglast_nothing_is_planned(
    settings: Settings, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "installed", lambda: False)
    standing = Standing((), tuple(written(settings.folder, "select 1")))

    assert asked(settings, standing, question) == ([NotPlanned(question, NO_GRAMMAR)], "")


@pytest.mark.parametrize("question", ["lint", *QUESTIONS])
@pytest.mark.parametrize("installed", [True, False])
def test_without_a_pending_migration_nothing_applies(
    settings: Settings, question: str, monkeypatch: pytest.MonkeyPatch, *, installed: bool
) -> None:
    monkeypatch.setattr(parsing, "installed", lambda: installed)

    found, why = asked(settings, Standing((), ()), question)

    assert not found
    assert why.startswith("no ")


@pytest.mark.parametrize("question", QUESTIONS)
def test_file_that_is_no_sql_is_told_and_is_not_nothing(settings: Settings, question: str) -> None:
    standing = Standing((), tuple(written(settings.folder, "select 1;\nno sql at all")))

    (left,), why = asked(settings, standing, question)

    assert isinstance(left, NotPlanned)
    assert '1, line 2: syntax error at or near "no"' in left.reason
    assert not why


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    ("raw", "why"),
    [(b"select '\xff'", "1: byte 8 is not UTF-8"), (b"select 1\0", "1: it holds a NUL")],
)
def test_file_that_is_no_text_is_told(
    settings: Settings, question: str, raw: bytes, why: str
) -> None:
    path = settings.folder / "1.sql"
    path.write_bytes(raw)

    (left,), _ = asked(settings, Standing((), (File("1", path),)), question)

    assert isinstance(left, NotPlanned)
    assert why in left.reason


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("path", ["1", "true", '"$user", public', "''"])
def test_path_of_any_kind_is_read(settings: Settings, question: str, path: str) -> None:
    files = written(settings.folder, f"set search_path = {path}; create table cups (id int)")

    assert asked(settings, Standing((), tuple(files)), question)[0] == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_migrations_that_only_make_do_not_apply(settings: Settings, question: str) -> None:
    made = "create table cups (id int primary key, name text not null unique)"
    standing = Standing((), tuple(written(settings.folder, made)))

    found, why = asked(settings, standing, question)

    assert not found
    assert why.startswith("no pending migration ")


def asked(settings: Settings, standing: Standing | None, question: str) -> tuple[list[object], str]:
    """Return what is asked of an empty database before it is migrated, and why nothing is."""
    subjects = Subjects(
        settings,
        EMPTY,
        EMPTY,
        target_exists=True,
        yielded={},
        measured=None,
        collections=(),
        standing=standing,
        locked=None,
    )
    return list(subjects.of(question, "pre")), subjects.nothing(question, "pre")
