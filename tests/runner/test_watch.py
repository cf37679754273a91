"""Is trouble after a GO seen, when it lasts, and is the right thing done about it?"""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from gatepost import project_file
from gatepost.conduct import Watch
from gatepost.errors import UsageError
from runner.__main__ import main
from runner.servers import labels
from runner.watching import access_log, counters, signs
from runner.watching.rate import Requests, Window
from tests.runner.conftest import HOOKS, Shop, execute
from tests.runner.crashes import ROOT, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.embedded import Server

LABEL = "20261121T031244-ab12"
QUICK = '[watch]\nevery = "50 ms"\ntimeout = "2 s"\nhealth_failures = 3\n'
NOTIFY = """notify = 'echo "$GATEPOST_ACTION: $GATEPOST_REASON" > told'\n"""
HEALTH = '[[health]]\npath = "/health.json"\nexpect = { status = "ok" }\n'
COMBINED = b'10.0.0.1 - - [21/Nov/2026:03:12:44 +0000] "GET /a?b=\\"c\\" HTTP/1.1" %d 512 "-" "x"\n'


@pytest.fixture(scope="module")
def released(server18: Server) -> Iterator[Dsn]:
    """A database that says of itself that a run has ended in GO; nobody changes it here."""
    name = sql.Identifier("watched")
    mark = sql.SQL("comment on database {} is {}")
    with psycopg.connect(server18.dsn().raw, autocommit=True) as conn:
        conn.execute(sql.SQL("create database {}").format(name))
        conn.execute(mark.format(name, sql.Literal(str(labels.Mark(LABEL, "live")))))
        yield server18.dsn("watched")
        conn.execute(sql.SQL("drop database {} with (force)").format(name))


@pytest.fixture
def live(tmp_path: Path, released: Dsn, application: str, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop whose release was a GO, with an application that is well."""
    shop = Shop(tmp_path, released, released)
    monkeypatch.setenv("SHOP_SOURCE", released.raw)
    monkeypatch.setenv("SHOP_TARGET", released.raw)
    well(shop)
    shop.declare("", f'app = "{application}"', QUICK + NOTIFY + HEALTH)
    return shop


def well(shop: Shop, status: str = "ok") -> None:
    """Let the application say how it is."""
    part = shop.folder / "health.part"
    part.write_text(json.dumps({"status": status}))
    part.replace(shop.folder / "health.json")


def watch(shop: Shop, *arguments: str) -> int:
    """Watch for a short while."""
    return main(["watch", "--target=prod", f"--project={shop.folder}", *arguments])


def record(shop: Shop) -> list[dict[str, Any]]:
    """Return what was noted in the run's folder."""
    (file,) = shop.folder.glob("gatepost-runs/2*/watch.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (COMBINED.strip() % 503, 503),
        (b'::1 - bob [x] "GET / HTTP/2.0" 200 -', 200),
        (b'10.0.0.1 - - [x] "\\x16\\x03" 400 0 "-" "-"', 400),
        (b"ts=3 method=GET path=/ status=502 took=3ms", 502),
        (b'level=info status="201" msg="status=500"', 201),
        (b'{"path": "/", "status": 500}', 500),
        (b'{"statusCode": "404"}', 404),
        (b'{"path": "/"}', None),
        (b'{"status": ', None),
        (b"Listening on port 3000", None),
        (b"", None),
    ],
)
def test_status_is_read_from_lines_of_every_form(line: bytes, status: int | None) -> None:
    assert access_log.status(line) == status


