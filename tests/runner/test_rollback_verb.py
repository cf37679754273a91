"""Is a release taken back after its GO, and is nothing lost by that without a person's word?"""

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

from runner.__main__ import main
from runner.returning.reversal import Outcome
from runner.screen.terminal import Terminal
from runner.servers import labels
from runner.verbs import rollback as verb
from tests.runner.conftest import HOOKS, execute
from tests.runner.crashes import crash

if TYPE_CHECKING:
    from gatepost.embedded import Server
    from tests.runner.conftest import Shop

pytestmark = pytest.mark.slow

WRITE = "insert into public.users (name) values ('a new user')"


@pytest.fixture
def released(shop: Shop, capsys: pytest.CaptureFixture[str]) -> Shop:
    """The shop after a GO; what its old database was is to be had again."""
    execute(shop.target.of("postgres"), f"comment on database {shop.target.dbname} is 'the shop'")
    assert shop.migrate("--execute") == 0, capsys.readouterr().out
    (shop.folder / "calls").unlink()
    capsys.readouterr()
    return shop


def rollback(shop: Shop, *arguments: str) -> int:
    """Run `rollback`."""
    return main(["rollback", "--target=prod", f"--project={shop.folder}", *arguments])


def is_new(shop: Shop) -> bool:
    """Whether the new database is live and open, and the old one kept and closed."""
    name, (run,) = shop.target.dbname, shop.runs
    there = shop.databases()
    return (
        set(there) == {name, f"{name}_old_{run.name}"}
        and there[name][1]
        and not there[f"{name}_old_{run.name}"][1]
        and len(shop.users()) >= 50
    )


def is_old(shop: Shop) -> bool:
    """Whether the old database is live, whole and open, and the new one kept beside it."""
    name, (run,) = shop.target.dbname, shop.runs
    there = shop.databases()
    kept = labels.read(there[f"{name}_failed_{run.name}"][2])
    return (
        set(there) == {name, f"{name}_failed_{run.name}"}
        and there[name][1:] == (True, "the shop")
        and kept == labels.Mark(run.name, "failed")
        and shop.users() == ["of the old database"]
    )


