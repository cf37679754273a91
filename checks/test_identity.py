"""Are the two databases two, and is the target the primary and not a copy that follows it?

Where migrations change the database itself, in place or as a clone, they are to be one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import preflight, terms

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.settings import Settings
    from gatepost.side import Side

pytestmark = pytest.mark.gate("identity")


def test_databases_are_those_that_were_meant(
    subject: str, before: Side, after: Side, gatepost_settings: Settings, evidence: Evidence
) -> None:
    was, now = before.info, after.info
    evidence.record(subject, before=was, after=now)
    assert not preflight.server(after.connection).standby, (
        f"after is a standby ({now.server}, {now.database}): nothing can be written to it"
    )
    are_one = terms.are_one_database(before, after)
    if gatepost_settings.of_itself:
        assert are_one, (
            f"before and after are two databases ({was.database} at {was.server}, {now.database} at"
            f" {now.server}), and the migrations are to change one"
        )
        return
    assert not are_one, (
        f"before and after are one database (system {was.system_identifier}, {was.database})"
    )
