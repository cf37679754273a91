"""Will every table take every row that its query yields?

One test per table, before anything is loaded: types, NOT NULL, CHECK constraints, unique keys and
foreign keys.  What a table would refuse is told by the records of the source that it comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.mapping import casts

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.names import Relation
    from gatepost.session import Session

pytestmark = pytest.mark.gate("casts")


def test_table_takes_every_row(
    table: Relation, gatepost_session: Session, evidence: Evidence
) -> None:
    told = casts.of(gatepost_session.settings, gatepost_session.before, table)
    assert told is not None, f"{table}: a query fills it, and no migration makes it"
    evidence.attach(f"columns of {table}", told.facts)
    assert not told.findings, "\n".join(told.findings)
