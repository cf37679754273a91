"""Which fields hold ids of other records, and which of these ids lead nowhere?

Files declare no foreign keys: a field is taken for one where a query looks it up among the ids of a
collection, or, where the plan of none says so, where at least half of what it holds are such ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.mapping import mapped
from gatepost.mapping.culprits import SHOWN, Culprits
from gatepost.mapping.mapped import Column
from gatepost.staging.places import IDS, STAGED
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.mapping.mapped import Mapped
    from gatepost.side import Side

# Nobody is meant where there is nothing in a text.
_VALUE = sql.SQL("nullif(v.{field}::pg_catalog.text, '')")
_HELD = sql.SQL("select pg_catalog.count({value}) from {view} as v")
# By collection and id, which the table's key is made of: a short list is looked up.
_FOUND = sql.SQL(
    "select i.collection, pg_catalog.count(*) from {values} as v (id)"
    " cross join pg_catalog.unnest({collections}::pg_catalog.text[]) as c (name)"
    " join staged.ids as i on i.collection = c.name and i.old = v.id group by 1 order by 1"
)
_ALL = sql.SQL("(select {value} from {view} as v where {value} is not null)")
# Of a field that points somewhere, one of so many values is an id; of most others none is.
_SOME = sql.SQL("(select {value} from {view} as v where {value} is not null limit 1000)")
_NOWHERE = sql.SQL(
    "select (pg_catalog.array_agg(v.{record} order by v.{record}))[1:{some}] from {view} as v"
    " where {value} is not null and not exists (select from staged.ids as i"
    " where i.collection = {collection} and i.old = {value})"
)


@dataclass(frozen=True)
class Pointing:
    """A field that holds ids.

    :param values: how many there are; ``found``: by collection, how many of them are its ids.
    :param among: the collection among whose ids queries look it up; empty where none is known to.
    """

    place: Column
    values: int
    found: dict[str, int]
    among: str = ""

    def lost(self, collection: str) -> int:
        """Return how many values lead nowhere, if the field points to that collection."""
        found = self.found.get(collection, 0)
        points = collection == self.among if self.among else found >= self.values / 2
        return self.values - found if points else 0


def of(side: Side) -> tuple[Pointing, ...]:
    """Return the fields that hold ids, taken by a query that also knows of ids.

    A look at the first values of each field of text, and two scans of those that hold some.
    """

    def ask() -> tuple[Pointing, ...]:
        known = mapped.of(side)
        with side.lent() as conn:
            held = (_held(conn, known, place) for place in _plain(known))
            return tuple(one for one in held if one is not None)

    return side.store.once(f"{side.label} pointing", tuple[Pointing, ...], ask)


def nowhere(conn: Connection, pointing: Pointing, collection: str) -> Iterator[str]:
    """Yield that some of the values of a field which points to a collection are none of its ids.

    A query that joins `staged.ids` leaves such a row out, or has NULL in the place of the id; what
    is then loaded, and what it is compared with, are the same.
    """
    lost, place = pointing.lost(collection), pointing.place
    if lost:
        names = _names(place) | {"collection": sql.Literal(collection)}
        records = database.value(conn, _NOWHERE.format(**names))
        complete = lost <= len(records)
        told = Culprits(place.collection, tuple(dict.fromkeys(records)), complete)
        values = counted(pointing.values, "value")
        name = f"{place.collection}.{place.path}"
        yield f"{name}: no id of {collection} in {lost:,} of {values}: {told}"


def _held(conn: Connection, known: Mapped, place: Column) -> Pointing | None:
    names = _names(place)
    collections = sql.Literal([one.name for one in known.collections])
    found: dict[str, int] = {}
    for values in (_SOME, _ALL):
        query = _FOUND.format(values=values.format(**names), collections=collections)
        found = dict(database.rows(conn, query))
        if not (found or known.among(place)):
            return None
    values = database.value(conn, _HELD.format(**names))
    return Pointing(place, values, found, known.among(place))


def _plain(known: Mapped) -> Iterator[Column]:
    """Yield the fields of text, and those of numbers that are looked up: most numbers count."""
    knowing = {one.query for one in known.uses if one.view == IDS.name}
    for place in known.columns:
        collection = known.collection(place.collection)
        kinds = next((set(one.kinds) for one in collection.fields if one.path == place.path), set())
        if kinds & {"array", "object"} or not ("string" in kinds or known.among(place)):
            continue
        if known.takers(collection, place.path) & knowing:
            yield place


def _names(place: Column) -> dict[str, sql.Composable]:
    return {
        "view": sql.Identifier(STAGED, place.view),
        "value": _VALUE.format(field=sql.Identifier(place.column)),
        "record": sql.Identifier("record" if place.view == place.collection else "parent"),
        "some": sql.Literal(SHOWN),
    }
