"""Are both ends of every reference of one type?

A uuid is no text: a foreign key between them cannot be made, and a join finds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import references
from gatepost.names import dotted
from gatepost.parity.types import INTEGERS, TEXTS
from gatepost.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.names import Relation
    from gatepost.references import Reference
    from gatepost.schema.catalog import Catalog, Column
    from gatepost.settings import Settings
    from gatepost.side import Side

SUBJECT = "foreign keys"


def told(settings: Settings, side: Side) -> Told:
    """Return which references of a side have ends of two types."""
    wanted = references.known(settings, side.catalog)
    return Told(tuple(findings(side.catalog, wanted)), facts=[one.subject for one in wanted])


def findings(catalog: Catalog, wanted: Iterable[Reference]) -> Iterator[str]:
    """Yield the references whose ends are of two types, or are not there.  Pure."""
    for reference in wanted:
        for pair in zip(reference.child_columns, reference.parent_columns, strict=True):
            mine = f"{reference.child}.{dotted(pair[0])}"
            other = f"{reference.parent}.{dotted(pair[1])}"
            here = _column(catalog, reference.child, pair[0])
            there = _column(catalog, reference.parent, pair[1])
            if here is None:
                yield f"{mine}: points to {other}, and is not there itself"
            elif there is None:
                yield f"{mine}: points to {other}, which is not there"
            elif not _agree(here, there):
                yield f"{mine}: is {here.type}, and {other}, to which it points, {there.type}"


def _column(catalog: Catalog, relation: Relation, name: str) -> Column | None:
    table = catalog.table(relation)
    return table.column(name) if table else None


def _agree(here: Column, there: Column) -> bool:
    bases = {here.base, there.base}
    return len(bases) == 1 or bases <= TEXTS or bases <= INTEGERS
