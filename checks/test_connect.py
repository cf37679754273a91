"""Are both databases reachable, and could they be used now?

One test per side: connections are free, and the target is not made read-only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import preflight

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.session import Session

pytestmark = pytest.mark.gate("connect")


def test_database_can_be_used(side: str, gatepost_session: Session, evidence: Evidence) -> None:
    asked = gatepost_session.before if side == "before" else gatepost_session.after
    found = preflight.server(asked.connection)
    evidence.attach(f"server {side}", found)
    findings = preflight.connection_findings(side, found, is_target=side == "after")
    assert not findings, "\n".join(findings)
