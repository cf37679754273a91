"""Does every object belong to whom it did, and may everybody do what they could?

One test per schema, and one each for the database, the roles and the default privileges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.schema import privileges

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.settings import Settings
    from gatepost.side import Side

pytestmark = pytest.mark.gate("privileges")


def test_rights_are_what_they_were(
    subject: str, before: Side, after: Side, gatepost_settings: Settings, evidence: Evidence
) -> None:
    compared = privileges.compare(
        subject, before.privileges, after.privileges, gatepost_settings.project.privileges
    )
    for note in compared.notes:
        evidence.note(note)
    if compared.script:
        evidence.attach("what would mend it", compared.script)
    assert not compared.findings, compared.told
