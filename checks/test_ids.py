"""Is every id one record's alone, and does it lead to that record's row?

One test per collection with ids, and one for the types of what points and what is pointed to.
Before: who has none, who shares one, who points to nobody.  After: a row for each, and each old id
written down where the project keeps them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.mapping import ends, ids

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.session import Session

pytestmark = pytest.mark.gate("ids")


def test_ids_lead_to_their_rows(
    collection: str, gatepost_session: Session, asked_gate: str, evidence: Evidence
) -> None:
    settings, sides = gatepost_session.settings, gatepost_session.sides
    if collection == ends.SUBJECT:
        told = ends.told(settings, sides.before if asked_gate == "pre" else sides.after)
    else:
        told = ids.told(settings, sides, collection, asked_gate)
    evidence.attach(collection, told.facts)
    for note in told.notes:
        evidence.note(note)
    assert not told.findings, "\n".join(told.findings)
