"""Is nobody left in the source, and is all that was taken for it given back?"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from gatepost import conduct, database
from gatepost.errors import ToolFailed
from runner import gates
from runner.__main__ import main
from runner.outcome import NoGo
from runner.servers import fence, others
from tests.runner.conftest import FILLED, HOOKS, execute
from tests.runner.crashes import crash, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.embedded import Server
    from runner.migration import Migration
    from tests.runner.conftest import Shop

FENCE = """
[fence]
roles = ["app"]
connect = ["app", "public"]
terminate = true
timeout = "3 s"
"""


@pytest.fixture
def source(database16: Callable[..., Dsn]) -> Dsn:
    """A database with a table."""
    return database16("create table t (id int); insert into t values (1)")


@pytest.fixture
def conn(source: Dsn) -> Iterator[Connection]:
    """The runner's own session in it."""
    with contextlib.closing(database.maintenance(source, label="fence")) as made:
        yield made


@pytest.fixture
def app(source: Dsn, server16: Server, conn: Connection) -> Dsn:
    """The address by which the application logs in."""
    conn.execute("create role app login password 'app'")
    return type(source)(server16.url(source.dbname, "app", "app"))


def rights(conn: Connection, name: str) -> tuple[bool, list[str]]:
    """Return whether `app` may log in, and who was granted what on the database."""
    ((login,),) = database.rows(conn, "select rolcanlogin from pg_roles where rolname = 'app'")
    granted = database.rows(
        conn,
        "select format('%%s %%s %%s', grantee::regrole, privilege_type, is_grantable)"
        " from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))"
        " where datname = %s order by 1",
        (name,),
    )
    return login, [one for (one,) in granted]


def up(conn: Connection, folder: Path, source: Dsn, **declared: Any) -> fence.Fence:
    """Put a fence up."""
    ((_, system, _),) = database.rows(
        conn,
        "select '', (select system_identifier::text from pg_control_system()), ''",
    )
    return fence.put_up(conn, folder, fence.Fence(system, source.dbname), conduct.Fence(**declared))


@pytest.mark.parametrize(
    "grants",
    [
        "select",
        "grant connect on database {name} to app with grant option",
        "revoke connect on database {name} from public",
        "alter role app nologin",
    ],
    ids=["untouched", "granted", "revoked", "no login"],
)
def test_lifted_fence_leaves_every_right_as_it_was(
    conn: Connection, app: Dsn, source: Dsn, tmp_path: Path, grants: str
) -> None:
    """From the file alone, and twice."""
    conn.execute(grants.format(name=source.dbname).encode())
    before = rights(conn, source.dbname)

    up(conn, tmp_path, source, roles=("app",), connect=("app", "public"))
    fenced = rights(conn, source.dbname)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(app.raw)
    fence.lift(tmp_path, conn)
    fence.lift(tmp_path, conn)

    assert rights(conn, source.dbname) == before
    assert fenced[0] is False
    assert not any("CONNECT" in one and "postgres" not in one for one in fenced[1])


def test_what_was_there_is_on_the_disk_before_it_is_taken(
    conn: Connection, app: Dsn, source: Dsn, tmp_path: Path
) -> None:
    """The second act is refused, as it would be by a crash: both are noted, both are given back."""
    before = rights(conn, source.dbname)
    conn.execute("create role weak createrole login")
    conn.execute("grant app to weak with admin option")
    conn.execute("set role weak")

    with pytest.raises(NoGo, match="PUBLIC may still connect"):
        up(conn, tmp_path, source, roles=("app",), connect=("public",))
    conn.execute("reset role")
    noted = fence.read(tmp_path)

    assert noted is not None
    assert [(act.kind, act.role, act.was) for act in noted.acts] == [
        ("login", "app", True),
        ("connect", "public", True),
    ]
    assert rights(conn, source.dbname)[0] is False
    assert fence.lift(tmp_path, conn).startswith("role app may log in again")
    assert rights(conn, source.dbname) == before
    assert app.dbname == source.dbname


def test_fence_of_another_server_is_not_lifted_here(
    conn: Connection, source: Dsn, tmp_path: Path
) -> None:
    fence.put_up(
        conn, tmp_path, fence.Fence("1", source.dbname), conduct.Fence(connect=("public",))
    )

    with pytest.raises(ToolFailed, match="is of the server 1, and this is"):
        fence.lift(tmp_path, conn)


def test_what_may_have_been_taken_is_told_where_its_note_is_gone(
    conn: Connection, app: Dsn, source: Dsn, tmp_path: Path
) -> None:
    """What is granted through PUBLIC alone was never taken."""
    declared = conduct.Fence(roles=("app",), connect=("app", "public"))
    name = source.dbname

    assert fence.in_doubt(conn, name, declared) == ()
    up(conn, tmp_path, source, roles=("app",), connect=("app", "public"))
    assert fence.in_doubt(conn, name, declared) == (
        "role app may not log in",
        f"role app may not connect to {name}",
        f"PUBLIC may not connect to {name}",
    )
    assert app.dbname == name


