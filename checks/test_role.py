"""May our roles do what the migration needs?

On the before side: read every row of every table, row security included, and lock tables against
writers.  On the after side: what a swap by rename needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import preflight

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.settings import Settings
    from gatepost.side import Side

pytestmark = pytest.mark.gate("role")


def test_role_has_the_rights(
    subject: str, before: Side, after: Side, gatepost_settings: Settings, evidence: Evidence
) -> None:
    findings: list[str] = []
    if subject == "before":
        hidden = preflight.unreadable(before.connection)
        locked = preflight.unlockable(before.connection)
        if hidden:
            findings.append(preflight.listed("before", hidden, "relations cannot be read wholly"))
        if locked:
            findings.append(preflight.listed("before", locked, "tables cannot be locked"))
    else:
        name = gatepost_settings.after.dbname
        rights = preflight.rights(after.connection, name)
        evidence.attach("rights", rights)
        findings.extend(preflight.swap_findings(rights, name))
    assert not findings, "\n".join(findings)
