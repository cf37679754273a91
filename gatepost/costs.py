"""What will it take to compare every relation: rows, bytes, seconds?  Known before a gate is asked.

From what an earlier run of the same gate measured, where there is one; else, for large relations
and only if a server may be asked, from the digest of a sample; else from a rate.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

import psycopg
from psycopg import sql

from gatepost import database, history
from gatepost.errors import GatepostError
from gatepost.history import Measured, Pair
from gatepost.names import Relation
from gatepost.parity import digests
from gatepost.settings import Priority
from gatepost.wording import about, counted, rounded, sized

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.parity.readings import Reading
    from gatepost.plan import Ask
    from gatepost.schema.catalog import Catalog, Table
    from gatepost.session import Session

Basis = Literal["earlier run", "probe", "rate"]
Rank = tuple[int, float]

# Seconds per byte of a table, its indexes counted: 2.2 ns were measured of the digest of 300,000
# rows of ten mixed columns (112 MB, PostgreSQL 16, one connection, one virtual core, all of it in
# memory); as much again leaves room for a disk.
RATE = 4.5e-9
# Seconds of a statement whatever it reads: half of it was measured on the same machine.
STATEMENT = 0.001

# Bytes above which a sample is worth its own statement, and how much of the pages is sampled.
PROBED = 64 << 20
PERCENT = 1.0

# Bytes above which what a table took tells its own rate: below it is mostly the statement's.
_TELLING = 1 << 20
_LONGEST = 3

# As the planner does it for a table that was never analysed: 32 bytes for what has no fixed width.
_PAGE = 8192
_ROW_HEADER = 28
_WIDTHS = {"bool": 1, "int2": 2, "int4": 4, "float4": 4, "date": 4, "uuid": 16} | dict.fromkeys(
    ("int8", "float8", "timestamp", "timestamptz", "money", "time"), 8
)
_OTHER_WIDTH = 32


@dataclass(frozen=True)
class Cost:
    """What reading one relation takes; the larger, and the slower, of its two sides.

    :param rows: the planner's estimate; from the number of pages where it was never analysed.
    :param bytes: with indexes, TOAST and partitions.
    :param seconds: of one connection on each side, which are read at the same time.
    :param basis: where ``seconds`` comes from.
    :param statement: the planner's total cost of the digest's statement; None where it was not
        asked, or refused to say.
    """

    relation: Relation
    rows: int
    bytes: int
    seconds: float
    basis: Basis
    statement: float | None = None


@dataclass(frozen=True)
class Estimate:
    """What a gate's reading takes, relation by relation.

    :param connections: how many read one side at the same moment.
    """

    costs: tuple[Cost, ...]
    connections: int

    @property
    def total_seconds(self) -> float:
        """How long it takes by the clock: large relations are read by several connections."""
        return sum(cost.seconds for cost in self.costs) / self.connections

    @property
    def longest(self) -> tuple[Cost, ...]:
        """All relations, the longest first."""
        return tuple(sorted(self.costs, key=lambda cost: (-cost.seconds, cost.relation)))

    @property
    def facts(self) -> dict[str, object]:
        """The same for other programs."""
        return {
            "total_seconds": round(self.total_seconds, 3),
            "connections": self.connections,
            "relations": [
                {**vars(cost), "relation": str(cost.relation), "seconds": round(cost.seconds, 6)}
                for cost in self.costs
            ],
        }

    def of(self, relation: Relation) -> Cost | None:
        """Return the cost of one relation; None if it is not read."""
        return self._by_relation.get(relation)

    def __str__(self) -> str:
        rows, held = sum(c.rows for c in self.costs), sum(c.bytes for c in self.costs)
        first = (
            f"{counted(len(self.costs), 'relation')}, {sized(held)}, {rounded(rows)} rows:"
            f" about {about(self.total_seconds)} with {counted(self.connections, 'connection')}"
        )
        told = ", ".join(
            f"{c.relation} {sized(c.bytes)} about {about(c.seconds / self.connections)}"
            for c in self.longest[:_LONGEST]
        )
        return f"{first}\nthe longest: {told}" if told else first

    @cached_property
    def _by_relation(self) -> dict[Relation, Cost]:
        return {cost.relation: cost for cost in self.costs}


def estimate(session: Session, *, ask: bool = False) -> Estimate:
    """Return what comparing the relations of a gate takes; those that one side has not, cost none.

    It is made of the catalogs that every process of a run shares, and is the same in all of them.

    :param ask: put questions to both servers as well: the planner's cost of every digest, and the
        digest of a sample of those relations that are large and were never measured.
    """
    earlier = history.read(session.handover.out, session.handover.label, _pair(session))
    costs = [_cost(*found, earlier) for found in _relations(session)]
    if ask:
        costs = _calibrated([_asked(session, cost) for cost in costs])
    return Estimate(tuple(costs), session.settings.project.limits.connections)


def rank(ask: Ask, known: Estimate) -> Rank:
    """Return by what checks are ordered when time is short: what matters first, then the cheap.

    What reads no relation as a whole costs nothing beside those that do.
    """
    relation = getattr(ask.subject, "child", ask.subject)  # of a reference, the child is read
    cost = known.of(relation) if isinstance(relation, Relation) else None
    return get_args(Priority).index(ask.planned.priority), cost.seconds if cost else 0.0


def remember(session: Session) -> None:
    """Keep what this run measured for the next one.  Nothing is kept of a gate that read nothing.

    What other machines read was not measured here: half a measurement is none.
    """
    sides = (session.before, session.after)
    if session.settings.project.engine.dask:
        return
    taken = [(side.catalog, history.noted(side.store.folder)) for side in sides]
    measured = {
        str(relation): Measured(held, seconds)
        for relation, _, held in _relations(session)
        if (seconds := max(_seconds(relation, *one) for one in taken))
    }
    if measured:
        history.write(session.handover.out, _pair(session), measured)


def _pair(session: Session) -> Pair:
    settings = session.settings
    return Pair(settings.project.name, settings.target_name, session.before.info.database)


def _seconds(relation: Relation, catalog: Catalog, noted: dict[str, float]) -> float:
    """Return what one side took; partitions are read, and noted, by themselves."""
    leaves = (leaf.relation for leaf in catalog.leaves(relation))
    return sum(noted.get(str(one), 0.0) for one in (relation, *leaves))


def _relations(session: Session) -> Iterator[tuple[Relation, int, int]]:
    """Yield the relations that are read, with the rows and bytes of the larger side."""
    catalogs = (session.before.catalog, session.after.catalog)
    for ask in session.plan.of("rows"):
        if isinstance(ask.subject, Relation):
            sides = [_tables(catalog, ask.subject) for catalog in catalogs]
            # Where a query stands for it, the before side need not have it.
            if all(sides) or session.settings.rule(str(ask.subject)).query:
                yield ask.subject, _rows(sides), max(sum(t.bytes for t in side) for side in sides)


def _tables(catalog: Catalog, relation: Relation) -> tuple[Table, ...]:
    """Return what holds the rows of a relation: itself, or its partitions; nothing without it."""
    table = catalog.table(relation)
    return (catalog.leaves(relation) or (table,)) if table else ()


def _rows(sides: list[tuple[Table, ...]]) -> int:
    """Return the planner's estimate, of either side; from pages only if neither was analysed."""
    # -1, or 0 in versions before 14, where a table was never analysed.
    known = [sum(max(0.0, table.rows_estimate) for table in side) for side in sides]
    guessed = [sum(map(_rows_by_pages, side)) for side in sides]
    return round(max(known)) or max(guessed)


