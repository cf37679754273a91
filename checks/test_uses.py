"""Does nothing still use what pending migrations drop, rename or give another type?

One test for each such thing: what the server knows to need it, functions whose bodies name it, and,
where pg_stat_statements is there, statements that applications asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.uses import telling

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.session import Session
    from gatepost.uses.taken import Taken

pytestmark = pytest.mark.gate("uses")


def test_nothing_uses_what_is_taken_away(
    taken: Taken, gatepost_session: Session, evidence: Evidence
) -> None:
    told = telling.of(gatepost_session.settings, gatepost_session.before, taken)
    evidence.note(*told.notes)
    assert not told.findings, "\n".join(told.findings)
