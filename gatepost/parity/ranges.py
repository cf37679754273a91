"""In which ranges of its key does a relation differ from what its baseline says?

The rows of then are gone, and nobody can lay them beside those of now.  What was recorded are sums
of buckets: they name ranges of keys, how many rows each held, and the columns that differ.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.parity import buckets, images, shown
from gatepost.parity.buckets import BELOW, NOTHING, Sum
from gatepost.parity.digests import hashed_rows, listed
from gatepost.parity.readings import as_meant
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from gatepost.database import Connection
    from gatepost.parity.buckets import Buckets
    from gatepost.parity.digests import Digest
    from gatepost.parity.readings import Reading
    from gatepost.recorded import Recorded
    from gatepost.side import Side

# Ranges, and keys, that are named; the others are counted.
SHOWN = 20


@dataclass(frozen=True)
class Range:
    """Neighbouring buckets that do not hold what they held.

    :param where: which keys are in it.
    :param rows: before and after.
    """

    where: str
    rows: tuple[int, int]

    def __str__(self) -> str:
        was, now = self.rows
        if was == now:
            return f"{self.where}: {counted(was, 'row')} on both sides, not the same"
        return f"{self.where}: {counted(was, 'row')} before, {now:,} after"


@dataclass(frozen=True)
class Narrowed:
    """What can be told of the rows at fault of one relation when the before side is a baseline.

    :param counts: how many of each kind there are at least.
    :param columns: whose digests differ.
    :param ranges: the first of them; ``hidden``: how many more there are.
    :param candidates: keys that are in these ranges now, as in `id = (42)`: those at fault are
        among them, unless they are gone.
    """

    counts: dict[str, int]
    columns: tuple[str, ...]
    ranges: tuple[Range, ...] = ()
    hidden: int = 0
    candidates: tuple[str, ...] = ()

    @property
    def none_left(self) -> bool:
        """Whether all rows that differed have settled: of a record, none does."""
        return False

    @property
    def settled(self) -> int:
        """How many rows differed at first only: none."""
        return 0

    def __str__(self) -> str:
        told = ", ".join(f"{number:,} {kind}" for kind, number in self.counts.items() if number)
        lines = [f"at least {told}", *(f"  {one}" for one in self.ranges)]
        if self.hidden:
            lines.append(f"  … and {counted(self.hidden, 'range')} more")
        if self.columns:
            lines.append(f"  columns that differ: {', '.join(self.columns)}")
        if self.candidates:
            lines.append(f"  there now, and perhaps at fault: {', '.join(self.candidates)}")
        return "\n".join(lines)


def at_fault(
    before: Recorded,
    after: Side,
    readings: tuple[Reading, Reading],
    digests: tuple[Digest, Digest],
    masked: Collection[str],
) -> Narrowed:
    """Return what the recorded sums of buckets tell of the rows at fault.

    One scan of the after side, and the look-up of a few keys.  Where no sums were recorded, the
    digests alone tell how many rows are gone and which columns differ.
    """
    columns = digests[0].differing(digests[1]) if readings[0].key else ()
    recorded = before.bucketed(readings[0])
    if recorded is None:
        total = Sum(digests[0].rows, digests[0].keys, 0), Sum(digests[1].rows, digests[1].keys, 0)
        return Narrowed(_counts([total]), columns)
    reading, dealt, was = recorded
    now = after.sums(readings[1], dealt)
    if [part.name for part in reading.columns] != [part.name for part in readings[1].columns]:
        was, now = _without_values(was), _without_values(now)  # they are of other columns
    differing = buckets.differing(was, now)
    pairs = [(was.get(one, NOTHING), now.get(one, NOTHING)) for one in differing]
    found = list(_ranges(differing, was, now, dealt, readings[0]))
    counts = _counts(pairs or [(Sum(1, 0, 0), Sum(1, 0, 1))])
    names: list[str] = []
    if counts["new"] or counts["changed"]:
        with after.lent() as conn:
            names = list(_candidates(conn, readings[1], dealt, differing, masked))
    return Narrowed(
        counts=counts,
        columns=columns,
        ranges=tuple(found[:SHOWN]),
        hidden=max(0, len(found) - SHOWN),
        candidates=tuple(names),
    )


def _counts(pairs: Iterable[tuple[Sum, Sum]]) -> dict[str, int]:
    """Return how many rows must be at fault, whichever they are, for buckets to differ so."""
    counts: Counter[str] = Counter(gone=0, new=0, changed=0)
    for was, now in pairs:
        counts["gone"] += max(0, was.rows - now.rows)
        counts["new"] += max(0, now.rows - was.rows)
        if was.rows == now.rows and was.keys != now.keys:
            counts["gone"] += 1
            counts["new"] += 1
        elif was.rows == now.rows:
            counts["changed"] += 1
    return dict(counts)


def _without_values(sums: Mapping[int, Sum]) -> dict[int, Sum]:
    return {bucket: Sum(one.rows, one.keys, 0) for bucket, one in sums.items()}


def _ranges(
    differing: Sequence[int],
    was: Mapping[int, Sum],
    now: Mapping[int, Sum],
    dealt: Buckets,
    reading: Reading,
) -> Iterator[Range]:
    """Yield ranges of keys, neighbours as one; of residues, which are no ranges, all as one."""
    if not differing:
        return
    if dealt.kind == "residue":
        key = ", ".join(part.name for part in reading.key) or "the whole row"
        where = f"in {len(differing):,} of {counted(dealt.count, 'part')} by the hash of {key}"
        yield Range(where, _rows(differing, was, now))
        return
    first = differing[0]
    beyond = dealt.count + 2  # the neighbour of none
    for one, following in zip(differing, [*differing[1:], beyond], strict=True):
        # What is below and above all ranges has no other end: it is told by itself.
        if following != one + 1 or one == BELOW or following == dealt.count:
            span = range(first, one + 1)
            yield Range(_where(reading.key[0].name, dealt, first, one), _rows(span, was, now))
            first = following


def _rows(some: Iterable[int], was: Mapping[int, Sum], now: Mapping[int, Sum]) -> tuple[int, int]:
    chosen = list(some)
    before, after = (sum(side.get(one, NOTHING).rows for one in chosen) for side in (was, now))
    return before, after


def _where(name: str, dealt: Buckets, first: int, last: int) -> str:
    if first == BELOW:
        return f"{name} below {dealt.low:,}"
    if first == dealt.count:
        return f"{name} from {dealt.above:,} on"
    return f"{name} {dealt.span(first)[0]:,} to {dealt.span(last)[1]:,}"


def _candidates(
    conn: Connection,
    reading: Reading,
    dealt: Buckets,
    differing: Sequence[int],
    masked: Collection[str],
) -> Iterator[str]:
    """Yield a few keys that the after side has in differing buckets."""
    if not reading.key or not differing:
        return
    names = [part.name for part in reading.key]
    raw, hashed = buckets.within(reading, dealt, differing[:SHOWN])
    texts = listed(images.shown(sql.Identifier(name), "") for name in names)
    query = sql.SQL(
        "select r.key from ({rows}) as r{where} order by r.k, r.key limit {most}"
    ).format(
        rows=hashed_rows(
            reading.of(()),
            extra=[sql.SQL("array[{}]::pg_catalog.text[] as key").format(texts)],
            where=raw,
        ),
        where=sql.SQL("") if hashed is None else sql.SQL(" where {}").format(hashed),
        most=sql.Literal(SHOWN),
    )
    with as_meant(conn, reading):
        for (values,) in database.rows(conn, query):
            yield shown.key(names, values, masked)
