"""Which rows are gone, new, doubled or changed, and in which columns?

Asked only of a relation whose digests differ, and answered by the servers: first sums per bucket of
the columns that differ; then hashes of the rows of those buckets, in one order on both sides, so
that they are laid side by side as they come; at last the values of some rows at fault.  No relation
is ever read into memory.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from gatepost.parity import buckets, recheck, shown, side_by_side, slices, suspects
from gatepost.parity.kinds import causes
from gatepost.parity.kinds.causes import Cause
from gatepost.parity.side_by_side import Fault
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gatepost.parity.buckets import Buckets, Sum
    from gatepost.parity.digests import Digest
    from gatepost.parity.readings import Reading
    from gatepost.schema.catalog import Column
    from gatepost.side import Side
    from gatepost.sides import Sides

Kind = Literal["gone", "new", "doubled", "changed"]
KINDS: tuple[Kind, ...] = ("gone", "new", "doubled", "changed")

# Of the stretches that differ, the part of all rows above which leaving out the rest gains nothing.
_PART = 0.5
# Few enough to be told apart in no time, many enough that the rows of some are few.
_BUCKETS = 1 << 12
# Rows of differing buckets that are laid side by side, both sides together.
_MOST_ROWS = 2_000_000
# Rows at fault whose values are looked at, for their columns and the kind of difference.
_LOOKED_AT = 1_000
_LOOKED_AT_VALUES = 8_000
SHOWN = 20


@dataclass(frozen=True)
class RowAtFault:
    """One row that is not on both sides alike.

    :param key: `id = (42)`, or a digest of it where the key is masked.
    :param columns: for a changed row, the columns in which it changed.
    :param before: how many rows with this key, or for a relation without one with this content,
        are on the before side.
    """

    kind: Kind
    key: str
    columns: tuple[str, ...]
    before: int
    after: int

    def __str__(self) -> str:
        if self.kind == "changed":
            return f"{self.key}: changed in {', '.join(self.columns) or 'values not looked at'}"
        if self.before and self.after:
            return f"{self.key}: {counted(self.before, 'time')} before, {self.after} after"
        return f"{self.key}: {self.kind}"


@dataclass(frozen=True)
class AtFault:
    """The rows at fault of one relation.

    :param counts: how many of each kind were found in the buckets that were read.
    :param complete: every bucket that differs was read, so that the counts are all there are.
    :param causes: what happened to the values of the changed rows that were looked at.
    :param settled: rows that differed at first, and were the same when they were read again.
    """

    relation: str
    rows: tuple[RowAtFault, ...]
    counts: dict[Kind, int]
    complete: bool
    causes: tuple[Cause, ...] = ()
    settled: int = 0

    @property
    def none_left(self) -> bool:
        """Whether all rows that differed have settled."""
        return bool(self.settled) and self.complete and not self.counts

    def __str__(self) -> str:
        at_least = "" if self.complete else "at least "
        told = ", ".join(f"{n:,} {kind}" for kind, n in self.counts.items() if n)
        lines = [f"  {cause}" for cause in self.causes]
        lines += [f"  {row}" for row in self.rows]
        hidden = sum(self.counts.values()) - len(self.rows)
        if hidden > 0:
            lines.append(f"  … and {hidden:,} more")
        return "\n".join([f"{at_least}{told}", *lines])


def at_fault(
    sides: Sides,
    readings: tuple[Reading, Reading],
    digests: tuple[Digest, Digest],
    columns: Mapping[str, Column],
    *,
    masked: Iterable[str] = (),
    show: Iterable[str] = (),
    settle: float = 0,
) -> AtFault:
    """Return the rows that differ between two sides of a relation.

    One scan a side of the columns that differ; then what the rows of the differing buckets cost,
    where an index finds them by their key, or another scan.

    :param columns: those of the before side, by name.
    :param masked: columns of which no value is shown, not of a key either.
    :param show: columns of which values may be shown.
    :param settle: seconds that rows may take to arrive, where others write to the relation: those
        at fault are read again, and what the two sides agree on by then is none.
    :raises LimitReached: a replica did not replay them in that time.
    """
    names = digests[0].differing(digests[1])
    narrow = readings if readings[0].whole else (readings[0].of(names), readings[1].of(names))
    most = max(SHOWN, min(_LOOKED_AT, _LOOKED_AT_VALUES // max(1, len(names))))
    found = _found(sides, narrow, digests, most)
    settled: frozenset[int] = frozenset()
    if settle and found.all_kept:
        settled = recheck.settled(sides, readings, found.kept, settle)
        found = found.without(settled)
    bases = {name: column.base for name, column in columns.items()}
    changed = [fault for fault in found.kept if _kind(fault) == "changed"]
    looked_at = suspects.look(sides, narrow, bases, changed)
    hidden = frozenset(masked)
    named = [_row(fault, narrow[0], hidden, looked_at) for fault in found.kept]
    return AtFault(
        relation=str(readings[0]),
        rows=tuple(sorted(named, key=lambda row: (KINDS.index(row.kind), row.key))[:SHOWN]),
        counts=found.counts,
        complete=found.complete,
        causes=causes.causes(
            tuple(looked_at.values()),
            bases,
            typtypes={name: column.kind for name, column in columns.items()},
            show=frozenset(show) - hidden,
            looked_at=len(looked_at),
            changed=found.counts.get("changed", 0),
        ),
        settled=len(settled),
    )


@dataclass(frozen=True)
class _Found:
    """The faults of the buckets that were read: all counted, the first of them kept."""

    kept: tuple[Fault, ...]
    counts: dict[Kind, int]
    complete: bool
    all_kept: bool

    def without(self, settled: frozenset[int]) -> _Found:
        """Return what is left when some have settled."""
        kept = tuple(fault for fault in self.kept if fault.hash not in settled)
        return _Found(kept, _counts(kept), self.complete, self.all_kept)


def _found(
    sides: Sides, readings: tuple[Reading, Reading], digests: tuple[Digest, Digest], most: int
) -> _Found:
    readings, rows = _narrowed(readings, digests)
    dealt = _dealt(sides, readings, rows)
    keys = not readings[0].key or digests[0].keys != digests[1].keys
    was, now = _sums(sides, readings, dealt, keys=keys)
    differing = buckets.differing(was, now)
    chosen = _affordable(differing, (was, now))
    kept: list[Fault] = []
    faults = side_by_side.faults(sides, readings, dealt, chosen)

    def first_kept() -> Iterator[Fault]:
        for fault in faults:
            if len(kept) < most:
                kept.append(fault)
            yield fault

    counts = _counts(first_kept())
    complete = len(chosen) == len(differing)
    return _Found(tuple(kept), counts, complete, complete and len(kept) < most)


def _narrowed(
    readings: tuple[Reading, Reading], digests: tuple[Digest, Digest]
) -> tuple[tuple[Reading, Reading], int]:
    """Return readings of those stretches of either side that the other has not, and their rows.

    Of everything, where both sides were not read in stretches or little of them is the same: the
    rows of one side lie in another order then, or each page holds another number of them.
    """
    was, now = slices.differing(*(one.stretches for one in digests))
    rows = max(sum(one.rows for one in side) for side in (was, now))
    of = max(one.rows for one in digests)
    if not all(one.stretches for one in digests) or rows > _PART * of:
        return readings, of
    before, after = (
        replace(reading, stretches=tuple((one.first, one.end) for one in side))
        for reading, side in zip(readings, (was, now), strict=True)
    )
    return (before, after), rows


def _counts(faults: Iterable[Fault]) -> dict[Kind, int]:
    counts: Counter[Kind] = Counter()
    for fault in faults:
        counts[_kind(fault)] += max(1, abs(fault.before - fault.after))
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def _dealt(sides: Sides, readings: tuple[Reading, Reading], rows: int) -> Buckets:
    if not readings[0].integer_key or any(reading.query for reading in readings):
        return buckets.residues(rows, _BUCKETS)

    def bounds(at: int, side: Side) -> list[tuple[int, int]]:
        with side.lent() as conn:
            return buckets.bounds(conn, readings[at])

    was, now = sides.ask(bounds)
    dealt = buckets.asked(rows, [*was, *now], _BUCKETS)
    return dealt or buckets.residues(rows, _BUCKETS)


def _sums(
    sides: Sides, readings: tuple[Reading, Reading], dealt: Buckets, *, keys: bool
) -> tuple[dict[int, Sum], dict[int, Sum]]:
    def ask(at: int, side: Side) -> dict[int, Sum]:
        reading = readings[at]
        return buckets.combined(
            side.sliced(reading, lambda conn, part: buckets.sums(conn, part, dealt, keys=keys))
        )

    return sides.ask(ask)


def _affordable(differing: list[int], sums: Sequence[Mapping[int, Sum]]) -> list[int]:
    """Return as many of the differing buckets as may be read, one at the least."""
    chosen: list[int] = []
    rows = 0
    for bucket in differing:
        rows += sum(side.get(bucket, buckets.NOTHING).rows for side in sums)
        if chosen and rows > _MOST_ROWS:
            break
        chosen.append(bucket)
    return chosen


def _kind(fault: Fault) -> Kind:
    if fault.before == fault.after:
        return "changed"
    if fault.before > fault.after:
        return "gone"
    return "doubled" if fault.before else "new"


def _row(
    fault: Fault,
    reading: Reading,
    masked: frozenset[str],
    looked_at: Mapping[int, causes.Changed],
) -> RowAtFault:
    kind = _kind(fault)
    changed = looked_at.get(fault.hash)
    columns = tuple(sorted(changed.values)) if changed and kind == "changed" else ()
    return RowAtFault(kind, _key(fault, reading, masked), columns, fault.before, fault.after)


def _key(fault: Fault, reading: Reading, masked: frozenset[str]) -> str:
    if not reading.key:
        return f"a row (digest {fault.hash & 0xFFFFFFFFFFFFFFFF:016x})"
    return shown.key([part.name for part in reading.key], fault.key, masked)
