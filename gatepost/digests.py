"""What does a relation hold, in a few numbers that do not depend on row order?

Every value becomes an image (see `gatepost.images`), every image a 64-bit hash, seeded with the
hash of its row's key, and each column's hashes are summed.  So values that swap places between two
rows change the sum, which they would not without the seed; a row that is there twice changes it,
which it would not under XOR; and a column at fault is known after one scan.  Without a key a row is
its own key: two sums of whole rows under two seeds, and an unbound sum per column to name it by.

Sums of bigint are numeric in PostgreSQL, exact and in any order; sums of floats are neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from psycopg import sql

from gatepost import database, images
from gatepost.images import Image
from gatepost.names import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatepost.catalog import Table
    from gatepost.database import Connection

Hash = Literal["hash64", "sha256"]

SEEDS = (17, 41)
_INTEGERS = {"pg_catalog.int2", "pg_catalog.int4", "pg_catalog.int8"}

# hashtextextended is 64 bits, fast and no documented promise between major versions: `agree` tries
# it on both servers first.  sha256 of UTF-8 is promised, and there in FIPS mode, where md5 is not.
_HASH: dict[Hash, sql.SQL] = {
    "hash64": sql.SQL("pg_catalog.hashtextextended({text}, {seed})"),
    "sha256": sql.SQL(
        "('x' || pg_catalog.encode(pg_catalog.substring(pg_catalog.sha256(pg_catalog.convert_to("
        "({seed})::pg_catalog.text || ':' || {text}, 'UTF8')), 1, 8), 'hex'))"
        "::pg_catalog.bit(64)::pg_catalog.int8"
    ),
}


@dataclass(frozen=True)
class Part:
    """A column and the image under which it is read."""

    name: str
    image: Image


@dataclass(frozen=True)
class Reading:
    """How one side of a relation is read, so that two sides can be compared.

    :param only: leave out the rows of tables that inherit from it.
    :param key: what binds values to their row; empty for a relation without a key.
    :param integer_key: the key is one integer, which seeds the hash as it is.
    :param columns: all compared columns that are not in the key.
    """

    relation: Relation
    only: bool
    key: tuple[Part, ...]
    columns: tuple[Part, ...]
    integer_key: bool = False
    hash: Hash = "hash64"

    def __str__(self) -> str:
        return str(self.relation)


@dataclass(frozen=True)
class ColumnDigest:
    """How many values are not NULL, and the sum of their hashes."""

    values: int
    total: int


@dataclass(frozen=True)
class Digest:
    """What one side of a relation holds.

    :param rows: a count.
    :param keys: the sum of the hashes of all keys, or, without a key, of all rows.
    :param second: without a key, the same under another seed; else 0.
    :param columns: by column name.
    """

    rows: int
    keys: int
    second: int
    columns: dict[str, ColumnDigest]

    def differing(self, other: Digest) -> tuple[str, ...]:
        """Return the columns whose digests are not the same."""
        return tuple(name for name, was in self.columns.items() if other.columns.get(name) != was)

    def __str__(self) -> str:
        return f"{self.rows:,} rows"


def readings(
    before: Table,
    after: Table,
    *,
    method: Hash = "hash64",
    utf8: bool = False,
) -> tuple[Reading, Reading]:
    """Return how the two sides of a table are to be read: the columns that both have, by name.

    The key is that of the before side where the after side has its columns; their order in the
    table does not matter.
    """
    was = {column.name: column for column in before.columns}
    now = {column.name: column for column in after.columns}
    common = [name for name in was if name in now]
    paired = {name: images.pair(was[name], now[name], utf8=utf8) for name in common}
    key = before.key if all(name in paired for name in before.key) else ()
    integer = len(key) == 1 and {was[key[0]].base, now[key[0]].base} <= _INTEGERS

    def one(table: Table, side: int) -> Reading:
        return Reading(
            relation=table.relation,
            only=table.kind == "table",
            key=tuple(Part(name, paired[name][side]) for name in key),
            columns=tuple(Part(n, paired[n][side]) for n in sorted(common) if n not in key),
            integer_key=integer,
            hash=method,
        )

    return one(before, 0), one(after, 1)


def digest(conn: Connection, reading: Reading) -> Digest:
    """Return the digest of one side of a relation.

    One sequential scan, no sort; the cost grows with the bytes read.  Two relations that differ
    share it by chance once in about 2**64 comparisons.  (0, 0, 0) for an empty relation.

    :raises NotReadable: the role may not read it, or row security would hide rows.
    """
    query = sql.SQL(
        "select pg_catalog.count(*), coalesce(pg_catalog.sum(h), 0),"
        " coalesce(pg_catalog.sum(h2), 0), array[{counts}]::pg_catalog.int8[],"
        " array[{sums}]::pg_catalog.numeric[] from ({rows}) as r"
    ).format(
        counts=_list(sql.SQL("pg_catalog.count({})").format(_c(at)) for at in _places(reading)),
        sums=_list(
            sql.SQL("coalesce(pg_catalog.sum({}), 0)").format(column_hash(reading, at))
            for at in _places(reading)
        ),
        rows=keyed(reading),
    )
    ((count, keys, second, values, totals),) = database.rows(conn, query)
    return Digest(
        rows=count,
        keys=int(keys),
        second=int(second),
        columns={
            part.name: ColumnDigest(value, int(total))
            for part, value, total in zip(reading.columns, values, totals, strict=True)
        },
    )


def keyed(reading: Reading, *, extra: sql.Composable | None = None) -> sql.Composed:
    """Return a query with one row per row of the relation.

    `h` is the hash of its key (without a key, of all of it, and `h2` the same under another seed),
    `k` what its values are bound by, `c0`, `c1`, … their images, and ``extra`` whatever else.

    `offset 0` keeps the planner from copying the key's hash into every column's expression, where
    it would be computed once per column.  An integer key needs no such fence: it is its own seed.
    """
    row = sql.SQL("row({})::pg_catalog.text").format(_list(_expressions(reading)))
    h, h2 = (hashed(row, sql.Literal(seed), reading.hash) for seed in SEEDS)
    binding: sql.Composable = sql.SQL("0::pg_catalog.int8") if not reading.key else h
    if reading.integer_key:
        # NULL only where a primary key was lost; its row must not drop out of the sums.
        binding = sql.SQL("coalesce({}::pg_catalog.int8, -4611686018427387905)").format(
            sql.Identifier(reading.key[0].name)
        )
    items = [
        sql.SQL("{} as h").format(h),
        sql.SQL("{} as h2").format(sql.SQL("0") if reading.key else h2),
        sql.SQL("{} as k").format(binding),
        *(
            sql.SQL("{} as {}").format(images.expression(part.name, part.image), _c(at))
            for at, part in enumerate(reading.columns)
        ),
        *([extra] if extra is not None else []),
    ]
    return sql.SQL("select {items} from {only}{relation}{fence}").format(
        items=_list(items),
        only=sql.SQL("only ") if reading.only else sql.SQL(""),
        relation=reading.relation.identifier,
        fence=sql.SQL("") if reading.integer_key or not reading.key else sql.SQL(" offset 0"),
    )


def hashed(text: sql.Composable, seed: sql.Composable, method: Hash) -> sql.Composed:
    """Return SQL for the 64-bit hash of a text under a seed; NULL for NULL."""
    return _HASH[method].format(text=text, seed=seed)


def column_hash(reading: Reading, at: int) -> sql.Composed:
    """Return SQL, over `keyed`, for the hash of the column at place ``at``, bound to its row.

    Without a key there is nothing to bind it to: the place is the seed.
    """
    return hashed(_c(at), sql.SQL("k") if reading.key else sql.Literal(at), reading.hash)


def agree(before: Connection, after: Connection) -> Hash:
    """Return the fastest hash that both servers compute alike, by trying known texts on both.

    The hash that is fast is not promised to stay the same between major versions or machines.
    """
    return "hash64" if _known_answers(before) == _known_answers(after) else "sha256"


def _known_answers(conn: Connection) -> list[tuple[int, ...]]:
    texts = ["", "a", "gatepost", "€", "😀", "x" * 1000, " 1\t\n\\"]
    query = sql.SQL(
        "select {}, {}, {} from pg_catalog.unnest(%s::pg_catalog.text[]) with ordinality"
        " as given(t, n) order by n"
    ).format(*(hashed(sql.SQL('t collate pg_catalog."C"'), s, "hash64") for s in _seeds()))
    return database.rows(conn, query, (texts,))


def _seeds() -> list[sql.Literal]:
    return [sql.Literal(seed) for seed in (0, SEEDS[0], -(2**62) - 3)]


def _expressions(reading: Reading) -> list[sql.Composed]:
    return [images.expression(p.name, p.image) for p in (reading.key or reading.columns)]


def _places(reading: Reading) -> range:
    return range(len(reading.columns))


def _c(at: int) -> sql.Identifier:
    return sql.Identifier(f"c{at}")


def _list(items: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(items)
