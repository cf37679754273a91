"""Did every credential arrive?

Nobody misses a password before he wants to log in, and what is lost cannot be asked for again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.mapping import filled, mapped
from gatepost.mapping.culprits import SHOWN, Culprits
from gatepost.mapping.mapped import Column
from gatepost.names import Relation, dotted
from gatepost.parity.types import TEXTS
from gatepost.staging.places import STAGED, view_of
from gatepost.told import Told
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatepost.database import Connection
    from gatepost.mapping.filled import Filled
    from gatepost.mapping.mapped import Mapped
    from gatepost.settings import Settings
    from gatepost.sides import Sides

_HELD = sql.SQL("select pg_catalog.count(v.{column}) from {view} as v")
# Who copies a value has it afterwards; who looks whether there is one has not.
_CARRIED = sql.SQL(
    "select pg_catalog.count(*) from {view} as v where exists"
    " (select from {query} as t where t.{carrier}::pg_catalog.text = v.{column}::pg_catalog.text)"
)
_LOST = sql.SQL(
    "select (pg_catalog.array_agg(v.{record} order by v.{record}))[1:{some}] from {view} as v"
    " where v.{column} is not null and not exists"
    " (select from {query} as t where t.{carrier}::pg_catalog.text = v.{column}::pg_catalog.text)"
)
_ARRIVED = sql.SQL("select pg_catalog.count(t.{carrier}) from {table} as t")


@dataclass(frozen=True)
class Carrier:
    """The column of a table by which most values of a field are carried on.

    :param values: how many of them are in it, as the query yields it.
    """

    relation: Relation
    column: str
    values: int

    def __str__(self) -> str:
        return f"{self.relation}.{dotted(self.column)}"


@dataclass(frozen=True)
class Credential:
    """A field of which no value may be lost.

    :param values: how many records have one.
    :param carrier: None where no query carries any of them on.
    :param lost: records whose value the query leaves behind.
    """

    place: Column
    values: int
    carrier: Carrier | None
    lost: Culprits | None = None

    @property
    def name(self) -> str:
        """The field's name behind its collection's."""
        return f"{self.place.collection}.{self.place.path}"


def told(settings: Settings, sides: Sides, collection: str, path: str) -> Told:
    """Return whether the values of a field arrived, as many as there were."""
    known = mapped.of(sides.before)
    place = known.column(collection, path)
    assert place is not None, f"{collection}.{path}: staging makes a column of what is declared"
    every = filled.of(settings, sides.before, known)
    with sides.before.lent() as conn:
        found = follow(conn, every, known, place)
    if found.carrier is None:
        return Told(tuple(findings(found, 0)), facts={"before": found.values})
    with sides.after.lent() as conn:
        now = arrived(conn, found.carrier)
    note = f"that no value became another is asked by rows {found.carrier.relation}"
    facts = {"before": found.values, "after": {str(found.carrier): now}}
    return Told(tuple(findings(found, now)), (f"{found.name}: {note}",), facts)


def follow(
    conn: Connection, every: Mapping[Relation, Filled], known: Mapped, place: Column
) -> Credential:
    """Return where the values of a field go: the column of a query that takes it and has them.

    :param conn: to the staging database.

    One join for each column of text in each query that takes the field.
    """
    names = _names(place)
    values = database.value(conn, _HELD.format(**names))
    takers = known.takers(known.collection(place.collection), place.path)
    found = []
    for one in every.values():
        if view_of(one.relation).name in takers:
            names["query"] = view_of(one.relation).identifier
            for column in one.yielded.columns:
                if column.base in TEXTS and one.table.column(column.name) is not None:
                    names["carrier"] = sql.Identifier(column.name)
                    carried = database.value(conn, _CARRIED.format(**names))
                    found.append(Carrier(one.relation, column.name, carried))
    carrier = max(found, key=lambda one: one.values, default=None)
    if carrier is None or not carrier.values:
        return Credential(place, values, None)
    if carrier.values == values:
        return Credential(place, values, carrier)
    names["query"] = view_of(carrier.relation).identifier
    names["carrier"] = sql.Identifier(carrier.column)
    records = database.value(conn, _LOST.format(**names))
    complete = values - carrier.values <= len(records)
    return Credential(place, values, carrier, Culprits(place.collection, tuple(records), complete))


def arrived(conn: Connection, carrier: Carrier) -> int:
    """Return how many values the target's column has.

    :param conn: to the target.
    """
    names = {
        "carrier": sql.Identifier(carrier.column),
        "table": carrier.relation.identifier,
    }
    return int(database.value(conn, _ARRIVED.format(**names)))


def findings(credential: Credential, now: int) -> Iterator[str]:
    """Yield what was lost of a field, on the way or by its query.  Pure.

    :param now: how many values the target's column has.
    """
    name, values = credential.name, counted(credential.values, "value")
    carrier = credential.carrier
    if carrier is None:
        if credential.values:
            yield f"{name}: {values} before, and no query carries one of them on"
        return
    if credential.lost is not None:
        left = credential.values - carrier.values
        yield f"{name}: {left:,} of {values} not carried on to {carrier}: {credential.lost}"
    if now < credential.values:
        yield f"{name}: {values} before, {now:,} after in {carrier}"


def _names(place: Column) -> dict[str, sql.Composable]:
    return {
        "view": sql.Identifier(STAGED, place.view),
        "column": sql.Identifier(place.column),
        "record": sql.Identifier("record" if place.view == place.collection else "parent"),
        "some": sql.Literal(SHOWN),
    }
