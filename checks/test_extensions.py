"""Is every extension there, or to be had, in a version that will do?

One test per extension.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.schema import extensions

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.side import Side

pytestmark = pytest.mark.gate("extensions")


def test_extension_will_do(subject: str, before: Side, after: Side, evidence: Evidence) -> None:
    compared = extensions.compare(subject, before.catalog, after.catalog)
    for note in compared.notes:
        evidence.note(note)
    assert not compared.findings, "\n".join(compared.findings)
