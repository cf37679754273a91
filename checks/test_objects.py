"""Is everything that was restored in working order: indexes, constraints, triggers and the rest?

One test per sort of thing.  What was out of order before as well is said, as inherited, and is no
finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import objects

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.parity.hashes import Hash
    from gatepost.side import Side

pytestmark = pytest.mark.gate("objects")


def test_objects_are_in_working_order(
    subject: str, before: Side, after: Side, digest_hash: Hash, evidence: Evidence
) -> None:
    compared = objects.compare(subject, before.objects, after.objects, digest_hash)
    evidence.record(subject, before=compared.was, after=compared.now)
    for note in compared.notes:
        evidence.note(note)
    assert not compared.findings, "\n".join(compared.findings)
