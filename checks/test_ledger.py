"""Is the record of applied migrations complete and honest, and the only one?

One test per ledger, on the side that is migrated: the source before the dump, the target after it.
Files that gatepost itself is to run are looked at, and tried with their ways back, before that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.ledgers import judging, tables
from gatepost.ledgers.tables import Rivals
from gatepost.migrations import trial
from gatepost.migrations.trial import Folder

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.session import Session
    from gatepost.settings import Gate, Ledger
    from gatepost.side import Side

pytestmark = pytest.mark.gate("ledger")


def test_ledger_tells_the_truth(
    ledger: Ledger | Folder | Rivals,
    gatepost_session: Session,
    asked_gate: Gate,
    evidence: Evidence,
) -> None:
    side = gatepost_session.before if asked_gate == "pre" else gatepost_session.after
    findings: tuple[str, ...]
    if isinstance(ledger, Folder):
        tried = trial.of(gatepost_session.settings, gatepost_session.before, gatepost_session.after)
        findings, notes = tried.findings, tried.notes
    elif isinstance(ledger, Rivals):
        findings, notes = tables.told(ledger, side.catalog), ()
    else:
        findings, notes = _told(ledger, gatepost_session, side, evidence)
    for note in notes:
        evidence.note(note)
    assert not findings, "\n".join(findings)


def _told(
    ledger: Ledger, session: Session, side: Side, evidence: Evidence
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    settings = session.settings
    # Before a run of ours, what it is to run is not missing yet, the ledger itself among it.
    begins = session.handover.gate == "pre" and settings.project.migrate.runs_migrations
    entries = judging.read(side.connection, ledger, side.catalog)
    if entries is None and not begins:
        return (f"{ledger.table}: missing {side.label}",), ()
    evidence.attach(f"ledger {side.label}", entries or ())
    files = settings.path(ledger.files) if ledger.files else None
    told = judging.judge(ledger, entries or (), files, pending=begins)
    return told.findings, told.notes
