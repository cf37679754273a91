"""Does a run that died go on, or back, as `resume` and `abort` say they do?"""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from runner import plan
from runner.record import state
from runner.returning.recovery import Given
from runner.screen.terminal import Terminal
from runner.servers import labels
from runner.verbs import resume
from tests.runner.conftest import HOOKS, execute
from tests.runner.crashes import crash, leftovers, say

if TYPE_CHECKING:
    from tests.runner.conftest import Shop

pytestmark = pytest.mark.slow


def test_dead_run_is_only_looked_at_until_somebody_says_execute(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """With it: no new run beside it, and none with another configuration after it."""
    before = shop.databases()
    assert crash(shop, "stop:after") == -9
    files = sorted(shop.folder.rglob("*"))

    assert say(shop, "status") == 50
    assert say(shop, "abort") == 0
    assert say(shop, "resume") == 0
    assert shop.migrate("--execute") == 50
    shop.declare(f"{HOOKS}jobs = 3")
    assert say(shop, "resume", "--execute") == 50

    said = capsys.readouterr()
    assert "start the old application, if it is down" in said.out
    assert "begun with another configuration: migrate" in said.err
    assert sorted(shop.folder.rglob("*")) == files
    assert shop.calls == ["stop old"]
    assert say(shop, "abort", "--execute") == 20
    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start old"]
    assert (shop.outcome["word"], shop.outcome["rollback"]) == ("NO-GO", "verified")


def test_nothing_to_resume_is_not_taken_for_a_go(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say(shop, "resume", "--execute") == 30
    assert "no run stopped half-way" in capsys.readouterr().out
    assert say(shop, "resume", "--json") == 30
    assert json.loads(capsys.readouterr().out)["found"] == "no run stopped half-way"


def test_run_that_somebody_else_has_taken_back_meanwhile_is_left_alone(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was looked at before, and there is another state by the time the lock is ours."""
    assert crash(shop, "stop:after") == -9
    made = plan.make(shop.folder, "prod", "")
    found = state.look(made.settings)
    assert say(shop, "abort", "--execute") == 20
    caller = Given(made.settings, "prod", "", {})

    assert resume.resumed(made, found, caller, Terminal(sys.stdout)) == (None, False)

    assert shop.calls == ["stop old", "start old"]
    assert "ended what still lived" not in capsys.readouterr().out


@pytest.mark.long
def test_nothing_is_begun_again_once_somebody_has_asked_to_end(shop: Shop) -> None:
    assert crash(shop, "stop:after") == -9

    assert crash(shop, "undo stop:before", "TERM", verb="resume") == 20

    assert shop.calls == ["stop old", "start old"]
    assert len(shop.runs) == 1


@pytest.mark.long
def test_run_that_died_before_the_swap_is_taken_back_and_begun_again(shop: Shop) -> None:
    assert crash(shop, "restore:after") == -9

    assert say(shop, "resume", "--execute", "--no-report") == 0

    first, second = shop.runs
    assert json.loads((first / "run.json").read_text())["exit_status"] == 20
    assert json.loads((second / "run.json").read_text())["word"] == "GO"
    assert len(shop.users()) == 50
    assert shop.calls == ["stop old", "start old", "stop old", "start new"]


def test_run_that_died_after_the_swap_goes_on_to_its_own_go(
    shop: Shop, application: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop.folder / "health.json").write_text('{"status": "ok"}')
    shop.declare(target=f'app = "{application}"', more='[[health]]\npath = "/health.json"')
    assert crash(shop, "swap:after") == -9
    name, label = shop.target.dbname, shop.runs[-1].name
    assert say(shop, "status") == 50
    assert f"{name} was swapped by {label}, which came to no GO" in capsys.readouterr().out
    assert say(shop, "resume", "--json") == 0
    planned = json.loads(capsys.readouterr().out)
    assert (planned["state"], planned["run"]) == ("swapped", label)
    assert planned["would"] == ["start the application", "ask the app gate", "mark the GO"]

    assert say(shop, "resume", "--execute", "--no-report") == 0

    assert labels.read(shop.databases()[name][2]) == labels.Mark(label, "live")
    assert shop.calls == ["stop old", "start new"]
    assert shop.outcome["word"] == "GO"
    assert set(shop.states().values()) == {"done"}
    assert [gate["gate"] for gate in shop.outcome["gates"]] == ["pre", "data", "app"]
    assert leftovers(shop) == []


@pytest.mark.long
def test_source_that_was_written_once_its_locks_were_gone_is_no_go(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """No fence keeps anybody out: what was written then is not in the new database."""
    before = shop.databases()
    shop.declare("")
    assert crash(shop, "swap:after") == -9
    execute(shop.source, "insert into public.users (name) values ('acknowledged')")

    assert say(shop, "resume", "--execute", "--no-report") == 10

    assert "the source was written after the run had died: 2 writes" in capsys.readouterr().err
    assert say(shop, "abort", "--execute") == 20
    assert shop.is_as_before(before)


@pytest.mark.long
def test_go_whose_line_was_never_written_is_a_go(shop: Shop) -> None:
    assert crash(shop, "go:after") == -9
    assert shop.outcome["word"] == "INCOMPLETE"

    assert say(shop, "status") == 0
    assert say(shop, "abort", "--execute") == 0
    assert say(shop, "resume", "--execute") == 0

    assert shop.outcome["word"] == "GO"
    assert set(shop.states().values()) == {"done"}
    assert len(shop.users()) == 50


@pytest.mark.long
def test_abort_that_dies_may_be_repeated(shop: Shop) -> None:
    before = shop.databases()
    assert crash(shop, "swap:after") == -9
    assert crash(shop, "undo swap:after", verb="abort") == -9
    assert crash(shop, "undo stop:before", verb="abort") == -9

    assert say(shop, "abort", "--execute") == 20

    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start old"]
    assert leftovers(shop) == []


@pytest.mark.long
def test_run_whose_folder_is_lost_is_taken_back_by_the_marks_of_its_databases(shop: Shop) -> None:
    before = shop.databases()
    assert crash(shop, "swap:after") == -9
    shutil.rmtree(shop.runs[-1])

    assert say(shop, "abort", "--execute") == 20

    assert shop.is_as_before(before)
    assert not (shop.folder / "is-down").exists()


@pytest.mark.long
def test_database_that_was_closed_for_the_swap_is_opened_again(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shop.databases()
    assert crash(shop, "swap:before") == -9
    closing = f"alter database {shop.target.dbname} with allow_connections false"
    execute(shop.target.of("postgres"), closing)
    assert say(shop, "status") == 50
    assert "closed before the swap" in capsys.readouterr().out

    assert say(shop, "abort", "--execute") == 20

    assert shop.is_as_before(before)


def test_step_that_is_not_done_in_time_is_ended_and_taken_back(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.declare(f'{HOOKS}filled = "sleep 60"\ndeadlines = {{filled = "500 ms"}}')
    before = shop.databases()

    assert shop.migrate("--execute") == 30

    assert "filled: not done within 500 ms, its deadline" in capsys.readouterr().out
    assert shop.is_as_before(before)


def test_deadline_of_no_step_is_a_mistake(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.declare(f'{HOOKS}deadlines = {{restor = "20 min"}}')

    assert shop.migrate() == 64
    assert "there is no step 'restor'" in capsys.readouterr().err
