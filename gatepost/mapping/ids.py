"""Does every record of the source have an id, is it that record's alone, and what is it like?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.mapping import filled, homes, mapped, pointing
from gatepost.mapping.culprits import SHOWN, Culprits
from gatepost.mapping.planned import rules
from gatepost.sql import question
from gatepost.staging.places import STAGED
from gatepost.told import Told
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatepost.database import Connection
    from gatepost.mapping.filled import Filled
    from gatepost.mapping.homes import Home
    from gatepost.mapping.mapped import Column, Mapped
    from gatepost.names import Relation
    from gatepost.settings import Settings
    from gatepost.sides import Sides

# Numbers and texts alone are ids: of what is another thing no row was made in `staged.ids`.
_WITHOUT = sql.SQL(
    "select pg_catalog.count(*), (pg_catalog.array_agg(v.record order by v.record))[1:{some}]"
    " from {view} as v where not exists (select from staged.ids as i"
    " where i.collection = {collection} and i.old = v.{field}::pg_catalog.text)"
)
_TWICE = sql.SQL(
    "select pg_catalog.count(*), (pg_catalog.array_agg(v.record order by v.record))[1:{some}]"
    " from {view} as v join (select {field} as id from {view} where {field} is not null"
    " group by 1 having pg_catalog.count(*) > 1) as t on t.id = v.{field}"
)
_RECORDS = sql.SQL(
    "select (pg_catalog.array_agg(v.record order by v.record))[1:{some}] from {view} as v"
    " where v.{field}::pg_catalog.text = any ({ids}::pg_catalog.text[])"
)


def told(settings: Settings, sides: Sides, collection: str, gate: str) -> Told:
    """Return what is wrong with the ids of a collection: before the load, and in the data gate."""
    known = mapped.of(sides.before)
    every = filled.of(settings, sides.before, known)
    place = known.column(collection, rules(settings, collection).ids)
    assert place is not None, f"{collection}: staging makes a column of what is declared"
    pointed = pointing.of(sides.before) if gate == "pre" else ()
    with sides.before.lent() as conn:
        home = homes.home(conn, every, collection)
        if gate != "pre":
            return _afterwards(conn, sides, every, known, place, home)
        census = take(conn, place)
        findings = list(census.findings)
        for one in pointed:
            findings += pointing.nowhere(conn, one, collection)
        if home is not None:
            findings += homes.unyielded(conn, home, place)
    goes = "no table has them for its key" if home is None else f"the rows of {home.relation}"
    return Told(tuple(findings), (f"{collection}: {census.note}; {goes}",), census.formats)


def _afterwards(
    conn: Connection,
    sides: Sides,
    every: Mapping[Relation, Filled],
    known: Mapped,
    place: Column,
    home: Home | None,
) -> Told:
    kept = homes.kept(conn, every, known)
    findings = [] if home is None else [*homes.unfilled(sides, home, place)]
    findings += [] if kept is None else [*homes.unkept(sides, kept, place.collection)]
    note = (
        f"{place.collection}: old ids are kept in {kept.relation}"
        if kept
        else f"{place.collection}: no table keeps the old ids"
    )
    return Told(tuple(findings), (note,), {"rows": home, "kept": kept})


@dataclass(frozen=True)
class Census:
    """The ids of one collection, in counts and words."""

    formats: dict[str, int]
    findings: tuple[str, ...]

    @property
    def note(self) -> str:
        """What formats there are."""
        told = ", ".join(f"{number:,} {name}" for name, number in sorted(self.formats.items()))
        return f"{counted(sum(self.formats.values()), 'id')}: {told}"


def take(conn: Connection, place: Column) -> Census:
    """Return what the ids of a collection are like, and what is wrong with them.

    :param place: where they are.

    Four scans of the collection's ids.
    """
    formats = database.rows(conn, question("ids_formats"), {"collection": place.collection})
    findings = [*_own(conn, place), *_merged(conn, place)]
    return Census(dict(formats), tuple(findings))


def _own(conn: Connection, place: Column) -> Iterator[str]:
    """Yield what is wrong with single ids: records without one, and records that share one."""
    names = _names(place)
    ((rows, records),) = database.rows(conn, _WITHOUT.format(**names))
    if rows:
        told = _culprits(place.collection, rows, records)
        yield f"{place.collection}.{place.path}: no id in {counted(rows, 'record')}: {told}"
    ((rows, records),) = database.rows(conn, _TWICE.format(**names))
    if rows:
        told = _culprits(place.collection, rows, records)
        yield f"{place.collection}.{place.path}: not one record's alone in {rows:,}: {told}"


def _merged(conn: Connection, place: Column) -> Iterator[str]:
    """Yield different ids that became the same uuid."""
    for _new, old in database.rows(conn, question("ids_merged"), {"collection": place.collection}):
        query = _RECORDS.format(ids=sql.Literal(old), **_names(place))
        records = database.value(conn, query)
        told = _culprits(place.collection, len(records), records)
        yield f"{place.collection}.{place.path}: {len(old):,} ids become one uuid: {told}"


def _names(place: Column) -> dict[str, sql.Composable]:
    return {
        "view": sql.Identifier(STAGED, place.view),
        "field": sql.Identifier(place.column),
        "collection": sql.Literal(place.collection),
        "some": sql.Literal(SHOWN),
    }


def _culprits(collection: str, rows: int, records: list[int]) -> Culprits:
    return Culprits(collection, tuple(dict.fromkeys(records)), rows <= len(records))
