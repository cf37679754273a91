"""Do the application's queries take, on average, no longer than the project allows?

By the server's own statistics of the statements that it was asked by the application's role;
where it keeps none, by queries of the project, which are asked and timed.  The report says which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import statements

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.settings import Settings
    from gatepost.side import Side

pytestmark = pytest.mark.gate("queries")


def test_queries_are_fast_enough_on_average(
    subject: str, after: Side, gatepost_settings: Settings, evidence: Evidence
) -> None:
    found = statements.average(after, gatepost_settings)
    evidence.attach("the slowest queries", found.slowest)
    evidence.note(statements.told(found, gatepost_settings.project.limits.queries))
    findings = statements.findings(subject, found, gatepost_settings.project.limits.queries)
    assert not findings, "\n".join(findings)
