"""In which part of a relation do two sides differ?

Rows are dealt into buckets by their key, on both sides alike, and each bucket is summed up.  Where
the key is an integer a bucket is a range of it, whose rows an index can find; else it is a residue
of the key's hash.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from psycopg import sql

from gatepost import database
from gatepost.parity.digests import hashed_rows, row_hash
from gatepost.parity.readings import as_meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gatepost.database import Connection
    from gatepost.parity.readings import Reading

# Rows in a bucket, on the average, and how many buckets a server's memory is asked to hold.
_ROWS = 128
MOST = 1 << 14
# Beyond it the distance of two keys does not fit into the server's arithmetic.
_WIDEST = 1 << 62
# As many ranges as an index is asked to look up one by one.
_LOOKED_UP = 1024
# The bucket of a key that is NULL, or below all ranges; that of one above them is their number.
BELOW = -1


@dataclass(frozen=True)
class Buckets:
    """How keys are dealt.

    :param count: a power of two for residues.
    :param low: of ranges, the lowest key; ``width``: how many keys a range holds.
    :param asked: both sides were asked for their bounds, so that no key lies outside the ranges.
        Then the width is a power of two.
    """

    kind: Literal["range", "residue"]
    count: int
    low: int = 0
    width: int = 1
    asked: bool = False

    def __str__(self) -> str:
        return f"{self.count:,} {'ranges' if self.kind == 'range' else 'residues'} of the key"

    @property
    def above(self) -> int:
        """The first key above all ranges."""
        return self.low + self.count * self.width

    def span(self, bucket: int) -> tuple[int, int]:
        """Return the first and the last key of a range."""
        first = self.low + bucket * self.width
        return first, first + self.width - 1


@dataclass(frozen=True)
class Sum:
    """What one bucket holds on one side."""

    rows: int
    keys: int
    values: int

    def __add__(self, other: Sum) -> Sum:
        """Return what two slices of a bucket hold together."""
        return Sum(self.rows + other.rows, self.keys + other.keys, self.values + other.values)


NOTHING = Sum(0, 0, 0)


def residues(rows: int, most: int = MOST) -> Buckets:
    """Return buckets by the key's hash for a relation of so many rows."""
    return Buckets("residue", _count(rows, most))


