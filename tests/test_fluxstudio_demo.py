"""Does FluxStudio's migration end as its README says, whole and broken in every way?"""

from __future__ import annotations

from functools import partial

import pytest

from examples.fluxstudio import faults
from tests import demos

pytestmark = pytest.mark.slow

AS_BEFORE = "NO-GO; files, application and database are as before"
# What stops first of all stands for the rest: each of the others takes most of a migration.
ALWAYS = ("x17_wrong_top_key",)


demo = partial(demos.run, "fluxstudio")


@pytest.mark.long
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
    assert faults.FAULTS[name].culprit in demos.told(said), said


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
