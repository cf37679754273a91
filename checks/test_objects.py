"""Is everything that was restored in working order: indexes, constraints, triggers and the rest?

One test per sort of thing.  What was out of order before as well is said, as inherited, and is no
finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import objects
from gatepost.additions import evolution

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.parity.hashes import Hash
    from gatepost.session import Session

pytestmark = pytest.mark.gate("objects")


def test_objects_are_in_working_order(
    subject: str, gatepost_session: Session, digest_hash: Hash, evidence: Evidence
) -> None:
    before, after = gatepost_session.before.objects, gatepost_session.after.objects
    migrated = evolution.is_one_database(gatepost_session.settings)
    compared = objects.compare(subject, before, after, digest_hash, migrated=migrated)
    evidence.record(subject, before=compared.was, after=compared.now)
    for note in compared.notes:
        evidence.note(note)
    assert not compared.findings, "\n".join(compared.findings)
