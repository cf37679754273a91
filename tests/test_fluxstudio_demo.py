"""Does FluxStudio's migration end as its README says, whole and broken in every way?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from examples.fluxstudio import faults

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
AS_BEFORE = "NO-GO; files, application and database are as before"
# What stops first of all stands for the rest: each of the others takes most of a migration.
ALWAYS = ("x17_wrong_top_key",)


def demo(*options: str) -> tuple[int, str]:
    """Run the demo; return its exit status and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "examples.fluxstudio.demo", *options],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        timeout=600,
    )
    return done.returncode, done.stdout + done.stderr


def told(said: str) -> str:
    """Return what came of it: the lines that say no, and what stands below them."""
    lines = said.splitlines()
    starts = [n for n, line in enumerate(lines) if line.startswith(("  no  ", "  failed"))]
    return "\n".join(lines[starts[0] :]) if starts else said.partition("planting")[2]


def test_demo_rehearses_migrates_and_drills_the_way_back() -> None:
    status, said = demo()

    assert status == 0, said
    assert "GO: rehearsed: every gate said yes" in said
    assert "GO: every gate said yes" in said
    assert said.count("VERIFIED: ") == 2
    assert "the application kept 30 users in files before" in said
    assert "and keeps 30 in postgresql now; the files are as they were" in said


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in ALWAYS else pytest.mark.long)
        for name in faults.FAULTS
    ],
)
def test_broken_demo_ends_in_no_go_with_the_culprit_named(name: str) -> None:
    status, said = demo("--break", name)

    assert status == 0, said
    assert AS_BEFORE in said
    assert faults.FAULTS[name].culprit in told(said), said


def test_every_way_in_which_the_real_one_failed_can_be_planted() -> None:
    numbers = {int(name.partition("_")[0].removeprefix("x")) for name in faults.FAULTS}

    assert numbers == {*range(1, 18)}


def test_unknown_fault_is_told_with_the_one_that_was_meant() -> None:
    status, said = demo("--break", "x17_wrong_top_kee")

    assert status == 64
    assert said.splitlines() == [
        "no fault 'x17_wrong_top_kee'",
        "  hint: did you mean 'x17_wrong_top_key'?",
    ]
