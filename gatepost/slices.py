"""Into which pieces is a relation cut, so that several connections can read it at once?

Along its pages: a range of them is read without reading the rest (a TID range scan), and what two
pieces hold adds up.  Where the rows of the other side lie does not matter.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatepost.catalog import Catalog, Table
    from gatepost.digests import Reading

# Small enough that the connections end at about the same time and a pause comes soon, large enough
# that the statement around it costs nothing.
BYTES = 64 << 20
MOST = 1024


def of(reading: Reading, catalog: Catalog, most: int = MOST) -> tuple[Reading, ...]:
    """Return readings that together read what ``reading`` reads: one, where cutting gains nothing.

    A partitioned table is cut into its partitions, and these along their pages.

    :param most: into how many pieces a table is cut at the most.
    """
    table = catalog.table(reading.relation)
    if table is None or reading.query or reading.pages is not None:
        return (reading,)
    if table.kind == "partitioned table":
        return _partitions(reading, catalog.leaves(reading.relation), most)
    return _pages(reading, table, most)


def _partitions(reading: Reading, leaves: tuple[Table, ...], most: int) -> tuple[Reading, ...]:
    """Return a reading for each partition, unless they are small or not all of them are tables."""
    if sum(leaf.bytes for leaf in leaves) < BYTES or any(leaf.kind != "table" for leaf in leaves):
        return (reading,)
    return tuple(
        piece
        for leaf in leaves
        for piece in _pages(replace(reading, relation=leaf.relation, only=True), leaf, most)
    )


def _pages(reading: Reading, table: Table, most: int) -> tuple[Reading, ...]:
    # By all its bytes: rows of large values have few pages of their own.
    count = min(-(-table.bytes // BYTES), table.pages, most)
    if count < 2:  # noqa: PLR2004 - two pieces are the fewest that are pieces
        return (reading,)
    bounds = [table.pages * at // count for at in range(count)]
    # The last one is open: it ends where the relation does, whatever the catalog says.
    ends = [*bounds[1:], None]
    return tuple(
        replace(reading, pages=(first, end)) for first, end in zip(bounds, ends, strict=True)
    )
