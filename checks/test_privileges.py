"""Does every object belong to whom it did, and may everybody do what they could?

One test per schema, and one each for the database, the roles and the default privileges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.schema.privileges import Comparison

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.session import Session

pytestmark = pytest.mark.gate("privileges")


@pytest.fixture(scope="session")
def rights(gatepost_session: Session) -> Comparison:
    """Both sides' rights, gone through once for all subjects."""
    before, after = gatepost_session.before, gatepost_session.after
    declared = gatepost_session.settings.project.privileges
    return Comparison(before.privileges, after.privileges, declared)


def test_rights_are_what_they_were(subject: str, rights: Comparison, evidence: Evidence) -> None:
    compared = rights.of(subject)
    for note in compared.notes:
        evidence.note(note)
    if compared.script:
        evidence.attach("what would mend it", compared.script)
    assert not compared.findings, compared.told
