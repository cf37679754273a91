"""Is the way back as short as the project needs it?

The swap drill of the run, renames there and back on the target's own server, was timed while the
application was still up.
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

pytestmark = pytest.mark.gate("rollback")


def test_way_back_is_short_enough(
    subject: str, measured: Measured, gatepost_settings: Settings, evidence: Evidence
) -> None:
    evidence.attach("measured", dataclasses.asdict(measured))
    allowed = gatepost_settings.project.limits.rollback
    findings = tuple(figures.rollback_findings(measured, subject, allowed))
    assert not findings, "\n".join(findings)
