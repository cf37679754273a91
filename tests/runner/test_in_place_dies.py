"""Is a change in place that dies at any point taken back, and does a later one get to GO?

Every step of it in the three ways in which the steps of a swap are tried.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gatepost import embedded, fingerprint
from runner.servers import labels
from tests.conftest import run
from tests.runner.conftest import SOURCE, Shop
from tests.runner.crashes import WAYS, come_back, crash, is_end, leftovers
from tests.runner.in_place import ACCEPTED, INDEX, NAMES, contents, declare
from tests.runner.kill_points import note

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


@pytest.fixture
def shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mortal: embedded.Server
) -> Iterator[Shop]:
    """A live shop, whose database is given an index where it stands."""
    run(mortal.dsn(), "create database shop template template0")
    target = mortal.dsn("shop")
    run(target, SOURCE)
    made = Shop(tmp_path, target, target)
    monkeypatch.setenv("SHOP_SOURCE", target.raw)
    monkeypatch.setenv("SHOP_TARGET", target.raw)
    declare(made, INDEX, f'{ACCEPTED}\n[fence]\nconnect = ["public"]')
    yield made
    for name in made.databases():
        run(mortal.dsn(), f'drop database "{name}" with (force)')


def is_go(shop: Shop) -> bool:
    """Whether the last run's GO is in the database, which then is changed."""
    mark = labels.read(shop.databases()["shop"][2])
    return mark is not None and (mark.label, mark.role) == (shop.runs[-1].name, "live")


def die_and_come_back(
    shop: Shop,
    mortal: embedded.Server,
    at: tuple[str, str, str],
    capsys: pytest.CaptureFixture[str],
) -> bool:
    """Die at a point, ask what there is, take it back; whether it had come to its GO."""
    before = {name: told[1:] for name, told in shop.databases().items()}
    held = fingerprint.of(shop.target)
    step, when, by = at

    status = crash(shop, f"{step}:{when}", by, server=mortal)
    back = come_back(shop, capsys)

    assert is_end(status, by)
    assert shop.users() == NAMES
    assert leftovers(shop) == []
    if step in OWN:  # of the others the table tells what a run between databases leaves
        note(step, when, by, status, back)
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
    mortal: embedded.Server,
    step: str,
    by: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for when in ("before", "after"):
        assert not die_and_come_back(shop, mortal, (step, when, by), capsys)

    assert shop.migrate("--execute") == 0, capsys.readouterr().out
    assert contents(shop) == (NAMES, 2)


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_run_that_dies_at_go_is_a_go_or_taken_back(
    shop: Shop,
    mortal: embedded.Server,
    when: str,
    by: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reached = die_and_come_back(shop, mortal, ("go", when, by), capsys)

    assert contents(shop) == (NAMES, 2 if reached else 1)
    assert reached == (when == "after" or by == "TERM")