def test_only_whoever_is_neither_ours_nor_allowed_is_a_stranger(
    conn: Connection, app: Dsn, source: Dsn
) -> None:
    def enter(name: str, dsn: Dsn = source) -> psycopg.Connection[Any]:
        return psycopg.connect(dsn.raw, application_name=name)

    with (
        contextlib.closing(enter("gatepost 20261121T133200-ab12 prober")),
        contextlib.closing(enter("gatepost 20261121T133200-ab12 snapshot")) as holder,
        contextlib.closing(enter("looking", app)),
        contextlib.closing(enter("psql")) as psql,
    ):
        found = others.inside(conn, ["app"], [holder.info.backend_pid])

        assert [one.pid for one in found] == [psql.info.backend_pid]
        with pytest.raises(NoGo, match=r"these stay in it: process \d+ of postgres \(psql\)"):
            others.wait_until_gone(
                conn, conduct.Fence(allow=("app",), timeout=0.1), [holder.info.backend_pid]
            )
        others.wait_until_gone(
            conn, conduct.Fence(allow=("app",), terminate=True), [holder.info.backend_pid]
        )


@pytest.mark.parametrize(
    ("declared", "who", "said"),
    [
        ({"roles": ("nobody",)}, "postgres", 'role "nobody" does not exist'),
        ({"roles": ("postgres",)}, "postgres", "keep us out: role postgres is the runner's own"),
        ({"roles": ("app",)}, "weak", "could not be put up: permission denied"),
        ({"connect": ("app",)}, "postgres", "it may connect to .* through PUBLIC"),
        ({"connect": ("public",)}, "weak", "PUBLIC may still connect to .* we may not revoke"),
        ({"connect": ("owner", "public")}, "owner", "keep us out: role owner may connect to"),
        ({"terminate": True}, "weak", "role weak may not end the sessions of app"),
    ],
)
def test_drill_refuses_what_would_fail_later(
    conn: Connection, app: Dsn, source: Dsn, declared: dict[str, Any], who: str, said: str
) -> None:
    conn.execute("create role weak")
    conn.execute("create role owner")
    conn.execute(f"alter database {source.dbname} owner to owner".encode())
    before = rights(conn, source.dbname)

    with contextlib.closing(psycopg.connect(app.raw)):
        conn.execute(f"set role {who}".encode())
        with pytest.raises(NoGo, match=said):
            fence.drill(conn, source.dbname, conduct.Fence(**declared))
    conn.execute("reset role")

    assert rights(conn, source.dbname) == before
    conn.execute(f"alter database {source.dbname} owner to postgres".encode())


def test_drill_takes_nothing_for_good(conn: Connection, app: Dsn, source: Dsn) -> None:
    before = rights(conn, source.dbname)

    with contextlib.closing(psycopg.connect(app.raw)) as inside:
        fence.drill(conn, source.dbname, conduct.Fence(roles=("app",), connect=("app", "public")))
        inside.execute("select 1")

    assert rights(conn, source.dbname) == before


def declare(shop: Shop, hooks: str = HOOKS, more: str = FENCE) -> None:
    """Declare the hooks, and the fence."""
    shop.declare(hooks, more=more)


@pytest.fixture
def logged_in(shop: Shop, server16: Server) -> Callable[[], psycopg.Connection[Any]]:
    """Log in to the shop's source as the application does."""
    execute(server16.dsn(), "create role app login password 'app'")
    execute(shop.source, "grant insert, select on public.users to app")
    execute(shop.target.of("postgres"), "create role app login password 'app'")
    url = server16.url(shop.source.dbname, "app", "app")
    return lambda: psycopg.connect(url, autocommit=True)


