"""Is every object declared alike on both sides?

One test per table, view, sequence, type, function, schema and extension.  What hangs on a table,
its columns, constraints, indexes and triggers, is told with the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.schema import differences

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.side import Side

pytestmark = pytest.mark.gate("schema")


def test_object_is_declared_alike(
    subject: str, before: Side, after: Side, evidence: Evidence
) -> None:
    was, now = before.catalog.object(subject), after.catalog.object(subject)
    compared = differences.compare(was, now)
    for note in compared.notes:
        evidence.note(note)
    if compared.findings:
        evidence.record(subject, before=was, after=now)
    assert not compared.findings, "\n".join(compared.findings)
