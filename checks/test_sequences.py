"""Is the next value of every sequence free?

One test per sequence.  It must not be behind the column it numbers, nor behind where it stood
before; ahead it may be, for sequences are outside of snapshots and have gaps by nature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import names, sequences

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.side import Side

pytestmark = pytest.mark.gate("sequences")


def test_next_value_is_free(sequence: str, before: Side, after: Side, evidence: Evidence) -> None:
    declared = after.catalog.sequence(names.relation(sequence))
    assert declared is not None, f"{sequence}: missing after"
    was, now = before.positions.get(sequence), after.positions[sequence]
    reached = after.reach(declared)
    evidence.record(sequence, before=was, after={"position": now, "reaches": reached})
    findings = sequences.findings(declared, was, now, reached)
    assert not findings, "\n".join(findings)
