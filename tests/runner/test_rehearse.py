"""Does a rehearsal go the whole way, touch nothing that counts, and say how long it will take?"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from gatepost import embedded
from runner import failpoints
from runner.__main__ import main
from runner.outcome import NoGo
from runner.rehearsals.rehearsal import Expected
from tests.runner.conftest import FILLED, HOOKS, execute

if TYPE_CHECKING:
    from gatepost.embedded import Server
    from tests.runner.conftest import Shop

pytestmark = pytest.mark.slow


def rehearse(shop: Shop, *more: str) -> int:
    """Rehearse, without the report, which is not in question here."""
    given = ["rehearse", "--target=prod", f"--project={shop.folder}", "--no-report"]
    return main([*given, *more])


def kept(shop: Shop) -> dict[str, Any]:
    """What is kept of the one rehearsal."""
    (file,) = shop.folder.glob("gatepost-runs/rehearsals/2*.json")
    told: dict[str, Any] = json.loads(file.read_text())
    return told


def test_rehearsal_goes_forth_and_back_beside_a_writer_and_the_plan_then_knows_the_time(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(shop.source, "create role seller")
    execute(shop.source, "grant select on public.posts to seller")
    before = shop.databases()
    with psycopg.connect(shop.source.raw) as writer:
        writer.execute("insert into users (name) values ('late')")  # a lock would wait for it
        status = rehearse(shop)
    said = capsys.readouterr().out
    execute(shop.source, "drop owned by seller")

    assert status == 0, said
    assert shop.is_as_before(before)
    assert shop.calls == []
    assert shop.runs == []
    told = kept(shop)
    seconds = {step["step"]: step["seconds"] for step in told["steps"]}
    assert {"snapshot", "dump", "restore", "data gate", "swap"} <= set(seconds)
    assert {"stop", "start", "app gate"}.isdisjoint(seconds)
    assert told["rollback_s"] > 0
    assert list(shop.folder.rglob("source.dump*")) == []
    assert "way back" in said

    assert shop.migrate("--json") == 0

    planned = json.loads(capsys.readouterr().out)
    assert [s["expected_s"] for s in planned["steps"] if s["step"] == "swap"] == [seconds["swap"]]
    assert planned["window"]["fits"]
    assert "stop" in planned["window"]["without"]

    shop.declare(more='[limits]\ndowntime = "100 ms"')
    assert shop.migrate("--execute") == 10

    assert "the window does not fit" in capsys.readouterr().err
    assert shop.is_as_before(before)
    assert shop.runs == []


def test_window_that_was_rehearsed_with_a_tenth_of_the_data_asks_for_another_rehearsal() -> None:
    at = dt.datetime(2026, 11, 20, 3, 4, tzinfo=dt.UTC)
    same = Expected(at, "PostgreSQL 18", {}, 90.0, (), 1.2, 60.0)
    other = dataclasses.replace(same, growth=10.0)

    with pytest.raises(NoGo, match="the source has grown by 20% since") as longer:
        same.refuse()
    with pytest.raises(NoGo, match="the source is 10 times as large since") as unknown:
        other.refuse()

    assert (longer.value.hint, unknown.value.hint) == (
        "raise limits.downtime, or accept it: --accept-window",
        "rehearse it with the data of today: gatepost rehearse",
    )


def test_server_of_the_target_is_no_scratch_server(
    shop: Shop, server18: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shop.databases()

    assert rehearse(shop, f"--server={server18.url()}") == 64

    assert "--server is the server of the target" in capsys.readouterr().err
    assert shop.is_as_before(before)


@pytest.mark.long
def test_rehearsal_on_a_given_server_leaves_nothing_there(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    with embedded.running(18, durable=False) as other:
        status = rehearse(shop, f"--server={other.url()}", "--json")

        with psycopg.connect(other.url()) as conn:
            names = [name for (name,) in conn.execute("select datname from pg_database order by 1")]
    told = json.loads(capsys.readouterr().out)
    assert (status, told["word"], told["exit_status"]) == (0, "GO", 0)
    assert told["window"]["expected_s"] > 0
    assert names == ["postgres", "template0", "template1"]


@pytest.mark.long
def test_rehearsal_that_loses_rows_is_a_no_and_says_nothing_of_time(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    damage = FILLED.format("delete from public.posts where id = 3")
    (shop.folder / "damage.py").write_text(damage)
    shop.declare(f"{HOOKS}filled = {json.dumps([sys.executable, 'damage.py'])}")
    before = shop.databases()

    assert rehearse(shop) == 20

    assert "a no in a rehearsal; nothing was changed" in capsys.readouterr().out
    assert shop.is_as_before(before)
    assert shop.migrate() == 0
    assert "never rehearsed" in capsys.readouterr().out


@pytest.mark.long
def test_server_of_a_rehearsal_that_was_killed_is_ended_by_the_next(shop: Shop) -> None:
    """There is data in it."""
    before = shop.databases()
    given = ["rehearse", "--target=prod", f"--project={shop.folder}", "--no-report"]
    killed = subprocess.run(
        [sys.executable, "-m", "runner", *given],
        check=False,
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        env={**os.environ, failpoints.AT: "data gate:before", failpoints.BY: "KILL"},
    )
    assert killed.returncode == -signal.SIGKILL, killed.stdout.decode()
    (note,) = shop.folder.glob("gatepost-runs/rehearsals/.server-*.txt")
    data = Path(note.read_text())
    assert (data / "postmaster.pid").exists()

    assert rehearse(shop) == 0

    assert not data.exists()
    assert list(note.parent.glob(".server-*")) == []
    assert shop.is_as_before(before)
