"""Has every id of the source its row in the target, and is it written down what it was?"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.mapping.culprits import SHOWN, Culprits
from gatepost.names import Relation
from gatepost.sql import question
from gatepost.staging.places import IDS, STAGED, view_of
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatepost.database import Connection
    from gatepost.mapping.filled import Filled
    from gatepost.mapping.mapped import Column, Mapped
    from gatepost.sides import Sides

_FOUND = sql.SQL(
    "select pg_catalog.count(distinct i.old) from {view} as v join staged.ids as i"
    " on i.collection = {collection} and i.new::pg_catalog.text = v.{key}::pg_catalog.text"
)
_IDS = sql.SQL("select pg_catalog.count(*) from staged.ids as i where i.collection = {collection}")
_LOST = sql.SQL(
    "select i.new::pg_catalog.text from staged.ids as i where i.collection = {collection}"
    " and not exists (select from {view} as v"
    " where v.{key}::pg_catalog.text = i.new::pg_catalog.text) order by 1 limit {some}"
)
_RECORDS = sql.SQL(
    "select (pg_catalog.array_agg(v.record order by v.record))[1:{some}] from {place} as v"
    " join staged.ids as i on i.collection = {collection}"
    " and i.old = v.{field}::pg_catalog.text where i.new = any ({ids}::pg_catalog.uuid[])"
)
_NEW = sql.SQL(
    'select i.new::pg_catalog.text collate pg_catalog."C" from staged.ids as i'
    " where i.collection = {collection} order by 1"
)
_KEYS = sql.SQL(
    'select t.{key}::pg_catalog.text collate pg_catalog."C" from {table} as t'
    " where t.{key} is not null order by 1"
)
_PAIRS = sql.SQL(
    "select i.old || ' ' || i.new::pg_catalog.text collate pg_catalog.\"C\" from staged.ids as i"
    " where i.collection = {collection} order by 1"
)
_KEPT = sql.SQL(
    "select (t.{old}::pg_catalog.text || ' ' || t.{new}::pg_catalog.text) collate pg_catalog.\"C\""
    " from {table} as t where t.{name} = {collection} order by 1"
)
# By a uuid nobody can tell the column of old ids from that of new ones: it is both.
_LEGACY = (
    "select i.new::pg_catalog.text from staged.ids as i where i.old <> i.new::pg_catalog.text"
    " limit 5"
)
_OF_LEGACY = sql.SQL(
    "select pg_catalog.to_jsonb(t) from {view} as t cross join lateral"
    " pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(t)) as e"
    " where e.value = any ({new}::pg_catalog.text[]) limit 5"
)
_SAMPLE = sql.SQL("select pg_catalog.to_jsonb(t) from {view} as t limit 5")
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Home:
    """The table whose rows a collection's records become, one each.

    :param key: its column that holds the new ids.
    :param found: how many ids have a row in what the query yields; ``ids``: of how many.
    """

    relation: Relation
    key: str
    found: int
    ids: int


@dataclass(frozen=True)
class Kept:
    """A table that keeps which id became which, by the names of its columns."""

    relation: Relation
    name: str
    old: str
    new: str


def home(conn: Connection, filled: Mapping[Relation, Filled], collection: str) -> Home | None:
    """Return the table in which most ids of a collection have a row, if there is one.

    One join of each query that reads the collection and whose table has a key of one column.
    """
    ids = database.value(conn, _IDS.format(collection=sql.Literal(collection)))
    found = []
    for one in filled.values():
        if len(one.table.key) == 1 and collection in one.query.views:
            (key,) = one.table.key
            if one.yielded.column(key) is not None:
                names = _names(one.relation, key, collection)
                number = database.value(conn, _FOUND.format(**names))
                found.append(Home(one.relation, key, number, ids))
    if not any(one.found for one in found):
        return None
    return max(found, key=lambda one: (one.found, one.relation.name == collection))


def unyielded(conn: Connection, found: Home, place: Column) -> Iterator[str]:
    """Yield that the query leaves out records of a collection whose rows it yields."""
    lost = found.ids - found.found
    if lost:
        names = _names(found.relation, found.key, place.collection)
        ids = [one for (one,) in database.rows(conn, _LOST.format(**names))]
        told = _culprits(conn, place, ids, lost)
        yield (
            f"{place.collection}: the query of {found.relation} yields no row for {lost:,} of"
            f" {counted(found.ids, 'id')}: {told}"
        )


def unfilled(sides: Sides, found: Home, place: Column) -> Iterator[str]:
    """Yield that ids of a collection have no row in the target.

    Both servers send their ids in one order, and they are laid side by side as they come.
    """
    names = _names(found.relation, found.key, place.collection)
    lost, some = _missing(sides, _NEW.format(**names), _KEYS.format(**names))
    if lost:
        with sides.before.lent() as conn:
            told = _culprits(conn, place, some, lost)
        yield (
            f"{place.collection}: no row of {found.relation} for {lost:,} of"
            f" {counted(found.ids, 'id')}: {told}"
        )


def kept(conn: Connection, filled: Mapping[Relation, Filled], mapped: Mapped) -> Kept | None:
    """Return the table that a query of the project fills with the pairs of ids, if there is one."""
    knowing = {use.query for use in mapped.uses if use.view == IDS.name}
    for one in filled.values():
        # What reads a collection as well is a table of something else.
        if view_of(one.relation).name in knowing and not one.query.views:
            found = _kept(conn, one.relation)
            if found is not None:
                return found
    return None


def _kept(conn: Connection, relation: Relation) -> Kept | None:
    legacy = [new for (new,) in database.rows(conn, _LEGACY)]
    sample = _OF_LEGACY if legacy else _SAMPLE
    named = {"view": view_of(relation).identifier, "new": sql.Literal(legacy)}
    for (row,) in database.rows(conn, sample.format(**named)):
        values = [one for one in row.values() if isinstance(one, str)]
        for collection, old, new in database.rows(conn, question("ids_known"), {"new": values}):
            names = [
                [name for name, value in row.items() if value == known]
                for known in (collection, old, new)
            ]
            if all(len(one) == 1 for one in names) or (all(names) and not legacy):
                return Kept(relation, names[0][0], names[1][0], names[2][-1])
    return None


def unkept(sides: Sides, found: Kept, collection: str) -> Iterator[str]:
    """Yield that the table of ids does not hold the pairs of a collection, or others."""
    names = {
        "collection": sql.Literal(collection),
        "table": found.relation.identifier,
        "name": sql.Identifier(found.name),
        "old": sql.Identifier(found.old),
        "new": sql.Identifier(found.new),
    }
    pairs, there = _PAIRS.format(collection=names["collection"]), _KEPT.format(**names)
    lost, _ = _missing(sides, pairs, there)
    if lost:
        told = "1 pair" if lost == 1 else f"{lost:,} pairs"
        yield f"{collection}: {told} of old and new id not in {found.relation}"


def _missing(sides: Sides, was: sql.Composed, now: sql.Composed) -> tuple[int, list[str]]:
    """Return how many values of the before side the after side has not, and some of them."""
    lost, some = 0, list[str]()
    with ExitStack() as held:
        before, after = (held.enter_context(one.lent()) for one in (sides.before, sides.after))
        there = database.stream(after, now, at_once=_AT_ONCE)
        other = next(there, None)
        for (value,) in database.stream(before, was, at_once=_AT_ONCE):
            while other is not None and other[0] < value:
                other = next(there, None)
            if other is None or other[0] != value:
                lost += 1
                if len(some) < SHOWN:
                    some.append(value)
    return lost, some


def _culprits(conn: Connection, place: Column, ids: list[str], lost: int) -> Culprits:
    query = _RECORDS.format(
        some=sql.Literal(SHOWN),
        place=sql.Identifier(STAGED, place.view),
        field=sql.Identifier(place.column),
        collection=sql.Literal(place.collection),
        ids=sql.Literal(ids),
    )
    records = database.value(conn, query) or []
    return Culprits(place.collection, tuple(records), lost <= len(records))


def _names(relation: Relation, key: str, collection: str) -> dict[str, sql.Composable]:
    return {
        "view": view_of(relation).identifier,
        "table": relation.identifier,
        "key": sql.Identifier(key),
        "collection": sql.Literal(collection),
        "some": sql.Literal(SHOWN),
    }