@pytest.mark.slow
def test_stop_hook_that_lies_is_found_out_by_who_is_still_there(
    shop: Shop,
    logged_in: Callable[..., psycopg.Connection[Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It says that the application is down, whose session goes on writing."""
    declare(shop, more='[fence]\ntimeout = "500 ms"')
    before = shop.databases()
    over = threading.Event()

    def go_on_writing() -> None:
        with contextlib.closing(logged_in()) as conn:
            while not over.wait(0.02):
                conn.execute("insert into users (name) values ('late')")

    writer = threading.Thread(target=go_on_writing)
    writer.start()
    try:
        status = shop.migrate("--execute")
    finally:
        over.set()
        writer.join()

    said = capsys.readouterr().out
    assert status == 20, said
    assert "of app" in said
    assert shop.is_as_before(before)
    assert shop.states()["fence"] == "failed"
    assert shop.calls == ["stop old", "start old"]


@pytest.mark.slow
def test_fence_ends_who_stayed_and_keeps_them_out_after_the_go(
    shop: Shop,
    server16: Server,
    logged_in: Callable[..., psycopg.Connection[Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    declare(shop)

    with contextlib.closing(logged_in()) as conn:
        assert shop.migrate("--execute") == 0
        with pytest.raises(psycopg.OperationalError):
            conn.execute("select 1")

    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        logged_in()
    said = capsys.readouterr().out
    assert 'alter role "app" login;' in said
    assert f'grant connect on database "{shop.source.dbname}" to public;' in said
    with contextlib.closing(database.maintenance(server16.dsn())) as maintenance:
        fence.lift(shop.runs[0], maintenance)
    logged_in().close()


@pytest.mark.slow
@pytest.mark.long
def test_fence_is_taken_down_on_the_way_back(
    shop: Shop, logged_in: Callable[..., psycopg.Connection[Any]]
) -> None:
    declare(shop, f"{HOOKS}filled = 'exit 3'")

    assert shop.migrate("--execute") == 30

    logged_in().close()
    noted = json.loads((shop.runs[0] / "fence.json").read_text())
    assert noted["lifted"] is True
    assert shop.states()["fence"] == "undone"


@pytest.mark.slow
@pytest.mark.long
def test_role_may_log_in_to_the_new_database_where_both_are_on_one_server(
    shop: Shop,
    database16: Callable[..., Dsn],
    logged_in: Callable[..., psycopg.Connection[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = database16()
    monkeypatch.setenv("SHOP_TARGET", target.raw)
    enters = json.dumps([sys.executable, "-c", "import psycopg; psycopg.connect()"])
    declare(shop, f'{HOOKS}hooks = {{"before start" = {enters}}}')
    shop.target = target
    for name, value in (("HOST", "127.0.0.1"), ("PASSWORD", "app"), ("USER", "app")):
        monkeypatch.setenv(f"PG{name}", value)
    monkeypatch.setenv("PGPORT", target.parameters["port"])
    monkeypatch.setenv("PGDATABASE", target.dbname)

    assert shop.migrate("--execute") == 0

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        logged_in()


@pytest.mark.slow
@pytest.mark.long
def test_write_after_the_snapshot_stops_the_run_before_the_swap(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To a table that was made since: no lock of ours can be on it."""
    ask = gates.ask

    def ask_and_write(run: Migration, gate: Any, **more: str) -> str:
        said = ask(run, gate, **more)
        if gate == "data":
            execute(shop.source, "create table public.late as select 1 as id")
        return said

    monkeypatch.setattr(gates, "ask", ask_and_write)
    before = shop.databases()

    assert shop.migrate("--execute") == 20

    said = capsys.readouterr().out
    assert "the source was written after its snapshot" in said
    assert shop.is_as_before(before)
    assert shop.states()["swap"] == "failed"


@pytest.mark.slow
@pytest.mark.long
def test_writer_that_waits_for_our_locks_stops_the_run_before_the_swap(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it would write as soon as we let go would be in the old source alone."""
    late = FILLED.format("insert into public.users (name) values ('late')")
    late = late.replace("connect('',", f"connect({shop.source.raw!r},")
    line = json.dumps([sys.executable, "-c", late])
    shop.declare(
        f'filled = "touch filled; {sys.executable} writer.py > writer.txt 2>&1 &"',
    )
    (shop.folder / "writer.py").write_text(json.loads(line)[2])
    before = shop.databases()

    assert shop.migrate("--execute") == 20

    assert "what these wait to write to the source would be lost" in capsys.readouterr().out
    assert shop.is_as_before(before)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("point", ["fence:before", "fence:after", "swap:after"])
def test_fence_that_a_crash_has_left_up_is_taken_down_by_abort(
    shop: Shop, logged_in: Callable[..., psycopg.Connection[Any]], point: str
) -> None:
    declare(shop)
    command = [sys.executable, "-m", "runner", "migrate", "--target=prod", "--execute"]
    subprocess.run(
        [*command, "--no-report", f"--project={shop.folder}"],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "GATEPOST_CRASH_AT": point},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert (shop.runs[0] / "crashed-at").exists()
    if point != "fence:before":
        with pytest.raises(psycopg.OperationalError):
            logged_in()

    abort = ["abort", "--target=prod", "--execute"]
    for _ in range(2):  # it may be repeated
        assert main([*abort, f"--project={shop.folder}"]) in (0, 20, 30)

    logged_in().close()
    assert shop.users() == ["of the old database"]


@pytest.mark.slow
@pytest.mark.long
def test_fence_is_taken_down_though_it_is_declared_no_more(
    shop: Shop, logged_in: Callable[..., psycopg.Connection[Any]]
) -> None:
    """By the note that the run has left, of one that died and of one that was a GO."""
    declare(shop)
    assert crash(shop, "fence:after") == -9
    shop.declare("")
    assert say(shop, "abort", "--execute") == 20
    logged_in().close()

    declare(shop)
    assert shop.migrate("--execute") == 0
    shop.declare()
    assert say(shop, "rollback", "--execute") == 20
    logged_in().close()


@pytest.mark.slow
@pytest.mark.long
def test_fence_whose_note_is_lost_is_no_verified_way_back(
    shop: Shop,
    logged_in: Callable[..., psycopg.Connection[Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    declare(shop)
    assert crash(shop, "swap:after") == -9
    shutil.rmtree(shop.runs[0])

    assert say(shop, "abort", "--execute") == 21

    assert "a fence may be up" in (said := capsys.readouterr().out)
    assert "role app may not log in" in said
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        logged_in()
    assert shop.users() == ["of the old database"]
