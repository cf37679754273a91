"""How are the documents of a collection read on one side, and by what is each of them known?

On the before side they lie in a table of the staging database; on the after side a query of the
project yields them.  A document is known by the field that holds its id, by its place where order
counts, or by nothing but what is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from psycopg import sql

from gatepost import database
from gatepost.exporting.subject import Known
from gatepost.parity import hashes
from gatepost.parity.hashes import Hash

if TYPE_CHECKING:
    from collections.abc import Collection, Generator

    from gatepost.database import Connection

# As many sums as both sides are asked for: of a million documents, each stands for 244.
BUCKETS = 4096
_AT_ONCE = 2_000
_KEY_SEED, _CONTENT_SEED = sql.Literal(hashes.SEEDS[0]), sql.Literal(hashes.SEEDS[1])

_EXPORTED = sql.SQL("select {place} as record, q.doc from ({query}) as q")
_PLACE = sql.SQL("pg_catalog.row_number() over ()")
_NOWHERE = sql.SQL("0::pg_catalog.int8")
# The fence keeps the server from spelling a document out once for each time that it is named.
_KEYED = sql.SQL(
    "select k, t, coalesce({by_key}, {by_content}, 0) as h from ("
    "select {key} as k, doc, doc::pg_catalog.text as t from ({rows}) as r offset 0) as d"
)
# Should the server sort what it groups, it sorts two numbers a document, and not the documents.
_SUMS = sql.SQL(
    "select b, pg_catalog.count(*), coalesce(pg_catalog.sum(c), 0) from ("
    "select (h & {mask})::pg_catalog.int4 as b, {content} as c from ({keyed}) as d offset 0"
    ") as e group by 1"
)
_LISTED = sql.SQL(
    "select h, k, t from ({keyed}) as d where (h & {mask})::pg_catalog.int4 = any({buckets})"
    ' order by h, t collate pg_catalog."C"'
)
# Equal for equal documents however their numbers are scaled, as no text is.
_OWN_HASH = sql.SQL("pg_catalog.jsonb_hash_extended(doc, {seed})")
_TRIED = sql.SQL(
    "select pg_catalog.jsonb_hash_extended("
    """'{{"a": [1.10, -1e3, null, true, "x"], "bb": {{"c": []}}}}'::pg_catalog.jsonb, {seed})"""
)


class Document(NamedTuple):
    """One document.

    :param hash: that of its key; documents of one key share it.
    :param key: its id or its place; None where it has none.
    :param text: as jsonb spells it; None where the query yields NULL.
    """

    hash: int
    key: str | None
    text: str | None


class Sum(NamedTuple):
    """What one bucket holds: how many documents, and the sum of their hashes."""

    documents: int
    total: int


@dataclass(frozen=True)
class Reading:
    """How one side's documents are read.

    :param rows: a query that yields ``record``, the place from 1, and ``doc``.
    :param known: by what a document is known.
    :param ids: the field that holds the id.
    :param method: under which hash the sides are compared.
    :param utf8: this side's texts are turned into UTF-8 first, as the other's are not in its
        encoding.
    :param own: both servers hash jsonb alike.
    """

    rows: sql.Composed
    known: Known
    ids: str
    method: Hash
    utf8: bool
    own: bool

    @property
    def keyed(self) -> sql.Composed:
        """SQL for key, text and hash of every document."""
        key: sql.Composable = sql.SQL("null::pg_catalog.text")
        if self.known == "id":
            key = sql.SQL("doc ->> {}").format(sql.Literal(self.ids))
        elif self.known == "place":
            key = sql.SQL("record::pg_catalog.text")
        content = _OWN_HASH.format(seed=_CONTENT_SEED) if self.own else self._hash("t")
        return _KEYED.format(key=key, by_key=self._hash("k"), by_content=content, rows=self.rows)

    def _hash(self, column: str, seed: sql.Composable = _KEY_SEED) -> sql.Composed:
        name = sql.Identifier(column)
        return hashes.of_value(name, "text", seed, self.method, utf8=self.utf8)

    @property
    def sums(self) -> sql.Composed:
        """SQL for what each bucket holds; a document's hash is bound to its key."""
        content = self._hash("t", sql.Identifier("h"))
        return _SUMS.format(mask=sql.Literal(BUCKETS - 1), content=content, keyed=self.keyed)

    def listed(self, buckets: Collection[int]) -> sql.Composed:
        """SQL for the documents of some buckets, those of one key together."""
        return _LISTED.format(
            keyed=self.keyed,
            mask=sql.Literal(BUCKETS - 1),
            buckets=sql.Literal(sorted(buckets)),
        )


def exported(query: str, *, ordered: bool) -> sql.Composed:
    """Return SQL for what a query of the project yields, with places where order counts."""
    return _EXPORTED.format(place=_PLACE if ordered else _NOWHERE, query=sql.SQL(query))


def sums(conn: Connection, reading: Reading) -> dict[int, Sum]:
    """Return what each bucket holds; one scan.

    :raises psycopg.Error: the server refuses the project's query.
    """
    with database.as_written(conn):
        found = database.rows(conn, reading.sums)
    return {bucket: Sum(documents, int(total)) for bucket, documents, total in found}


def listed(
    conn: Connection, reading: Reading, buckets: Collection[int]
) -> Generator[Document, None, None]:
    """Yield the documents of some buckets by their keys' hashes; few of them are in memory."""
    with database.as_written(conn):
        query = reading.listed(buckets)
        for row in database.stream(conn, query, at_once=_AT_ONCE):
            yield Document(*row)


def answer(conn: Connection) -> int:
    """Return how the server hashes a known document: two that do alike can be compared by it."""
    return int(database.value(conn, _TRIED.format(seed=_CONTENT_SEED)))
