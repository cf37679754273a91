"""Do the rows that are there meet what pending migrations demand of them?

One test for each NOT NULL, unique key, CHECK, foreign key, exclusion and change of type that the
pending files add, before any of them runs: on the rows as the statements before it leave them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.violations import telling

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.session import Session
    from gatepost.violations.claims import Claim

pytestmark = pytest.mark.gate("violations")


def test_rows_meet_what_is_demanded_of_them(
    claim: Claim, gatepost_session: Session, evidence: Evidence
) -> None:
    told = telling.of(gatepost_session, claim)
    if told.facts is not None:
        evidence.attach(claim.subject, told.facts)
    evidence.note(*told.notes)
    assert not told.findings, "\n".join(told.findings)
