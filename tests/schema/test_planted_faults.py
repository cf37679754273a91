"""Is every planted difference found by the right question, and nothing else said?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.schema.planted.batch import FAULTS, Batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.schema.conftest import Servers
    from tests.schema.planted import Fault
    from tests.schema.verdict import Verdict

# Those of every change, and the rest; 14 is on one side of every round trip, too.
ALWAYS = ((15, 15), (15, 18), (16, 18), (18, 18))
REST = ((14, 14), (14, 15), (14, 17), (14, 18), (16, 17), (17, 17), (17, 18))


def _marks(pair: tuple[int, int]) -> tuple[pytest.MarkDecorator, ...]:
    return (pytest.mark.long,) if pair in REST else ()


PAIRS = [pytest.param(pair, marks=_marks(pair)) for pair in (*ALWAYS, *REST)]
CASES = [
    pytest.param(fault, pair, id=f"{fault.name}-{pair[0]}-{pair[1]}", marks=_marks(pair))
    for fault in FAULTS
    for pair in (*ALWAYS, *REST)
    if fault.since <= min(pair)
]


@pytest.fixture(scope="module")
def batch(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    """All databases of the batch."""
    with contextlib.closing(Batch(servers, tmp_path_factory.mktemp("facts"))) as made:
        yield made


def of(fault: Fault, said: Verdict) -> list[tuple[str, str]]:
    """Return the findings that are about a fault."""
    return [(name, line) for name, line in said.lines if fault.owns(line)]


def meets(line: tuple[str, str], wanted: tuple[str, tuple[str, ...]]) -> bool:
    """Whether a finding is of the question, and has the words, that are wanted."""
    return line[0] == wanted[0] and all(word in line[1] for word in wanted[1])


@pytest.mark.parametrize(("fault", "pair"), CASES)
def test_difference_is_found_and_nothing_else_said(
    fault: Fault, pair: tuple[int, int], batch: Batch
) -> None:
    before, after = pair
    said = batch.verdict((before, "healthy"), (after, "damaged"))
    found = of(fault, said)
    if fault.note:
        assert found == []
        notes = [(name, line) for name, lines in said.notes.items() for line in lines]
        assert any(meets(note, fault.expected[0]) for note in notes)
        return
    for wanted in fault.expected:
        assert any(meets(line, wanted) for line in found), f"{wanted} is not in {found}"
    for line in found:
        assert any(meets(line, wanted) for wanted in fault.expected), f"{line} was not expected"


@pytest.mark.parametrize("pair", PAIRS)
def test_differences_are_found_in_the_other_direction(pair: tuple[int, int], batch: Batch) -> None:
    before, after = pair
    said = batch.verdict((before, "damaged"), (after, "healthy"))
    applying = [fault for fault in FAULTS if fault.since <= min(pair)]
    asked = {fault: {name for name, _ in of(fault, said)} for fault in applying}
    notes = [fault.name for fault, questions in asked.items() if fault.note and questions]
    assert notes == []
    # what is free, in order or allowed after is judged by what is after: other questions may rest
    missed = [
        fault.name
        for fault, questions in asked.items()
        if fault.question == "schema" and not fault.note and "schema" not in questions
    ]
    assert missed == []
    wrong = [
        fault.name
        for fault, questions in asked.items()
        if not questions <= {"schema", *(name for name, _ in fault.expected)}
    ]
    assert wrong == []


@pytest.mark.parametrize("pair", PAIRS)
def test_healthy_twins_are_quiet(pair: tuple[int, int], batch: Batch) -> None:
    before, after = pair
    said = batch.verdict((before, "healthy"), (after, "twin"))
    assert others(said, pair) == []


@pytest.mark.parametrize("pair", [(14, 18), (15, 18), (16, 18)])
def test_the_damaged_are_alike_on_two_versions(pair: tuple[int, int], batch: Batch) -> None:
    before, after = pair
    said = batch.verdict((before, "damaged"), (after, "damaged"))
    # where a sequence must stand is judged by the after side's own rows
    assert [line for line in others(said, pair) if line[0] != "sequences"] == []


@pytest.mark.parametrize("pair", PAIRS)
def test_no_finding_is_without_a_fault(pair: tuple[int, int], batch: Batch) -> None:
    before, after = pair
    said = batch.verdict((before, "healthy"), (after, "damaged"))
    assert [line for line in said.lines if not any(one.owns(line[1]) for one in FAULTS)] == []


def others(said: Verdict, pair: tuple[int, int]) -> list[tuple[str, str]]:
    """Return the findings without those of what one of the versions cannot declare."""
    beyond = [fault for fault in FAULTS if fault.since > min(pair)]
    return [line for line in said.lines if not any(one.owns(line[1]) for one in beyond)]
