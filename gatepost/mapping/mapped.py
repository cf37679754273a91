"""What is in a staged source, and what do the project's queries take of it?

The server knows which columns a query takes: it keeps the mapped queries as views, and what a view
depends on is in its catalog.  A `select *` in a subquery depends on all of them; what is left of it
is in the plan.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.mapping import lookups
from gatepost.sql import question
from gatepost.staging.places import MAPPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gatepost.database import Connection
    from gatepost.side import Side

_STRUCTURED = {"array", "object"}
_EXPLAIN = sql.SQL("explain (verbose, costs off) select * from {}")
# Before each key that a path may end in.
_BEGINS = re.compile(r"^|\.")


@dataclass(frozen=True)
class Field:
    """A field that at least one record has.

    :param path: `name`, `settings.theme`, `tags[]`, `members[].userId`.
    :param present: in how many objects it is; ``nulls``: in how many of these as null.
    :param kinds: what its values are, as `jsonb_typeof` has it.
    """

    path: str
    present: int
    nulls: int
    kinds: tuple[str, ...]

    @property
    def plain(self) -> tuple[str, ...]:
        """The kinds of its values in which nothing can lie, where in others something can."""
        if _STRUCTURED.isdisjoint(self.kinds):
            return ()
        return tuple(one for one in self.kinds if one not in _STRUCTURED | {"null"})


@dataclass(frozen=True)
class Collection:
    """A collection of the source and every field that a record of it has."""

    name: str
    records: int
    fields: tuple[Field, ...]

    def above(self, path: str) -> Iterator[str]:
        """Yield the lists and objects in which a field lies."""
        for one in self.fields:
            if _STRUCTURED & set(one.kinds) and _is_within(path, one.path):
                yield one.path


@dataclass(frozen=True)
class Column:
    """A column of a staged view, and the field that it holds."""

    collection: str
    path: str
    view: str
    column: str


@dataclass(frozen=True)
class Use:
    """A query takes a field, or only names the view that shows it.

    :param query: the name of the table that the query fills.
    :param path: empty where it takes no field: `count(*)`, and a row as a whole.
    """

    query: str
    view: str
    collection: str
    path: str


@dataclass(frozen=True)
class LookUp:
    """A query looks a field up among the ids of a collection, ``among``."""

    collection: str
    path: str
    among: str


@dataclass(frozen=True)
class Mapped:
    """A staged source, where its fields are, and what the queries take of it."""

    collections: tuple[Collection, ...]
    columns: tuple[Column, ...]
    uses: tuple[Use, ...]
    look_ups: tuple[LookUp, ...] = ()

    def collection(self, name: str) -> Collection:
        """Return the collection of that name."""
        return next(one for one in self.collections if one.name == name)

    def column(self, collection: str, path: str) -> Column | None:
        """Return where a field is, if it has a column of its own."""
        return next((c for c in self.columns if (c.collection, c.path) == (collection, path)), None)

    def takers(self, collection: Collection, path: str) -> frozenset[str]:
        """Return the queries that take a field, or something in it.

        Whoever takes a list or an object whole takes all that is in it.  But where some query opens
        it, and takes its fields one by one, each of them counts by itself.
        """
        taken = self._taken[collection.name]
        found = set(taken.get(path, ())) | self._within(collection.name, path)
        for around in collection.above(path):
            if not self._within(collection.name, around):
                found |= taken.get(around, set())
        return frozenset(found)

    def whole(self, collection: Collection, path: str) -> frozenset[str]:
        """Return the queries that take a field as it is, or what is around it."""
        taken = self._taken[collection.name]
        places = (path, *collection.above(path))
        return frozenset(query for one in places for query in taken.get(one, ()))

    def among(self, place: Column) -> str:
        """Return among whose ids queries look a field up; empty for none, or for several."""
        found = {
            one.among
            for one in self.look_ups
            if (one.collection, one.path) == (place.collection, place.path)
        }
        return found.pop() if len(found) == 1 else ""

    def reading(self, collection: str) -> tuple[str, ...]:
        """Return the queries that name a collection, or what is in its records, at all."""
        return tuple(sorted({one.query for one in self.uses if one.collection == collection}))

    def views(self, query: str) -> dict[str, tuple[str, ...]]:
        """Return the views that a query names, by their collections."""
        known = {one.name for one in self.collections}
        found: dict[str, set[str]] = defaultdict(set)
        for use in self.uses:
            if use.query == query and use.collection in known:
                found[use.collection].add(use.view)
        return {name: tuple(sorted(views)) for name, views in sorted(found.items())}

    def _within(self, collection: str, path: str) -> set[str]:
        """Return the queries that take a field in a list or an object."""
        return {
            query
            for one, queries in self._taken[collection].items()
            if _is_within(one, path)
            for query in queries
        }

    @cached_property
    def _taken(self) -> defaultdict[str, dict[str, set[str]]]:
        found: defaultdict[str, dict[str, set[str]]] = defaultdict(dict)
        for use in self.uses:
            if use.path:
                found[use.collection].setdefault(use.path, set()).add(use.query)
        return found


def of(side: Side) -> Mapped:
    """Return what `read` returns of a side, asked once in a run."""
    return side.store.once(f"{side.label} mapped", Mapped, lambda: read(side.connection))


def read(conn: Connection) -> Mapped:
    """Return what a staging database holds, and what its queries take.

    Four questions to the catalog and to the census, and a plan for each query; no record is read.
    """
    fields: defaultdict[str, list[Field]] = defaultdict(list)
    for row in database.mappings(conn, question("staged_fields")):
        kinds = tuple(row.pop("kinds"))
        fields[row.pop("collection")].append(Field(kinds=kinds, **row))
    named = database.records(conn, Use, question("mapped_uses"))
    plans = {query: _plan(conn, query) for query in sorted({one.query for one in named})}
    uses = tuple(_done_with(plans, named))
    return Mapped(
        tuple(
            Collection(name, records, tuple(fields[name]))
            for name, records in database.rows(conn, question("staged_collections"))
        ),
        tuple(database.records(conn, Column, question("staged_columns"))),
        uses,
        tuple(_look_ups(plans, uses)),
    )


def _done_with(plans: Mapping[str, str], uses: Iterable[Use]) -> Iterator[Use]:
    """Yield the uses; a field that a query names and does nothing with is not taken by it."""
    for one in uses:
        # What is looked for in a subplan's rows is not shown before PostgreSQL 17.
        told = plans[one.query] and "SubPlan" not in plans[one.query]
        yield one if not told or _occurs(one.path, plans[one.query]) else replace(one, path="")


def _look_ups(plans: Mapping[str, str], uses: Iterable[Use]) -> Iterator[LookUp]:
    """Yield what queries look up among ids, where a key can be of one field only."""
    for query, plan in plans.items():
        taken = {(one.collection, one.path) for one in uses if one.query == query and one.path}
        for key, among in sorted(set(lookups.of(plan))):
            found = [one for one in taken if one[1] == key or one[1].endswith(f".{key}")]
            if len(found) == 1:
                yield LookUp(*found[0], among)


def _plan(conn: Connection, query: str) -> str:
    """Return what the server would do for a query; nothing where it cannot tell."""
    try:
        with conn.transaction():
            found = database.rows(conn, _EXPLAIN.format(sql.Identifier(MAPPED, query)))
    except psycopg.DataError:  # a cast that fails on the query's own constants
        return ""
    return "\n".join(line for (line,) in found)


def _occurs(path: str, plan: str) -> bool:
    """Whether a plan has the key of a field, or one that is written alike."""
    keys = (path[found.end() :] for found in _BEGINS.finditer(path))
    return any("'{}'::text".format(key.replace("'", "''")) in plan for key in keys)


def _is_within(path: str, around: str) -> bool:
    return path.startswith((f"{around}.", f"{around}[]"))
