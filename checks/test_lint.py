"""Can each pending migration be run as it is written, without loss and without a long wait?

One test per pending file, before any of them runs: its statements are read by PostgreSQL's own
grammar, each against what will be there once all before it have run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.linting import telling

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.linting.planned import Pending
    from gatepost.session import Session

pytestmark = pytest.mark.gate("lint")


def test_migration_can_be_run_as_it_is_written(
    migration: Pending, gatepost_session: Session, evidence: Evidence
) -> None:
    told = telling.of(gatepost_session, migration)
    evidence.attach(str(migration), told.facts)
    evidence.note(*told.notes)
    assert not told.findings, "\n".join(told.findings)
