"""Does `status` tell what is there, from the databases and their marks alone?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from gatepost import database
from gatepost.errors import ToolFailed, UsageError
from runner import failpoints
from runner.__main__ import main
from runner.programs import children
from runner.programs.children import Command
from runner.programs.watchman import Watchman
from runner.record import journal, lock
from runner.record.journal import Journal
from runner.servers import backends
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.dsn import Dsn

ROOT = Path(__file__).resolve().parents[2]
LABEL = "20260101T000000-ab12"


@pytest.fixture
def target(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database18: Callable[..., Dsn],
) -> Dsn:
    """A target with a project of its own; its source is nowhere to be found."""
    made = database18()
    (tmp_path / "gatepost.toml").write_text(
        'name = "shop"\n[source]\nurl = "postgresql://nobody@127.0.0.1:1/gone"\n'
        '[targets.prod]\nurl = "${SHOP_TARGET}"\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOP_TARGET", made.raw)
    return made


def status(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    ended = main(["status", "--target=prod", "--json"])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return ended, told


def beside(target: Dsn, name: str, role: str) -> str:
    """Make a database beside the target as a run marks it, and return its name."""
    maintenance, made = target.of("postgres"), f"{target.dbname}_{name}"
    run(maintenance, f'create database "{made}" template template0')
    if role:
        mark(target, made, role)
    return made


def mark(target: Dsn, name: str, role: str) -> None:
    run(target.of("postgres"), f"comment on database \"{name}\" is 'gatepost run={LABEL} {role}'")


def drop(target: Dsn, *names: str) -> None:
    for name in names:
        run(target.of("postgres"), f'drop database "{name}" with (force)')


@pytest.mark.usefixtures("target")
def test_target_that_no_run_has_touched(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(capsys)[1]["state"] == "untouched"
    assert main(["status", "--target=prod"]) == 0
    assert "no run of ours made it" in capsys.readouterr().out


def test_go_tells_which_run_made_it_and_until_when_the_old_one_is_kept(
    target: Dsn, capsys: pytest.CaptureFixture[str]
) -> None:
    mark(target, target.dbname, "role=live")
    old = beside(target, f"old_{LABEL}", "role=previous keep-until=2026-02-01")

    ended, told = status(capsys)
    said = main(["status", "--target=prod"])
    nothing = main(["abort", "--target=prod", "--execute"])

    drop(target, old)
    assert (ended, said, nothing) == (0, 0, 0)
    assert (told["state"], told["live_by"]) == ("go", LABEL)
    assert told["kept"] == [{"name": old, "label": LABEL, "until": "2026-02-01"}]
    assert "which only gatepost rollback takes back" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("next", "role=building"),
        (f"drill_{LABEL}", "role=drill"),
        (f"new_{LABEL}", ""),
    ],
)
def test_database_that_only_a_run_in_progress_has_is_a_leftover(
    target: Dsn, capsys: pytest.CaptureFixture[str], name: str, role: str
) -> None:
    left = beside(target, name, role)

    ended, told = status(capsys)

    drop(target, left)
    assert ended == 50
    assert (told["state"], told["run"], told["left"]) == ("leftovers", LABEL, [left])


def test_swap_without_a_go_is_unfinished(target: Dsn, capsys: pytest.CaptureFixture[str]) -> None:
    mark(target, target.dbname, "role=swapped")

    ended, told = status(capsys)

    assert (ended, told["state"], told["run"]) == (50, "swapped", LABEL)
    assert "gatepost resume" in told["next"]


def test_target_that_somebody_else_has_closed_is_not_opened(
    target: Dsn, capsys: pytest.CaptureFixture[str]
) -> None:
    run(target.of("postgres"), f"alter database {target.dbname} with allow_connections false")

    ended, told = status(capsys)
    aborted = main(["abort", "--target=prod", "--execute"])

    run(target.of("postgres"), f"alter database {target.dbname} with allow_connections true")
    assert (ended, told["state"], told["run"], aborted) == (50, "closed", None, 50)
    assert "if no person closed it" in capsys.readouterr().err


def test_run_under_way_is_told_with_who_holds_the_lock(
    target: Dsn, capsys: pytest.CaptureFixture[str]
) -> None:
    maintenance = target.of("postgres")
    with database.maintenance(maintenance) as conn:
        system = lock.identity(conn).system_identifier
        taken = lock.Lock(maintenance, lock.key(system, target.dbname))

        ended, told = status(capsys)
        aborted = main(["abort", "--target=prod", "--execute"])

        taken.close()
    assert (ended, told["state"], aborted) == (40, "running", 40)
    assert told["lock"].startswith("held by postgres from 127.0.0.1")


def test_lock_that_was_lost_is_found_beside_a_long_child(target: Dsn, tmp_path: Path) -> None:
    maintenance = target.of("postgres")
    taken = lock.Lock(maintenance, 1)
    watchman = Watchman(taken, LABEL, lambda: (maintenance,), {})
    run(maintenance, f"select pg_terminate_backend({taken.connection.info.backend_pid})")

    with watchman.watching(), pytest.raises(ToolFailed, match="the run lock is lost"):
        children.run(Command("long", ("sleep", "60"), tmp_path / "out"))
    taken.close()


def test_step_past_its_deadline_has_its_statement_cancelled(target: Dsn) -> None:
    maintenance = target.of("postgres")
    taken = lock.Lock(maintenance, 2)
    watchman = Watchman(taken, LABEL, lambda: (maintenance,), {"analyze": 0.3})

    with backends.marked(LABEL), watchman.watching(), database.maintenance(target) as conn:
        with watchman.timing("swap"):
            conn.execute("select pg_sleep(0.5)")
        began = time.monotonic()
        with (
            pytest.raises(ToolFailed, match="analyze: not done within 300 ms, its deadline"),
            watchman.timing("analyze"),
        ):
            conn.execute("select pg_sleep(60)")
    taken.close()
    assert time.monotonic() - began < 10


def test_lock_is_had_again_only_from_the_server_that_it_was(target: Dsn) -> None:
    taken = lock.Lock(target.of("postgres"), 3)
    run(target.of("postgres"), f"select pg_terminate_backend({taken.connection.info.backend_pid})")
    taken.regain()
    lock.still_held(taken.connection)

    taken.identity = lock.Identity("another", standby=False, timeline="00000001")
    run(target.of("postgres"), f"select pg_terminate_backend({taken.connection.info.backend_pid})")
    with pytest.raises(ToolFailed, match="is not the one it was: system"):
        taken.regain()


def test_sessions_and_processes_of_a_dead_run_are_ended_and_no_others(target: Dsn) -> None:
    with backends.marked(LABEL):
        ours = database.maintenance(target, label="restore")
        child = subprocess.Popen(["/bin/sleep", "60"])
    other = database.maintenance(target, label="of nobody")
    with backends.marked("20260101T000000-ab13"):
        later = database.maintenance(target)
    asking = database.maintenance(target.of("postgres"))

    ended = backends.end_sessions(asking, LABEL), backends.end_processes(LABEL)

    assert ended == (1, 1)
    assert child.wait(5) == -9
    with pytest.raises(psycopg.OperationalError):
        ours.execute("select")
    for conn in (other, later, asking):
        conn.execute("select")
    for conn in (ours, other, later, asking):
        conn.close()


def test_backend_sees_within_a_second_that_its_client_was_killed(target: Dsn) -> None:
    program = (
        "import sys; from gatepost import database; from gatepost.dsn import Dsn;"
        " conn = database.maintenance(Dsn(sys.argv[1]), label='doomed');"
        " conn.execute('select pg_sleep(60)')"
    )
    child = subprocess.Popen([sys.executable, "-c", program, target.raw], cwd=ROOT)
    asking = database.maintenance(target.of("postgres"))
    there = "select count(*) from pg_stat_activity where application_name = 'gatepost doomed'"

    def left(wanted: int) -> bool:
        deadline = time.monotonic() + 20
        while database.value(asking, there.encode()) != wanted:  # type: ignore[arg-type]
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    assert left(1)
    child.kill()
    child.wait()
    assert left(0)
    asking.close()


def test_child_ends_with_a_runner_that_is_killed_outright(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from runner.programs import children;"
        " children.run(children.Command('child', ('/bin/sh', '-c', 'echo $$ > pid; exec sleep 60'),"
        " Path('out'), cwd=Path('.')))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    noted = tmp_path / "pid"
    deadline = time.monotonic() + 20
    while not (noted.exists() and noted.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    pid = int(noted.read_text())

    child.kill()
    child.wait()

    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}/cmdline").exists() and time.monotonic() < deadline:
        if not Path(f"/proc/{pid}/cmdline").read_bytes():  # a zombie that nobody waits for
            break
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes()


def test_line_that_a_crash_cut_short_is_no_line_and_swallows_none(tmp_path: Path) -> None:
    first = Journal(tmp_path)
    first.write("intent", "dump")
    first.close()
    with (tmp_path / journal.FILE).open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-01-01T00:00:00+00:00", "event": "do')

    second = Journal(tmp_path)
    second.write("undo", "dump", status=20)
    second.close()

    said = [(line.event, line.step, line.more.get("status")) for line in journal.read(tmp_path)]
    assert said == [("intent", "dump", None), ("undo", "dump", 20)]


def test_line_is_one_whatever_it_quotes(tmp_path: Path) -> None:
    """JSON leaves as they are what else Unicode knows to end a line."""
    quotes = Journal(tmp_path)
    quotes.write("begin", "run", comment="the shop\u2028of \x85 ours")
    quotes.close()

    (line,) = journal.read(tmp_path)
    assert line.more["comment"] == "the shop\u2028of \x85 ours"


def test_program_whose_words_cannot_be_kept_is_one_that_failed(tmp_path: Path) -> None:
    """As on a disk that was remounted to be read only."""
    command = Command("report", ("/bin/true",), tmp_path / "gone" / "report.txt")

    with pytest.raises(ToolFailed, match="report: cannot be started: No such file"):
        children.run(command)


def test_journal_that_cannot_be_written_says_so_before_the_act(tmp_path: Path) -> None:
    (tmp_path / journal.FILE).symlink_to("/dev/full")
    full = Journal(tmp_path)

    with pytest.raises(ToolFailed, match="the journal cannot be written: No space left on device"):
        full.write("intent", "stop")
    full.note("failed", "stop")
    full.close()


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({failpoints.AT: "restor"}, "this run has no step 'restor'"),
        ({failpoints.AT: "dump:whenever"}, "'whenever' is none of before, after"),
        ({failpoints.AT: "dump", failpoints.BY: "WISH"}, "'WISH' is none of KILL, TERM, STOP"),
    ],
)
def test_point_that_would_never_be_reached_is_refused(environ: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        failpoints.given(environ, ["dump", "restore"])
