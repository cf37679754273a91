"""Will a table take every row that its query yields?

Asked before anything is written, of the empty tables that the migrations have built beside the
staged source: their types, NOT NULL, CHECK constraints, unique keys and foreign keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

from gatepost import database
from gatepost.mapping import claims, failures, filled, mapped
from gatepost.mapping.claims import Claim
from gatepost.mapping.culprits import SHOWN, Search
from gatepost.staging.places import STAGED
from gatepost.told import Told
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gatepost.database import Connection
    from gatepost.mapping.failures import Failing
    from gatepost.mapping.filled import Filled
    from gatepost.names import Relation
    from gatepost.schema.catalog import Catalog, ForeignKey
    from gatepost.settings import Settings
    from gatepost.side import Side

# All of each row is read: the server would not look at a column that no claim is about.
_COUNTING = sql.SQL(
    "select pg_catalog.count(t::pg_catalog.text){counts} from {rows} as t cross join lateral"
    " (select {typed}) as c"
)
_COUNT = sql.SQL(", pg_catalog.count(*) filter (where {})")
_SHARED = sql.SQL(
    "select row({keys})::pg_catalog.text, pg_catalog.count(*) from {rows} as t"
    " cross join lateral (select {typed}) as c where {given} group by {keys}"
    " having pg_catalog.count(*) > 1"
)
_POINTING = sql.SQL(
    "select row({keys})::pg_catalog.text, pg_catalog.count(*) from {rows} as t"
    " cross join lateral (select {typed}) as c where {given}"
    " and not exists (select from (select c.* from {parents} as t"
    " cross join lateral (select {parent}) as c) as p where {pairs}) group by {keys}"
)
# Of groups of rows: how many rows, and what some of the groups are called.
_GROUPS = sql.SQL(
    "select coalesce(pg_catalog.sum(g.rows), 0)::pg_catalog.int8,"
    " (pg_catalog.array_agg(g.key order by g.key))[1:{some}]"
    " from ({groups}) as g (key, rows)"
)
_AMONG = sql.SQL("row({keys})::pg_catalog.text = any ({some}::pg_catalog.text[])")
_PATH = sql.SQL("set local search_path = {}").format(sql.Identifier(STAGED))
_NO_PATH = "set local search_path = ''"


@dataclass(frozen=True)
class Broken:
    """A claim that some rows break.

    :param rows: how many; ``among``: of how many.
    :param culprits: empty where they could not be told.
    """

    claim: Claim
    rows: int
    among: int
    culprits: str

    def told(self, relation: Relation) -> str:
        """Return it as a finding."""
        rows = f"{self.rows:,} of {counted(self.among, 'row')}"
        told = f"{relation}.{self.claim.column}: {self.claim.words.replace('{rows}', rows)}"
        return f"{told}: {self.culprits}" if self.culprits else told


def of(settings: Settings, side: Side, relation: Relation) -> Told | None:
    """Return what is wrong with the rows that the query of a table yields, before they are loaded.

    :param side: the staged source, with the empty tables that the migrations have made.
    :return: None where these make no such table.
    """
    every = filled.of(settings, side, mapped.of(side))
    one = every.get(relation)
    if one is None:
        return None
    with side.lent() as conn:
        findings = tuple(Casts(conn, side.catalog, one, every).findings())
    taken = {column.name: column.type for column in one.table.columns}
    yielded = {column.name: column.type for column in one.yielded.columns}
    return Told(findings, facts={"yielded": yielded, "taken": taken})


class Casts:
    """What is wrong with the rows of one query, before they are loaded.

    :param conn: to the staging database, read-only.
    :param others: every table that a query fills, for what foreign keys point to.
    """

    def __init__(
        self, conn: Connection, catalog: Catalog, one: Filled, others: Mapping[Relation, Filled]
    ) -> None:
        self.conn = conn
        self.catalog = catalog
        self.filled = one
        self.others = others
        self._query = one.query
        self._rows: sql.Composed = one.rows
        self._untold: list[str] = []

    def findings(self) -> Iterator[str]:
        """Yield what is wrong, in the order in which it is to be mended.

        One scan of the query for all that concerns one row, one for each unique key and each
        foreign key; where something is wrong, some forty smaller ones for each record named.
        """
        yield from self._shape()
        wanted = [
            *claims.of_columns(self.filled.table, self.filled.yielded, self.filled.compare),
            *claims.of_checks(self.conn, self.filled.table, self.filled.yielded),
        ]
        try:
            counts = self._counts(self._rows, wanted)
        except failures.OF_VALUES as error:
            failing = self._failing(failures.said(error))
            yield failing.told(self.filled.name)
            if failing.records is None:
                return
            self._query = self._query.without(failing.records)
            self._rows = self._query.rows
            counts = self._counts(self._rows, wanted)
        for one in self._broken(wanted, counts):
            yield one.told(self.filled.relation)
        yield from self._untold

    def _shape(self) -> Iterator[str]:
        """Yield what is wrong with the columns themselves."""
        table, yielded = self.filled.table, self.filled.yielded
        for given in yielded.columns:
            column = table.column(given.name)
            if column is None:
                yield (
                    f"{table.relation}.{given.name}: {self.filled.name} yields it, and no migration"
                    " makes it"
                )
            elif column.generated or column.identity == "always":
                kind = "generated" if column.generated else "an identity"
                yield f"{table.relation}.{given.name}: is {kind}, and {self.filled.name} yields it"
        for column in table.columns:
            filled_in = column.default or column.generated or column.identity
            if column.not_null and not filled_in and yielded.column(column.name) is None:
                yield (
                    f"{table.relation}.{column.name}: NOT NULL without a default, and"
                    f" {self.filled.name} does not yield it"
                )

    def _broken(self, wanted: list[Claim], counts: tuple[int, ...]) -> Iterator[Broken]:
        """Yield the claims that rows break, with their records."""
        among, *rows = counts
        found = [(one, broken) for one, broken in zip(wanted, rows, strict=True) if broken]
        found += [*self._shared(), *self._pointing()]
        culprits = self._culprits([one for one, _ in found]) if found else []
        for (claim, broken), told in zip(found, culprits, strict=True):
            yield Broken(claim, broken, among, told)

    def _counts(self, rows: sql.Composable, wanted: list[Claim]) -> tuple[int, ...]:
        """Return how many rows there are, and how many break each claim."""
        counts = [_COUNT.format(one.broken) for one in wanted]
        return self._ask(
            _COUNTING.format(
                counts=sql.SQL("").join(counts), rows=_as_table(rows), typed=self.filled.typed
            )
        )

    def _shared(self) -> Iterator[tuple[Claim, int]]:
        """Yield the unique keys that rows share."""
        for key in claims.unique(self.conn, self.filled.table, self.filled.yielded):
            groups = _SHARED.format(
                keys=key.keys, rows=_as_table(self._rows), typed=self.filled.typed, given=key.given
            )
            words = f"not unique in {{rows}}, as {key.name} wants it"
            try:
                yield from self._grouped(groups, key.keys, key.column, words)
            except failures.OF_VALUES as error:  # of the key's own expressions
                told = f"{self.filled.relation}.{key.column}: {key.name} cannot be made of it"
                self._untold.append(f"{told}: {failures.said(error)}")

    def _pointing(self) -> Iterator[tuple[Claim, int]]:
        """Yield the foreign keys by which rows point to nothing."""
        for key in self.catalog.foreign_keys:
            here = self.filled.yielded
            if key.child == self.filled.relation and all(map(here.column, key.child_columns)):
                try:
                    yield from self._pointing_by(key)
                except failures.OF_VALUES:  # of the parent: the child's own is left out by now
                    column = ", ".join(key.child_columns)
                    told = f"{key.child}.{column}: not followed to {key.parent}, whose query fails"
                    self._untold.append(told)

    def _pointing_by(self, key: ForeignKey) -> Iterator[tuple[Claim, int]]:
        column = ", ".join(key.child_columns)
        child = [sql.SQL("c.{}").format(sql.Identifier(name)) for name in key.child_columns]
        given = sql.SQL(" and ").join(sql.SQL("{} is not null").format(one) for one in child)
        parent = self.others.get(key.parent)
        if parent is None or not all(map(parent.yielded.column, key.parent_columns)):
            words = f"points to {key.parent}, which no query fills, in {{rows}}"
            claim = Claim(column, words, given)
            _, rows = self._counts(self._rows, [claim])
            if rows:
                yield claim, rows
            return
        groups = _POINTING.format(
            keys=claims.listed(child),
            rows=_as_table(self._rows),
            typed=self.filled.typed,
            given=given,
            parents=_as_table(parent.rows),
            parent=parent.typed,
            pairs=sql.SQL(" and ").join(_pairs(key, child)),
        )
        words = f"points to no {key.parent}.{', '.join(key.parent_columns)} in {{rows}}"
        yield from self._grouped(groups, claims.listed(child), column, words)

    def _grouped(
        self, groups: sql.Composable, keys: sql.Composable, column: str, words: str
    ) -> Iterator[tuple[Claim, int]]:
        rows, some = self._ask(_GROUPS.format(some=sql.Literal(SHOWN), groups=groups))
        if rows:
            broken = _AMONG.format(keys=keys, some=sql.Literal(some))
            yield Claim(column, words, broken), rows

    def _culprits(self, broken: list[Claim]) -> list[str]:
        """Return, for each claim, the records behind the rows that break it; '' for none."""
        told = [""] * len(broken)
        for collection, places in self._behind(broken):
            ask = self._asking(collection, [broken[at] for at in places])
            search = Search(ask).run(self.filled.records[collection])
            for number, at in enumerate(places):
                told[at] = str(search.culprits(number, collection))
        return told

    def _behind(self, broken: list[Claim]) -> Iterator[tuple[str, list[int]]]:
        """Yield a collection, the largest first, and the claims that nothing breaks without it.

        One that is only looked up in would be named with all of its records.
        """
        records, left = self.filled.records, list(range(len(broken)))
        for collection in sorted(records, key=lambda one: (-records[one], one)):
            if not left:
                return
            counts = self._asking(collection, [broken[at] for at in left])(0, 0)
            if places := [at for at, rows in zip(left, counts, strict=True) if not rows]:
                yield collection, places
            left = [at for at, rows in zip(left, counts, strict=True) if rows]

    def _asking(
        self, collection: str, wanted: list[Claim]
    ) -> Callable[[int, int], tuple[int, ...]]:
        def ask(first: int, last: int) -> tuple[int, ...]:
            _, *counts = self._counts(self._query.between(collection, first, last), wanted)
            return tuple(counts)

        return ask

    def _failing(self, message: str) -> Failing:
        return failures.find(self._query, self.filled.records, self._fails, message)

    def _fails(self, rows: sql.Composed) -> bool:
        try:
            self._counts(rows, [])
        except failures.OF_VALUES:
            return True
        return False

    def _ask(self, query: sql.Composed) -> tuple[Any, ...]:
        with self.conn.transaction():  # a savepoint: an error must not end the snapshot
            self.conn.execute(_PATH)
            (found,) = database.rows(self.conn, query)
            self.conn.execute(_NO_PATH)
        return found


def _as_table(rows: sql.Composable) -> sql.Composed:
    return sql.SQL("({})").format(rows)


def _pairs(key: ForeignKey, child: list[sql.Composed]) -> Iterator[sql.Composed]:
    for name, mine in zip(key.parent_columns, child, strict=True):
        yield sql.SQL("p.{} operator(pg_catalog.=) {}").format(sql.Identifier(name), mine)
