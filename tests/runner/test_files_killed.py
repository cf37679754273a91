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
from tests.runner.crashes import crash, leftovers, say
from tests.runner.kill_points import Row, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runner.studio import Studio

pytestmark = pytest.mark.slow

OWN = ("stage", "stage again", "migrations", "load")
STEPS = (*OWN, "data gate", "swap")
WAYS = ("KILL", "TERM", "STOP")
_PATIENCE = 20.0


@pytest.fixture(scope="module")
def target18() -> Iterator[embedded.Server]:
    """A server of this module's own: it is stopped at once, again and again."""
    with embedded.running(18, durable=False) as server:
        yield server


@pytest.fixture
def studio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target18: embedded.Server
) -> Iterator[Studio]:
    """A studio with an old database that nobody is to lose."""
    run(target18.dsn(), "create database studio template template0")
    target = target18.dsn("studio")
    run(target, OLD)
    made = studios.made(tmp_path, monkeypatch, target)
    yield made
    for name in made.databases():
        run(target18.dsn(), f'drop database "{name}" with (force)')


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
    server: embedded.Server,
    at: tuple[str, str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Die at a point, ask what there is, take it back, and see that nothing was lost."""
    before, held, files = studio.databases(), fingerprint.of(studio.target), studio.files()
    step, when, by = at

    status = crash(studio, f"{step}:{when}", by, server=server)
    assert is_gone(noted(studio))
    capsys.readouterr()
    asked = say(studio, "status", "--json")
    state = json.loads(capsys.readouterr().out)["state"]
    aborted = say(studio, "abort", "--execute")
    lines = (studio.runs[-1] / "journal.jsonl").read_text().splitlines()
    told = [json.loads(line) for line in lines]
    undone = [line["step"] for line in told if line["event"] == "undone"]

    assert asked == (50 if state in {"leftovers", "closed", "swapped"} else 0)
    assert aborted == (20 if asked else 0)
    assert say(studio, "status") == 0
    assert status == -signal.SIGKILL if by == "KILL" else status in {0, 10, 20, 30}
    assert studio.databases() == before
    assert fingerprint.of(studio.target) == held
    assert studio.files() == files
    assert not (studio.folder / "is-down").exists()
    assert leftovers(studio) == []
    if step in OWN:  # of the others the table tells what a run between databases leaves
        note(Row(step, when, by, status, state, asked, aborted, undone))


def test_run_that_dies_before_the_stop_leaves_nothing(
    studio: Studio, target18: embedded.Server, capsys: pytest.CaptureFixture[str]
) -> None:
    die_and_come_back(studio, target18, ("stage", "after", "KILL"), capsys)


@pytest.mark.long
def test_run_that_dies_loses_nothing_and_a_later_one_gets_to_go(
    studio: Studio, target18: embedded.Server, capsys: pytest.CaptureFixture[str]
) -> None:
    die_and_come_back(studio, target18, ("load", "after", "KILL"), capsys)

    assert studio.migrate("--execute") == 0, capsys.readouterr().out
    assert not list(studio.folder.rglob(staging.NOTE))
    assert studio.rows("users") == 3


@pytest.mark.long
@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("step", STEPS)
def test_step_that_dies_loses_nothing(
    studio: Studio,
    target18: embedded.Server,
    step: str,
    by: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for when in ("before", "after"):
        die_and_come_back(studio, target18, (step, when, by), capsys)


@pytest.mark.long
def test_run_that_died_after_the_swap_goes_on_to_go(
    studio: Studio, target18: embedded.Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """The files are staged no more, and need not be: what is live was asked about."""
    assert crash(studio, "start:before", server=target18) == -signal.SIGKILL

    assert say(studio, "resume", "--execute", "--no-report") == 0, capsys.readouterr().out

    assert studio.rows("users") == 3
    assert not list(studio.folder.rglob(staging.NOTE))


@pytest.mark.long
def test_what_was_staged_on_a_server_that_was_given_is_dropped_by_abort(
    studio: Studio, target18: embedded.Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with embedded.running(18, durable=False) as scratch:
        studio.declare(source=f'scratch = "{scratch.url()}"')
        assert crash(studio, "load:before", server=target18) == -signal.SIGKILL
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
