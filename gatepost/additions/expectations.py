"""Does a column hold what was declared of it?

What may not be there is judged by the server, value by value; here it is said, and counts are held
against what was declared.  All but `watched` are pure functions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.additions.declared import REST, Expectation
from gatepost.additions.values import Fault, Watched, is_any, text
from gatepost.errors import UsageError
from gatepost.parity import shown
from gatepost.parity.types import MOMENTS, NUMBERS, TEXTS
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gatepost.additions.declared import Value
    from gatepost.additions.values import Values
    from gatepost.database import Connection
    from gatepost.schema.catalog import Column

_NAMED = 8  # allowed values that a finding names
_EPOCH = "1970-01-01 00:00:00"


@dataclass(frozen=True)
class Asked:
    """A column, what was declared of it, and how its values are to be counted for that.

    :param spelled: by the text of a declared value, the text that the server has for it; None for
        what the column's type does not know.
    """

    name: str
    expectations: tuple[Expectation, ...]
    spelled: Mapping[str, str | None]
    watched: Watched

    @property
    def not_null(self) -> bool:
        """Whether a NULL is wrong by itself, however many there are."""
        return any(one.not_null for one in self.expectations)


def asked(
    conn: Connection,
    name: str,
    column: Column,
    expectations: Sequence[Expectation],
    *,
    known: Iterable[str] = (),
    is_open: bool = False,
) -> Asked:
    """Return how a column is to be counted, so that what was declared of it can be said.

    :param known: values as text that are counted and shown beside the declared ones.
    :param is_open: all its values may be shown.
    :raises UsageError: a bound for what has no order that all servers share.
    """
    declared = dict.fromkeys(value for one in expectations for value in _values(one))
    found = spelled(conn, column, tuple(declared))
    wanted = dict.fromkeys(one for one in found.values() if one is not None)
    own = {_EPOCH: None, f"{_EPOCH}+00": None} if column.base in MOMENTS else {}
    return Asked(
        name,
        tuple(expectations),
        found,
        Watched(
            column,
            wanted=tuple(wanted | dict.fromkeys(known) | own),
            open=is_open,
            whole=bool(expectations),
            faults=tuple(
                fault for one in expectations for fault in _faults(name, column, one, found)
            ),
        ),
    )


def spelled(conn: Connection, column: Column, values: Sequence[str]) -> dict[str, str | None]:
    """Return, by each value, the text that the server has for it; None if the type has no such."""
    if column.base in TEXTS:  # a cast would cut what is too long
        return {value: value for value in values}
    try:
        return dict(zip(values, _spelled(conn, column, values), strict=True))
    except (psycopg.DataError, psycopg.IntegrityError):
        if len(values) == 1:
            return {values[0]: None}
    return {value: spelled(conn, column, (value,))[value] for value in values}


def findings(one: Asked, found: Values) -> Iterator[str]:
    """Yield what a column holds that it should not, and what it should and does not."""
    for value in (value for value, known in one.spelled.items() if known is None):
        column = one.watched.column
        yield f"{one.name}: '{value}' was declared, and is no {column.type}"
    for word, rows in found.wrong:
        told = ", ".join(
            f"{shown.plain(value.text)} in {value.rows:,}"
            for value in found.most
            if value.fault == word
        )
        yield f"{one.name}: {rows:,} of {counted(found.rows, 'row')} hold {word}: {told}"
    for each in one.expectations:
        yield from (f"{one.name}: {said}" for said in _counts(each, one.spelled, found))


def holds(declared: int | str, rows: int, of: int) -> bool:
    """Return whether so many rows are as many as was declared, or that share of all.

    A share is as exact as it is written: 98 % is from 97.5 to 98.5.
    """
    if isinstance(declared, int):
        return rows == declared
    if declared == REST or not of:
        return True
    share = declared.removesuffix("%").strip()
    half = Decimal(5).scaleb(-1 - len(share.partition(".")[2]))
    return abs(Decimal(100 * rows) / of - Decimal(share)) <= half


def written(value: Value) -> str:
    """Return a value of `gatepost.toml` as SQL would have its text."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat(" ") if isinstance(value, dt.datetime) else str(value)


