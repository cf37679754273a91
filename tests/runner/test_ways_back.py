"""Does the runner get back, and say so, from wherever it has come?"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from filelock import FileLock

from runner import gates
from runner.record import lock
from tests.runner.conftest import FILLED, HOOKS, execute

if TYPE_CHECKING:
    from gatepost.embedded import Server
    from runner.migration import Migration
    from tests.runner.conftest import Shop


pytestmark = pytest.mark.slow


def test_hook_that_fails_to_start_the_new_system_swaps_back(shop: Shop) -> None:
    shop.declare(HOOKS.replace("rm -f is-down'", "rm is-down; test $GATEPOST_SYSTEM = old'"))
    before = shop.databases()

    assert shop.migrate("--execute") == 20

    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start new", "stop new", "start old"]


@pytest.mark.long
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
    """Without a stop hook, nobody was to be gone; with one, the fence finds who is still there."""
    shop.declare('lock_timeout = "500 ms"')
    before = shop.databases()

    with psycopg.connect(shop.source.raw) as conn:
        conn.execute("insert into users (name) values ('late')")
        status = shop.migrate("--execute")

    assert status == 30
    assert shop.is_as_before(before)
    assert shop.states()["snapshot"] == "failed"


def test_role_that_the_target_lacks_is_named_before_anything_is_stopped(
    shop: Shop, server16: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """A grant to a role that the target's server does not have."""
    execute(server16.dsn(), "create role only_here")
    execute(shop.source, "grant select on public.posts to only_here")
    before = shop.databases()

    status = shop.migrate("--execute")

    said = capsys.readouterr().out
    assert status == 10, said
    assert 'role "only_here" does not exist' in said
    assert shop.is_as_before(before)
    assert shop.states()["restore drill"] == "failed"
    assert shop.calls == []


@pytest.mark.long
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
    (swap,) = [step for step in shop.outcome["steps"] if step["name"] == "swap"]
    assert swap["detail"].startswith("the locks on the source are lost")


@pytest.mark.long
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


@pytest.mark.long
def test_session_that_we_may_not_end_is_named_and_the_run_rolled_back(
    shop: Shop,
    server16: Server,
    server18: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The runner is no superuser, and somebody who is has stayed in the target."""
    for server, name in ((server16, shop.source.dbname), (server18, shop.target.dbname)):
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


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM,
        pytest.param(signal.SIGINT, marks=pytest.mark.long),
        pytest.param(signal.SIGHUP, marks=pytest.mark.long),
    ],
)
def test_signal_in_the_middle_takes_the_way_back(shop: Shop, number: signal.Signals) -> None:
    shop.declare(f"{HOOKS}filled = 'touch filling; sleep 60'")
    before = shop.databases()
    command = [sys.executable, "-m", "runner", "migrate", "--target=prod", "--execute"]

    child = subprocess.Popen(
        [*command, "--no-report", f"--project={shop.folder}"],
        cwd=Path(__file__).resolve().parents[2],
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


@pytest.mark.long
def test_error_of_ours_is_one_line_and_a_log(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError(shop.target.parameters["password"])

    monkeypatch.setattr("runner.servers.carry.give", broken)
    before = shop.databases()

    assert shop.migrate("--execute") == 70

    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    assert shop.is_as_before(before)
    (run,) = shop.runs
    log = (run / "internal.log").read_text()
    assert "ZeroDivisionError" in log
    assert shop.target.parameters["password"] not in log


@pytest.mark.long
def test_verdict_of_an_unfinished_run_is_incomplete(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a run that is killed leaves behind does not say GO."""
    seen: list[dict[str, Any]] = []

    def look(*_: object) -> None:
        seen.append(shop.outcome)

    monkeypatch.setattr("runner.servers.carry.give", look)
    assert shop.migrate("--execute") == 0

    assert (seen[0]["word"], seen[0]["exit_status"]) == ("INCOMPLETE", 30)


LOSE_LOCK = """select pg_terminate_backend(pid) from pg_stat_activity
    where application_name like '%run lock%' and pid <> pg_backend_pid()"""


@pytest.mark.parametrize(
    ("act", "said"),
    [
        pytest.param(
            "comment on database {live} is 'somebody else'",
            "is not what this run put there",
            marks=pytest.mark.long,
        ),
        (LOSE_LOCK, "the run lock is lost"),
    ],
    ids=["another hand", "lost lock"],
)
def test_go_is_said_only_under_the_lock_and_of_what_this_run_put_there(
    shop: Shop, act: str, said: str
) -> None:
    before = shop.databases()
    program = shop.folder / "act.py"
    statement, address = act.format(live=shop.target.dbname), shop.target.of("postgres").raw
    program.write_text(
        f"import psycopg\npsycopg.connect({address!r}, autocommit=True).execute({statement!r})\n"
    )
    shop.declare(f"{HOOKS}hooks = {{'before go' = ['{sys.executable}', '{program}']}}")

    assert shop.migrate("--execute") == 20

    (go,) = [step for step in shop.outcome["steps"] if step["name"] == "go"]
    assert go["state"] == "failed"
    assert said in go["detail"]
    assert shop.databases() == before
