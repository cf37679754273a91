"""Does every table still hold the rows it held?

One test per table.  Equal digests settle it.  Unequal digests are narrowed to the rows at fault, so
that the report names rows and not just a table.  Two databases without any table are no proof of
anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.parity import tables

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.names import Relation
    from gatepost.session import Session

pytestmark = pytest.mark.gate("rows")


def test_relation_holds_the_same_rows(
    relation: Relation | None, gatepost_session: Session, evidence: Evidence
) -> None:
    assert relation is not None, "neither database holds a table: is this the one that was meant?"
    compared = tables.compare(gatepost_session, relation)
    evidence.record(relation, before=compared.was, after=compared.now)
    for note in compared.notes:
        evidence.note(note)
    if compared.rows_differ:
        evidence.attach("rows at fault", str(compared.at_fault))
    assert compared.alike, compared.finding
