"""Which rows point to a parent that is not there?

Read from the rows: a foreign key that says it is valid may have been loaded with its triggers off.
What the before side already had is inherited; what it had not was introduced by the migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from psycopg import sql

from gatepost import batches, database, names
from gatepost.errors import UsageError
from gatepost.names import Relation
from gatepost.parity import hashes, images
from gatepost.parity.shown import plain, veiled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gatepost.database import Connection
    from gatepost.parity.hashes import Hash
    from gatepost.schema.catalog import Catalog, Table

Match = Literal["simple", "full", "partial"]
SHOWN = 5
_FETCHED = 10_000


@dataclass(frozen=True)
class Reference:
    """A claim that every child has its parent, catalogued or declared.

    :param operators: one a column, as `schema.operator`: the equality that the key was made with,
        which need not be the one that the search path would find.
    :param declared: by the project, where the catalog knows nothing of it.
    """

    child: Relation
    child_columns: tuple[str, ...]
    parent: Relation
    parent_columns: tuple[str, ...]
    match: Match = "simple"
    operators: tuple[str, ...] = ()
    declared: bool = False

    def __str__(self) -> str:
        columns = ", ".join(self.child_columns)
        inner = columns if len(self.child_columns) == 1 else f"({columns})"
        return f"{self.child}.{inner}"

    def __repr__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The reference's name in the plan: two keys of one column may point to two parents."""
        columns = ", ".join(self.parent_columns)
        inner = columns if len(self.parent_columns) == 1 else f"({columns})"
        return f"{self} -> {self.parent}.{inner}"


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


def catalogued(catalog: Catalog) -> Iterator[Reference]:
    """Yield a reference for each foreign key, each column pair once."""
    seen = set()
    for key in catalog.foreign_keys:
        reference = Reference(
            child=key.child,
            child_columns=key.child_columns,
            parent=key.parent,
            parent_columns=key.parent_columns,
            match=key.match,
            operators=key.operators,
        )
        if reference.subject not in seen:
            seen.add(reference.subject)
            yield reference


def declared(child: str, parent: str) -> Reference:
    """Return the reference that the project declares from `s.t.column` to `s.t.column`.

    :raises UsageError: a name that is no column's.
    """
    child_relation, child_column = names.column(child)
    parent_relation, parent_column = names.column(parent)
    return Reference(
        child=child_relation,
        child_columns=(child_column,),
        parent=parent_relation,
        parent_columns=(parent_column,),
        declared=True,
    )


def count(conn: Connection, reference: Reference, catalog: Catalog, method: Hash) -> Orphans | None:
    """Return the orphans of one side; None where the side lacks a table or a column of it.

    One anti-join, hashed or merged by the server as it sees fit; NULLs as the key's match type has
    them: under SIMPLE one NULL and the row points nowhere, under FULL all must be NULL or none.
    """
    if not _there(reference, catalog):
        return None
    ((rows, total),) = database.rows(conn, _counting(reference, catalog, method))
    return Orphans(rows, int(total))


def counts(conn: Connection, catalog: Catalog, method: Hash) -> dict[str, Orphans]:
    """Return what `count` returns, by subject, of those foreign keys that can be asked together.

    Missing are references of larger tables, and those asked together with one that fails.
    """
    queries = {
        one.subject: _counting(one, catalog, method)
        for one in catalogued(catalog)
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
    if not _there(reference, catalog):
        return ()
    return tuple(_fetched(conn, catalog, reference, method))


def _there(reference: Reference, catalog: Catalog) -> bool:
    return all(
        (table := catalog.table(relation)) is not None
        and {column.name for column in table.columns} >= set(columns)
        for relation, columns in (
            (reference.child, reference.child_columns),
            (reference.parent, reference.parent_columns),
        )
    )


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
