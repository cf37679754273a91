"""Does the runner move a database, and does it get back from wherever it has come?"""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from filelock import FileLock

from gatepost import database
from gatepost.dsn import Dsn
from runner import gates, labels, lock
from runner.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.embedded import Server
    from runner.migration import Migration

SCHEMA = """
create type mood as enum ('sad', 'fine');
create table users (
  id int generated always as identity primary key,
  name text not null,
  feels mood not null default 'fine'
);
create table posts (
  id int generated always as identity primary key,
  author int not null references users on delete cascade,
  body text
);
"""
SOURCE = f"""{SCHEMA}
insert into users (name) select 'user ' || n from generate_series(1, 50) n;
insert into posts (author, body) select id, nullif(name, 'user 7') from users;
"""
OLD = f"{SCHEMA} insert into users (name) values ('of the old database');"

# A real application would be stopped; here the hooks say when they were called, and for whom.
HOOKS = """
stop = 'echo "stop $GATEPOST_SYSTEM" >> calls; touch is-down'
start = 'echo "start $GATEPOST_SYSTEM" >> calls; rm -f is-down'
status = "test ! -e is-down"
hook_timeout = "20 s"
"""
FILLED = "import psycopg; psycopg.connect('', autocommit=True).execute({!r})"


@dataclass
class Shop:
    """A project whose database is to be moved, and what can be seen of it from outside."""

    folder: Path
    source: Dsn
    target: Dsn

    def declare(self, migrate: str = HOOKS, target: str = "", more: str = "") -> None:
        """Write `gatepost.toml`; the addresses come from the environment."""
        (self.folder / "gatepost.toml").write_text(
            'name = "shop"\n[source]\nurl = "${SHOP_SOURCE}"\n'
            f'[targets.prod]\nurl = "${{SHOP_TARGET}}"\n{target}\n[migrate]\n{migrate}\n{more}\n',
            encoding="utf-8",
        )

    def migrate(self, *arguments: str) -> int:
        """Run `migrate`, without the report, which is not in question here."""
        given = ["migrate", "--target=prod", f"--project={self.folder}", "--no-report"]
        return main([*given, *arguments])

    @property
    def calls(self) -> list[str]:
        """The hooks that were called, in order."""
        file = self.folder / "calls"
        return file.read_text().splitlines() if file.exists() else []

    @property
    def runs(self) -> list[Path]:
        """The folders of the runs."""
        return sorted(one for one in self.folder.glob("gatepost-runs/2*") if one.is_dir())

    @property
    def outcome(self) -> dict[str, Any]:
        """What the one run's `run.json` says."""
        (run,) = self.runs
        told: dict[str, Any] = json.loads((run / "run.json").read_text())
        return told

    def states(self) -> dict[str, str]:
        """The steps of the one run and what became of them."""
        return {step["name"]: step["state"] for step in self.outcome["steps"]}

    def databases(self) -> dict[str, tuple[int, bool, str]]:
        """The target's databases: number, whether it is open, comment."""
        with psycopg.connect(self.target.of("postgres").raw) as conn:
            found = conn.execute(
                "select datname, oid, datallowconn, shobj_description(oid, 'pg_database')"
                " from pg_database where datname like %s",
                (f"{self.target.dbname}%",),
            ).fetchall()
        # Names of other tests' databases may begin like ours.
        ours = (self.target.dbname, f"{self.target.dbname}_")
        return {
            name: (oid, is_open, comment or "")
            for name, oid, is_open, comment in found
            if name == ours[0] or name.startswith(ours[1])
        }

    def users(self) -> list[str]:
        """The users that the target's database holds."""
        with psycopg.connect(self.target.raw) as conn:
            return [name for (name,) in conn.execute("select name from users order by id")]

    def is_as_before(self, before: dict[str, tuple[int, bool, str]]) -> bool:
        """Whether the old database is there, whole and open, and no other beside it."""
        return self.databases() == before and self.users() == ["of the old database"]


