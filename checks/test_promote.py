"""Did the same release go well where it was to go first, and not too long ago?

The newest run of the other target: every gate of it a GO, unaltered since, of the same migrations,
by the same gatepost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.promotion import promotion

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.promotion.declared import Promote
    from gatepost.settings import Settings
    from gatepost.side import Side

pytestmark = pytest.mark.gate("promote")


def test_release_went_well_where_it_goes_first(
    promote: Promote, after: Side, gatepost_settings: Settings, evidence: Evidence
) -> None:
    told = promotion.told(gatepost_settings, promote, after)
    evidence.attach("its gates", told.facts)
    evidence.note(*told.notes)
    assert not told.findings, "\n".join(told.findings)
