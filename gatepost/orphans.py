"""Which rows point to a parent that is not there?

Read from the rows: a foreign key that says it is valid may have been loaded with its triggers off.
What the before side already had is inherited; what it had not was introduced by the migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import batches, database, references
from gatepost.errors import UsageError
from gatepost.parity import hashes, images
from gatepost.parity.shown import plain, veiled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gatepost.database import Connection
    from gatepost.names import Relation
    from gatepost.parity.hashes import Hash
    from gatepost.references import Reference
    from gatepost.schema.catalog import Catalog, Table

SHOWN = 5
_FETCHED = 10_000


@dataclass(frozen=True)
class Orphans:
    """The orphans of one reference on one side: how many, and the sum of their hashes."""

    rows: int
    total: int


@dataclass(frozen=True)
class Introduced:
    """Orphans that the before side did not have.

    :param keys: a few of them, as `id = (42)`.
    :param complete: every orphan of both sides was read to tell.
    """

    rows: int
    keys: tuple[str, ...]
    complete: bool


def count(conn: Connection, reference: Reference, catalog: Catalog, method: Hash) -> Orphans | None:
    """Return the orphans of one side; None where the side lacks a table or a column of it.

    One anti-join, hashed or merged by the server as it sees fit; NULLs as the key's match type has
    them: under SIMPLE one NULL and the row points nowhere, under FULL all must be NULL or none.
    """
    if not reference.is_in(catalog):
        return None
    ((rows, total),) = database.rows(conn, _counting(reference, catalog, method))
    return Orphans(rows, int(total))


def counts(conn: Connection, catalog: Catalog, method: Hash) -> dict[str, Orphans]:
    """Return what `count` returns, by subject, of those foreign keys that can be asked together.

    Missing are references of larger tables, and those asked together with one that fails.
    """
    queries = {
        one.subject: _counting(one, catalog, method)
        for one in references.catalogued(catalog)
        if all(batches.is_small(_table(end, catalog)) for end in (one.child, one.parent))
    }
    found = batches.asked(conn, queries)
    return {subject: Orphans(rows, int(total)) for subject, (rows, total) in found.items()}


def _counting(reference: Reference, catalog: Catalog, method: Hash) -> sql.Composed:
    return sql.SQL("select pg_catalog.count(*), coalesce(pg_catalog.sum({h}), 0) {orphans}").format(
        h=_hash(reference, catalog, method), orphans=_orphans(reference, catalog)
    )


def introduced(
    known: Collection[int],
    conn: Connection,
    catalog: Catalog,
    reference: Reference,
    *,
    masked: frozenset[str],
    method: Hash,
) -> Introduced:
    """Return the orphans of the after side that the before side did not have.

    At most `_FETCHED` of them are read; beyond that the answer says it is not complete.

    :param known: what `hashed` returns of the before side.
    :param conn: to the after side, whose ``catalog`` it is.
    """
    here = _fetched(conn, catalog, reference, method)
    new = [keys for hash_, keys in here.items() if hash_ not in known]
    return Introduced(
        rows=len(new),
        keys=tuple(_shown(keys, reference, catalog, masked) for keys in new[:SHOWN]),
        complete=max(len(here), len(known)) < _FETCHED,
    )


def hashed(
    conn: Connection, catalog: Catalog, reference: Reference, method: Hash
) -> tuple[int, ...]:
    """Return the hashes of the orphans of one side, `_FETCHED` at most; of no table, none."""
    if not reference.is_in(catalog):
        return ()
    return tuple(_fetched(conn, catalog, reference, method))


def _identity(reference: Reference, catalog: Catalog) -> tuple[str, ...]:
    """Return the columns that name an orphan: its own key, and what it points with."""
    key = _table(reference.child, catalog).key
    return (*key, *(name for name in reference.child_columns if name not in key))


def _hash(reference: Reference, catalog: Catalog, method: Hash) -> sql.Composed:
    table = _table(reference.child, catalog)
    columns = {column.name: column for column in table.columns}
    parts = sql.SQL(", ").join(
        images.text(_qualified("c", name), images.of(columns[name]))
        for name in _identity(reference, catalog)
    )
    row = sql.SQL("row({})::pg_catalog.text").format(parts)
    return hashes.of_text(row, sql.Literal(hashes.SEEDS[0]), method)


def _orphans(reference: Reference, catalog: Catalog) -> sql.Composed:
    """Return `from … where …` whose rows, as `c`, are the orphans."""
    columns = [_qualified("c", name) for name in reference.child_columns]
    given = sql.SQL(" and ").join(sql.SQL("{} is not null").format(c) for c in columns)
    pairs = sql.SQL(" and ").join(_pairs(reference, catalog))
    lost = sql.SQL(
        "({given}) and not exists (select from {only}{parent} as p where {pairs})"
    ).format(
        given=given,
        only=_only(reference.parent, catalog),
        parent=reference.parent.identifier,
        pairs=pairs,
    )
    if reference.match == "full":
        some = sql.SQL(" or ").join(sql.SQL("{} is not null").format(c) for c in columns)
        lost = sql.SQL("({lost}) or (({some}) and not ({given}))").format(
            lost=lost, some=some, given=given
        )
    return sql.SQL("from {only}{child} as c where {lost}").format(
        only=_only(reference.child, catalog), child=reference.child.identifier, lost=lost
    )


def _pairs(reference: Reference, catalog: Catalog) -> Iterator[sql.Composed]:
    """Yield one equality a column, parent on the left as in the catalog."""
    operators = reference.operators or ("pg_catalog.=",) * len(reference.child_columns)
    child, parent = _table(reference.child, catalog), _table(reference.parent, catalog)
    for mine, other, operator in zip(
        reference.child_columns, reference.parent_columns, operators, strict=True
    ):
        bases = {c.base for c in (child.column(mine), parent.column(other)) if c is not None}
        # A declared reference may join a text to a uuid, which no operator does: compare the texts.
        as_text = sql.SQL("::pg_catalog.text" if reference.declared and len(bases) > 1 else "")
        schema, _, symbol = operator.partition(".")
        yield sql.SQL("{p}{text} operator({schema}.{symbol}) {c}{text}").format(
            p=_qualified("p", other),
            c=_qualified("c", mine),
            text=as_text,
            schema=sql.Identifier(schema),
            symbol=_symbol(symbol),
        )


def _symbol(text: str) -> sql.SQL:
    """Return an operator's symbol, which SQL has no way to quote, as SQL.

    :raises UsageError: it holds anything that is no operator's character.
    """
    if not text or not set(text) <= set("+-*/<>=~!@#%^&|`?"):
        raise UsageError(f"'{text}' is no operator")
    return sql.SQL(text)


def _fetched(
    conn: Connection, catalog: Catalog, reference: Reference, method: Hash
) -> dict[int, tuple[str | None, ...]]:
    shown = sql.SQL(", ").join(
        sql.SQL("{}::pg_catalog.text").format(_qualified("c", name))
        for name in _identity(reference, catalog)
    )
    query = sql.SQL(
        "select {h} as h, array[{shown}]::pg_catalog.text[] {orphans} order by 1 limit {limit}"
    ).format(
        h=_hash(reference, catalog, method),
        shown=shown,
        orphans=_orphans(reference, catalog),
        limit=sql.Literal(_FETCHED),
    )
    return {hash_: tuple(keys) for hash_, keys in database.rows(conn, query)}


def _shown(
    keys: tuple[str | None, ...], reference: Reference, catalog: Catalog, masked: frozenset[str]
) -> str:
    return ", ".join(
        f"{name} = ({veiled(value) if name in masked else plain(value)})"
        for name, value in zip(_identity(reference, catalog), keys, strict=True)
    )


def _only(relation: Relation, catalog: Catalog) -> sql.SQL:
    # A key of a plain table does not reach into its inheritors; that of a partitioned one does.
    return sql.SQL("only ") if _table(relation, catalog).kind == "table" else sql.SQL("")


def _table(relation: Relation, catalog: Catalog) -> Table:
    table = catalog.table(relation)
    assert table is not None, f"{relation} was looked for before"
    return table


def _qualified(alias: str, name: str) -> sql.Identifier:
    return sql.Identifier(alias, name)


def finding(reference: Reference, was: Orphans | None, now: Orphans, new: Introduced) -> str:
    """Return the sentence for orphans that the migration introduced, inherited ones apart."""
    parent = f"{reference.parent}.{', '.join(reference.parent_columns)}"
    inherited = now.rows - new.rows
    at_least = "" if new.complete else "at least "
    rows = "row points" if new.rows == 1 else "rows point"
    told = f"{reference}: {at_least}{new.rows:,} {rows} to no {parent}"
    if inherited and was is not None and was.rows:
        told += f", besides {inherited:,} inherited"
    return f"{told}: {'; '.join(new.keys)}"
