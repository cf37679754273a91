"""Is what the application says it has saved in the database that was verified?

A save that returns true and does nothing answers 200 all the time.  As the runner saw it, which
created a row through the application, read it by SQL, and removed it: a check writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import exercised

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.exercised import Exercised
    from gatepost.exercises import Probe

pytestmark = pytest.mark.gate("probe")


def test_what_the_application_accepts_is_in_the_database(
    probe: Probe, exercise: Exercised, evidence: Evidence
) -> None:
    found = exercised.named(exercise.probes, probe.path)
    evidence.attach(f"what {probe.path} saved", found)
    if found is not None:
        evidence.note(exercised.told_probe(found))
    findings = exercised.probe_findings(found, probe)
    assert not findings, "\n".join(findings)
