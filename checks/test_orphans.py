"""Has every child its parent?

One test per reference, catalogued or declared, and always by reading rows: a foreign key that was
loaded with its triggers off says that it is valid.  Orphans that the before side had are inherited
and told apart; only new ones are a finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost import orphans
from gatepost.additions import gone

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.parity.hashes import Hash
    from gatepost.references import Reference
    from gatepost.session import Session

pytestmark = pytest.mark.gate("orphans")


def test_every_child_has_its_parent(
    reference: Reference, gatepost_session: Session, digest_hash: Hash, evidence: Evidence
) -> None:
    before, after = gatepost_session.before, gatepost_session.after
    settings = gatepost_session.settings
    earlier = gone.earlier(settings, before.catalog, after.catalog, reference)
    now = after.orphans(reference, digest_hash)
    assert now is not None, f"{reference.subject}: the after side has not these columns"
    was = before.orphans(earlier, digest_hash) if now.rows else None
    evidence.record(reference.subject, before=was, after=now)
    if now.rows and was == now:
        evidence.note(f"{reference.subject}: {now.rows:,} orphans, all inherited")
        return
    if now.rows:
        new = orphans.introduced(
            before.orphan_hashes(earlier, digest_hash),
            after.connection,
            after.catalog,
            reference,
            masked=settings.masked(str(reference.child)),
            method=digest_hash,
        )
        if was and was.rows and not new.rows and new.complete:
            evidence.note(f"{reference.subject}: {now.rows:,} orphans, all inherited")
            return
        pytest.fail(orphans.finding(reference, was, now, new), pytrace=False)
