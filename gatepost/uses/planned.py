"""What is to be asked of what pending migrations take away?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.linting.running import path
from gatepost.uses.dropping import read
from gatepost.verdict import NotPlanned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.migrations.chain import File
    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Priority, Settings

    Found = tuple[object, str, Priority]

NOTHING = "no pending migration drops or renames anything that is there"


def uses(
    settings: Settings, pending: Sequence[File], there: Catalog
) -> Iterator[Found | NotPlanned]:
    """Yield a check for each thing that pending migrations take away."""
    found = read(pending, there, path(settings))
    for one in found.taken:
        yield one, one.subject, settings.priority(str(one.relation))
    for why in found.unread:
        yield NotPlanned("uses", f"what it drops is not known: {why}")
