"""Does the example's application answer as the real one did, and can it be stopped and started?"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from psycopg import sql

from examples import control
from examples.fonana.generate import generate
from examples.fonana.inventory import OLD
from examples.fonana.stage import Stage, create_database, serve, stage
from examples.hooks import take_down
from gatepost import database, embedded, project_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from examples.fonana.stage import Application
    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with embedded.running(16, durable=False) as running:
        yield running


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("public")


@pytest.fixture(scope="module")
def address(server: Server, public: Path) -> Dsn:
    found = create_database(server)
    generate(found, public)
    return found


@pytest.fixture(scope="module")
def source(
    address: Dsn, public: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Application]:
    with serving("source", address.raw, public, tmp_path_factory.mktemp("source")) as found:
        yield found


@contextlib.contextmanager
def serving(name: str, url: str, public: Path, folder: Path) -> Iterator[Application]:
    try:
        yield serve(name, url, public, folder)
    finally:
        take_down(folder)


def asked(address: Dsn, query: str) -> list[tuple[object, ...]]:
    conn = database.maintenance(address)
    try:
        return database.rows(conn, sql.SQL(query))
    finally:
        conn.close()


def changed(address: Dsn, statement: str) -> None:
    conn = database.maintenance(address)
    try:
        conn.execute(statement.encode())
    finally:
        conn.close()


def test_creators_are_all_there_with_fifteen_columns(source: Application, address: Dsn) -> None:
    answer = requests.get(f"{source.url}/api/creators", timeout=10).json()

    assert answer["totalCount"] == len(answer["creators"]) == 56
    assert {len(creator) for creator in answer["creators"]} == {15}
    assert {creator["id"] for creator in answer["creators"]} == {
        key for (key,) in asked(address, 'select id from public.users where "isCreator"')
    }


@pytest.mark.parametrize("limit", [20, 7, 100])
def test_pages_of_posts_add_up(source: Application, address: Dsn, limit: int) -> None:
    found: list[str] = []
    for page in range(1, 312 // limit + 3):
        asked_for = {"page": page, "limit": limit}
        answer = requests.get(f"{source.url}/api/posts", params=asked_for, timeout=10).json()
        assert (answer["total"], answer["page"], answer["limit"]) == (312, page, limit)
        assert all(post["creator"]["id"] == post["creatorId"] for post in answer["posts"])
        found += [post["id"] for post in answer["posts"]]

    assert found == [
        key
        for (key,) in asked(address, 'select id from public.posts order by "createdAt" desc, id')
    ]


def test_posts_can_be_of_one_category_and_one_creator(source: Application, address: Dsn) -> None:
    ((creator, category, count),) = asked(
        address,
        'select "creatorId", category, count(*) from public.posts where category is not null'
        " group by 1, 2 order by 3 desc, 1, 2 limit 1",
    )
    which = {"creatorId": str(creator), "category": str(category)}
    answer = requests.get(f"{source.url}/api/posts", params=which, timeout=10).json()

    assert answer["total"] == len(answer["posts"]) == count
    assert {post["category"] for post in answer["posts"]} == {category}


@pytest.mark.parametrize("which", ["page=0", "page=x", "limit=0", "limit=101", "page=²"])
def test_a_page_that_cannot_be_is_refused(source: Application, which: str) -> None:
    answer = requests.get(f"{source.url}/api/posts?{which}", timeout=10)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(which.partition("=")[0])


def test_statistics_want_a_token(source: Application) -> None:
    token = control.read(source.state).environ["ADMIN_TOKEN"]
    url = f"{source.url}/api/admin/stats"

    assert requests.get(url, timeout=10).status_code == 401
    assert requests.get(url, headers={"Authorization": "Bearer x"}, timeout=10).status_code == 401
    answer = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert answer.json() == {"users": 59, "creators": 56, "posts": 312, "subscriptions": 3}


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [
        (".webp", "image/webp"),
        (".JPG", "image/jpeg"),
        (".jpeg", "image/jpeg"),
        (".png", "image/png"),
        (".mp3", "audio/mpeg"),
        (".mp4", "video/mp4"),
    ],
)
def test_media_are_served_as_what_they_are(
    source: Application, public: Path, suffix: str, kind: str
) -> None:
    file = next(iter(sorted(public.rglob(f"*{suffix}"))))
    answer = requests.get(f"{source.url}/{file.relative_to(public)}", timeout=10)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.content == file.read_bytes()


@pytest.mark.parametrize("path", ["/media/none.webp", "/media", "/..%2f..%2fetc/passwd", "/api/no"])
def test_what_is_not_there_is_404(source: Application, path: str) -> None:
    assert requests.get(f"{source.url}{path}", timeout=10).status_code == 404


@pytest.fixture
def fragile(server: Server, tmp_path: Path) -> Iterator[tuple[Application, Dsn]]:
    """A small database of one test's own, to be broken, and an application in front of it."""
    address = create_database(server, f"fragile_{time.monotonic_ns()}")
    generate(address, tmp_path / "public", inventory=OLD)
    with serving("fragile", address.raw, tmp_path / "public", tmp_path) as found:
        yield found, address


