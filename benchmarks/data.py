"""What is measured upon?  Tables that both servers make by the same SQL, without any chance in it.

What a row holds follows from its number alone, so that two servers of different versions hold the
same without anything being sent from one to the other.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

from psycopg import sql

from benchmarks.clock import short
from gatepost import database
from gatepost.dsn import Dsn
from gatepost.names import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIXED = sql.SQL(
    """
    g * 7 % 1000003 as n,
    (g % 30000)::smallint as small,
    g::bigint * 7919 as big,
    'name ' || g as name,
    repeat(md5(g::text), 4) as body,
    (g % 9999999 / 100.0)::numeric(10, 2) as price,
    g::float8 / 7 as ratio,
    timestamptz '2024-01-01' + g * interval '1.000001 second' as made,
    date '2000-01-01' + g % 9000 as day,
    g % 3 = 0 as flag,
    md5('u' || g)::uuid as token,
    jsonb_build_object('at', g, 'hash', md5('j' || g), 'tags', jsonb_build_array('a', g % 10))
        as extra
"""
)
_CREATE = sql.SQL(
    "create table {table} as"
    " select {id} as id, {columns} from pg_catalog.generate_series(1, {rows}) as g"
)
_NARROW = sql.SQL("g * 7 % 1000003 as n, g % 1000 as m")
# Ten kinds of column, five of each.  Floats come of divisions: what a server computes with its
# platform's library might differ in the last place.
_TEN = (
    sql.SQL("g + {at}"),
    sql.SQL("g::bigint * {at} * 7919"),
    sql.SQL("'text ' || g % 1000 || ' of ' || {at}"),
    sql.SQL("md5(g || '/' || {at})"),
    sql.SQL("(g % 99999 / 100.0 + {at})::numeric(12, 2)"),
    sql.SQL("g::float8 / (7 + {at})"),
    sql.SQL("timestamptz '2024-01-01' + (g + {at}) * interval '1 minute'"),
    sql.SQL("date '2000-01-01' + (g + {at}) % 9000"),
    sql.SQL("(g + {at}) % 2 = 0"),
    sql.SQL("case when (g + {at}) % 3 = 0 then g end"),
)
_FIFTY = sql.SQL(", ").join(
    sql.SQL("{} as {}").format(
        _TEN[at % len(_TEN)].format(at=sql.Literal(at)), sql.Identifier(f"c{at}")
    )
    for at in range(1, 50)
)
# A hash in every 64 bytes: pglz, which looks for repeated strings, finds none.
_MEGABYTE = sql.SQL(
    """
    (select string_agg(sha512(int8send(g * 16384::bigint + i)), ''::bytea order by i)
     from generate_series(1, 16384) as i) as body
"""
)


@dataclass(frozen=True)
class Dataset:
    """A table to be made.

    :param rows: at scale 1.
    :param columns: all but the first, `id`, of the row whose number is `g`.
    :param id: what `id` holds.
    :param keyed: whether `id` is the primary key.
    :param least: rows at any scale: a hundred differences must find room.
    :param change: changes one value of a row, and done once more, changes it back.
    """

    name: str
    rows: int
    what: str
    columns: sql.Composable
    id: LiteralString = "g::bigint"
    keyed: bool = True
    least: int = 1000
    change: LiteralString = "n = ~n"

    @property
    def relation(self) -> Relation:
        """Its name in the database."""
        return Relation("public", self.name)

    def at(self, scale: float) -> int:
        """Return how many rows it has at a scale."""
        return max(round(self.rows * scale), self.least)


@dataclass(frozen=True)
class Pair:
    """The same rows on two servers, each in a database that holds nothing else."""

    dataset: Dataset
    rows: int
    bytes: int
    before: Dsn
    after: Dsn

    @property
    def relation(self) -> Relation:
        """The table's name, the same on both."""
        return self.dataset.relation

    def __str__(self) -> str:
        return f"{self.rows:,} rows, {self.dataset.what}, {short(self.bytes / 1e6)} MB"


DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset("wide", 2_000_000, "13 mixed columns", _MIXED),
        Dataset("narrow", 10_000_000, "3 integers", _NARROW),
        Dataset(
            "text_key",
            1_000_000,
            "13 mixed columns, a text as key",
            _MIXED,
            "md5('k' || g)",
        ),
        Dataset("columns", 400_000, "50 columns", _FIFTY),
        Dataset("keyless", 1_000_000, "13 mixed columns, no key", _MIXED, keyed=False),
        Dataset(
            "megabytes",
            200,
            "values of 1 MB",
            _MEGABYTE,
            least=10,
            change="body = pg_catalog.set_byte(body, 0, 255 - pg_catalog.get_byte(body, 0))",
        ),
    )
}


def make(dsn: Dsn, dataset: Dataset, rows: int) -> int:
    """Make a table in a database; return its size in bytes, index and TOAST included."""
    table = dataset.relation.identifier
    create = _CREATE.format(
        table=table, id=sql.SQL(dataset.id), columns=dataset.columns, rows=sql.Literal(rows)
    )
    with contextlib.closing(database.maintenance(dsn, label="data")) as conn:
        conn.execute(create)
        if dataset.keyed:
            conn.execute(sql.SQL("alter table {} add primary key (id)").format(table))
        # Hint bits and the visibility map are of the first reader's making, not of each round's.
        conn.execute(sql.SQL("vacuum (freeze, analyze) {}").format(table))
        size = sql.SQL("select pg_catalog.pg_total_relation_size({}::pg_catalog.regclass)")
        return int(database.value(conn, size.format(sql.Literal(table.as_string(conn)))))


@contextlib.contextmanager
def changed(pair: Pair, rows: int) -> Iterator[None]:
    """Change one value in each of some rows of the after side, scattered; change them back after.

    The dataset's `id` must be the row's number.
    """
    statement = sql.SQL(
        "update {table} set {change} where id in"
        " (select i * {step} from pg_catalog.generate_series(1, {rows}) as i)"
    ).format(
        table=pair.relation.identifier,
        change=sql.SQL(pair.dataset.change),
        step=sql.Literal(pair.rows // rows),
        rows=sql.Literal(rows),
    )
    with contextlib.closing(database.maintenance(pair.after, label="data")) as conn:
        conn.execute(statement)
        try:
            yield
        finally:
            conn.execute(statement)
