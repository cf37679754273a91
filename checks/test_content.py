"""Do tables hold what the project declares of them?

One test per table: reference data that must be complete, codes that may be there and no others,
moments that cannot lie outside a season.  Asked before anything is written, and of what arrived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.additions import told

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.names import Relation
    from gatepost.session import Session

pytestmark = pytest.mark.gate("content")


def test_table_holds_what_was_declared(
    table: Relation, gatepost_session: Session, evidence: Evidence
) -> None:
    found = told.content(gatepost_session, table)
    evidence.attach(f"what {table} holds", found.facts)
    assert not found.findings, "\n".join(found.findings)