def test_a_missing_column_is_500_and_says_which(
    server: Server, fragile: tuple[Application, Dsn]
) -> None:
    app, address = fragile
    changed(address, 'alter table public.users drop column "backgroundImage"')
    answer = requests.get(f"{app.url}/api/creators", timeout=10)

    assert answer.status_code == 500
    assert set(answer.json()) == {"error", "details"}
    assert "backgroundImage" in answer.json()["details"]
    assert "select" not in answer.text.lower()
    assert server.password not in answer.text
    assert requests.get(f"{app.url}/creators", timeout=10).status_code == 500
    assert requests.get(f"{app.url}/api/health", timeout=10).status_code == 200


def test_pages_show_rows_and_escape_them(fragile: tuple[Application, Dsn]) -> None:
    app, address = fragile
    changed(address, "update public.posts set title = '<b>' || 'bold & \"brave\"'")
    changed(address, "update public.users set nickname = '<i>' || id")

    for path in ("/", "/feed"):
        page = requests.get(f"{app.url}{path}", timeout=10).text
        assert "&lt;b&gt;bold &amp; &#34;brave&#34;" in page
        assert "<b>bold" not in page
    assert "&lt;i&gt;" in requests.get(f"{app.url}/creators", timeout=10).text


def test_an_exchanged_database_is_noticed_without_a_restart(
    server: Server, fragile: tuple[Application, Dsn], tmp_path: Path
) -> None:
    app, address = fragile
    assert requests.get(f"{app.url}/api/creators", timeout=10).json()["totalCount"] == 4
    new = create_database(server, f"{address.dbname}_next")
    generate(new, tmp_path / "new")
    old, following = (sql.Identifier(one.dbname) for one in (address, new))
    conn = database.maintenance(server.dsn())
    try:
        conn.execute(
            "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity"
            " where datname = %s",
            (address.dbname,),
        )
        rename = sql.SQL("alter database {} rename to {}")
        conn.execute(rename.format(old, sql.Identifier(f"{address.dbname}_old")))
        conn.execute(rename.format(following, old))
    finally:
        conn.close()

    answer = requests.get(f"{app.url}/api/creators", timeout=10)
    assert (answer.status_code, answer.json()["totalCount"]) == (200, 56)


def test_an_application_starts_without_its_database_and_says_so(tmp_path: Path) -> None:
    nowhere = "postgresql://u:opensesame@127.0.0.1:9/none"
    with serving("lost", nowhere, tmp_path, tmp_path) as app:
        health = requests.get(f"{app.url}/api/health", timeout=10)
        creators = requests.get(f"{app.url}/api/creators", timeout=10)

    assert (health.status_code, health.json()["status"]) == (503, "error")
    assert (creators.status_code, creators.json()["details"]) == (
        500,
        "the database cannot be reached",
    )
    assert "opensesame" not in (tmp_path / "apps" / "lost.log").read_text()


