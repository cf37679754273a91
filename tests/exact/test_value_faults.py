"""Is damage to a single value found, and are table, column, key and kind of damage named?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from gatepost.names import Relation
from gatepost.parity import tables
from gatepost.parity.rows import AtFault
from tests.exact import faults_of_moments, faults_of_numbers, faults_of_structures, faults_of_texts
from tests.exact.columns import TYPES
from tests.exact.restoring import made, restored, told
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.embedded import Server
    from gatepost.session import Session
    from tests.exact.value_faults import ValueFault

pytestmark = pytest.mark.slow

FAULTS = (
    *faults_of_texts.FAULTS,
    *faults_of_numbers.FAULTS,
    *faults_of_moments.FAULTS,
    *faults_of_structures.FAULTS,
)


@pytest.fixture(scope="module")
def session(
    server16: Server, server18: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Session]:
    """All tables, dumped, restored and damaged at once."""
    name = "value_faults"
    with contextlib.ExitStack() as held:
        before, after = (held.enter_context(made(one, name)) for one in (server16, server18))
        told(before, [TYPES, *(fault.made() for fault in FAULTS)])
        restored(server16, server18, name, tmp_path_factory.mktemp(name))
        told(after, (fault.planted() for fault in FAULTS))
        yield held.enter_context(opened(before, after))


def test_faults_are_sixty_and_more() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 60


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
def test_fault_is_found_and_named(session: Session, fault: ValueFault) -> None:
    relation = Relation("public", fault.name)
    found = tables.compare(session, relation)

    assert not found.alike
    assert str(relation) in found.finding
    assert isinstance(found.at_fault, AtFault)
    assert found.at_fault.complete
    assert [(row.kind, row.key, row.columns) for row in found.at_fault.rows] == [
        ("changed", f"id = ({row})", fault.columns) for row in fault.rows
    ]
    assert [damage.column for damage in found.damage] == list(fault.columns)
    (cause,) = found.at_fault.causes
    assert cause.column == ", ".join(fault.columns)
    assert fault.kind in cause.kind
    assert cause.kind in found.finding
