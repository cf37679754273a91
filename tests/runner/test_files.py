"""Do files become a database, all of them or none, and are they themselves left as they are?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.runner import studio as studios
from tests.runner.conftest import OLD, drop_others

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from tests.runner.studio import Studio

pytestmark = pytest.mark.slow


@pytest.fixture
def studio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database18: Callable[..., Dsn]
) -> Iterator[Studio]:
    """A studio with an old database that nobody is to lose."""
    made = studios.made(tmp_path, monkeypatch, database18(OLD))
    yield made
    drop_others(made)


def test_files_become_a_database_and_stay_as_they_are(
    studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    files = studio.files()

    status = studio.migrate("--execute")

    said = capsys.readouterr().out
    assert status == 0, said
    assert studio.files() == files
    assert {name: studio.rows(name) for name in studios.QUERIES} == {
        "users": 3,
        "legacy_ids": 3,
        "projects": 4,
        "project_members": 6,
    }
