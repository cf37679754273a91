"""Is every extension there, or to be had, in a version that will do?

One test per extension.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import preflight
from gatepost.schema import extensions

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.session import Session
    from gatepost.side import Side

pytestmark = pytest.mark.gate("extensions")


def test_extension_will_do(
    subject: str,
    before: Side,
    after: Side,
    asked_gate: str,
    gatepost_session: Session,
    evidence: Evidence,
) -> None:
    exists = bool(gatepost_session.handover.database)
    was = extensions.named(subject, before.extensions)
    now = extensions.named(subject, after.extensions) if exists else None
    if asked_gate == "pre" and was is not None and now is None:
        offer = extensions.offered(after.connection, subject)
        major = preflight.server(after.connection).major
        compared = extensions.promise(was, offer, major=major, exists=exists)
    else:
        compared = extensions.compare(was, now)
    loaded = extensions.library(subject, before.configuration, after.configuration)
    for note in compared.notes:
        evidence.note(note)
    findings = (*compared.findings, *loaded.findings)
    assert not findings, "\n".join(findings)
