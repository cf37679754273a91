"""Does what a migration made hold what the project declares?

One test per table that is new, or has new columns.  That it still holds what it held, `rows` and
`columns` prove; here the new is counted, value by value: a default fills every row that was there,
and no row asked for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.additions import told

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.names import Relation
    from gatepost.session import Session

pytestmark = pytest.mark.gate("additions")


def test_what_is_new_holds_what_was_declared(
    table: Relation, gatepost_session: Session, evidence: Evidence
) -> None:
    found = told.additions(gatepost_session, table)
    evidence.attach(f"what is new of {table}", found.facts)
    for note in found.notes:
        evidence.note(note)
    assert not found.findings, "\n".join(found.findings)
