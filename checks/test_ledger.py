"""Is the record of applied migrations complete and honest, and the only one?

One test per ledger, on the side that is migrated: the source before the dump, the target after it.
Files that gatepost itself is to run are looked at, and tried with their ways back, before that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.ledgers import answers, reading, tables
from gatepost.ledgers.entries import Told
from gatepost.ledgers.tables import Rivals
from gatepost.migrations import trial
from gatepost.migrations.trial import Folder

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.ledgers.declared import Ledger
    from gatepost.session import Session
    from gatepost.settings import Gate

pytestmark = pytest.mark.gate("ledger")


def test_ledger_tells_the_truth(
    ledger: Ledger | Folder | Rivals,
    gatepost_session: Session,
    asked_gate: Gate,
    evidence: Evidence,
) -> None:
    session = gatepost_session
    side = session.before if asked_gate == "pre" else session.after
    if isinstance(ledger, Folder):
        tried = trial.of(session.settings, session.before, session.after)
        found = Told(tried.findings, tried.notes)
    elif isinstance(ledger, Rivals):
        found = Told(tables.told(ledger, side.catalog))
    else:
        evidence.attach(f"ledger {side.label}", reading.of(side, ledger) or ())
        found = answers.of(session, side, ledger, asked_gate)
    evidence.note(*found.notes)
    assert not found.findings, "\n".join(found.findings)
