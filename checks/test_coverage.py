"""Does a query take every collection and every field of the source?

One test per collection.  What no query takes is lost without a trace, since what fills the target
and what it is compared with are the same; a field of one record in a million counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.mapping import coverage, mapped
from gatepost.mapping.planned import rules

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.session import Session

pytestmark = pytest.mark.gate("coverage")


def test_every_field_goes_somewhere(
    collection: str, gatepost_session: Session, evidence: Evidence
) -> None:
    declared = rules(gatepost_session.settings, collection)
    told = coverage.judge(mapped.of(gatepost_session.before), collection, declared)
    evidence.attach(f"fields of {collection}", told.facts)
    for note in told.notes:
        evidence.note(note)
    assert not told.findings, "\n".join(told.findings)
