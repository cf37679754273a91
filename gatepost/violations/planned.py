"""What is to be asked of the rows that are there, before pending migrations run?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.linting.planned import readable
from gatepost.linting.running import path
from gatepost.verdict import NotPlanned
from gatepost.violations.following import follow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.ledgers.standing import Standing
    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Priority, Settings

    Found = tuple[object, str, Priority]


_NOTHING = "no pending migration demands anything of rows that are there"


def nothing(settings: Settings, standing: Standing | None, there: Catalog) -> str:
    """Return why there is nothing to ask about; empty where there is."""
    files = readable(standing)
    if isinstance(files, str):
        return ""
    followed = follow(files, there, path(settings))
    return "" if followed.claims or followed.unread else _NOTHING


def violations(
    settings: Settings, standing: Standing | None, there: Catalog
) -> Iterator[Found | NotPlanned]:
    """Yield a check for each thing that pending migrations demand of rows."""
    files = readable(standing)
    if isinstance(files, str):
        yield NotPlanned("violations", files)
        return
    followed = follow(files, there, path(settings))
    for claim in followed.claims:
        table = str(claim.shape.live.relation if claim.shape.live else claim.shape.relation)
        yield claim, claim.subject, settings.priority(table)
    for why in followed.unread:
        yield NotPlanned("violations", f"what it demands was not counted: {why}")
