"""Are server, database and roles set alike, where it changes what data mean?

One test each for the server, the database and the roles within it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.schema.configuration import set_otherwise
from gatepost.schema.configuration.set_otherwise import Target

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.session import Session
    from gatepost.side import Side

pytestmark = pytest.mark.gate("settings")


def test_set_alike(
    subject: str, before: Side, after: Side, gatepost_session: Session, evidence: Evidence
) -> None:
    settings, name = gatepost_session.settings, gatepost_session.handover.database
    compared = set_otherwise.compare(
        subject,
        before.configuration,
        after.configuration,
        Target(name or settings.after.dbname, exists=bool(name)),
        settings.project.privileges.roles,
    )
    for note in compared.notes:
        evidence.note(note)
    assert not compared.findings, "\n".join(compared.findings)
