"""Is the record of applied migrations complete and honest?

One test per ledger, on the side that is migrated: the source before the dump, the target after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import ledgers

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.session import Session
    from gatepost.settings import Ledger

pytestmark = pytest.mark.gate("ledger")


def test_ledger_tells_the_truth(
    ledger: Ledger, gatepost_session: Session, asked_gate: str, evidence: Evidence
) -> None:
    side = gatepost_session.before if asked_gate == "pre" else gatepost_session.after
    entries = ledgers.read(side.connection, ledger, side.catalog)
    assert entries is not None, f"{ledger.table}: missing {side.label}"
    evidence.attach(f"ledger {side.label}", entries)
    files = gatepost_session.settings.path(ledger.files) if ledger.files else None
    told = ledgers.judge(ledger, entries, files)
    for note in told.notes:
        evidence.note(note)
    assert not told.findings, "\n".join(told.findings)