def ranges(rows: int, bounds: Iterable[tuple[int, int]], most: int = MOST) -> Buckets | None:
    """Return buckets by ranges of an integer key; None where its values lie too far apart.

    :param bounds: the lowest and the highest key of each side that has any.
    """
    known = list(bounds)
    if not known:
        return None
    low, high = min(one for one, _ in known), max(one for _, one in known)
    if high - low >= _WIDEST:
        return None
    width = -(-(high - low + 1) // _count(rows, most))
    dealt = Buckets("range", (high - low) // width + 1, low, width)
    # Where a range below or above them is no bigint, the server could not tell which keys are in.
    return dealt if low - width >= -(1 << 63) and dealt.above < 1 << 63 else None


def asked(rows: int, bounds: Iterable[tuple[int, int]], most: int = MOST) -> Buckets | None:
    """Return buckets by ranges for two sides that were both asked for their bounds."""
    dealt = ranges(rows, bounds, most)
    if dealt is None:
        return None
    width = 1 << (dealt.width - 1).bit_length()
    return replace(dealt, width=width, count=dealt.count * dealt.width // width + 1, asked=True)


def bounds(conn: Connection, reading: Reading) -> list[tuple[int, int]]:
    """Return the lowest and the highest integer key, from its index; nothing if there is no row."""
    name = sql.Identifier(reading.key[0].name)
    query = sql.SQL("select pg_catalog.min({k}), pg_catalog.max({k}) from {relation}").format(
        k=name, relation=reading.relation.identifier
    )
    ((low, high),) = database.rows(conn, query)
    return [] if low is None else [(low, high)]


def sums(
    conn: Connection, reading: Reading, buckets: Buckets, *, keys: bool = True
) -> dict[int, Sum]:
    """Return what each bucket holds, of a relation or a slice of it.  One scan.

    :param keys: sum the keys' hashes too; not needed where the keys are known to be the same.
    """
    with as_meant(conn, reading):
        found = database.rows(conn, statement(reading, buckets, keys=keys))
    return {bucket: Sum(rows, int(keys), int(values)) for bucket, rows, keys, values in found}


def statement(reading: Reading, buckets: Buckets, *, keys: bool = True) -> sql.Composed:
    """Return the statement that `sums` sends."""
    # Without an order: the planner takes it that no two rows share a bucket, and would sort them.
    return sql.SQL(
        "select {bucket}, pg_catalog.count(*), {keys}, coalesce(pg_catalog.sum({values}), 0)"
        " from ({rows}) as r group by 1"
    ).format(
        bucket=number(buckets),
        keys=sql.SQL("coalesce(pg_catalog.sum(h), 0)") if keys else sql.SQL("0"),
        values=row_hash(reading),
        rows=hashed_rows(reading),
    )


def combined(parts: Iterable[Mapping[int, Sum]]) -> dict[int, Sum]:
    """Return what the buckets of all slices hold together."""
    found: dict[int, Sum] = defaultdict(lambda: NOTHING)
    for part in parts:
        for bucket, one in part.items():
            found[bucket] += one
    return dict(found)


def differing(was: Mapping[int, Sum], now: Mapping[int, Sum]) -> list[int]:
    """Return the buckets that do not hold the same, in their order."""
    return sorted(b for b in was.keys() | now.keys() if was.get(b) != now.get(b))


def number(buckets: Buckets) -> sql.Composed:
    """Return SQL, over `hashed_rows`, for the bucket of a row.

    Rows without a key have one too, and so have keys below and above all ranges: they are of a side
    that was not asked for its bounds.
    """
    if buckets.kind == "residue":
        return sql.SQL("(coalesce(h, 0) & {})").format(sql.Literal(buckets.count - 1))
    if buckets.asked:
        return sql.SQL("coalesce((k - {low}) >> {bits}, {below})").format(
            low=sql.Literal(buckets.low),
            bits=sql.Literal(buckets.width.bit_length() - 1),
            below=sql.Literal(BELOW),
        )
    # Of a NULL and a number greatest is the number, so that NULL comes below all ranges as well.
    # Counted from below them, as a division rounds what is negative up.
    return sql.SQL("((least(greatest(k, {below}), {above}) - {below}) / {width} + {first})").format(
        below=sql.Literal(buckets.low - buckets.width),
        above=sql.Literal(buckets.above),
        width=sql.Literal(buckets.width),
        first=sql.Literal(BELOW),
    )


def within(
    reading: Reading, buckets: Buckets, chosen: Sequence[int]
) -> tuple[sql.Composable | None, sql.Composable | None]:
    """Return two conditions for the rows of some buckets: on the key itself, and on its hash.

    Of ranges each is written out, where they are few, so that an index finds their rows.  One of
    the two is None.
    """
    if buckets.kind == "residue" or len(chosen) > _LOOKED_UP:
        # Not a parameter: with any, a percent sign in a name would count as a placeholder.
        return None, sql.SQL("{} = any({})").format(number(buckets), sql.Literal(list(chosen)))
    name = sql.Identifier(reading.key[0].name)
    conditions = [_in(name, buckets, bucket) for bucket in chosen]
    return sql.SQL("({})").format(sql.SQL(" or ").join(conditions)), None


def _in(name: sql.Identifier, buckets: Buckets, bucket: int) -> sql.Composed:
    first, last = buckets.span(bucket)
    if bucket == BELOW:
        return sql.SQL("({k} is null or {k} <= {last})").format(k=name, last=sql.Literal(last))
    if bucket == buckets.count:
        return sql.SQL("{} >= {}").format(name, sql.Literal(first))
    return sql.SQL("{} between {} and {}").format(name, sql.Literal(first), sql.Literal(last))


def _count(rows: int, most: int) -> int:
    """Return a power of two: how many buckets give each about `_ROWS` rows."""
    wanted = max(1, rows // _ROWS)
    return min(most, 1 << (wanted - 1).bit_length())
