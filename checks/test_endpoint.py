"""Does every API list exactly what the database holds, now and before?

One test per endpoint.  An API that says 55 for days while the database holds 56 answers 200 all
the time: the list, its own total and both databases are compared, exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import api, latency

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.http import Client
    from gatepost.served import Endpoint
    from gatepost.settings import Settings
    from gatepost.side import Side

pytestmark = pytest.mark.gate("endpoint")


def test_endpoint_lists_what_the_database_holds(
    endpoint: Endpoint,
    before: Side,
    after: Side,
    http: Client,
    gatepost_settings: Settings,
    evidence: Evidence,
) -> None:
    # Files have no tables to count in: that the target holds what they hold, `rows` asks.
    asked = endpoint.count and not gatepost_settings.staged
    was = before.value(endpoint.count) if asked else None
    now = after.value(endpoint.count) if endpoint.count else None
    listing = api.read(http, endpoint, masked=api.is_masked(endpoint, gatepost_settings))
    evidence.record(endpoint.path, before=was, after=now)
    evidence.attach("what the endpoint says", listing)
    evidence.note(*latency.told(listing.latency, endpoint.p95))
    findings = api.findings(listing, endpoint, after=now, before=was)
    assert not findings, "\n".join(findings)
