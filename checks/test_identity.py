"""Are the two databases the ones that are meant, and not one?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import session

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.side import Side

pytestmark = pytest.mark.gate("identity")


def test_databases_are_two(subject: str, before: Side, after: Side, evidence: Evidence) -> None:
    was, now = before.info, after.info
    evidence.record(subject, before=was, after=now)
    assert not session.are_one_database(before, after), (
        f"before and after are one database (system {was.system_identifier}, {was.database})"
    )
