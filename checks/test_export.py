"""Could we go back to files: does the target, written back, give the documents that it was made of?

One test per collection.  Documents are compared as values: a key that is lost is told from one that
is null, the order of keys is nothing, that of records counts only where it was declared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.exporting import comparison

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.exporting.subject import Subject
    from gatepost.session import Session

pytestmark = pytest.mark.gate("export")


def test_export_gives_the_same_documents(
    export: Subject, gatepost_session: Session, evidence: Evidence
) -> None:
    compared = comparison.compare(gatepost_session, export)
    evidence.record(export, before=compared.was, after=compared.now)
    for note in compared.notes:
        evidence.note(note)
    assert compared.alike, "\n".join(compared.findings)
