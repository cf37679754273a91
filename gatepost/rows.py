"""Which rows are gone, new or changed, and in which columns?

Asked only of a relation whose digests differ, and answered by the servers: first sums per bucket
of key hashes, then the keys and column hashes of a few buckets that differ.  What is fetched is
bounded; no relation is ever read into memory.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from psycopg import sql

from gatepost import database
from gatepost.digests import Reading, column_hash, hashed, keyed
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gatepost.database import Connection
from gatepost.digests import Digest

Kind = Literal["gone", "new", "changed"]

# How many rows a bucket should hold, and how many values may be fetched of the buckets at fault.
_BUCKET_ROWS = 128
_MOST_BUCKETS = 1 << 16
_MOST_VALUES = 400_000
SHOWN = 20
_LINE = 60


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
            return f"{self.key}: changed in {', '.join(self.columns)}"
        if self.before and self.after:
            return f"{self.key}: {counted(self.before, 'time')} before, {self.after} after"
        return f"{self.key}: {'gone' if self.kind == 'gone' else 'new'}"


@dataclass(frozen=True)
class AtFault:
    """The rows at fault of one relation.

    :param counts: how many of each kind were found in the buckets that were read.
    :param complete: every bucket that differs was read, so that the counts are all there are.
    """

    relation: str
    rows: tuple[RowAtFault, ...]
    counts: dict[Kind, int]
    complete: bool

    def __str__(self) -> str:
        at_least = "" if self.complete else "at least "
        told = ", ".join(f"{n:,} {kind}" for kind, n in self.counts.items() if n)
        lines = [f"  {row}" for row in self.rows]
        hidden = sum(self.counts.values()) - len(self.rows)
        if hidden > 0:
            lines.append(f"  … and {hidden:,} more")
        return "\n".join([f"{at_least}{told}", *lines])


@dataclass(frozen=True)
class _Row:
    hash: int
    second: int
    columns: tuple[int | None, ...]
    key: tuple[str | None, ...]


def at_fault(
    before: tuple[Connection, Reading, Digest],
    after: tuple[Connection, Reading, Digest],
    *,
    masked: Iterable[str] = (),
    limit: int = SHOWN,
) -> AtFault:
    """Return the rows that differ between two sides of a relation.

    Two scans a side: one for the buckets, one for the rows of those that differ.

    :param masked: key columns whose values are not shown.
    :param limit: how many rows are named; all that were read are counted.
    """
    reading = before[1]
    buckets = _buckets(max(before[2].rows, after[2].rows))
    sums = [_sums(conn, one, buckets) for conn, one, _ in (before, after)]
    differing = sorted(b for b in sums[0].keys() | sums[1].keys() if _differs(b, sums))
    chosen = _affordable(differing, sums, width=len(reading.columns) + 3)
    found = [_rows(conn, one, buckets, chosen) for conn, one, _ in (before, after)]
    faults = _compared(found[0], found[1], reading, frozenset(masked))
    counts: dict[Kind, int] = {"gone": 0, "new": 0, "changed": 0}
    for row in faults:
        counts[row.kind] += _weight(row)
    return AtFault(
        relation=str(reading),
        rows=tuple(faults[:limit]),
        counts=counts,
        complete=len(chosen) == len(differing),
    )


def _weight(row: RowAtFault) -> int:
    return max(row.before, row.after) if row.kind == "changed" else abs(row.before - row.after)


def _buckets(rows: int) -> int:
    """Return a power of two: how many buckets give each about `_BUCKET_ROWS` rows."""
    wanted = max(1, rows // _BUCKET_ROWS)
    return min(_MOST_BUCKETS, 1 << (wanted - 1).bit_length()) if wanted > 1 else 1


def _sums(conn: Connection, reading: Reading, buckets: int) -> dict[int, tuple[int, ...]]:
    """Return, per bucket, the count and the sums of the hashes of keys and of whole rows."""
    query = sql.SQL(
        "select h & {mask}, pg_catalog.count(*), pg_catalog.sum(h), pg_catalog.sum(h2),"
        " pg_catalog.sum({row}) from ({rows}) as r group by 1 order by 1"
    ).format(mask=sql.Literal(buckets - 1), row=_row_hash(reading), rows=keyed(reading))
    return {
        bucket: (count, int(keys), int(second), int(rows))
        for bucket, count, keys, second, rows in database.rows(conn, query)
    }


def _row_hash(reading: Reading) -> sql.Composable:
    """Return SQL for the hash of a row's values bound to its key; of no use without a key."""
    if not reading.key or not reading.columns:
        return sql.SQL("0")
    images = sql.SQL(", ").join(_c(at) for at in range(len(reading.columns)))
    row = sql.SQL("row({})::pg_catalog.text").format(images)
    return hashed(row, sql.SQL("k"), reading.hash)


