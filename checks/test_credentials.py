"""Did every credential arrive?

One test per field: as many values after as there were before, in the column that its query gives
them to.  That none of them became another is for `rows` to say, which compares the values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.mapping import credentials

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.session import Session

pytestmark = pytest.mark.gate("credentials")


def test_no_credential_is_lost(
    credential: tuple[str, str], gatepost_session: Session, evidence: Evidence
) -> None:
    session = gatepost_session
    told = credentials.told(session.settings, session.sides, *credential)
    evidence.attach(".".join(credential), told.facts)
    for note in told.notes:
        evidence.note(note)
    assert not told.findings, "\n".join(told.findings)
