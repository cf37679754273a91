"""Are server, database and roles set alike, where it changes what data mean?

One test each for the server, the database and the roles within it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.schema import configuration

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.side import Side

pytestmark = pytest.mark.gate("settings")


def test_set_alike(subject: str, before: Side, after: Side, evidence: Evidence) -> None:
    compared = configuration.compare(subject, before.configuration, after.configuration)
    for note in compared.notes:
        evidence.note(note)
    assert not compared.findings, "\n".join(compared.findings)
