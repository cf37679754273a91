"""What is to be asked of what pending migrations take away?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.linting.planned import readable
from gatepost.linting.running import path
from gatepost.uses.dropping import read
from gatepost.verdict import NotPlanned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.ledgers.standing import Standing
    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Priority, Settings

    Found = tuple[object, str, Priority]

_NOTHING = "no pending migration drops or renames anything that is there"


def nothing(settings: Settings, standing: Standing | None, there: Catalog) -> str:
    """Return why there is nothing to ask about; empty where there is."""
    files = readable(standing)
    if isinstance(files, str):
        return ""
    found = read(files, there, path(settings))
    return "" if found.taken or found.unread else _NOTHING


def uses(
    settings: Settings, standing: Standing | None, there: Catalog
) -> Iterator[Found | NotPlanned]:
    """Yield a check for each thing that pending migrations take away."""
    files = readable(standing)
    if isinstance(files, str):
        yield NotPlanned("uses", files)
        return
    found = read(files, there, path(settings))
    for one in found.taken:
        yield one, one.subject, settings.priority(str(one.relation))
    for why in found.unread:
        yield NotPlanned("uses", f"what it drops is not known: {why}")
