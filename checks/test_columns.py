"""If a table changed, what kind of damage is it?

One test per table.  Its columns' digests come with the scan that `rows` makes; only those that
differ are counted through: NULLs that became '' or 0, lost characters, mojibake, shifted moments,
cut texts, another distribution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.parity import tables

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.names import Relation
    from gatepost.session import Session

pytestmark = pytest.mark.gate("columns")


def test_columns_hold_the_same_values(
    relation: Relation, gatepost_session: Session, evidence: Evidence
) -> None:
    compared = tables.compare(gatepost_session, relation)
    damage = compared.damage
    evidence.record(
        relation,
        before=compared.was.columns if compared.was else None,
        after=compared.now.columns if compared.now else None,
    )
    assert not damage, "\n".join(f"{relation}.{one}" for one in damage)