def _rows_by_pages(table: Table) -> int:
    names = (column.base.rpartition(".")[2] for column in table.columns)
    width = _ROW_HEADER + sum(_WIDTHS.get(name, _OTHER_WIDTH) for name in names)
    return table.pages * _PAGE // width


def _cost(relation: Relation, rows: int, held: int, earlier: dict[str, Measured]) -> Cost:
    measured = earlier.get(str(relation))
    if measured is None:
        return Cost(relation, rows, held, STATEMENT + held * RATE, "rate")
    # What came since costs as much per byte; what went has less to say than the statement itself.
    rate = measured.seconds / measured.bytes if measured.bytes > _TELLING else RATE
    seconds = max(measured.seconds + (held - measured.bytes) * rate, STATEMENT)
    return Cost(relation, rows, held, seconds, "earlier run")


def _asked(session: Session, cost: Cost) -> Cost:
    """Return a cost with what the servers say of it; as it was where one of them refuses.

    A refusal is for the check to tell that will be asked, not for an estimate.
    """
    try:
        readings = session.compared(cost.relation).readings
        if readings is None:
            return cost
        both = list(zip((session.before, session.after), readings, strict=True))
        cost = replace(cost, statement=max(planned(s.connection, one) for s, one in both))
        if cost.basis != "rate" or cost.bytes < PROBED:
            return cost
        seconds = max(probed(side.connection, one, cost.rows) for side, one in both)
        return replace(cost, seconds=seconds, basis="probe")
    except (GatepostError, psycopg.Error):
        return cost


def planned(conn: Connection, reading: Reading) -> float:
    """Return the planner's total cost of a digest, in its own units; nothing is read."""
    explain = sql.SQL("explain (format json) {}").format(digests.statement(reading))
    (explained,) = database.value(conn, explain)
    return float(explained["Plan"]["Total Cost"])


def probed(conn: Connection, reading: Reading, rows: int) -> float:
    """Return the seconds that a digest of ``rows`` rows takes, by that of a sample of the pages.

    0 where a query stands for the relation: there is nothing that could be sampled.
    """
    if reading.query:
        return 0.0
    sample = sql.SQL("select * from {only}{relation} tablesample system ({percent})").format(
        only=sql.SQL("only ") if reading.only else sql.SQL(""),
        relation=reading.relation.identifier,
        percent=sql.Literal(PERCENT),
    )
    began = time.monotonic()
    found = digests.digest(conn, replace(reading, query=sample.as_string(conn)))
    taken = time.monotonic() - began
    return taken * (rows / found.rows if rows and found.rows else 100 / PERCENT)


def _calibrated(costs: list[Cost]) -> list[Cost]:
    """Return costs in which the probes' rate, where there was a probe, has replaced ours."""
    probes = [cost for cost in costs if cost.basis == "probe"]
    if not probes:
        return costs
    rate = sum(cost.seconds for cost in probes) / sum(cost.bytes for cost in probes)
    return [
        replace(cost, seconds=STATEMENT + cost.bytes * rate) if cost.basis == "rate" else cost
        for cost in costs
    ]
