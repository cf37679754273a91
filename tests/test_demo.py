"""Does the demo end as the README says, healthy and damaged?"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from examples.fonana import plant
from tests import demos

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
NO_GO = "NO-GO: rolled back, and the rollback is verified: the old system is live"
AS_BEFORE = "NO-GO, and the old database and application are as before"


demo = partial(demos.run, "fonana")


def test_demo_ends_in_go() -> None:
    status, said = demo()

    assert status == 0, said
    assert "GO: every gate said yes" in said
    assert "production said 4 creators before, and says 56 now" in said


@pytest.mark.parametrize(
    ("name", "culprit", "undone"),
    [
        pytest.param(
            "f5_price_null_becomes_zero",
            "columns public.posts: price: NULL became 0",
            "create",
            marks=pytest.mark.long,
        ),
        pytest.param(
            "f25_pictures_replaced",
            "media public.users.backgroundImage: 53 of 53",
            "swap",
            marks=pytest.mark.long,
        ),
    ],
)
def test_broken_demo_ends_in_no_go_with_the_old_system_live(
    name: str, culprit: str, undone: str
) -> None:
    status, said = demo("--break", name)

    assert status == 0, said
    assert NO_GO in said
    assert culprit in said
    assert f"  undone {undone}" in said
    assert AS_BEFORE in said


def test_missing_media_are_found_before_anything_is_changed() -> None:
    status, said = demo("--missing-media")

    assert status == 0, said
    assert "NO-GO: no at preflight: nothing was changed" in said
    assert "8 of 164 files are missing" in said


def test_unknown_fault_is_told_with_the_one_that_was_meant() -> None:
    status, said = demo("--break", "f5_price_null_becomes_zer0")

    assert status == 64
    assert said.splitlines() == [
        "no fault 'f5_price_null_becomes_zer0'",
        "  hint: did you mean 'f5_price_null_becomes_zero'?",
    ]


def test_every_fault_of_the_demo_is_one_of_the_tests() -> None:
    names = {file.stem for file in (ROOT / "tests" / "faults").iterdir()}

    assert {fault.name for fault in plant.faults()} <= names
    assert len(plant.faults()) > 40
