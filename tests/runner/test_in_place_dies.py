"""Is a change in place that dies at any point taken back, and does a later one get to GO?

Every step of it in the three ways in which the steps of a swap are tried.
"""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from gatepost import embedded, fingerprint
from runner.servers import labels
from tests.conftest import run
from tests.runner.conftest import SOURCE, Shop
from tests.runner.crashes import crash, leftovers, say
from tests.runner.in_place import ACCEPTED, INDEX, NAMES, contents, declare
from tests.runner.kill_points import Row, note

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.long]

OWN = (
    *("clone", "trial", "trial gate", "drop clone"),
    *("keep copy", "change", "change gate", "close copy"),
)
STEPS = (
    *(
        "pre gate",
        "swap drill",
        "fence drill",
        "clone",
        "trial",
        "trial gate",
        "drop clone",
        "prober",
    ),
    *("stop", "fence", "old facts", "keep copy", "change", "change gate", "let in", "start"),
    *("measure", "app gate", "close copy", "go"),
)
WAYS = ("KILL", "TERM", "STOP")
# What each state is called where a person has to do something.
ASKS = {"leftovers", "closed", "swapped", "changed"}


@pytest.fixture(scope="module")
def server() -> Iterator[embedded.Server]:
    """A server of this module's own: it is stopped at once, again and again."""
    with embedded.running(18, durable=False) as own:
        yield own


@pytest.fixture
def shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: embedded.Server
) -> Iterator[Shop]:
    """A live shop, whose database is given an index where it stands."""
    run(server.dsn(), "create database shop template template0")
    target = server.dsn("shop")
    run(target, SOURCE)
    made = Shop(tmp_path, target, target)
    monkeypatch.setenv("SHOP_SOURCE", target.raw)
    monkeypatch.setenv("SHOP_TARGET", target.raw)
    declare(made, INDEX, f'{ACCEPTED}\n[fence]\nconnect = ["public"]')
    yield made
    for name in made.databases():
        run(server.dsn(), f'drop database "{name}" with (force)')


def is_go(shop: Shop) -> bool:
    """Whether the last run's GO is in the database, which then is changed."""
    mark = labels.read(shop.databases()["shop"][2])
    return mark is not None and (mark.label, mark.role) == (shop.runs[-1].name, "live")


def die_and_come_back(
    shop: Shop,
    server: embedded.Server,
    at: tuple[str, str, str],
    capsys: pytest.CaptureFixture[str],
) -> bool:
    """Die at a point, ask what there is, take it back; whether it had come to its GO."""
    before = {name: told[1:] for name, told in shop.databases().items()}
    held = fingerprint.of(shop.target)
    step, when, by = at

    status = crash(shop, f"{step}:{when}", by, server=server)
    capsys.readouterr()
    asked = say(shop, "status", "--json")
    state = json.loads(capsys.readouterr().out)["state"]
    aborted = say(shop, "abort", "--execute")
    told = (shop.runs[-1] / "journal.jsonl").read_text().splitlines()
    undone = [line["step"] for line in map(json.loads, told) if line["event"] == "undone"]

    assert asked == (50 if state in ASKS else 0), state
    assert aborted == (20 if asked else 0), capsys.readouterr().out
    assert say(shop, "status") == 0
    assert say(shop, "abort", "--execute") == 0
    assert status == -signal.SIGKILL if by == "KILL" else status in {0, 10, 20, 30}
    assert shop.users() == NAMES
    assert not (shop.folder / "is-down").exists()
    assert leftovers(shop) == []
    if step in OWN:  # of the others the table tells what a run between databases leaves
        note(Row(step, when, by, status, state, asked, aborted, undone))
    if is_go(shop):
        return True
    assert {name: told[1:] for name, told in shop.databases().items()} == before
    assert fingerprint.of(shop.target) == held
    return False


def test_every_step_of_a_change_in_place_is_a_kill_point(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shop.migrate("--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert tuple(step["step"] for step in told["steps"]) == STEPS


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("step", [step for step in STEPS if step != "go"])
def test_step_that_dies_loses_nothing_and_a_later_run_gets_to_go(
    shop: Shop,
    server: embedded.Server,
    step: str,
    by: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for when in ("before", "after"):
        assert not die_and_come_back(shop, server, (step, when, by), capsys)

    assert shop.migrate("--execute") == 0, capsys.readouterr().out
    assert contents(shop) == (NAMES, 2)


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_run_that_dies_at_go_is_a_go_or_taken_back(
    shop: Shop,
    server: embedded.Server,
    when: str,
    by: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reached = die_and_come_back(shop, server, ("go", when, by), capsys)

    assert contents(shop) == (NAMES, 2 if reached else 1)
    assert reached == (when == "after" or by == "TERM")
