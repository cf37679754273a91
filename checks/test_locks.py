"""Did migrations keep a table from its users for longer than the project can afford?

As the runner saw it while they ran: on the clone before the original is touched, and then on the
original.  One test per table that was locked against writers, or against readers too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import locks

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.locks import Locked
    from gatepost.settings import Settings

pytestmark = pytest.mark.gate("locks")


def test_table_was_locked_no_longer_than_allowed(
    locked: Locked, gatepost_settings: Settings, evidence: Evidence
) -> None:
    evidence.attach("locks", locked.locks)
    allowed = gatepost_settings.project.limits.lock
    evidence.note(*locks.notes(locked, allowed))
    findings = tuple(locks.findings(locked, allowed))
    assert not findings, "\n".join(findings)
