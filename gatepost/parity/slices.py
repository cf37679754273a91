"""Into which pieces is a relation cut, so that several connections can read it at once?

Along its pages: a range of them is read without reading the rest (a TID range scan), and what two
pieces hold adds up.  Where the rows of the other side lie does not matter.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.parity.digests import Stretch
    from gatepost.parity.readings import Reading
    from gatepost.schema.catalog import Catalog, Table

# Small enough that the connections end at about the same time and a pause comes soon, large enough
# that the statement around it costs nothing.
BYTES = 64 << 20
MOST = 1024
# Pages that are summed up by themselves, and the most of such stretches in a table: so few that
# their sums cost next to nothing, so many that the rows at fault lie in a small part of them.
STRETCH = 256
STRETCHES = 4096


def of(reading: Reading, catalog: Catalog, most: int = MOST) -> tuple[Reading, ...]:
    """Return readings that together read what ``reading`` reads: one, where cutting gains nothing.

    A partitioned table is cut into its partitions, and these along their pages.

    :param most: into how many pieces a table is cut at the most.
    """
    table = catalog.table(reading.relation)
    if table is None or reading.query or reading.pages is not None or reading.stretches is not None:
        return (reading,)
    if table.kind == "partitioned table":
        return _partitions(reading, catalog.leaves(reading.relation), most)
    return _pages(reading, table, most)


def _partitions(reading: Reading, leaves: tuple[Table, ...], most: int) -> tuple[Reading, ...]:
    """Return a reading for each partition, unless they are small or not all of them are tables."""
    if sum(leaf.bytes for leaf in leaves) < BYTES or any(leaf.kind != "table" for leaf in leaves):
        return (reading,)
    # Without stretches: a page's number tells nothing without its partition.
    return tuple(
        replace(piece, stretch=0)
        for leaf in leaves
        for piece in _pages(replace(reading, relation=leaf.relation, only=True), leaf, most)
    )


def _pages(reading: Reading, table: Table, most: int) -> tuple[Reading, ...]:
    # By all its bytes: rows of large values have few pages of their own.
    count = min(-(-table.bytes // BYTES), table.pages, most)
    if count < 2:  # noqa: PLR2004 - two pieces are the fewest that are pieces
        return (reading,)
    stretch = _power(max(STRETCH, -(-table.pages // STRETCHES)))
    size = -(-table.pages // count)
    # Slices are cut where stretches are, and stretches at the same pages on both sides, though one
    # of them may have some pages more.
    size = -(-size // stretch) * stretch if size > stretch else _power(size)
    bounds = range(0, table.pages, size)
    # The last one is open: it ends where the relation does, whatever the catalog says.
    ends = [*bounds[1:], None]
    return tuple(
        replace(reading, pages=(first, end), stretch=min(stretch, size))
        for first, end in zip(bounds, ends, strict=True)
    )


def _power(number: int) -> int:
    """Return the lowest power of two that is no less than a number."""
    return 1 << (number - 1).bit_length()


def differing(
    was: Sequence[Stretch], now: Sequence[Stretch]
) -> tuple[list[Stretch], list[Stretch]]:
    """Return the stretches of either side that the other one has none to match.

    What two stretches with the same mark hold is on both sides, wherever it lies; so all that
    differs is in the others.
    """
    common = Counter(one.mark for one in was) & Counter(one.mark for one in now)
    return _without(was, common.copy()), _without(now, common)


def _without(stretches: Sequence[Stretch], matched: Counter[str]) -> list[Stretch]:
    left = []
    for one in stretches:
        if matched[one.mark] > 0:
            matched[one.mark] -= 1
        else:
            left.append(one)
    return left