@pytest.fixture
def shop(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database16: Callable[..., Dsn],
    database18: Callable[..., Dsn],
) -> Iterator[Shop]:
    """A shop on PostgreSQL 16, to be moved to 18, where an older copy of it stands."""
    made = Shop(tmp_path, database16(SOURCE), database18(OLD))
    monkeypatch.setenv("SHOP_SOURCE", made.source.raw)
    monkeypatch.setenv("SHOP_TARGET", made.target.raw)
    made.declare()
    yield made
    with contextlib.closing(database.maintenance(made.target.of("postgres"))) as conn:
        for name in set(made.databases()) - {made.target.dbname}:
            conn.execute(f'drop database "{name}" with (force)')


def execute(conn_to: Dsn, statement: str) -> None:
    """Run one statement, in its own transaction."""
    with contextlib.closing(database.maintenance(conn_to)) as conn:
        conn.execute(statement.encode())


def test_dry_run_tells_every_step_and_touches_nothing(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    before, files = shop.databases(), sorted(shop.folder.rglob("*"))

    assert shop.migrate() == 0

    said = capsys.readouterr()
    assert f"create {shop.target.dbname}_next from template0, UTF8 C" in said.out
    assert f"{shop.target.dbname}_old_<run>" in said.out
    assert "pg_dump 16." in said.out
    assert said.err == ""
    assert shop.is_as_before(before)
    assert sorted(shop.folder.rglob("*")) == files
    assert shop.calls == []


def test_dry_run_tells_the_same_to_a_program(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shop.migrate("--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert [step["step"] for step in told["steps"]][:3] == ["pre gate", "swap drill", "stop"]
    assert (told["before"]["version"][:2], told["after"]["version"][:2]) == ("16", "18")


def test_migration_ends_in_go_with_the_old_database_kept(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    name = shop.target.dbname
    maintenance = shop.target.of("postgres")
    execute(maintenance, f"alter database {name} set search_path = '$user', public, \"a b\"")
    execute(maintenance, f"alter database {name} set work_mem = '5MB'")
    execute(maintenance, f"comment on database {name} is 'the shop'")
    execute(maintenance, f"revoke temporary on database {name} from public")
    before = shop.databases()

    assert shop.migrate("--execute") == 0

    outcome = shop.outcome
    label = outcome["label"]
    now = shop.databases()
    assert set(now) == {name, f"{name}_old_{label}"}
    assert now[f"{name}_old_{label}"][:2] == (before[name][0], False)
    assert labels.read(now[name][2]) == labels.Mark(label, "live", rest="the shop")
    kept = labels.read(now[f"{name}_old_{label}"][2])
    assert kept is not None
    assert (kept.role, kept.rest) == ("previous", "the shop")
    assert len(shop.users()) == 50
    assert shop.calls == ["stop old", "start new"]
    assert belongings(shop.target) == (
        ['search_path="$user", public, "a b"', "work_mem=5MB"],
        False,
    )
    assert (outcome["word"], outcome["exit_status"], outcome["rollback"]) == ("GO", 0, None)
    assert [(gate["gate"], gate["word"]) for gate in outcome["gates"]] == [
        ("pre", "GO"),
        ("data", "GO"),
    ]
    assert set(shop.states().values()) == {"done"}
    assert 0 < outcome["downtime_s"] < outcome["duration_s"]
    assert "GO: every gate said yes" in capsys.readouterr().out


def belongings(target: Dsn) -> tuple[list[str], bool]:
    """Return a database's own settings, and whether everybody may make temporary tables."""
    with psycopg.connect(target.raw) as conn:
        found = conn.execute(
            "select setconfig from pg_db_role_setting s join pg_database d on d.oid = setdatabase"
            " where datname = current_database()"
        ).fetchone()
        # Of PUBLIC, whose entry in the list has no name before the sign.
        acl = conn.execute(
            "select datacl::text[] from pg_database where datname = current_database()"
        ).fetchone()
    assert found
    assert acl
    public = [entry for entry in acl[0] if entry.startswith("=")]
    return sorted(found[0]), "T" in public[0].split("/")[0]


def test_journal_says_what_was_going_to_be_done_before_it_was(shop: Shop) -> None:
    assert shop.migrate("--execute") == 0

    (run,) = shop.runs
    lines = [json.loads(line) for line in (run / "journal.jsonl").read_text().splitlines()]
    *acts, verdict = [(line["event"], line["step"]) for line in lines]
    steps = [step["name"] for step in shop.outcome["steps"]]
    assert acts == [(event, step) for step in steps for event in ("intent", "done")]
    assert verdict == ("verdict", "GO")


def test_json_is_all_there_is_on_stdout(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert shop.migrate("--execute", "--json") == 0

    said = capsys.readouterr()
    assert json.loads(said.out)["word"] == "GO"
    assert "data gate" in said.err


def test_no_file_of_a_run_holds_a_password(shop: Shop) -> None:
    arguments = ["migrate", f"--project={shop.folder}", "--execute", "--no-report"]
    (shop.folder / "gatepost.toml").unlink()
    assert main([*arguments, f"--target={shop.target.raw}", f"--source={shop.source.raw}"]) == 0

    secrets = [str(dsn.parameters["password"]).encode() for dsn in (shop.source, shop.target)]
    files = [file for file in shop.runs[0].rglob("*") if file.is_file()]
    assert len(files) > 10
    assert [file for file in files if any(one in file.read_bytes() for one in secrets)] == []


def test_no_of_the_pre_gate_changes_nothing(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    execute(shop.source, "alter table public.posts drop constraint posts_author_fkey")
    before = shop.databases()

    assert shop.migrate("--execute") == 10

    assert shop.is_as_before(before)
    assert shop.calls == []
    assert shop.states()["pre gate"] == "failed"
    assert shop.states()["stop"] == "not reached"
    assert (shop.outcome["word"], shop.outcome["rollback"]) == ("NO-GO", None)
    assert "posts_author_fkey" in capsys.readouterr().out


def test_no_of_the_data_gate_leaves_the_old_system_live(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    damage = FILLED.format("update public.posts set body = '' where body is null")
    shop.declare(f"{HOOKS}filled = {json.dumps([sys.executable, '-c', damage])}")
    before = shop.databases()

    assert shop.migrate("--execute") == 20

    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start old"]
    assert shop.states()["data gate"] == "failed"
    assert shop.states()["create"] == "undone"
    assert (shop.outcome["word"], shop.outcome["rollback"]) == ("NO-GO", "verified")
    assert shop.outcome["downtime_s"] > 0
    assert "rows public.posts" in capsys.readouterr().out


@pytest.fixture
def application(tmp_path: Path) -> Iterator[str]:
    """Serve the project's folder: an application whose answers are files."""
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""


HEALTH = '[[health]]\npath = "/health.json"\nexpect = {status = "ok"}'


def test_yes_of_the_app_gate_ends_in_go(shop: Shop, application: str) -> None:
    (shop.folder / "health.json").write_text('{"status": "ok"}')
    shop.declare(target=f'app = "{application}"', more=HEALTH)

    assert shop.migrate("--execute") == 0

    assert [gate["gate"] for gate in shop.outcome["gates"]] == ["pre", "data", "app"]


def test_no_of_the_app_gate_swaps_back(shop: Shop, application: str) -> None:
    (shop.folder / "health.json").write_text('{"status": "broken"}')
    execute(shop.target.of("postgres"), f"comment on database {shop.target.dbname} is 'the shop'")
    shop.declare(target=f'app = "{application}"', more=HEALTH)
    before = shop.databases()

    assert shop.migrate("--execute") == 20

    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start new", "stop new", "start old"]
    assert shop.states()["swap"] == "undone"
    assert shop.outcome["rollback"] == "verified"


def test_target_that_is_not_there_yet_is_made(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{shop.target.dbname}_fresh"
    monkeypatch.setenv("SHOP_TARGET", shop.target.of(name).raw)
    execute(shop.source.of("postgres"), f"alter database {shop.source.dbname} set work_mem='6MB'")

    status = shop.migrate("--execute")

    assert status == 0, shop.outcome
    assert labels.read(shop.databases()[name][2]) == labels.Mark(shop.outcome["label"], "live")
    assert "old facts" not in shop.states()
    with psycopg.connect(shop.target.of(name).raw) as conn:
        assert conn.execute("show work_mem").fetchone() == ("6MB",)


def test_hook_that_fails_to_start_the_new_system_swaps_back(shop: Shop) -> None:
    shop.declare(HOOKS.replace("rm -f is-down'", "rm is-down; test $GATEPOST_SYSTEM = old'"))
    before = shop.databases()

    assert shop.migrate("--execute") == 20

    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start new", "stop new", "start old"]


def test_old_system_that_does_not_start_again_calls_a_human(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.declare(
        'stop = "touch is-down"\nstart = "exit 9"\nstatus = "test ! -e is-down"\n'
        'hook_timeout = "1 s"\nfilled = "exit 3"'
    )
    before = shop.databases()

    assert shop.migrate("--execute") == 21

    assert shop.is_as_before(before)
    assert shop.outcome["rollback"] == "failed"
    assert "start hook: exit status 9" in capsys.readouterr().out


def test_stop_hook_that_lies_is_not_believed(shop: Shop) -> None:
    shop.declare('stop = "true"\nstart = "true"\nstatus = "true"\nhook_timeout = "1 s"')
    before = shop.databases()

    assert shop.migrate("--execute") == 30

    assert shop.is_as_before(before)
    assert shop.states()["snapshot"] == "not reached"


def test_writer_on_the_source_stops_the_run_before_the_cut(shop: Shop) -> None:
    shop.declare(f'{HOOKS}lock_timeout = "500 ms"')
    before = shop.databases()

    with psycopg.connect(shop.source.raw) as conn:
        conn.execute("insert into users (name) values ('late')")
        status = shop.migrate("--execute")

    assert status == 30
    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start old"]
    assert shop.states()["snapshot"] == "failed"


def test_complaint_of_the_restore_stops_the_run(
    shop: Shop, server16: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """A grant to a role that the target's server does not have."""
    execute(server16.dsn(), "drop role if exists only_here")
    execute(server16.dsn(), "create role only_here")
    execute(shop.source, "grant select on public.posts to only_here")
    before = shop.databases()

    status = shop.migrate("--execute")

    execute(shop.source, "drop owned by only_here")
    said = capsys.readouterr().out
    assert status == 30, said
    assert 'role "only_here" does not exist' in said
    assert shop.is_as_before(before)
    assert shop.states()["data gate"] == "not reached"


def test_locks_that_are_lost_stop_the_run_before_the_swap(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the data gate and the swap the source could have been written."""
    ask = gates.ask

    def ask_and_lose(run: Migration, gate: Any, **more: str) -> str:
        said = ask(run, gate, **more)
        if gate == "data":
            assert run.holder is not None
            execute(shop.source, f"select pg_terminate_backend({run.holder.info.backend_pid})")
        return said

    monkeypatch.setattr(gates, "ask", ask_and_lose)
    before = shop.databases()

    assert shop.migrate("--execute") == 20

    assert shop.is_as_before(before)
    assert shop.outcome["steps"][-3]["detail"].startswith("the locks on the source are lost")


def test_target_that_was_written_meanwhile_is_no_verified_rollback(shop: Shop) -> None:
    write = "insert into public.users (name) values ('written meanwhile')"
    hook = FILLED.format(write).replace("connect('',", f"connect('dbname={shop.target.dbname}',")
    shop.declare(f"{HOOKS}filled = {json.dumps([sys.executable, '-c', hook + '; exit(1)'])}")

    assert shop.migrate("--execute") == 21

    assert shop.outcome["rollback"] == "failed"
    assert shop.users() == ["of the old database", "written meanwhile"]
    assert shop.calls == ["stop old", "start old"]


def test_session_that_lingers_in_the_target_is_ended_at_the_swap(shop: Shop) -> None:
    with contextlib.closing(psycopg.connect(shop.target.raw)) as conn:
        conn.execute("select 1")
        assert shop.migrate("--execute") == 0
        with pytest.raises(psycopg.OperationalError):
            conn.execute("select 1")


def test_session_that_we_may_not_end_is_named_and_the_run_rolled_back(
    shop: Shop,
    server16: Server,
    server18: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The runner is no superuser, and somebody who is has stayed in the target."""
    for server, name in ((server16, shop.source.dbname), (server18, shop.target.dbname)):
        execute(server.dsn(), "drop role if exists mover")
        execute(server.dsn(), "create role mover login createdb password 'mover'")
        execute(server.dsn(), f"alter database {name} owner to mover")
        for statement in ("alter type mood", "alter table users", "alter table posts"):
            with psycopg.connect(server.url(name), autocommit=True) as conn:
                conn.execute(f"{statement} owner to mover".encode())
    monkeypatch.setenv("SHOP_SOURCE", server16.url(shop.source.dbname, "mover", "mover"))
    monkeypatch.setenv("SHOP_TARGET", server18.url(shop.target.dbname, "mover", "mover"))
    shop.declare(f'{HOOKS}swap_timeout = "1 s"')
    before = shop.databases()

    with contextlib.closing(psycopg.connect(shop.target.raw, application_name="watch")) as conn:
        pid = conn.info.backend_pid
        status = shop.migrate("--execute")

    said = capsys.readouterr().out
    assert status == 20, said
    assert f"process {pid} of postgres (watch)" in said
    assert shop.is_as_before(before)
    for server, name in ((server16, shop.source.dbname), (server18, shop.target.dbname)):
        execute(server.dsn(name), "reassign owned by mover to postgres")
        execute(server.dsn(name), "drop owned by mover")


def lock_key(shop: Shop) -> int:
    """Return the number under which a run for this target locks."""
    with psycopg.connect(shop.target.raw) as conn:
        found = conn.execute("select system_identifier::text from pg_control_system()").fetchone()
    assert found
    return lock.key(found[0], shop.target.dbname)


def test_second_runner_on_another_machine_is_refused(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shop.databases()

    with psycopg.connect(shop.target.of("postgres").raw) as conn:
        conn.execute("select pg_advisory_lock(%s)", (lock_key(shop),))
        status = shop.migrate("--execute")

    assert status == 40
    assert "held by postgres from 127.0.0.1" in capsys.readouterr().err
    assert shop.is_as_before(before)
    assert shop.runs == []
    assert shop.calls == []


def test_second_runner_on_this_machine_is_refused(shop: Shop) -> None:
    work = shop.folder / "gatepost-runs"
    work.mkdir()

    with FileLock(work / f".lock-{lock_key(shop) & 0xFFFFFFFFFFFFFFFF:016x}"):
        assert shop.migrate("--execute") == 40

    assert shop.runs == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_in_the_middle_takes_the_way_back(shop: Shop, number: signal.Signals) -> None:
    shop.declare(f"{HOOKS}filled = 'touch filling; sleep 60'")
    before = shop.databases()
    command = [sys.executable, "-m", "runner", "migrate", "--target=prod", "--execute"]

    child = subprocess.Popen(
        [*command, "--no-report", f"--project={shop.folder}"],
        cwd=Path(__file__).resolve().parents[1],
        stdout=subprocess.DEVNULL,
        env={**os.environ},
    )
    deadline = time.monotonic() + 60
    while not (shop.folder / "filling").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    child.send_signal(number)
    time.sleep(0.2)
    child.send_signal(number)  # a second one does not end the way back

    assert child.wait(60) == 30
    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start old"]
    assert (shop.outcome["word"], shop.outcome["rollback"]) == ("INCOMPLETE", "verified")
    assert shop.states()["filled"] == "failed"


def test_error_of_ours_is_one_line_and_a_log(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError(shop.target.parameters["password"])

    monkeypatch.setattr("runner.carry.give", broken)
    before = shop.databases()

    assert shop.migrate("--execute") == 70

    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    assert shop.is_as_before(before)
    (run,) = shop.runs
    log = (run / "internal.log").read_text()
    assert "ZeroDivisionError" in log
    assert shop.target.parameters["password"] not in log


def test_verdict_of_an_unfinished_run_is_incomplete(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a run that is killed leaves behind does not say GO."""
    seen: list[dict[str, Any]] = []

    def look(*_: object) -> None:
        seen.append(shop.outcome)

    monkeypatch.setattr("runner.carry.give", look)
    assert shop.migrate("--execute") == 0

    assert (seen[0]["word"], seen[0]["exit_status"]) == ("INCOMPLETE", 30)
