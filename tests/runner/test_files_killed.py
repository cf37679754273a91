"""Is a run of files that dies at any point taken back, with the server that held what it staged?"""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from gatepost import embedded, fingerprint
from runner.servers import staging
from tests.conftest import run
from tests.runner import studio as studios
from tests.runner.conftest import OLD
from tests.runner.crashes import WAYS, come_back, crash, is_end, leftovers, say
from tests.runner.kill_points import note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runner.studio import Studio

pytestmark = pytest.mark.slow

OWN = ("stage", "stage again", "migrations", "load")
STEPS = (*OWN, "data gate", "swap")
_PATIENCE = 20.0


@pytest.fixture
def studio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mortal: embedded.Server
) -> Iterator[Studio]:
    """A studio with an old database that nobody is to lose."""
    run(mortal.dsn(), "create database studio template template0")
    target = mortal.dsn("studio")
    run(target, OLD)
    made = studios.made(tmp_path, monkeypatch, target)
    yield made
    for name in made.databases():
        run(mortal.dsn(), f'drop database "{name}" with (force)')


def noted(studio: Studio) -> dict[str, Any]:
    """Where the last run has staged; empty where it took that with it."""
    file = studio.runs[-1] / staging.NOTE
    found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return found


def is_gone(place: dict[str, Any]) -> bool:
    """Whether the server that held what was staged ends with its runner, and its folder too."""
    deadline = time.monotonic() + _PATIENCE
    data = Path(place["data"]) if place else None
    while data is not None and data.parent.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    return data is None or not data.parent.exists()


def die_and_come_back(
    studio: Studio,
    mortal: embedded.Server,
    at: tuple[str, str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Die at a point, ask what there is, take it back, and see that nothing was lost."""
    before, held, files = studio.databases(), fingerprint.of(studio.target), studio.files()
    step, when, by = at

    status = crash(studio, f"{step}:{when}", by, server=mortal)
    assert is_gone(noted(studio))
    back = come_back(studio, capsys)

    assert is_end(status, by)
    assert studio.databases() == before
    assert fingerprint.of(studio.target) == held
    assert studio.files() == files
    assert leftovers(studio) == []
    if step in OWN:  # of the others the table tells what a run between databases leaves
        note(step, when, by, status, back)


def test_run_that_dies_before_the_stop_leaves_nothing(
    studio: Studio, mortal: embedded.Server, capsys: pytest.CaptureFixture[str]
) -> None:
    die_and_come_back(studio, mortal, ("stage", "after", "KILL"), capsys)


@pytest.mark.long
def test_run_that_dies_loses_nothing_and_a_later_one_gets_to_go(
    studio: Studio, mortal: embedded.Server, capsys: pytest.CaptureFixture[str]
) -> None:
    die_and_come_back(studio, mortal, ("load", "after", "KILL"), capsys)

    assert studio.migrate("--execute") == 0, capsys.readouterr().out
    assert not list(studio.folder.rglob(staging.NOTE))
    assert studio.rows("users") == 3


@pytest.mark.long
@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("step", STEPS)
def test_step_that_dies_loses_nothing(
    studio: Studio,
    mortal: embedded.Server,
    step: str,
    by: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for when in ("before", "after"):
        die_and_come_back(studio, mortal, (step, when, by), capsys)


@pytest.mark.long
def test_run_that_died_after_the_swap_goes_on_to_go(
    studio: Studio, mortal: embedded.Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """The files are staged no more, and need not be: what is live was asked about."""
    assert crash(studio, "start:before", server=mortal) == -signal.SIGKILL

    assert say(studio, "resume", "--execute", "--no-report") == 0, capsys.readouterr().out

    assert studio.rows("users") == 3
    assert not list(studio.folder.rglob(staging.NOTE))


@pytest.mark.long
def test_what_was_staged_on_a_server_that_was_given_is_dropped_by_abort(
    studio: Studio, mortal: embedded.Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with embedded.running(18, durable=False) as scratch:
        studio.declare(source=f'scratch = "{scratch.url()}"')
        assert crash(studio, "load:before", server=mortal) == -signal.SIGKILL
        place = noted(studio)
        assert place["data"] == ""
        assert place["database"].startswith("gatepost_staged_")

        assert say(studio, "abort", "--execute") == 20

        assert "what was staged of the files is dropped" in capsys.readouterr().out
        assert not Path(place["secret"]).exists()
        said = run_one(scratch, "select count(*) from pg_database where datname like 'gatepost%'")
        assert said == 0
        assert studio.migrate("--execute") == 0
        assert run_one(scratch, "select count(*) from pg_database where datname like 'gate%'") == 0


def run_one(server: embedded.Server, question: str) -> int:
    """Return the one number that a question yields."""
    with psycopg.connect(server.dsn().raw) as conn:
        row = conn.execute(question.encode()).fetchone()
    assert row
    return int(row[0])