@pytest.mark.long
def test_it_says_what_it_would_do_and_touches_nothing(
    released: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    before = released.databases()

    assert rollback(released) == 0

    said = capsys.readouterr().out
    assert "0 writes to" in said
    assert f"{released.target.dbname}_failed_{released.runs[0].name}, which is kept" in said
    assert "add --execute" in said
    assert released.databases() == before
    assert released.calls == []


@pytest.mark.long
def test_old_database_is_live_again_and_the_new_one_kept(
    released: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()

    assert rollback(released, "--execute", "--json") == 20

    assert is_old(released)
    assert released.calls == ["stop new", "start old"]
    told = json.loads(capsys.readouterr().out)
    assert (told["word"], told["lost"], told["faults"]) == ("ROLLED BACK", {}, [])
    assert 0 < told["duration_s"] < time.monotonic() - began < told["limit_s"]
    assert rollback(released, "--execute") == 10  # there is nothing more to take back


def test_writes_since_the_swap_are_refused_until_their_number_is_named(
    released: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(released.target, WRITE)
    execute(released.target, "update public.posts set body = 'edited' where id <= 3")

    assert rollback(released) == 10
    assert rollback(released, "--execute") == 10
    assert rollback(released, "--execute", "--lose-writes=4") == 10

    said = capsys.readouterr().out
    # One user, whose number came from a sequence, and three posts.
    assert (
        "would lose 5 writes: public.posts 3, public.users 1, public.users_id_seq (sequence) 1"
        in said
    )
    assert "--lose-writes 5 loses them" in said
    assert is_new(released)
    assert released.calls == []

    assert rollback(released, "--execute", "--lose-writes=5", "--json") == 20

    assert is_old(released)
    lost = {"public.posts": 3, "public.users": 1, "public.users_id_seq (sequence)": 1}
    assert json.loads(capsys.readouterr().out)["lost"] == lost


@pytest.mark.long
def test_writes_that_cannot_be_counted_are_refused_whatever_is_named(
    released: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(released.target, "truncate public.posts")

    assert rollback(released, "--execute", "--lose-writes=1") == 10

    assert "public.posts was truncated or rewritten" in capsys.readouterr().out
    assert released.calls == []


@pytest.mark.long
def test_write_that_comes_while_the_application_is_stopped_gives_the_new_system_back(
    released: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was not there when somebody looked: the number that was named is not the number."""
    there = f"{released.target.raw!r}, autocommit=True"
    late = f"import psycopg\npsycopg.connect({there}).execute({WRITE!r})\n"
    (released.folder / "late.py").write_text(late)
    stop = f"touch is-down; {sys.executable} late.py"
    released.declare(HOOKS.replace("touch is-down", stop))

    assert rollback(released, "--execute") == 10

    assert "would lose 2 writes" in capsys.readouterr().out
    assert is_new(released)
    assert released.calls == ["stop new", "start new"]


@pytest.mark.long
def test_old_database_that_somebody_changed_is_not_put_back(
    released: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"{released.target.dbname}_old_{released.runs[0].name}"
    with contextlib.closing(
        psycopg.connect(released.target.of("postgres").raw, autocommit=True)
    ) as conn:
        conn.execute(f'alter database "{name}" allow_connections true'.encode())
        execute(released.target.of(name), "delete from public.users")
        conn.execute(f'alter database "{name}" allow_connections false'.encode())

    assert rollback(released, "--execute") == 10

    assert "somebody has changed it" in capsys.readouterr().out
    assert is_new(released)
    assert released.calls == []


@pytest.mark.long
def test_session_that_we_may_not_end_leaves_the_new_system_as_it_was(
    shop: Shop, server16: Server, server18: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runner is no superuser, and somebody who is has stayed in the new database."""
    for server, dsn in ((server16, shop.source), (server18, shop.target)):
        execute(server.dsn(), "create role mover login createdb password 'mover'")
        execute(server.dsn(), f"alter database {dsn.dbname} owner to mover")
        for statement in ("alter type mood", "alter table users", "alter table posts"):
            with psycopg.connect(dsn.raw, autocommit=True) as conn:
                conn.execute(f"{statement} owner to mover".encode())
    monkeypatch.setenv("SHOP_SOURCE", server16.url(shop.source.dbname, "mover", "mover"))
    monkeypatch.setenv("SHOP_TARGET", server18.url(shop.target.dbname, "mover", "mover"))
    shop.declare(f'{HOOKS}swap_timeout = "1 s"')
    assert shop.migrate("--execute") == 0
    (shop.folder / "calls").unlink()

    with contextlib.closing(psycopg.connect(shop.target.raw)) as conn:
        conn.execute("select 1")
        assert rollback(shop, "--execute") == 10
        conn.execute("select 1")

    assert is_new(shop)
    assert shop.calls == ["stop new", "start new"]
    for server, dsn in ((server16, shop.source), (server18, shop.target)):
        execute(server.dsn(dsn.dbname), "reassign owned by mover to postgres")
        execute(server.dsn(dsn.dbname), "drop owned by mover")
    for name in shop.databases():
        execute(server18.dsn(), f'alter database "{name}" owner to postgres')


@pytest.mark.long
def test_lingering_session_is_ended(released: Shop) -> None:
    with contextlib.closing(psycopg.connect(released.target.raw)) as conn:
        conn.execute("select 1")
        assert rollback(released, "--execute") == 20
        with pytest.raises(psycopg.OperationalError):
            conn.execute("select 1")

    assert is_old(released)


@pytest.mark.long
def test_old_system_that_does_not_start_calls_a_human(
    released: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    released.declare(HOOKS.replace("rm -f is-down'", "exit 9'"))

    assert rollback(released, "--execute") == 21

    assert is_old(released)
    assert "start old: start hook: exit status 9" in capsys.readouterr().out


@pytest.mark.parametrize(
    "point",
    [
        pytest.param("count:after", marks=pytest.mark.long),
        "swap back:after",
        pytest.param("start old:before", marks=pytest.mark.long),
    ],
)
def test_rollback_that_was_killed_is_begun_again(released: Shop, point: str) -> None:
    command = [sys.executable, "-m", "runner", "rollback", "--target=prod", "--execute"]
    done = subprocess.run(
        [*command, f"--project={released.folder}"],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "GATEPOST_CRASH_AT": point},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert (released.runs[0] / "crashed-at").exists()

    assert rollback(released, "--execute") == 20

    assert is_old(released)
    assert released.calls[-1] == "start old"


def test_rollback_that_is_ended_before_it_begins_leaves_nothing_unfinished(
    released: Shop,
) -> None:
    assert crash(released, "prove:before", "TERM", verb="rollback") == 10

    assert is_new(released)
    assert released.calls == []
    assert main(["status", "--target=prod", f"--project={released.folder}"]) == 0


def test_no_limit_is_never_exceeded(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome(20, "ROLLED BACK", "20260101T000000-ab12", "shop", "", 3.0, 0.0, {}, ())

    verb.tell_outcome(outcome, Terminal(sys.stdout))

    said = capsys.readouterr().out
    assert "took      3.0 s, no limit\n" in said


def test_there_is_nothing_to_take_back_before_a_run(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rollback(shop, "--execute") == 10

    assert "is not what a run of ours made it" in capsys.readouterr().out


@pytest.mark.long
def test_run_that_is_not_the_live_one_is_refused(
    released: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rollback(released, "--run=20260101T000000-abcd", "--execute") == 10

    assert "not run 20260101T000000-abcd" in capsys.readouterr().out
    told: dict[str, Any] = json.loads((released.runs[0] / "run.json").read_text())
    assert told["word"] == "GO"


@pytest.mark.long
def test_status_shows_what_was_rolled_back_and_the_next_run_comes_to_go(
    released: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    (first,) = released.runs
    assert rollback(released, "--execute") == 20
    capsys.readouterr()

    assert main(["status", "--target=prod", f"--project={released.folder}"]) == 0
    said = capsys.readouterr().out
    assert f"{released.target.dbname}_failed_{first.name}, from which run {first.name}" in said
    assert released.migrate("--execute") == 0
    assert len(released.users()) == 50
    assert rollback(released, "--execute") == 20
    assert released.users() == ["of the old database"]


@pytest.mark.long
def test_way_back_within_a_run_says_what_users_had_written_to_the_new_database(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    there = f"{shop.target.raw!r}, autocommit=True"
    write = f"import psycopg\npsycopg.connect({there}).execute({WRITE!r})\n"
    (shop.folder / "write.py").write_text(write)
    shop.declare(f'{HOOKS}[migrate.hooks]\n"after start" = "{sys.executable} write.py; exit 1"')

    assert shop.migrate("--execute") == 20

    assert "lost with the new one: 2 writes: public.users 1" in capsys.readouterr().out
