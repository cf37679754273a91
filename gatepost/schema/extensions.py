"""Is every extension there, or to be had, in a version that will do?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.schema import differences

if TYPE_CHECKING:
    from gatepost.schema.catalog import Catalog
    from gatepost.schema.differences import Differences


def compare(name: str, before: Catalog, after: Catalog) -> Differences:
    """Return how an extension differs between the two sides."""
    identity = f"extension {name}"
    return differences.compare(before.object(identity), after.object(identity))