def test_log_is_followed_from_now_on_through_rotation(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(COMBINED % 500)
    log = access_log.Log(path)
    with contextlib.closing(log):
        assert log.new() == Requests(0, 0)
        with path.open("ab") as file:
            file.write(COMBINED % 200 + (COMBINED % 500)[:40])
        assert log.new() == Requests(1, 0)
        with path.open("ab", buffering=0) as file:
            file.write((COMBINED % 500)[40:])
            path.rename(tmp_path / "access.log.1")
            assert log.new() == Requests(1, 1), "moved away, and none is there yet"
            file.write(COMBINED % 502)  # the server has not been told yet
        path.write_bytes(COMBINED % 200 + COMBINED % 503)
        assert log.new() == Requests(3, 2)
        path.write_bytes(COMBINED % 404)
        assert log.new() == Requests(1, 0), "copied and emptied"


def test_log_that_is_not_there_is_said_at_once(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    live.declare("", "", QUICK + 'log = "access.log"\n')

    assert watch(live, "--for=1s") == 64
    assert "access.log: No such file" in capsys.readouterr().err


PAGE = """# HELP http_requests_total all
# TYPE http_requests_total counter
http_requests_total{{method="GET",status="200"}} {ok}
http_requests_total{{method="GET",status="503",path="/a\\"}}b"}} {bad} 1395066363000
http_requests_total_other 7
"""


def test_counters_tell_what_was_added_and_begin_anew_with_their_process() -> None:
    counted = counters.Counters("http_requests_total", 'http_requests_total{status=~"5.*"}')

    assert counted.new(PAGE.format(ok=900, bad=100)) == Requests(0, 0)
    assert counted.new(PAGE.format(ok=990, bad=110)) == Requests(100, 10)
    assert counted.new(PAGE.format(ok=3, bad=1)) == Requests(4, 1)
    assert counted.new('http_requests_total{status="200"} 9') == Requests(5, 0)
    with pytest.raises(ValueError, match="no counter http_requests_total"):
        counted.new("up 1\n")


@pytest.mark.parametrize("text", ["", "a b", "a{b}", 'a{b=~"("}', 'a{b="c"'])
def test_counter_that_cannot_be_named_so_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        counters.counter(text)


def test_window_forgets_what_is_older() -> None:
    window = Window(60)

    assert window.add(0, Requests(10, 5)) == Requests(10, 5)
    assert window.add(59, Requests(10, 0)) == Requests(20, 5)
    assert window.add(60, Requests()) == Requests(10, 0)


def test_share_of_few_requests_says_nothing() -> None:
    declared = Watch(requests=20, error_rate=0.05)

    assert signs.too_many(Requests(19, 19), declared) == ""
    assert signs.too_many(Requests(20, 1), declared) == ""
    told = signs.too_many(Requests(20, 2), declared)
    assert told == "2 of 20 requests failed in 1 min 00 s: 10.0%, 5.0% allowed"


def test_release_that_is_well_is_healthy_to_the_end(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert watch(live, "--for=300ms", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["word"], told["reason"], told["run"]) == ("HEALTHY", "", LABEL)
    assert told["looks"] > 1
    assert [line["event"] for line in record(live)] == ["begin", "end"]


def test_health_that_fails_often_enough_is_trouble_and_somebody_is_told(live: Shop) -> None:
    well(live, "no database")

    assert watch(live, "--for=1min") == 10
    told = (live.folder / "told").read_text()
    assert told.startswith("none: health /health.json: GET /health.json: status is 'no database'")
    assert "(3 of 3 looks)" in told
    events = [line["event"] for line in record(live)]
    assert events == ["begin", "sign", "sign", "sign", "trouble", "notify", "end"]


def test_health_that_comes_back_in_time_is_no_trouble(live: Shop, application: str) -> None:
    target = f'app = "{application}"'
    live.declare("", target, QUICK.replace("= 3", "= 1000") + HEALTH)
    well(live, "starting")
    with later(0.3, lambda: well(live)):
        assert watch(live, "--for=1s") == 0

    assert {line["event"] for line in record(live)} == {"begin", "sign", "end"}


def test_what_is_wrong_when_the_time_is_over_is_looked_at_to_its_end(live: Shop) -> None:
    """Time for one look is no time for three."""
    well(live, "no database")

    assert watch(live, "--for=10ms") == 10
    assert record(live)[-1]["looks"] == 3


def test_what_is_wrong_when_the_time_is_over_and_goes_is_no_trouble(
    live: Shop, application: str
) -> None:
    live.declare("", f'app = "{application}"', QUICK.replace("= 3", "= 1000") + HEALTH)
    well(live, "starting")
    with later(0.5, lambda: well(live)):
        assert watch(live, "--for=10ms") == 0


def test_nobody_to_tell_is_said_in_the_record(live: Shop, application: str) -> None:
    live.declare("", f'app = "{application}"', QUICK + HEALTH)
    well(live, "no")

    assert watch(live, "--for=1min") == 10
    assert "[watch] notify names no command" in record(live)[-1]["done"][0]


def test_requests_that_fail_too_often_are_trouble(live: Shop) -> None:
    log = live.folder / "access.log"
    log.write_bytes(COMBINED % 500 * 100)  # of before
    live.declare("", "", QUICK + 'log = "access.log"\nrequests = 10\n')

    def ask() -> None:
        with log.open("ab") as file:
            file.write(COMBINED % 200 * 9 + COMBINED % 500)

    with later(0.3, ask):
        assert watch(live, "--for=1min") == 10

    assert "1 of 10 requests failed in 1 min 00 s: 10.0%" in record(live)[-1]["reason"]


def test_counters_that_tell_of_too_many_failures_are_trouble(live: Shop, application: str) -> None:
    page = live.folder / "metrics"
    page.write_text(PAGE.format(ok=100, bad=50))
    live.declare("", f'app = "{application}"', QUICK + 'metrics = "/metrics"\n')
    with later(0.3, lambda: page.write_text(PAGE.format(ok=150, bad=100))):
        assert watch(live, "--for=1min") == 10

    assert "50 of 100 requests failed" in record(live)[-1]["reason"]


def test_counters_that_cannot_be_read_are_trouble_after_a_while(
    live: Shop, application: str
) -> None:
    live.declare("", f'app = "{application}"', QUICK + 'metrics = "/metrics"\n')

    assert watch(live, "--for=1min") == 10
    assert "status 404" in record(live)[-1]["reason"]
    assert record(live)[-1]["looks"] == 3


def test_number_that_is_none_is_a_page_that_cannot_be_read(live: Shop, application: str) -> None:
    page = live.folder / "metrics"
    page.write_text("http_requests_total 5\n")
    live.declare("", f'app = "{application}"', QUICK + 'metrics = "/metrics"\n')
    with later(0.3, lambda: page.write_text("http_requests_total +Inf\n")):
        assert watch(live, "--for=1min") == 10

    assert "error rate of /metrics: " in record(live)[-1]["reason"]


def test_page_of_an_application_that_is_not_named_is_refused(
    live: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    live.declare("", "", QUICK + 'metrics = "/metrics"\n')

    assert watch(live, "--for=1s") == 64
    assert "target 'prod' has no app" in capsys.readouterr().err


def test_log_that_can_be_read_no_more_is_trouble_after_a_while(live: Shop) -> None:
    """A loop of links refuses even the superuser, as the rights of a new log do others."""
    log = live.folder / "access.log"
    log.write_bytes(b"")
    live.declare("", "", QUICK + 'log = "access.log"\n')

    def turn() -> None:
        log.unlink()
        log.symlink_to(log)

    with later(0.3, turn):
        assert watch(live, "--for=1min") == 10

    assert "error rate of access.log: Too many levels" in record(live)[-1]["reason"]


def test_session_that_waits_long_for_a_lock_is_trouble(live: Shop) -> None:
    live.declare("", "", QUICK + 'lock_wait = "200 ms"\n')
    with psycopg.connect(live.target.raw) as holds, psycopg.connect(live.target.raw) as waits:
        holds.execute("select pg_advisory_xact_lock(1)")
        pid = waits.info.backend_pid
        thread = threading.Thread(target=waits.execute, args=("select pg_advisory_xact_lock(1)",))
        thread.start()
        status = watch(live, "--for=1min")
        holds.rollback()
        thread.join()

    assert status == 10
    assert f"process {pid} has waited" in record(live)[-1]["reason"]


def test_database_that_is_nearly_full_of_sessions_is_trouble(live: Shop) -> None:
    live.declare("", "", QUICK + "connections = 0.01\n")
    with psycopg.connect(live.target.raw):
        assert watch(live, "--for=1min") == 10

    assert "connections in use" in record(live)[-1]["reason"]


def test_database_that_lets_nobody_in_is_trouble(live: Shop) -> None:
    live.declare("", "", QUICK)
    name = sql.Identifier(live.target.dbname)
    close, reopen = (
        sql.SQL("alter database {} with allow_connections {}").format(name, sql.SQL(to))
        for to in ("false", "true")
    )
    with psycopg.connect(live.target.of("postgres").raw, autocommit=True) as conn:
        conn.execute(close)
        status = watch(live, "--for=1min")
        conn.execute(reopen)

    assert status == 10
    assert "not currently accepting connections" in record(live)[-1]["reason"]


def test_target_without_a_go_is_not_watched(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert watch(shop, "--for=1s") == 64
    assert "nothing to watch" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["soon", "5 parsecs"])
def test_time_that_is_none_is_refused(
    live: Shop, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert watch(live, f"--for={given}") == 64
    assert "--for" in capsys.readouterr().err


ROLLBACK = QUICK + NOTIFY + 'action = "rollback"\n' + HEALTH


@pytest.mark.slow
def test_trouble_before_anybody_wrote_is_rolled_back(shop: Shop, application: str) -> None:
    well(shop)
    shop.declare(HOOKS, f'app = "{application}"', ROLLBACK)
    assert shop.migrate("--execute") == 0
    well(shop, "no database")

    assert watch(shop, "--for=1min") == 20
    assert shop.users() == ["of the old database"]
    assert (shop.folder / "told").read_text().startswith("rolled back: health /health.json")


@pytest.mark.slow
@pytest.mark.long
def test_trouble_after_users_wrote_is_not_rolled_back_but_said(
    shop: Shop, application: str
) -> None:
    well(shop)
    shop.declare(HOOKS, f'app = "{application}"', ROLLBACK)
    assert shop.migrate("--execute") == 0
    execute(shop.target, "insert into public.users (name) values ('of today')")
    well(shop, "no database")

    assert watch(shop, "--for=1min") == 10
    assert "of today" in shop.users()
    told = (shop.folder / "told").read_text()
    assert told.startswith("rollback refused: ")
    assert "2 writes" in told


@pytest.mark.slow
@pytest.mark.long
def test_rollback_of_a_watch_is_not_cut_short_by_who_hangs_up(shop: Shop, application: str) -> None:
    well(shop)
    shop.declare(HOOKS, f'app = "{application}"', ROLLBACK)
    assert shop.migrate("--execute") == 0
    well(shop, "no database")
    hooks = HOOKS.replace("touch is-down", "touch is-down stopping; sleep 1")
    shop.declare(hooks, f'app = "{application}"', ROLLBACK)
    given = ["--target=prod", f"--project={shop.folder}", "--for=1min"]
    with subprocess.Popen([sys.executable, "-m", "runner", "watch", *given], cwd=ROOT) as child:
        wait_for((shop.folder / "stopping").exists)
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            child.send_signal(number)
        assert child.wait(120) == 20

    assert shop.users() == ["of the old database"]
    assert (shop.folder / "told").read_text().startswith("rolled back: ")


@contextlib.contextmanager
def later(seconds: float, act: Callable[[], object]) -> Iterator[None]:
    """Do something while the block runs."""

    def acting() -> None:
        time.sleep(seconds)
        act()

    thread = threading.Thread(target=acting)
    thread.start()
    yield
    thread.join()


def test_settings_of_the_watch_are_checked_whole(live: Shop) -> None:
    live.declare(more="[watch]\nerror_rate = 5")

    with pytest.raises(UsageError, match=r"watch\.error_rate"):
        project_file.load(live.folder, "prod")
