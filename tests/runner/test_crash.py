"""Does a run that dies at any point leave what `status` can tell and `abort` can take back?

Every point is tried in three ways: the runner is killed outright, it is asked to end, and the
target's server is stopped at once under it.  The whole of it is marked `long`; a diagonal is not.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gatepost import embedded, fingerprint
from runner import steps
from runner.servers import labels
from tests.conftest import run
from tests.exercise.test_measure import used
from tests.runner import test_command
from tests.runner.conftest import HOOKS, OLD, SOURCE, Shop
from tests.runner.crashes import WAYS, come_back, crash, is_end, leftovers
from tests.runner.kill_points import note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn

pytestmark = pytest.mark.slow

FENCE = '[fence]\nroles = ["shop_app"]'
# Of a project that fills from files, runs migrations, or changes a database in place: other tests'
# business.  Ways back are tried by a rehearsal alone, on a server that ends with it.
_OTHERS = {
    *("stage", "stage again", "migrations", "load"),
    *("clone", "trial", "trial gate", "drop clone"),
    *("keep copy", "change", "change gate", "close copy"),
    *("ways back", "ways back of clone"),
}
# Of a project that fills by a command, or has its application used: asked below.
_DECLARED = {"command", "exercise"}
STEPS = [step.name for step in steps.ALL if step.name not in _OTHERS | _DECLARED]


@pytest.fixture
def shop(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database16: Callable[..., Dsn],
    server16: embedded.Server,
    mortal: embedded.Server,
) -> Iterator[Shop]:
    """A shop that has every step of a swap: hooks, a fence, an old database."""
    source = database16(SOURCE)
    run(server16.dsn(), "create role shop_app login password 'shop_app'")
    run(mortal.dsn(), f"create database {source.dbname} template template0")
    target = mortal.dsn(source.dbname)
    run(target, OLD)
    made = Shop(tmp_path, source, target)
    monkeypatch.setenv("SHOP_SOURCE", source.raw)
    monkeypatch.setenv("SHOP_TARGET", target.raw)
    made.declare(f"{HOOKS}filled = 'true'", more=FENCE)
    yield made
    for name in made.databases():
        run(mortal.dsn(), f'drop database "{name}" with (force)')


def reached_go(shop: Shop) -> bool:
    """Whether the last run's GO is in the database; then the old one must be kept."""
    label = shop.runs[-1].name
    there = shop.databases()
    mark = labels.read(there[shop.target.dbname][2])
    if mark is None or (mark.label, mark.role) != (label, "live"):
        return False
    assert f"{shop.target.dbname}_old_{label}" in there
    assert len(shop.users()) == 50
    run(shop.source.of("postgres"), "alter role shop_app login")  # stays fenced after a GO
    return True


def die_and_come_back(
    shop: Shop,
    mortal: embedded.Server,
    at: tuple[str, str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Die at a point, ask what there is, take it back, and see that nothing was lost."""
    before, held = shop.databases(), fingerprint.of(shop.target)
    step, when, by = at

    status = crash(shop, f"{step}:{when}", by, server=mortal)
    back = come_back(shop, capsys)

    assert is_end(status, by)
    if not reached_go(shop):
        assert shop.databases() == before
        assert fingerprint.of(shop.target) == held
    else:
        assert step == "go"
    assert leftovers(shop) == []
    note(step, when, by, status, back)


def test_every_step_of_a_swap_is_a_kill_point(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shop.migrate("--json") == 0
    assert [step["step"] for step in json.loads(capsys.readouterr().out)["steps"]] == STEPS


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS)
def test_step_that_dies_loses_nothing_and_a_later_run_gets_to_go(
    shop: Shop, mortal: embedded.Server, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    for by in WAYS:
        for when in ("before", "after"):
            die_and_come_back(shop, mortal, (step, when, by), capsys)
    assert shop.migrate("--execute") == 0


@pytest.mark.parametrize(
    ("step", "when", "by"),
    [
        ("create", "after", "KILL"),
        pytest.param("swap", "before", "STOP", marks=pytest.mark.long),
    ],
)
def test_run_that_dies_loses_nothing_and_a_later_one_gets_to_go(
    shop: Shop,
    mortal: embedded.Server,
    capsys: pytest.CaptureFixture[str],
    step: str,
    when: str,
    by: str,
) -> None:
    die_and_come_back(shop, mortal, (step, when, by), capsys)
    assert shop.migrate("--execute") == 0


@pytest.mark.long
@pytest.mark.parametrize("by", WAYS)
def test_command_that_dies_loses_nothing_and_a_later_one_gets_to_go(
    shop: Shop, mortal: embedded.Server, capsys: pytest.CaptureFixture[str], by: str
) -> None:
    test_command.declare(shop, test_command.COPY)
    for when in ("before", "after"):
        die_and_come_back(shop, mortal, ("command", when, by), capsys)
    assert shop.migrate("--execute") == 0


@pytest.mark.long
@pytest.mark.parametrize("by", WAYS)
def test_exercise_that_dies_loses_nothing_and_a_later_one_gets_to_go(
    shop: Shop,
    mortal: embedded.Server,
    capsys: pytest.CaptureFixture[str],
    by: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with used(shop, monkeypatch):
        for when in ("before", "after"):
            die_and_come_back(shop, mortal, ("exercise", when, by), capsys)
        assert shop.migrate("--execute") == 0
