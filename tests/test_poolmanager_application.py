"""Does the pools' application answer on the schema of its release, and say so when it cannot?"""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from examples import hooks
from examples.poolmanager import app, stage, trouble
from examples.poolmanager.generate import MIGRATIONS
from examples.poolmanager.store import Store, environment
from gatepost import project_file
from gatepost.migrations import prisma

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from examples.poolmanager.stage import Stage

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "touchdown"


@pytest.fixture(scope="module")
def up() -> Iterator[Stage]:
    """Production and its application; nothing is pending on staging, which has no application."""
    # Servers that root runs as somebody else cannot enter pytest's own folders.
    with tempfile.TemporaryDirectory(prefix="gatepost-stage-") as name:
        Path(name).chmod(0o711)
        with stage.stage(Path(name), staging=False) as found:
            yield found


@pytest.fixture(params=["old", "new"], scope="module")
def release(up: Stage, request: pytest.FixtureRequest) -> str:
    """The old release on the schema that it knows, then the new one on its own."""
    if request.param == "new":
        prisma.deploy(up.database(), MIGRATIONS)
    return str(request.param)


@pytest.fixture(scope="module")
def client(up: Stage, release: str) -> Iterator[FlaskClient]:
    given = environment(up.env())["DATABASE_URL"]
    with contextlib.closing(Store(given, release)) as store:
        yield app.create(store, "secret", PASSWORD).test_client()


def told(client: FlaskClient, path: str) -> dict[str, Any]:
    return said(client.get(path))


def said(answer: TestResponse) -> dict[str, Any]:
    assert isinstance(answer.json, dict)
    return answer.json


def test_health_says_which_release_is_well(client: FlaskClient, release: str) -> None:
    assert told(client, "/api/health") == {"status": "ok", "database": "ok", "release": release}


def test_pools_and_games_add_up(client: FlaskClient, release: str) -> None:
    pools = told(client, "/api/pools")
    pages = [told(client, f"/api/games?limit=100&page={page}") for page in (1, 2, 3)]
    week = told(client, "/api/games?week=4")

    assert pools["total"] == len(pools["pools"]) == 5
    assert ("season" in pools["pools"][0]) == (release == "new")
    assert [len(page["games"]) for page in pages] == [100, 100, 88]
    assert {page["total"] for page in pages} == {288}
    assert (week["total"], week["games"][0]["kickoff"]) == (16, "2025-09-26T00:15:00.000Z")
    assert client.get("/api/games?page=0").status_code == 400


def test_survivors_are_shown_to_whoever_has_logged_in(client: FlaskClient, release: str) -> None:
    assert client.get("/api/survivors").status_code == 401
    assert client.post("/api/login", json={"password": "punt"}).status_code == 401
    token = str(
        said(client.post("/api/login", json={"user": "zoë", "password": PASSWORD}))["token"]
    )

    found = said(client.get("/api/survivors", headers={"Authorization": f"Bearer {token}"}))
    assert found["total"] == 50
    assert found["survivors"][0].get("dataSource") == {"old": None, "new": "MOCK"}[release]
    forged = {"Authorization": f"Bearer ann:{token.partition(':')[2]}"}
    assert client.get("/api/survivors", headers=forged).status_code == 401


def test_providers_are_those_that_a_migration_has_written(
    client: FlaskClient, release: str
) -> None:
    found = told(client, "/api/providers")

    assert (found["status"], found["known"]) == ("ok", {"old": 0, "new": 3}[release])


def test_counters_tell_what_users_saw_and_not_what_machines_asked(client: FlaskClient) -> None:
    def counted(status: int) -> int:
        lines = client.get("/metrics").text.splitlines()
        (line,) = (
            one for one in lines if one.startswith(f'http_requests_total{{status="{status}"')
        )
        return int(line.split()[-1])

    was = counted(200)
    client.get("/api/pools")
    client.get("/api/health")

    assert counted(200) == was + 1


def test_database_that_is_away_is_told_without_its_address() -> None:
    with contextlib.closing(Store("postgresql://u:opensesame@127.0.0.1:1/x", "new")) as store:
        away = app.create(store, "secret", PASSWORD).test_client()
        health, pools = away.get("/api/health"), away.get("/api/pools")

    assert (health.status_code, said(health)["status"]) == (503, "error")
    assert pools.status_code == 500
    assert "opensesame" not in health.text + pools.text


def test_address_of_the_client_sets_the_pool() -> None:
    store = Store("postgresql://u@h/x?schema=public&connection_limit=7&pool_timeout=3", "new")

    assert store._engine.url.query == {}  # noqa: SLF001 - what the driver is given
    assert store._engine.pool.size() == 7  # type: ignore[attr-defined]  # noqa: SLF001 - its size


def test_missing_variables_are_named_and_their_values_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / ".env"
    file.write_text('# the database\nDATABASE_URL="postgresql://x"\nSESSION_SECRET=\n')

    with pytest.raises(SystemExit):
        app.main(["--port", "1", "--env", str(file)])

    words = capsys.readouterr().err
    assert ".env: SESSION_SECRET, COMMISSIONER_PASSWORD missing or empty" in words


def test_stage_gives_the_project_file_what_it_asks_for(up: Stage) -> None:
    folder = ROOT / "examples" / "poolmanager"
    loaded = project_file.load(folder, stage.PROD, environ=up.environ(stage.PROD))

    assert loaded.before.dbname == loaded.after.dbname == "poolmanager"
    assert loaded.in_place
    assert up.server.password not in repr(up)
    assert up.env().stat().st_mode & 0o777 == 0o600
    assert up.state().stat().st_mode & 0o777 == 0o600


def test_locked_games_fail_while_the_application_says_that_it_is_well(up: Stage) -> None:
    hooks.tell("start", up.state())
    with contextlib.closing(Store(environment(up.env())["DATABASE_URL"], "old")) as store:
        locked = app.create(store, "secret", PASSWORD).test_client()
        with trouble.errors(up):
            found = [locked.get(path).status_code for path in ("/api/games", "/api/health")]

    assert found == [500, 200]
