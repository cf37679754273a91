"""Does the studio's application do the same on its files and on its database?"""

from __future__ import annotations

import contextlib
import json
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from websockets.sync.client import connect

from examples import control
from examples.fluxstudio.generate import COLLECTIONS
from examples.fluxstudio.in_files import InFiles
from examples.fluxstudio.stage import Stage, stage
from gatepost import database, project_file

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]


@contextlib.contextmanager
def room() -> Iterator[Path]:
    """A folder for servers, which root runs as somebody else: pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="gatepost-stage-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="module")
def up() -> Iterator[Stage]:
    with room() as folder, stage(folder) as found:
        # What was said needs somebody who said it, and somewhere.
        with contextlib.closing(database.maintenance(found.target, label="test")) as conn:
            conn.execute(
                "insert into public.organizations (id, name, slug, type, created_by)"
                " select id, name, 'one', 'personal', id from public.users"
            )
            conn.execute(
                "insert into public.conversations (type, created_by)"
                " select 'group', id from public.users"
            )
        yield found


@pytest.fixture(params=["old", "new"], scope="module")
def system(up: Stage, request: pytest.FixtureRequest) -> Iterator[str]:
    """The application on the files, and on the database."""
    system = str(request.param)
    switched(up, system)
    yield {"old": "files", "new": "postgresql"}[system]
    switched(up, "old")


def switched(up: Stage, system: str) -> None:
    for action in ("STOP", "START"):
        command = shlex.split(up.environ[f"FLUXSTUDIO_{action}"])
        subprocess.run(command, check=True, env={control.SYSTEM: system})


def get(up: Stage, path: str) -> requests.Response:
    return requests.get(f"{up.url}{path}", timeout=10)


def test_health_says_where_everything_is_kept(up: Stage, system: str) -> None:
    assert get(up, "/api/health").json() == {"status": "ok", "storage": system}


def test_users_are_listed_without_their_secrets(up: Stage, system: str) -> None:
    found = get(up, "/api/users?limit=100").json()

    assert found["total"] == len(found["users"]) == {"files": 30, "postgresql": 1}[system]
    assert set(found["users"][0]) == {"id", "email", "name", "userType", "createdAt"}


def test_message_reaches_everybody_and_is_kept_until_it_is_removed(up: Stage, system: str) -> None:
    before = get(up, "/api/messages").json()["total"]
    address = up.environ["FLUXSTUDIO_LIVE"]
    with connect(address) as one, connect(address) as other:
        for each in (one, other):  # who is answered has joined
            each.send("{}")
            assert json.loads(each.recv(timeout=10))["type"] == "error"
        one.send(json.dumps({"text": "grüße 👋"}))
        heard = [json.loads(each.recv(timeout=10))["message"] for each in (one, other)]
    newest = get(up, "/api/messages?limit=1").json()
    gone = requests.delete(f"{up.url}/api/messages/{heard[0]['id']}", timeout=10)

    assert heard[0] == heard[1] == newest["messages"][0], system
    assert (heard[0]["text"], newest["total"]) == ("grüße 👋", before + 1)
    assert gone.status_code == 200
    assert get(up, "/api/messages").json()["total"] == before


def test_files_are_as_they_were_once_what_was_added_is_removed(up: Stage) -> None:
    """Whoever compares the source by its bytes must not be told of a change that is none."""
    file = up.data / "messages.json"
    before = file.read_bytes()
    storage = InFiles(up.data)
    said = storage.say("x", None, None)
    between = file.read_bytes()
    storage.unsay(said["id"])

    assert between != before
    assert file.read_bytes() == before


def test_what_is_no_message_is_refused_and_the_next_one_is_taken(up: Stage, system: str) -> None:
    with connect(up.environ["FLUXSTUDIO_LIVE"]) as one:
        for wrong in ("no json", "[]", '{"channelId": "x"}'):
            one.send(wrong)
            assert json.loads(one.recv(timeout=10))["type"] == "error", (wrong, system)
        one.send('{"text": "still here"}')
        message = json.loads(one.recv(timeout=10))["message"]
    requests.delete(f"{up.url}/api/messages/{message['id']}", timeout=10)

    assert message["text"] == "still here"


@pytest.mark.parametrize("system", ["new"], indirect=True)
def test_message_to_a_channel_that_is_none_is_answered_as_what_could_not_be_kept(
    up: Stage, system: str
) -> None:
    given = {"text": "x", "channelId": "00000000-0000-0000-0000-000000000001"}
    answer = requests.post(f"{up.url}/api/messages", json=given, timeout=10)

    assert (answer.status_code, answer.json()["details"]) == (500, "LookupError"), system


def test_upload_comes_back_as_it_was_and_is_gone_once_removed(up: Stage, system: str) -> None:
    sent = bytes(range(256)) * 5000
    made = requests.post(
        f"{up.url}/api/files", files={"file": ("größe.PNG", sent)}, timeout=10
    ).json()
    file = f"/api/files/{made['id']}"
    told, back = get(up, file).json(), get(up, made["url"])
    gone = requests.delete(f"{up.url}{file}", timeout=10)

    assert (told["size"], told["originalName"], back.content) == (len(sent), "größe.PNG", sent)
    assert back.headers["Content-Type"] == "image/png"
    assert [gone.status_code, get(up, file).status_code, get(up, made["url"]).status_code] == [
        200,
        404,
        404,
    ], system


def test_pages_add_up_and_no_page_is_refused(up: Stage, system: str) -> None:
    total = get(up, "/api/projects").json()["total"]
    pages = [get(up, f"/api/projects?page={n}&limit=5").json()["projects"] for n in (1, 2, 3)]

    assert sum(map(len, pages)) == total, system
    assert get(up, "/api/projects?page=0").status_code == 400
    assert get(up, "/api/messages?limit=1000").status_code == 400


def test_database_that_cannot_be_reached_is_told_without_its_address(up: Stage) -> None:
    state = control.read(up.state)
    try:
        control.State(
            state.modules,
            {"DATABASE_URL": "postgresql://u:opensesame@127.0.0.1:1/x"},
            state.port,
            state.log,
        ).write(up.state)
        switched(up, "new")
        health, users = get(up, "/api/health"), get(up, "/api/users")
    finally:
        state.write(up.state)
        switched(up, state.system)

    assert (health.status_code, health.json()["status"]) == (503, "error")
    assert users.status_code == 500
    assert "opensesame" not in health.text + users.text + Path(state.log).read_text()


def test_stage_gives_the_project_file_what_it_asks_for(up: Stage) -> None:
    loaded = project_file.load(ROOT / "examples" / "fluxstudio", "prod", environ=up.environ)

    assert set(loaded.source.collections) == set(loaded.project.export) == set(COLLECTIONS)
    assert loaded.after.dbname == "fluxstudio"
    assert up.server.password not in repr(up)
    assert up.state.stat().st_mode & 0o777 == 0o600
