"""Which relations are compared by their rows, and which are left out, and why?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.additions import evolution
from gatepost.additions.evolution import HOLDS_ROWS as COMPARED
from gatepost.parity.declared import heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatepost.names import Relation
    from gatepost.schema.catalog import Catalog, Table
    from gatepost.settings import Settings

__all__ = ["COMPARED", "compared", "left_out"]

# What is compared only where the project says so, and why that is not so by itself.
_ON_REQUEST = {
    "view": "is a view: it holds no rows of its own; {key} rows = true compares what it shows",
    "materialized view": "is a materialised view: a refresh at restore may rightly change it;"
    " {key} rows = true compares what it holds",
    "foreign table": "is a foreign table: its rows are another server's;"
    " {key} rows = true compares them",
}


def compared(
    settings: Settings, before: Catalog, after: Catalog, yielded: Mapping[Relation, Table]
) -> list[Table]:
    """Return what is compared by its rows, in the order of names.

    Tables, what the project asks for beside them, and what a query stands for.  A partition is
    read through its root, unless it is none on one of the sides.  What a migration has made is left
    to `additions`, and what it has renamed goes by its name after.
    """
    found = {str(relation): table for relation, table in yielded.items()}
    new = evolution.of(settings, before, after, yielded).tables
    ledgers = evolution.ledgers(settings, before, after)
    for catalog in (after, before):
        for table in catalog.tables:
            name = str(table.relation)
            asked = table.kind in COMPARED or settings.rule(name).rows
            asked = asked and name not in ledgers and table.relation not in new
            asked = asked and not evolution.is_moved(settings, before, after, table.relation)
            if asked and not table.is_partition and table.persistence != "temporary":
                found[name] = table
    return [found[name] for name in sorted(found)]


def left_out(
    settings: Settings, before: Catalog, after: Catalog, yielded: Mapping[Relation, Table]
) -> Iterator[str]:
    """Yield, for what has rows or shows rows and is not compared, what it is and why that is so."""
    taken = {table.relation for table in compared(settings, before, after, yielded)}
    found = {
        str(table.relation): _ON_REQUEST[table.kind]
        for catalog in (after, before)
        for table in catalog.tables
        if table.kind in _ON_REQUEST and not table.is_partition and table.relation not in taken
    }
    for name in sorted(found):
        yield f"{name} {found[name].format(key=heading(name))}"
    for name in sorted(evolution.ledgers(settings, before, after)):
        yield f"{name} is written by the run: the check `ledger` reads it"
    for relation in evolution.of(settings, before, after, yielded).tables:
        yield f"{relation} is new: what it holds, the check `additions` reads"
    for relation in before.temporary:
        yield f"{relation} is temporary: only its session sees its rows, and no dump holds them"
