"""How is one side of a relation read, so that two sides can be compared?

Both sides are read under the same key and the same images, decided from both catalogs; what differs
between them is only what makes two servers say the same of the same value.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.equivalence import Ignored, Within
from gatepost.names import Relation
from gatepost.parity import images
from gatepost.parity.hashes import Hash
from gatepost.parity.images import Image
from gatepost.parity.types import INTEGERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager

    from gatepost.database import Connection
    from gatepost.equivalence import Equivalence
    from gatepost.schema.catalog import Table

# Pages are numbered in 32 bits, and this number means that there is none.
_NO_PAGE = (1 << 32) - 1
_NO_EQUIVALENCE: Mapping[str, Equivalence] = {}


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
    :param columns: all compared columns that are not in the key.
    :param integer_key: the key is one integer, which seeds the hashes as it is.
    :param utf8: texts are hashed as the bytes that UTF-8 has for them.
    :param pages: from the first page to the one before the second; to the end if that is None.
    :param stretch: so many pages are summed up by themselves; 0 for one sum.
    :param stretches: only these are read, each from a page to the one before another.
    :param query: SQL whose rows stand for the relation's.
    """

    relation: Relation
    only: bool
    key: tuple[Part, ...]
    columns: tuple[Part, ...]
    integer_key: bool = False
    hash: Hash = "hash64"
    utf8: bool = False
    pages: tuple[int, int | None] | None = None
    stretch: int = 0
    stretches: tuple[tuple[int, int], ...] | None = None
    query: str = ""

    def __str__(self) -> str:
        return str(self.relation)

    @property
    def whole(self) -> bool:
        """Whether rows are summed up whole too, so that none of their columns can be left out.

        Those without a key are, and those that may share one: two rows of one key could exchange
        some of their values, and no column's sum would change.
        """
        return not self.key or any(images.is_folded(part.image) for part in self.key)

    def of(self, names: Iterable[str]) -> Reading:
        """Return the same reading of some of its columns."""
        wanted = set(names)
        return replace(self, columns=tuple(part for part in self.columns if part.name in wanted))


def pair(
    before: Table,
    after: Table,
    *,
    method: Hash = "hash64",
    utf8: tuple[bool, bool] = (False, False),
    compare: Mapping[str, Equivalence] = _NO_EQUIVALENCE,
) -> tuple[Reading, Reading]:
    """Return how the two sides of a table are to be read: the columns that both have, by name.

    The key is that of the before side where the after side has its columns, else that of the after
    side; the order of columns in the table does not matter.

    :param utf8: by side, whether its texts must be hashed as UTF-8.
    :param compare: what the project declared, by column.  Columns that it ignores, or that need
        only be near each other, are left out: no hash can tell what is near.
    """
    was = {column.name: column for column in before.columns}
    now = {column.name: column for column in after.columns}
    common = [
        name for name in was if name in now and not isinstance(compare.get(name), (Ignored, Within))
    ]
    paired = {n: images.pair(was[n], now[n], compare.get(n, "exact")) for n in common}
    keys = (key for key in (before.key, after.key) if key and all(n in paired for n in key))
    key = next(keys, ())
    integer = len(key) == 1 and {was[key[0]].base, now[key[0]].base} <= INTEGERS
    if integer:
        paired[key[0]] = ("int8", "int8")

    def one(table: Table, side: int) -> Reading:
        return Reading(
            relation=table.relation,
            only=table.kind == "table",
            key=tuple(Part(name, paired[name][side]) for name in key),
            columns=tuple(Part(n, paired[n][side]) for n in sorted(common) if n not in key),
            integer_key=integer,
            hash=method,
            utf8=utf8[side],
        )

    return one(before, 0), one(after, 1)


def as_meant(conn: Connection, reading: Reading) -> AbstractContextManager[None]:
    """Let a reading's query, where it has one, mean what its author meant."""
    return database.as_written(conn) if reading.query else contextlib.nullcontext()


def source(reading: Reading, where: sql.Composable | None = None) -> sql.Composed:
    """Return what stands behind FROM: the relation, pages of it, or the query in its place."""
    if reading.query:
        named = sql.SQL("({}) as t").format(sql.SQL(reading.query))
    elif reading.stretches is not None:
        named = _stretches(_relation(reading), reading.stretches)
    else:
        named = _relation(reading)
    conditions = [] if reading.pages is None else _within(*reading.pages)
    conditions += [] if where is None else [where]
    if not conditions:
        return named
    return sql.SQL("{} where {}").format(named, sql.SQL(" and ").join(conditions))


def each_stretch(reading: Reading) -> tuple[sql.Composable, sql.Composable]:
    """Return what stands behind FROM for the stretches of a reading, and the condition on one."""
    first, end = reading.pages or (0, None)
    stretches = sql.SQL(
        "pg_catalog.generate_series({first}::pg_catalog.int8, {last}, {stretch}) as stretch (first)"
    ).format(
        first=sql.Literal(first),
        last=_last_page(reading, first) if end is None else sql.Literal(end - 1),
        stretch=sql.Literal(reading.stretch),
    )
    until = sql.SQL("least(stretch.first + {}, {})").format(
        sql.Literal(reading.stretch), sql.Literal(_NO_PAGE if end is None else end)
    )
    return stretches, _between(until)


def end_of(reading: Reading, first: int) -> int:
    """Return the page before which a stretch ends that begins at page ``first``."""
    _, end = reading.pages or (0, None)
    return min(first + reading.stretch, _NO_PAGE if end is None else end)


def _between(end: sql.Composable) -> sql.Composed:
    return sql.SQL(
        "ctid >= ('(' || stretch.first || ',0)')::pg_catalog.tid"
        " and ctid < ('(' || {} || ',0)')::pg_catalog.tid"
    ).format(end)


def _last_page(reading: Reading, least: int) -> sql.Composed:
    """Return SQL for the number of the last page that a relation has by now."""
    return sql.SQL(
        "greatest(pg_catalog.pg_relation_size({}::pg_catalog.regclass)"
        " / pg_catalog.current_setting('block_size')::pg_catalog.int8 - 1, {})"
    ).format(sql.Literal(reading.relation.identifier.as_string()), sql.Literal(least))


def _relation(reading: Reading) -> sql.Composed:
    return sql.SQL("{only}{relation} as t").format(
        only=sql.SQL("only ") if reading.only else sql.SQL(""),
        relation=reading.relation.identifier,
    )


def _stretches(relation: sql.Composable, stretches: tuple[tuple[int, int], ...]) -> sql.Composed:
    # A join on ctid is no TID range scan; a subquery that is asked once for each stretch is, and
    # the fence keeps the planner from making a join of it.  Wrapped once more, so that no name of
    # ours stands beside those of the relation's columns.
    return sql.SQL(
        "(select t.* from rows from (pg_catalog.unnest({firsts}::pg_catalog.int8[]),"
        " pg_catalog.unnest({ends}::pg_catalog.int8[])) as stretch (first, until),"
        " lateral (select * from {relation} where {pages} offset 0) as t) as t"
    ).format(
        firsts=sql.Literal([first for first, _ in stretches]),
        ends=sql.Literal([end for _, end in stretches]),
        relation=relation,
        pages=_between(sql.SQL("stretch.until")),
    )


def _within(first: int, end: int | None) -> list[sql.Composable]:
    conditions: list[sql.Composable] = [
        sql.SQL("ctid >= {}::pg_catalog.tid").format(sql.Literal(f"({first},0)"))
    ]
    if end is not None:
        conditions.append(sql.SQL("ctid < {}::pg_catalog.tid").format(sql.Literal(f"({end},0)")))
    return conditions