def _differs(bucket: int, sums: Sequence[dict[int, tuple[int, ...]]]) -> bool:
    return sums[0].get(bucket) != sums[1].get(bucket)


def _affordable(
    differing: list[int], sums: Sequence[dict[int, tuple[int, ...]]], *, width: int
) -> list[int]:
    """Return as many of the differing buckets as may be fetched, one at the least."""
    chosen: list[int] = []
    values = 0
    for bucket in differing:
        values += width * sum(side.get(bucket, (0,))[0] for side in sums)
        if chosen and values > _MOST_VALUES:
            break
        chosen.append(bucket)
    return chosen


def _rows(conn: Connection, reading: Reading, buckets: int, chosen: list[int]) -> list[_Row]:
    """Return the rows of some buckets: hashes, and the key as text."""
    if not chosen:
        return []
    columns = range(len(reading.columns)) if reading.key else ()
    query = sql.SQL(
        "select h, h2, array[{hashes}]::pg_catalog.int8[], key from ({rows}) as r"
        " where h & {mask} = any({chosen})"
    ).format(
        hashes=sql.SQL(", ").join(column_hash(reading, at) for at in columns),
        rows=_with_key(reading),
        mask=sql.Literal(buckets - 1),
        # Not a parameter: with any, a percent sign in a column's name would count as a placeholder.
        chosen=sql.Literal(chosen),
    )
    return [
        _Row(h, int(h2), tuple(hashes), tuple(key))
        for h, h2, hashes, key in database.rows(conn, query)
    ]


def _with_key(reading: Reading) -> sql.Composed:
    """Return `keyed` with the key's values, as text a person can read, in an array beside them."""
    names = sql.SQL(", ").join(
        sql.SQL("{}::pg_catalog.text").format(sql.Identifier(part.name)) for part in reading.key
    )
    return keyed(reading, extra=sql.SQL("array[{}]::pg_catalog.text[] as key").format(names))


def _compared(
    before: list[_Row], after: list[_Row], reading: Reading, masked: frozenset[str]
) -> list[RowAtFault]:
    was, now = _by_hash(before), _by_hash(after)
    faults = []
    for identity in was.keys() | now.keys():
        fault = _fault(was.get(identity, []), now.get(identity, []), reading, masked)
        if fault is not None:
            faults.append(fault)
    order = {"gone": 0, "new": 1, "changed": 2}
    return sorted(faults, key=lambda row: (order[row.kind], row.key))


def _by_hash(rows: list[_Row]) -> dict[tuple[int, int], list[_Row]]:
    grouped: dict[tuple[int, int], list[_Row]] = defaultdict(list)
    for row in rows:
        grouped[row.hash, row.second].append(row)
    return grouped


def _fault(
    was: list[_Row], now: list[_Row], reading: Reading, masked: frozenset[str]
) -> RowAtFault | None:
    key = _key((was or now)[0], reading, masked)
    if len(was) != len(now):
        kind: Kind = "gone" if len(was) > len(now) else "new"
        return RowAtFault(kind, key, (), len(was), len(now))
    changed = _changed(was, now, reading)
    return RowAtFault("changed", key, changed, len(was), len(now)) if changed else None


def _changed(was: list[_Row], now: list[_Row], reading: Reading) -> tuple[str, ...]:
    def values(rows: list[_Row], at: int) -> list[tuple[bool, int]]:
        return sorted((v is not None, v or 0) for v in (row.columns[at] for row in rows))

    if not reading.key:
        return ()  # same content, same number of times
    return tuple(
        part.name for at, part in enumerate(reading.columns) if values(was, at) != values(now, at)
    )


def _key(row: _Row, reading: Reading, masked: frozenset[str]) -> str:
    if not reading.key:
        return f"a row (digest {row.hash & 0xFFFFFFFFFFFFFFFF:016x})"
    names = ", ".join(part.name for part in reading.key)
    shown = ", ".join(
        veiled(value) if part.name in masked else plain(value)
        for part, value in zip(reading.key, row.key, strict=True)
    )
    return f"{names} = ({shown})"


def veiled(value: Any) -> str:
    """Return a short digest that stands for a masked value: the same value, the same digest."""
    return "#" + hashlib.sha256(str(value).encode()).hexdigest()[:10]


def plain(value: str | None) -> str:
    """Return a key's value as one short line."""
    if value is None:
        return "NULL"
    shown = value if len(value) <= _LINE else value[: _LINE - 1] + "…"
    return shown if shown.isprintable() else shown.encode("unicode_escape").decode()


def _c(at: int) -> sql.Identifier:
    return sql.Identifier(f"c{at}")
