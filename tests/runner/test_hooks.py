"""Are hooks called when they should be, believed as far as they can be, kept without a secret?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from gatepost import conduct
from gatepost.errors import ToolFailed, UsageError
from runner import steps
from runner.programs import hooks
from runner.programs.hooks import Hooks
from tests.runner.conftest import HOOKS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.runner.conftest import Shop

SECRET = "p@ss word"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where what hooks say is kept."""
    return tmp_path / "hooks"


def declared(folder: Path, **migrate: Any) -> Hooks:
    """Return hooks."""
    told = {"GATEPOST_RUN": "label"}
    commands = conduct.Migrate(**migrate)
    return Hooks(commands, folder, folder.parent, told, (SECRET,))


def test_hook_is_told_what_is_going_on(folder: Path) -> None:
    echo = 'echo "$GATEPOST_HOOK of $GATEPOST_RUN: $GATEPOST_SYSTEM in $PWD"'

    declared(folder, stop=echo).call("stop", GATEPOST_SYSTEM="old")

    assert (folder / "stop.txt").read_text() == f"stop of label: old in {folder.parent}\n"


def test_list_is_run_without_a_shell(folder: Path) -> None:
    declared(folder, stop=(sys.executable, "-c", "print('$HOME; exit 1')")).call("stop")

    assert (folder / "stop.txt").read_text() == "$HOME; exit 1\n"


def test_each_call_is_kept_and_of_the_status_the_last(folder: Path) -> None:
    made = declared(folder, stop="echo $GATEPOST_SYSTEM", status="echo asked")

    made.call("stop", GATEPOST_SYSTEM="old")
    made.call("stop", GATEPOST_SYSTEM="new")
    made.wait_until(up=True)
    made.wait_until(up=True)

    kept = {file.name: file.read_text() for file in folder.iterdir()}
    assert kept == {"stop.txt": "old\n", "stop-2.txt": "new\n", "status.txt": "asked\n"}


def test_no_password_is_kept_or_said(folder: Path) -> None:
    """Neither as it is nor as a URL spells it, not even by a hook that fails."""
    line = f"echo 'postgresql://me:p%40ss%20word@db/shop {SECRET}'; exit 3"

    with pytest.raises(ToolFailed) as caught:
        declared(folder, stop=line).call("stop")

    assert str(caught.value) == "stop hook: exit status 3: postgresql://me:****@db/shop ****"
    assert [file.name for file in folder.iterdir()] == ["stop.txt"]
    assert (folder / "stop.txt").read_text() == "postgresql://me:****@db/shop ****\n"


def test_hook_that_takes_too_long_is_ended(folder: Path) -> None:
    made = declared(folder, stop=f"echo begun {SECRET!r}; sleep 60", hook_timeout=0.3)

    with pytest.raises(ToolFailed, match="stop hook: not done within 300 ms"):
        made.call("stop")

    assert (folder / "stop.txt").read_text() == "begun ****\n"


def test_status_that_never_says_down_is_not_waited_for_for_ever(folder: Path) -> None:
    made = declared(folder, stop="true", status="true", hook_timeout=0.5)

    with pytest.raises(ToolFailed, match="not down after 500 ms: the status hook still says up"):
        made.wait_until(up=False)


@pytest.mark.parametrize("up", [True, False])
def test_status_that_cannot_tell_counts_for_neither(folder: Path, up: bool) -> None:
    made = declared(folder, status="exit 255", hook_timeout=0.3)

    assert made.is_up() is None
    with pytest.raises(ToolFailed, match="the status hook cannot tell"):
        made.wait_until(up=up)


def test_hooks_around_a_step_are_called_around_it(folder: Path) -> None:
    lines = {"before swap": "echo $GATEPOST_STEP before", "after swap": ("echo", "after")}
    made = declared(folder, hooks=lines)

    with made.around("swap"):
        assert (folder / "before-swap.txt").read_text() == "swap before\n"
        assert not (folder / "after-swap.txt").exists()
    with made.around("restore"):
        pass

    assert (folder / "after-swap.txt").read_text() == "after\n"
    assert len([*folder.iterdir()]) == 2


def test_step_whose_hook_fails_is_not_begun(folder: Path) -> None:
    made = declared(folder, hooks={"before swap": "echo no; exit 4", "after swap": "true"})

    with (
        pytest.raises(ToolFailed, match="before swap hook: exit status 4: no"),
        made.around("swap"),
    ):
        pytest.fail("the step was begun")

    assert not (folder / "after-swap.txt").exists()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("before restor", "did you mean 'before restore'?"),
        ("befor restore", "did you mean 'before restore'?"),
        ("restore", "did you mean 'before restore'?|the steps are|did you mean 'after restore'"),
        ("x", "the steps are stage"),
    ],
)
def test_step_that_there_is_not_is_refused(key: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        hooks.refuse({key: "true"}, [step.name for step in steps.ALL])

    assert caught.value.message == f"migrate.hooks: '{key}' is before or after no step"
    assert any(one in caught.value.hint for one in said.split("|"))


def test_every_step_can_have_hooks() -> None:
    names = [step.name for step in steps.ALL]

    hooks.refuse(
        {f"{when} {name}": "true" for when in ("before", "after") for name in names}, names
    )


@pytest.mark.slow
def test_hook_around_a_step_that_fails_takes_the_way_back(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told where it is, and what the run's databases are called."""
    told = 'echo "$GATEPOST_STEP $GATEPOST_DATABASE $GATEPOST_NEXT_DATABASE"'
    shop.declare(f'{HOOKS}[migrate.hooks]\n"before restore" = \'{told}\'\n"after swap" = ["false"]')
    before = shop.databases()

    assert shop.migrate("--execute") == 20

    name, (run,) = shop.target.dbname, shop.runs
    assert "after swap hook: exit status 1" in capsys.readouterr().out
    assert (run / "hooks" / "before-restore.txt").read_text() == f"restore {name} {name}_next\n"
    assert shop.is_as_before(before)
    assert shop.calls == ["stop old", "start old"]
    assert shop.states()["swap"] == "failed"


@pytest.mark.slow
def test_hook_for_a_misspelt_step_is_refused_before_anything_is_done(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.declare(f'{HOOKS}[migrate.hooks]\n"before resore" = "true"')

    assert shop.migrate() == 64

    assert "did you mean 'before restore'?" in capsys.readouterr().err
    assert shop.runs == []
