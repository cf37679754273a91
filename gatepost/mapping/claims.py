"""What must hold of every row of a query, before a table will take it?

Each claim is a condition on which a row breaks it.  A value goes to the target as text, as COPY
writes and reads it; so a type's own input says whether it will take it, and nothing is thrown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.equivalence import Ignored, Within
from gatepost.parity import images
from gatepost.parity.types import NUMERIC, TEXTS
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gatepost.database import Connection
    from gatepost.equivalence import Equivalence
    from gatepost.schema.catalog import Column, Table

# What a type leaves out without a word, and the type that would not have.
_FINER = {
    "pg_catalog.date": ("timestamp", "a time of day in {rows}, which {type} has no room for"),
    "pg_catalog.timestamp": ("timestamp", "finer than {type} in {rows}"),
    "pg_catalog.timestamptz": ("timestamptz", "finer than {type} in {rows}"),
    "pg_catalog.time": ("time", "finer than {type} in {rows}"),
    NUMERIC: ("numeric", "more digits in {rows} than {type} keeps"),
}
_TEXT = sql.SQL("t.{name}::pg_catalog.text")
_VALID = sql.SQL("pg_catalog.pg_input_is_valid({text}, {type})")
_TYPED = sql.SQL("case when {valid} then {text}::{type} end as {name}")
_EXPRESSION = sql.SQL("(select {} from (select c.*) as k)")


@dataclass(frozen=True)
class Claim:
    """What no row may be.

    :param column: of the target, or several.
    :param words: what is said of rows that are it, `{rows}` being their number.
    :param broken: the condition, on the query's row `t` and the row as the target has it, `c`.
    """

    column: str
    words: str
    broken: sql.Composable


@dataclass(frozen=True)
class Unique:
    """A key that no two rows may share.

    :param column: what it is made of, in words.
    :param keys: expressions over `c`; ``given``: the condition on which a row is in it.
    """

    name: str
    column: str
    keys: sql.Composable
    given: sql.Composable


def typed(table: Table, yielded: Table) -> sql.Composed:
    """Return the select list that makes of a query's row `t` the row that the target would have.

    What the target does not take is NULL here, and so is what the query does not yield.
    """
    return sql.SQL(", ").join(_typed(column, yielded) for column in table.columns)


def _typed(column: Column, yielded: Table) -> sql.Composed:
    name, type_ = sql.Identifier(column.name), sql.SQL(column.type)
    given = yielded.column(column.name)
    if given is None:
        return sql.SQL("null::{} as {}").format(type_, name)
    if given.type == column.type:
        return sql.SQL("t.{0} as {0}").format(name)
    text = _TEXT.format(name=name)
    return _TYPED.format(valid=_valid(text, column.type), text=text, type=type_, name=name)


def of_columns(table: Table, yielded: Table, compare: Mapping[str, Equivalence]) -> Iterator[Claim]:
    """Yield what must hold of each column by itself: it fits, whole, and is not NULL.

    :param compare: by column, what the project declared to count as the same.
    """
    for column in table.columns:
        given = yielded.column(column.name)
        if given is None:
            continue
        name = sql.Identifier(column.name)
        if column.not_null:
            null = sql.SQL("t.{} is null").format(name)
            yield Claim(column.name, "NULL in {rows}, and the column is NOT NULL", null)
        if given.type != column.type:
            yield from _fitting(column)
            lost = tuple(_losing(column))
            yield from lost
            yield from _changing(column, given, compare.get(column.name, "exact"), lost)


def _fitting(column: Column) -> Iterator[Claim]:
    text = _TEXT.format(name=sql.Identifier(column.name))
    valid = _valid(text, column.type)
    if not _is_modified(column):
        yield Claim(column.name, f"no {column.type} in {{rows}}", _not(text, valid))
        return
    # `timestamp(3) with time zone` without its modifier is spelled by its base.
    castable = _valid(text, column.base.removeprefix("pg_catalog."))
    plain = column.type.partition("(")[0]
    yield Claim(column.name, f"no {plain} in {{rows}}", _not(text, castable))
    large = "long" if column.base in TEXTS else "large"
    broken = sql.SQL("{} and {}").format(castable, _not(text, valid))
    yield Claim(column.name, f"too {large} for {column.type} in {{rows}}", broken)


def _losing(column: Column) -> Iterator[Claim]:
    """Yield what a type would leave out of a value without a word."""
    if column.base in _FINER and (_is_modified(column) or column.base == "pg_catalog.date"):
        finer, words = _FINER[column.base]
        text = _TEXT.format(name=sql.Identifier(column.name))
        broken = _loses(text, _valid(text, column.type), column.type, finer)
        yield Claim(column.name, words.replace("{type}", column.type), broken)


def _changing(
    column: Column, given: Column, declared: Equivalence, lost: tuple[Claim, ...]
) -> Iterator[Claim]:
    """Yield what fits and is whole, and would yet not be the same to `rows`."""
    alike = given.base == column.base
    if (alike and lost) or isinstance(declared, (Ignored, Within)):
        return
    name = sql.Identifier(column.name)
    was, now = images.pair(given, column, declared)
    changed = sql.SQL("c.{0} is not null and {was} is distinct from {now}").format(
        name,
        was=images.text(sql.SQL("t.{}").format(name), was),
        now=images.text(sql.SQL("c.{}").format(name), now),
    )
    others = [sql.SQL("not ({})").format(one.broken) for one in lost]
    words = f"spelled otherwise in {{rows}} once it is {column.type}: cast it in the query"
    if alike:
        words = f"another value in {{rows}} once it is {column.type}"
    yield Claim(column.name, words, sql.SQL(" and ").join([changed, *others]))


def _is_modified(column: Column) -> bool:
    return "(" in column.type and column.kind == "b" and not column.element


def _loses(text: sql.Composable, valid: sql.Composable, type_: str, finer: str) -> sql.Composed:
    # In a CASE, since a condition of AND may be looked at in any order.
    return sql.SQL(
        "case when {valid} and {fits} then {text}::{type}::{finer} is distinct from {text}::{finer}"
        " else false end"
    ).format(
        valid=valid,
        fits=_valid(text, finer),
        text=text,
        type=sql.SQL(type_),
        finer=sql.SQL(finer),
    )


def of_checks(conn: Connection, table: Table, yielded: Table) -> Iterator[Claim]:
    """Yield what the table's CHECK constraints want, as far as the query yields their columns."""
    relation = {"schema": table.relation.schema, "name": table.relation.name}
    for one in database.mappings(conn, question("casts_checks"), relation):
        columns: list[str] = one["columns"]
        if all(yielded.column(name) for name in columns):
            broken = sql.SQL("{} is false").format(_expression(one["expression"]))
            yield Claim(", ".join(columns), f"against {one['name']} in {{rows}}", broken)