def test_sigterm_ends_the_application_cleanly(address: Dsn, tmp_path: Path) -> None:
    with serving("free", address.raw, tmp_path, tmp_path) as app:
        port = app.url.rpartition(":")[2]
        app.control("stop")
        command = [sys.executable, "-m", "examples.fonana.app", "--port", port]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": address.raw},
            stderr=subprocess.PIPE,
        ) as process:
            while not listening(app.url):
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=10)

    assert (process.returncode, errors) == (0, b"")


def listening(url: str) -> bool:
    try:
        requests.get(f"{url}/api/health", timeout=5)
    except requests.ConnectionError:
        return False
    return True


@contextlib.contextmanager
def room() -> Iterator[Path]:
    """A folder for servers, which root runs as somebody else: pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="gatepost-stage-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def up() -> Iterator[Stage]:
    with room() as folder, stage(folder) as found:
        yield found


def creators_at(app: Application) -> int:
    return int(requests.get(f"{app.url}/api/creators", timeout=10).json()["totalCount"])


def test_stage_holds_the_new_beside_the_old(up: Stage) -> None:
    assert (creators_at(up.source), creators_at(up.prod)) == (56, 4)
    assert [str(asked(one, "show server_version")[0][0])[:2] for one in (up.before, up.after)] == [
        "16",
        "18",
    ]
    old, new = (set(one.public.rglob("*.*")) for one in (up.source, up.prod))
    assert {file.relative_to(up.source.public) for file in old} < {
        file.relative_to(up.prod.public) for file in new
    }


def test_stage_gives_the_project_file_what_it_asks_for(up: Stage) -> None:
    loaded = project_file.load(ROOT / "examples" / "fonana", "prod", environ=up.environ)

    assert loaded.before.dbname == loaded.after.dbname == "fonana"
    assert loaded.target.app == up.prod.url
    assert len(loaded.project.media) == 5
    assert loaded.priority("public.users") == "critical"


def test_hooks_stop_and_start_both_applications(up: Stage, tmp_path: Path) -> None:
    def hook(name: str) -> int:
        command = shlex.split(up.environ[f"FONANA_{name}"])
        return subprocess.run(command, check=False, capture_output=True, cwd=tmp_path).returncode

    assert hook("STATUS") == 0
    assert [hook("STOP"), hook("STATUS"), hook("STOP")] == [0, control.NOT_RUNNING, 0]
    assert not listening(up.prod.url)
    assert not listening(up.source.url)
    assert [hook("START"), hook("STATUS"), hook("START")] == [0, 0, 0]
    assert creators_at(up.prod) == 4
    up.source.control("stop")
    assert hook("STATUS") == control.NEITHER
    up.source.control("start")


def test_hooks_show_no_secret(up: Stage) -> None:
    shown = " ".join(up.environ[f"FONANA_{name}"] for name in ("STOP", "START", "STATUS"))

    assert up.server18.password not in shown + repr(up)
    assert up.prod.state.stat().st_mode & 0o777 == 0o600


def test_stage_takes_everything_down_after_an_exception() -> None:
    seen: list[Stage] = []

    def fail(folder: Path) -> None:
        with stage(folder) as found:
            seen.append(found)
            raise RuntimeError("on purpose")

    with room() as folder:
        with pytest.raises(RuntimeError, match="on purpose"):
            fail(folder)
        (found,) = seen
        assert not listening(found.source.url)
        assert not listening(found.prod.url)
        assert not found.server16.folder.exists()
        assert not found.prod.state.exists()


def test_stage_that_is_kept_stays_up_until_it_is_taken_down() -> None:
    with room() as folder:
        with stage(folder, keep=True) as found:
            pass
        try:
            assert (creators_at(found.source), creators_at(found.prod)) == (56, 4)
        finally:
            take_down(folder)
        assert not listening(found.prod.url)
        assert list((folder / "servers").iterdir()) == []
        take_down(folder)
