"""Does the migration of the pools end as its README says: whole, broken, and in trouble?"""

from __future__ import annotations

import re
from functools import partial

import pytest

from examples.poolmanager.faults import FAULTS
from examples.poolmanager.trouble import TROUBLES
from tests import demos

pytestmark = pytest.mark.slow

AS_BEFORE = "NO-GO ({}); database and application are as before"
# What stops first of all stands for the rest: each of the others takes most of a migration.
ALWAYS = ("p11_names_twice",)
# By whom the real ones are told: P1 to P15, and two of another platform.
PROMISED = {*(f"p{number}" for number in range(1, 16)), "f8", "f9"}


demo = partial(demos.run, "poolmanager")


@pytest.mark.long
def test_demo_migrates_staging_then_rehearses_and_migrates_production() -> None:
    status, said = demo()

    assert status == 0, said
    assert said.count("GO: every gate said yes") == 2
    assert "GO: rehearsed: every gate said yes" in said
    assert "production counted 5 pools by the old release before" in said
    assert "and counts 5 by the new one now" in said
    assert re.search(r"4 migrations in [\d.]+ m?s, the longest 2025\w+", said)
    assert "no report" not in said


@pytest.mark.long
def test_demo_swaps_a_migrated_copy_in() -> None:
    status, said = demo("--swap")

    assert status == 0, said
    assert "GO: every gate said yes" in said
    assert "and counts 5 by the new one now" in said
    assert "  done   swap " in said


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in ALWAYS else pytest.mark.long) for name in FAULTS],
)
def test_broken_demo_ends_in_no_go_with_the_culprit_named(name: str) -> None:
    status, said = demo("--break", name)

    assert status == 0, said
    assert AS_BEFORE.format(FAULTS[name].ends[0]) in said
    assert FAULTS[name].culprit in demos.told(said), said


@pytest.mark.long
@pytest.mark.parametrize("kind", TROUBLES)
def test_release_in_trouble_is_taken_back_by_itself(kind: str) -> None:
    status, said = demo("--trouble", kind)

    assert status == 0, said
    assert "GO: every gate said yes" in said
    assert "\nROLLED BACK: " in said
    assert "taken back; database and application are as before" in said


def test_every_way_in_which_the_real_one_failed_can_be_planted() -> None:
    assert {name.partition("_")[0] for name in FAULTS} >= PROMISED


def test_unknown_fault_is_told_with_the_one_that_was_meant() -> None:
    status, said = demo("--break", "p11_name_twice")

    assert status == 64
    assert said.splitlines() == [
        "no fault 'p11_name_twice'",
        "  hint: did you mean 'p11_names_twice'?",
    ]
