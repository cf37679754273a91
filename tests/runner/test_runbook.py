"""Can what the runbook says be typed, and does it tell of all that will be seen?"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from runner import steps, verbs
from runner.__main__ import _parser
from runner.outcome import Exit

RUNBOOK = (Path(__file__).resolve().parents[2] / "docs" / "runbook.md").read_text(encoding="utf-8")
README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
# In running text a command may go on in the next line.
COMMANDS = re.findall(r"`gatepost\s([a-z]+[^`]*)`", RUNBOOK)
COMMANDS += re.findall(r"(?m)^gatepost ([a-z].*)$", RUNBOOK)


def words(command: str) -> list[str]:
    """The arguments of a command as it stands in the text."""
    return shlex.split(command.partition("#")[0])


@pytest.mark.parametrize("command", sorted({*COMMANDS}))
def test_command_of_the_runbook_can_be_typed(command: str) -> None:
    verb, *options = words(command)
    if verb == "schema":
        return
    if not options:
        assert verb in {one.name for one in verbs.ALL}
        return

    given = _parser().parse_args([verb, *options])

    assert given.target == "prod"


def test_runbook_has_commands() -> None:
    assert len(COMMANDS) > 20


@pytest.mark.parametrize("verb", [one.name for one in verbs.ALL])
@pytest.mark.parametrize("text", [RUNBOOK, README], ids=["runbook", "readme"])
def test_every_verb_is_told_of(verb: str, text: str) -> None:
    assert f"`{verb}`" in text or f"`gatepost {verb}" in text


@pytest.mark.parametrize("step", [step.name for step in steps.ALL])
def test_every_step_that_is_seen_on_the_screen_is_told_of(step: str) -> None:
    rows = [line for line in RUNBOOK.splitlines() if line.startswith("| ")]

    assert any(step in line.split("|")[1] for line in rows) or f"`{step}`" in RUNBOOK


@pytest.mark.parametrize("status", [int(one) for one in Exit])
def test_every_exit_status_has_a_line(status: int) -> None:
    assert re.search(rf"(?m)^\| {status} \|", RUNBOOK)
