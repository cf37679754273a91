"""Is every object declared alike on both sides?

One test per table, view, sequence, type, function, schema and whatever else is declared.  What
hangs on a table, its columns, constraints, indexes and triggers, is told with the table.  Where the
project names its migrations, one more asks for what they build and neither side has.  Where these
change the database itself, each object is to be what they make of it, and no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gatepost.schema.comparison import Comparison
from gatepost.schema.in_place import InPlace
from gatepost.schema.lineage import MIGRATIONS

if TYPE_CHECKING:
    from gatepost.evidence import Evidence
    from gatepost.session import Session

pytestmark = pytest.mark.gate("schema")


@pytest.fixture(scope="session")
def comparison(gatepost_session: Session) -> Comparison | InPlace:
    """Both sides' declarations; a scratch server is asked only where these do not settle it."""
    settings, handover = gatepost_session.settings, gatepost_session.handover
    sides = gatepost_session.before, gatepost_session.after
    if settings.meets_migrations:
        return InPlace(settings, *sides, waiting=handover.gate == "pre")
    return Comparison(settings, *sides, exists=bool(handover.database))


def test_object_is_declared_alike(
    subject: str, comparison: Comparison | InPlace, gatepost_session: Session, evidence: Evidence
) -> None:
    told = comparison.of_migrations() if subject == MIGRATIONS else comparison.of(subject)
    for note in told.notes:
        evidence.note(note)
    if told.findings and subject != MIGRATIONS:
        before, after = gatepost_session.before.catalog, gatepost_session.after.catalog
        evidence.record(subject, before=before.object(subject), after=after.object(subject))
    if told.lineage:
        evidence.attach("lineage", told.lineage)
    if told.script:
        evidence.attach("what would mend it", told.script)
    assert not told.findings, told.text
