"""Is the application told all that it needs, and does it reach the database that was verified?

The files of all environments have the same keys, none of them empty; the address in the target's
own leads to the server, the database and the role that are meant.  No value is ever shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.environments import environment as environments

if TYPE_CHECKING:
    from gatepost.environments.planned import Address, Keys
    from gatepost.evidence import Evidence
    from gatepost.settings import Settings
    from gatepost.side import Side

pytestmark = pytest.mark.gate("environment")


def test_application_is_told_what_it_needs_and_where_the_database_is(
    environment: Keys | Address, after: Side, gatepost_settings: Settings, evidence: Evidence
) -> None:
    told = environments.told(gatepost_settings, environment, after)
    evidence.attach("without values", told.facts)
    evidence.note(*told.notes)
    assert not told.findings, "\n".join(told.findings)
