"""What is to be asked of the rows that are there, before pending migrations run?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.linting.running import path
from gatepost.verdict import NotPlanned
from gatepost.violations.following import follow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.migrations.chain import File
    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Priority, Settings

    Found = tuple[object, str, Priority]

NOTHING = "no pending migration demands anything of rows that are there"


def violations(
    settings: Settings, pending: Sequence[File], there: Catalog
) -> Iterator[Found | NotPlanned]:
    """Yield a check for each thing that pending migrations demand of rows."""
    followed = follow(pending, there, path(settings))
    for claim in followed.claims:
        table = str(claim.shape.live.relation if claim.shape.live else claim.shape.relation)
        yield claim, claim.subject, settings.priority(table)
    for why in followed.unread:
        yield NotPlanned("violations", f"what it demands was not counted: {why}")
