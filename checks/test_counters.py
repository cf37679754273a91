"""Do columns that hold a count say what there is to be counted?

One test per column that the project declares.  Such columns drift while the data is right: what is
wrong is a note, unless the project wants a finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.mapping import counters

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.mapping.declared import Counter
    from gatepost.session import Session

pytestmark = pytest.mark.gate("counters")


def test_counter_says_what_there_is(
    counter: Counter, gatepost_session: Session, evidence: Evidence
) -> None:
    told = counters.told(gatepost_session.settings, gatepost_session.sides, counter)
    evidence.attach(counter.column, told.facts)
    for note in told.notes:
        evidence.note(note)
    assert not told.findings, "\n".join(told.findings)
