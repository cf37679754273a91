"""In which order are tables filled, so that no row comes before its parent?"""

from __future__ import annotations

import itertools
import re
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.names import Relation
    from gatepost.schema.catalog import Catalog, ForeignKey

_DEFERRABLE = re.compile(r" DEFERRABLE( INITIALLY DEFERRED)?\Z")


def by_foreign_keys(catalog: Catalog, relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """Return tables in an order in which every parent comes before its children.

    A table that points to itself is no obstacle: one statement fills it, and its keys are checked
    at the end of that.  Keys that can be deferred bind nobody where they close a circle: whoever
    fills the tables defers them and commits once.  Tables that nothing binds come by name.

    :param relations: the tables that are filled; keys that lead to others are of no account.
    :raises UsageError: a circle of keys that cannot be deferred, each of them named.
    """
    tables = sorted(set(relations))
    keys = [
        key
        for key in catalog.foreign_keys
        if key.child != key.parent and {key.child, key.parent} <= set(tables)
    ]
    binding = [key for key in keys if not _is_deferrable(catalog, key)]
    try:
        return tuple(_sorted(tables, keys))
    except CycleError:
        pass
    try:
        return tuple(_sorted(tables, binding))
    except CycleError as error:
        raise _refused(binding, error.args[1]) from None


def _sorted(tables: list[Relation], keys: list[ForeignKey]) -> Iterator[Relation]:
    sorter: TopologicalSorter[Relation] = TopologicalSorter(dict.fromkeys(tables, ()))
    for key in keys:
        sorter.add(key.child, key.parent)
    sorter.prepare()
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        yield from ready
        sorter.done(*ready)


def _is_deferrable(catalog: Catalog, key: ForeignKey) -> bool:
    declared = catalog.object(str(key.child))
    constraints = declared.attributes.get("constraints", {}) if declared else {}
    definition: str = constraints.get(key.name, {}).get("definition", "")
    return _DEFERRABLE.search(definition) is not None


def _refused(keys: list[ForeignKey], circle: list[Relation]) -> UsageError:
    # Each of a circle's tables is the parent of the next one in it.
    steps = []
    for parent, child in itertools.pairwise(circle):
        key = next(one for one in keys if (one.child, one.parent) == (child, parent))
        columns = ", ".join(key.child_columns)
        steps.append(f"{child}.{columns} -> {parent}")
    return UsageError(
        f"no table of a circle can be filled first: {'; '.join(reversed(steps))}",
        hint="make one of these foreign keys deferrable, or add it after the data",
    )
