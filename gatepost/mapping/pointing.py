"""Which fields hold ids of other records, and which of these ids lead nowhere?

Files declare no foreign keys: a field is taken for one where at least half of what it holds are ids
of one collection.
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

_HELD = sql.SQL("select pg_catalog.count(v.{field}) from {view} as v")
_FOUND = sql.SQL(
    "select i.collection, pg_catalog.count(*) from {view} as v"
    " join staged.ids as i on i.old = v.{field} group by 1 order by 1"
)
_NOWHERE = sql.SQL(
    "select (pg_catalog.array_agg(v.{record} order by v.{record}))[1:{some}] from {view} as v"
    " where v.{field} is not null and not exists (select from staged.ids as i"
    " where i.collection = {collection} and i.old = v.{field})"
)


@dataclass(frozen=True)
class Pointing:
    """What a field of text holds.

    :param values: how many there are; ``found``: by collection, how many of them are its ids.
    """

    place: Column
    values: int
    found: dict[str, int]

    def lost(self, collection: str) -> int:
        """Return how many values lead nowhere, if the field points to that collection."""
        found = self.found.get(collection, 0)
        return self.values - found if found >= self.values / 2 else 0


def of(side: Side) -> tuple[Pointing, ...]:
    """Return what each field of text holds that a query takes which also knows of ids.

    Two scans of each such field, once in a run.
    """

    def ask() -> tuple[Pointing, ...]:
        with side.lent() as conn:
            return tuple(_held(conn, place) for place in _texts(mapped.of(side)))

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


def _held(conn: Connection, place: Column) -> Pointing:
    names = _names(place)
    values = database.value(conn, _HELD.format(**names))
    return Pointing(place, values, dict(database.rows(conn, _FOUND.format(**names))))


def _texts(known: Mapped) -> Iterator[Column]:
    knowing = {one.query for one in known.uses if one.view == IDS.name}
    for place in known.columns:
        collection = known.collection(place.collection)
        kinds = next((set(one.kinds) for one in collection.fields if one.path == place.path), set())
        texts = "string" in kinds <= {"string", "null"}
        if texts and known.takers(collection, place.path) & knowing:
            yield place


def _names(place: Column) -> dict[str, sql.Composable]:
    return {
        "view": sql.Identifier(STAGED, place.view),
        "field": sql.Identifier(place.column),
        "record": sql.Identifier("record" if place.view == place.collection else "parent"),
        "some": sql.Literal(SHOWN),
    }
