"""What does a relation hold, in a few numbers that do not depend on row order?

Every value becomes a 64-bit hash of its image (see `gatepost.parity.images`), seeded with its row's
key, and each column's hashes are summed.  So values that swap places between two rows change the
sum, which they would not without the seed; a row that is there twice changes it, which it would
not under XOR; and a column at fault is known after one scan.  Without a key a row is its own key:
two sums of whole rows under two seeds, and an unbound sum per column to name it by.  Where rows may
share a key, because its case or its blanks do not count, whole rows are summed up as well.

Sums of bigint are numeric in PostgreSQL, exact and in any order, so that those of a relation's
slices add up to those of the relation; sums of floats are neither.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from psycopg import sql

from gatepost import database
from gatepost.parity import hashes
from gatepost.parity.hashes import SEEDS
from gatepost.parity.readings import as_meant, each_stretch, end_of, source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from gatepost.database import Connection
    from gatepost.parity.readings import Reading

# Between the seeds of two lanes: more than a relation has columns.
_APART = 10_000
# Bytes of a stretch's mark: two are taken for the same by chance once in 2**96 times.
_MARK = 12


class Stretch(NamedTuple):
    """Pages that follow one another, from the first to the one before ``end``.

    :param mark: two stretches with the same mark hold the same rows.
    """

    first: int
    end: int
    rows: int
    mark: str


@dataclass(frozen=True)
class Digest:
    """What one side of a relation, or a slice of it, holds.

    :param rows: a count.
    :param keys: the sum of the hashes of all keys, or, without a key, of all rows.
    :param second: the sum of the hashes of all rows, under another seed than ``keys``, where they
        are read whole; else 0.
    :param columns: by column name, the sum of the hashes of its values.
    :param stretches: where the rows lie, if that was asked: of a side, not of what it holds.
    """

    rows: int
    keys: int
    second: int
    columns: dict[str, int]
    stretches: tuple[Stretch, ...] = field(default=(), compare=False)

    def __add__(self, other: Digest) -> Digest:
        """Return the digest of two slices together."""
        return Digest(
            rows=self.rows + other.rows,
            keys=self.keys + other.keys,
            second=self.second + other.second,
            columns={name: total + other.columns[name] for name, total in self.columns.items()},
            stretches=self.stretches + other.stretches,
        )

    def of(self, names: Iterable[str]) -> Digest:
        """Return the same digest of some of its columns."""
        return replace(self, columns={name: self.columns[name] for name in sorted(names)})

    def differing(self, other: Digest) -> tuple[str, ...]:
        """Return the columns whose digests are not the same."""
        return tuple(name for name, was in self.columns.items() if other.columns.get(name) != was)

    def __str__(self) -> str:
        return f"{self.rows:,} rows"


def digest(conn: Connection, reading: Reading) -> Digest:
    """Return the digest of one side of a relation.

    One sequential scan, no sort; the cost grows with the bytes read.  Two relations that differ
    share it by chance once in about 2**64 comparisons.  Zeros for an empty relation.

    :raises NotReadable: the role may not read it, or row security would hide rows.
    """
    with as_meant(conn, reading):
        found = database.rows(conn, statement(reading))
    return total(_sums(reading, *row) for row in found)


def _sums(
    reading: Reading,
    rows: int,
    keys: Decimal,
    second: Decimal,
    totals: list[Decimal],
    first: int | None = None,
) -> Digest:
    columns = [int(total) for total in totals]
    found = Digest(
        rows=rows,
        keys=int(keys),
        second=int(second),
        columns={part.name: total for part, total in zip(reading.columns, columns, strict=True)},
    )
    if first is None:
        return found
    said = repr((rows, found.keys, found.second, columns)).encode()
    mark = hashlib.blake2b(said, digest_size=_MARK).hexdigest()
    return replace(found, stretches=(Stretch(first, end_of(reading, first), rows, mark),))


def touch(conn: Connection, reading: Reading) -> None:
    """Read no row of a relation, and lock it against being rewritten until the transaction ends."""
    query = sql.SQL("select from {} limit 0").format(source(replace(reading, pages=None)))
    database.rows(conn, query)


def statement(reading: Reading) -> sql.Composed:
    """Return the statement that `digest` sends: whoever doubts a number can ask again.

    One row of sums, or one for each stretch with the number of its first page.
    """
    if not reading.stretch:
        return _summed(reading, hashed_rows(reading))
    # A subquery that is asked anew for each stretch: to group rows by their page costs more than to
    # hash them.
    stretches, condition = each_stretch(reading)
    rows = hashed_rows(replace(reading, pages=None), where=condition)
    return sql.SQL(
        "select sums.*, stretch.first from {stretches}, lateral ({sums}) as sums"
    ).format(stretches=stretches, sums=_summed(reading, rows))


def _summed(reading: Reading, rows: sql.Composed) -> sql.Composed:
    keyed = bool(reading.key)
    sums = column_hashes(reading) if keyed else [_c(at) for at in _places(reading)]
    return sql.SQL(
        "select pg_catalog.count(*), {keys}, {second},"
        " array[{sums}]::pg_catalog.numeric[] from ({rows}) as r"
    ).format(
        keys=_sum(sql.Identifier("h")),
        second=_sum(row_hash(reading)) if reading.whole else sql.SQL("0"),
        sums=listed(map(_sum, sums)),
        rows=rows,
    )


def _sum(hash_: sql.Composable) -> sql.Composed:
    return sql.SQL("coalesce(pg_catalog.sum({}), 0)").format(hash_)


def hashed_rows(
    reading: Reading,
    *,
    extra: Sequence[sql.Composable] = (),
    where: sql.Composable | None = None,
) -> sql.Composed:
    """Return a query with one row per row of the relation, and what its digest is made of.

    With a key: `h` is the key's hash, `k` what seeds the hashes of the columns, and `c0`, `c1`, …
    are the columns' values.  Without: `h` and `h2` are two hashes of the whole row, and `c0`, `c1`,
    … those of its values.  ``extra`` adds whatever else of the relation's columns, and ``where`` is
    a condition on them.
    """
    rows = source(reading, where)
    return _keyed(reading, rows, extra) if reading.key else _keyless(reading, rows, extra)


def column_hashes(reading: Reading) -> tuple[sql.Composed, ...]:
    """Return, over `hashed_rows` of a reading with a key, the hash of each column."""
    return tuple(
        hashes.of_value(_c(at), part.image, sql.SQL("k"), reading.hash, utf8=reading.utf8)
        for at, part in enumerate(reading.columns)
    )


def row_hash(reading: Reading) -> sql.Composable:
    """Return, over `hashed_rows`, the hash of all values of a row bound to its key.

    Without a key, that of the whole row under a second seed.
    """
    if not reading.key:
        return sql.Identifier("h2")
    if len(reading.columns) == 1:
        return column_hashes(reading)[0]
    apart = [sql.SQL("(k # {})").format(sql.Literal(at)) for at in _places(reading)]
    found = [
        hashes.of_value(_c(at), part.image, apart[at], reading.hash, utf8=reading.utf8)
        for at, part in enumerate(reading.columns)
    ]
    return _together([_never_null(one) for one in found])


def _keyed(reading: Reading, rows: sql.Composable, extra: Sequence[sql.Composable]) -> sql.Composed:
    seed: sql.Composable = sql.Literal(SEEDS[0])
    for part in reading.key:
        seed = hashes.of_value(
            sql.Identifier(part.name), part.image, seed, reading.hash, utf8=reading.utf8
        )
    # A key that is an integer is its own seed.  A NULL in a key takes its row out of all sums, and
    # with it the two sides apart: at least one of them swore that there is none.
    k: sql.Composable = seed
    if reading.integer_key:
        k = sql.SQL("{}::pg_catalog.int8").format(sql.Identifier(reading.key[0].name))
    return sql.SQL("select {items} from {source}{fence}").format(
        items=listed(
            [
                sql.SQL("{} as h").format(seed),
                sql.SQL("{} as k").format(k),
                *(
                    sql.SQL("{} as {}").format(sql.Identifier(part.name), _c(at))
                    for at, part in enumerate(reading.columns)
                ),
                *extra,
            ]
        ),
        source=rows,
        # Without it the planner copies the key's hash into every column's expression, where it
        # would be computed once per column.
        fence=sql.SQL("") if reading.integer_key else sql.SQL(" offset 0"),
    )


def _keyless(
    reading: Reading, rows: sql.Composable, extra: Sequence[sql.Composable]
) -> sql.Composed:
    # Each value is hashed once, hence the fences: both lanes, and the own sum of each column, are
    # made of these hashes.  In the second lane those of every other column are shifted by a bit:
    # for two differences to cancel out they must be equal in one lane and a bit apart in the other.
    columns = [
        *(
            sql.SQL("{} as {}").format(_never_null(one), _c(at))
            for at, one in enumerate(_value_hashes(reading))
        ),
        *extra,
    ]
    inner = sql.SQL("select {columns} from {source} offset 0").format(
        columns=listed(columns), source=rows
    )
    places = [_c(at) for at in _places(reading)]
    second = sql.SQL("({} # ({} << 1))").format(_together(places[::2]), _together(places[1::2]))
    middle = sql.SQL("select s.*, {x} as x, {x2} as x2 from ({inner}) as s offset 0").format(
        x=_together(places), x2=second, inner=inner
    )
    return sql.SQL("select m.*, {h} as h, {h2} as h2 from ({middle}) as m").format(
        h=hashes.mixed(sql.Identifier("x"), sql.Literal(SEEDS[0])),
        h2=hashes.mixed(sql.Identifier("x2"), sql.Literal(SEEDS[1])),
        middle=middle,
    )


def _value_hashes(reading: Reading) -> list[sql.Composed]:
    """Return the hash of each column under a seed of its own, so that two cannot change places."""
    return [
        hashes.of_value(
            sql.Identifier(part.name),
            part.image,
            sql.Literal(SEEDS[0] * _APART + at),
            reading.hash,
            utf8=reading.utf8,
        )
        for at, part in enumerate(reading.columns)
    ]


def _never_null(hash_: sql.Composable) -> sql.Composed:
    """Return SQL for a hash in which NULL has one of its own."""
    return sql.SQL("coalesce({}, 3141592653589793238)").format(hash_)


def _together(parts: Sequence[sql.Composable]) -> sql.Composable:
    """Return SQL that combines hashes into one, in a tree, as 1,600 in a row nest too deeply."""
    if len(parts) < 2:  # noqa: PLR2004 - two are the fewest that can be halved
        return parts[0] if parts else sql.SQL("0::pg_catalog.int8")
    half = len(parts) // 2
    return sql.SQL("({} # {})").format(_together(parts[:half]), _together(parts[half:]))


def total(parts: Iterable[Digest]) -> Digest:
    """Return the digest of all slices of a relation."""
    return reduce(Digest.__add__, parts)


def listed(items: Iterable[sql.Composable]) -> sql.Composed:
    """Return the items with commas between them."""
    return sql.SQL(", ").join(items)


def _places(reading: Reading) -> range:
    return range(len(reading.columns))


def _c(at: int) -> sql.Identifier:
    return sql.Identifier(f"c{at}")
