"""Does each rule speak of what breaks it, and of nothing that is well?  The server judges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.linting import rules
from tests.linting.healthy import HEALTHY
from tests.linting.planted import BROKEN, named

if TYPE_CHECKING:
    from tests.linting.conftest import Place
    from tests.linting.planted import Planted

FAULTS = ("fails", "loses")
# What of these a server refuses only where it is not in a transaction already.
_BY_ITSELF = (rules.OUTSIDE,)


@pytest.mark.parametrize("planted", BROKEN, ids=repr)
def test_rule_speaks_of_what_breaks_it_and_no_other_does(place: Place, planted: Planted) -> None:
    said = place.hits(*planted.files)[-1]
    faults = [hit for hit in said if hit.rule.weight in FAULTS]

    assert {hit.rule.name for hit in faults} == {planted.rule.name}
    assert any(planted.says in hit.said and hit.line == planted.line for hit in faults), faults


@pytest.mark.parametrize(
    "planted", [one for one in BROKEN if one.refused and len(one.files) == 1], ids=repr
)
def test_server_refuses_what_is_said_to_fail(place: Place, planted: Planted) -> None:
    if planted.rule in _BY_ITSELF:
        assert place.refusal_for_good(*planted.files)
    else:
        assert place.refusal(planted.files[0])


@pytest.mark.parametrize("files", HEALTHY, ids=named)
def test_nothing_is_said_against_what_is_well(place: Place, files: tuple[str, ...]) -> None:
    for said in place.hits(*files):
        assert [hit for hit in said if hit.rule.weight in FAULTS] == []


@pytest.mark.parametrize("files", HEALTHY, ids=named)
@pytest.mark.long
def test_server_takes_what_is_said_to_be_well(place: Place, files: tuple[str, ...]) -> None:
    assert place.refusal_for_good(*files) == ""


def test_column_that_is_named_by_its_number_is_left_to_the_server(place: Place) -> None:
    assert place.hits("alter table pools alter 1 set statistics 5;") == ((),)


def test_every_rule_that_finds_was_seen_to_speak() -> None:
    spoken = {planted.rule.name for planted in BROKEN}

    assert spoken == {one.name for one in rules.RULES if one.weight in FAULTS}


def test_every_rule_says_claim_reason_and_way_out() -> None:
    assert len({one.name for one in rules.RULES}) == len(rules.RULES)
    for one in rules.RULES:
        assert one.claim
        assert one.why
        assert one.way_out