def unique(conn: Connection, table: Table, yielded: Table) -> Iterator[Unique]:
    """Yield the keys that no two rows may share, as far as the query yields their columns."""
    relation = {"schema": table.relation.schema, "name": table.relation.name}
    for one in database.mappings(conn, question("casts_unique"), relation):
        columns: list[str] = one["columns"]
        if not all(yielded.column(name) for name in columns if name):
            continue
        keys: list[sql.Composable] = [
            sql.SQL("c.{}").format(sql.Identifier(name)) if name else _expression(text)
            for name, text in zip(columns, one["keys"], strict=True)
        ]
        given: list[sql.Composable] = [
            sql.SQL("{} is not null").format(key) for key in keys if not one["nulls_are_one"]
        ]
        if one["predicate"]:
            given.append(_expression(one["predicate"]))
        conditions = sql.SQL(" and ").join(given or [sql.SQL("true")])
        named = ", ".join(one["keys"])
        yield Unique(one["name"], named, listed(keys), conditions)


def listed(expressions: Iterable[sql.Composable]) -> sql.Composed:
    """Return expressions with commas between them."""
    return sql.SQL(", ").join(expressions)


def _expression(text: str) -> sql.Composed:
    # Names of columns stand alone in it: nearer than `t` and `c` must be a row that has them all.
    return _EXPRESSION.format(sql.SQL(text))


def _valid(text: sql.Composable, type_: str) -> sql.Composed:
    return _VALID.format(text=text, type=sql.Literal(type_))


def _not(text: sql.Composable, valid: sql.Composable) -> sql.Composed:
    return sql.SQL("({text} is not null and not {valid})").format(text=text, valid=valid)
