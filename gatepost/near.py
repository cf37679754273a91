"""Which numbers, or moments, are not as near to what they were as the project allows?

No hash can tell what is near: both sides send the key's hash and the value in one order, and the
two streams are laid side by side as they come.  Asked only of columns whose exact digests differ.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.digests import as_meant, hashed_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.digests import Reading
    from gatepost.side import Side
    from gatepost.sides import Sides

MOMENTS = {"pg_catalog.timestamp", "pg_catalog.timestamptz", "pg_catalog.date"}
NUMBERS = {f"pg_catalog.{name}" for name in ("int2", "int4", "int8", "numeric", "float4", "float8")}
_AT_ONCE = 5_000

_Row = tuple[int, str | None]


@dataclass(frozen=True)
class Farther:
    """How many values are farther from what they were than was allowed.

    :param rows: of how many.
    :param most: the largest distance; None where one of the two is no finite number.
    """

    column: str
    tolerance: float
    values: int
    rows: int
    most: Decimal | None

    def __str__(self) -> str:
        far = "not a finite distance" if self.most is None else f"{self.most:f}"
        return (
            f"{self.column}: {self.values:,} of {self.rows:,} values farther than"
            f" {self.tolerance:g} from what they were; the farthest: {far}"
        )


def farther(
    sides: Sides, readings: tuple[Reading, Reading], column: str, base: str, tolerance: float
) -> Farther:
    """Return how many values of a column are farther apart than ``tolerance``.

    Rows that are on one side only are for the digest of the keys to tell.

    :param base: the column's base type: of moments the distance is in seconds.
    """
    allowed = Decimal(str(tolerance))
    values, rows, most = 0, 0, Decimal(0)
    finite = True
    with ExitStack() as held:
        lent = [held.enter_context(side.lent()) for side in (sides.before, sides.after)]

        def begun(at: int, _side: Side) -> Iterator[_Row]:
            found = _stream(lent[at], readings[at], column, base)
            first = next(found, None)
            return iter(()) if first is None else chain([first], found)

        for was, now in _paired(*sides.ask(begun)):
            rows += 1
            distance = _distance(was, now)
            if distance is None or distance > allowed:
                values += 1
                finite = finite and distance is not None
                most = max(most, distance or Decimal(0))
    return Farther(column, tolerance, values, rows, most if finite else None)


def _paired(was: Iterator[_Row], now: Iterator[_Row]) -> Iterator[tuple[str | None, str | None]]:
    old, new = next(was, None), next(now, None)
    while old is not None and new is not None:
        if old[0] == new[0]:
            yield old[1], new[1]
            old, new = next(was, None), next(now, None)
        elif old[0] < new[0]:
            old = next(was, None)
        else:
            new = next(now, None)


def _distance(was: str | None, now: str | None) -> Decimal | None:
    """Return how far two numbers are apart; None for what has no distance."""
    if was == now:
        return Decimal(0)
    if was is None or now is None:
        return None
    old, new = Decimal(was), Decimal(now)
    return abs(new - old) if old.is_finite() and new.is_finite() else None


def _stream(conn: Connection, reading: Reading, column: str, base: str) -> Iterator[_Row]:
    name = sql.Identifier(column)
    # epoch is infinite for a moment that is, and exact to the microsecond for one that is not.
    number = sql.SQL("extract(epoch from {})" if base in MOMENTS else "{}").format(name)
    query = sql.SQL("select h, v from ({}) as r order by h, v").format(
        hashed_rows(reading.of(()), extra=[sql.SQL("{}::pg_catalog.text as v").format(number)])
    )
    with as_meant(conn, reading):
        yield from database.stream(conn, query, at_once=_AT_ONCE)
