"""How long were users kept out, and was a write of theirs lost?

As the runner's prober saw it from outside: the time that the project can afford, and every canary
that the database had acknowledged.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from gatepost import measured as figures

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.measured import Measured
    from gatepost.settings import Settings

pytestmark = pytest.mark.gate("downtime")


def test_users_were_out_no_longer_than_allowed_and_lost_nothing(
    subject: str, measured: Measured, gatepost_settings: Settings, evidence: Evidence
) -> None:
    evidence.attach("measured", dataclasses.asdict(measured))
    allowed = gatepost_settings.project.limits.downtime
    findings = tuple(figures.downtime_findings(measured, subject, allowed))
    assert not findings, "\n".join(findings)
