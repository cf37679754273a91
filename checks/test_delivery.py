"""Does every message that one client sends arrive at another, once, and soon enough?

As the runner saw it through two WebSockets: a check writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import exercised

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.exercised import Exercised
    from gatepost.exercises import Delivery

pytestmark = pytest.mark.gate("delivery")


def test_every_message_arrives_once_and_soon_enough(
    delivery: Delivery, exercise: Exercised, evidence: Evidence
) -> None:
    found = exercised.named(exercise.deliveries, delivery.path)
    evidence.attach(f"messages sent through {delivery.path}", found)
    if found is not None:
        evidence.note(exercised.told_delivery(found, delivery))
    findings = exercised.delivery_findings(found, delivery)
    assert not findings, "\n".join(findings)
