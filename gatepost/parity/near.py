"""Which numbers, or moments, are not as near to what they were as the project allows?

No hash can tell what is near: both sides send the key's hash and the value in one order, and the
two streams are laid side by side as they come.  Asked only of columns whose exact digests differ.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import chain
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.parity import images, shown
from gatepost.parity.digests import hashed_rows, listed
from gatepost.parity.readings import as_meant
from gatepost.parity.types import MOMENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gatepost.database import Connection
    from gatepost.parity.readings import Reading
    from gatepost.schema.catalog import Column
    from gatepost.side import Side
    from gatepost.sides import Sides

_AT_ONCE = 5_000

_SHOWN = 20
# Two numbers of 131,072 digits before the point and 16,383 behind it, told apart to the last one.
_EXACT = Context(prec=150_000)


@dataclass(frozen=True)
class _Row:
    hash: int
    value: str | None
    key: tuple[str | None, ...]


@dataclass(frozen=True)
class Farther:
    """How many values are farther from what they were than was allowed.

    :param rows: of how many.
    :param most: the largest distance; 0 where none of them has one.
    :param without: of how many one is NULL, NaN or infinite and the other is not the same.
    :param unit: of the distance: ` s` for moments.
    :param keys: the first rows at fault, as in `id = (42)`.
    """

    column: str
    tolerance: float
    values: int
    rows: int
    most: Decimal
    without: int
    unit: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        allowed = f"{self.tolerance:g}{self.unit}"
        told = f"{self.values:,} of {self.rows:,} values farther than {allowed} from what they were"
        if self.values > self.without:
            told += f", {self.most:f}{self.unit} at most"
        if self.without:
            told += f"; {self.without:,} NULL, NaN or infinite on one side"
        lines = [f"{self.column}: {told}", *(f"  {key}" for key in self.keys)]
        if self.values > len(self.keys):
            lines.append(f"  … and {self.values - len(self.keys):,} more")
        return "\n".join(lines)


def farther(
    sides: Sides,
    readings: tuple[Reading, Reading],
    column: Column,
    tolerance: float,
    *,
    masked: Collection[str] = (),
) -> Farther:
    """Return how many values of a column are farther apart than ``tolerance``.

    Rows that are on one side only are for the digest of the keys to tell.

    :param tolerance: of moments, in seconds.
    :param masked: columns of which no value is shown, not of a key either.
    """
    allowed = Decimal(str(tolerance))
    values, rows, without, most = 0, 0, 0, Decimal(0)
    names = [part.name for part in readings[0].key]
    keys: list[str] = []
    with ExitStack() as held:
        lent = [held.enter_context(side.lent()) for side in (sides.before, sides.after)]

        def begun(at: int, _side: Side) -> Iterator[_Row]:
            found = _stream(lent[at], readings[at], column)
            first = next(found, None)
            return iter(()) if first is None else chain([first], found)

        for was, now in _paired(*sides.ask(begun)):
            rows += 1
            distance = _distance(was.value, now.value)
            if distance is not None and distance <= allowed:
                continue
            values += 1
            without += distance is None
            most = max(most, distance or Decimal(0))
            if len(keys) < _SHOWN:
                keys.append(shown.key(names, was.key, masked))
    unit = " s" if column.base in MOMENTS else ""
    return Farther(column.name, tolerance, values, rows, most, without, unit, tuple(keys))


def _paired(was: Iterator[_Row], now: Iterator[_Row]) -> Iterator[tuple[_Row, _Row]]:
    old, new = next(was, None), next(now, None)
    while old is not None and new is not None:
        if old.hash == new.hash:
            yield old, new
            old, new = next(was, None), next(now, None)
        elif old.hash < new.hash:
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
    if not old.is_finite() or not new.is_finite():
        return None
    return _EXACT.abs(_EXACT.subtract(new, old))


def _stream(conn: Connection, reading: Reading, column: Column) -> Iterator[_Row]:
    name = sql.Identifier(column.name)
    # epoch is infinite for a moment that is, and exact to the microsecond for one that is not.
    number = sql.SQL("extract(epoch from {})" if column.base in MOMENTS else "{}").format(name)
    key = listed(images.shown(sql.Identifier(part.name), "") for part in reading.key)
    extra = [
        sql.SQL("{} as v").format(number),
        sql.SQL("array[{}]::pg_catalog.text[] as key").format(key),
    ]
    # By the number too: rows whose keys count as one then meet their nearest.
    query = sql.SQL(
        "select coalesce(r.h, 0), r.v::pg_catalog.text, r.key from ({}) as r order by 1, r.v"
    ).format(hashed_rows(reading.of(()), extra=extra))
    with as_meant(conn, reading):
        for hash_, value, values in database.stream(conn, query, at_once=_AT_ONCE):
            yield _Row(hash_, value, tuple(values))