def _counts(one: Expectation, known: Mapping[str, str | None], found: Values) -> Iterator[str]:
    rows = counted(found.rows, "row")
    if one.not_null and found.nulls:
        yield f"NULL in {found.nulls:,} of {rows}, and may be in none"
    if one.nulls is not None and not holds(one.nulls, found.nulls, found.rows):
        yield f"NULL in {found.nulls:,} of {rows}, and {one.nulls} were declared"
    if one.distribution and one.nulls is None and found.nulls and not one.not_null:
        yield f"NULL in {found.nulls:,} of {rows}, and the distribution names none"
    for value, share in one.distribution.items():
        text = known[value]
        there = 0 if text is None else found.of(text)
        if not holds(share, there, found.rows):
            yield f"{value} in {there:,} of {rows}, and {share} were declared"
    if one.complete:
        texts = {written(value): known[written(value)] for value in one.allowed}
        lacking = [
            value or "''"
            for value, text in texts.items()
            if text is not None and not found.of(text)
        ]
        if lacking:
            yield f"no row holds {_some(lacking)}"


def _faults(
    name: str, column: Column, one: Expectation, known: Mapping[str, str | None]
) -> Iterator[Fault]:
    for word, bound, beyond in (("min", one.min, "<"), ("max", one.max, ">")):
        if bound is None:
            continue
        if column.base not in NUMBERS | MOMENTS:
            raise UsageError(f"{name}: is {column.type}, which has no {word} that is told")
        text = known[written(bound)]
        if text is not None:
            yield _beyond(column, bound, text, beyond)
    if one.allowed:
        values = [written(value) for value in one.allowed]
        among = [text for value in values if (text := known[value]) is not None]
        yield Fault(f"none of {_some(values)}", partial(_is_none, among=among))
    if one.distribution:
        among = [text for value in one.distribution if (text := known[value]) is not None]
        yield Fault("what the distribution does not name", partial(_is_none, among=among))


def _beyond(column: Column, bound: Value, text: str, beyond: str) -> Fault:
    is_moment = column.base in MOMENTS
    word = {
        "<": f"a moment before {bound}" if is_moment else f"less than {bound}",
        ">": f"a moment after {bound}" if is_moment else f"more than {bound}",
    }[beyond]
    day = type(bound) is dt.date and column.base != "pg_catalog.date"
    # A day ends when it is over.
    over = sql.SQL(" + '1 day'::pg_catalog.interval" if day and beyond == ">" else "")
    operator = sql.SQL(">=" if day and beyond == ">" else beyond)
    base = sql.Identifier(*column.base.split(".", 1))

    def condition(value: sql.Composable) -> sql.Composable:
        return sql.SQL("({value}::{base} {operator} {text}::{base}{over})").format(
            value=value, base=base, operator=operator, text=sql.Literal(text), over=over
        )

    return Fault(word, condition)


def _is_none(value: sql.Composable, *, among: Sequence[str]) -> sql.Composable:
    return sql.SQL("(not {})").format(is_any(value, among))


def _values(one: Expectation) -> Iterator[str]:
    yield from map(written, one.allowed)
    yield from one.distribution
    yield from (written(bound) for bound in (one.min, one.max) if bound is not None)


def _spelled(conn: Connection, column: Column, values: Sequence[str]) -> tuple[str, ...]:
    if not values:
        return ()
    # A number of digits would round it, and what is declared may be more exact.
    is_number = column.base in NUMBERS
    of = sql.Identifier(*column.base.split(".", 1)) if is_number else sql.SQL(column.type)
    items = [text(column, sql.SQL("{}::{}").format(sql.Literal(value), of)) for value in values]
    with conn.transaction():
        (row,) = database.rows(conn, sql.SQL("select {}").format(sql.SQL(", ").join(items)))
    return tuple(row)


def _some(values: Sequence[str]) -> str:
    if len(values) > _NAMED:
        return f"{', '.join(values[:_NAMED])} and {len(values) - _NAMED:,} more"
    return ", ".join(values)
