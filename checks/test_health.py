"""Does the application say that it is well?

One test per health endpoint: the values that the project expects of it, not just status 200.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import latency, pages

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.http import Client
    from gatepost.served import Health

pytestmark = pytest.mark.gate("health")


def test_application_is_well(health: Health, http: Client, evidence: Evidence) -> None:
    answer, took = pages.timed(http, health.path, health.p95)
    evidence.attach(health.path, answer.facts | {"latency": took})
    evidence.note(*latency.told(took, health.p95))
    findings = pages.health_findings(answer, health, took)
    assert not findings, "\n".join(findings)
