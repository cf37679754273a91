"""Which values do some columns of a table hold, how often, and which of them may not be there?

One scan for all columns, whatever is asked of them.  Values are judged and veiled by the server:
what leaves it is counts, and of the values those that a report may show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.parity import shown
from gatepost.parity.types import MOMENTS, NUMBERS, NUMERIC
from gatepost.schema.catalog import Column

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from gatepost.database import Connection
    from gatepost.schema.catalog import Table

MOST = 8  # values of a column that are told, and of those that may not be there
_KEYS = 5
LONG = 200  # bytes of a value that is told by its digest, where nobody asks for it
_ROWS = -1  # stands for the rows themselves
# No text of theirs is long.
_SHORT_BY_NATURE = NUMBERS | MOMENTS | {"pg_catalog.bool", "pg_catalog.uuid"}
_NO_VALUE = sql.SQL("null::pg_catalog.text")

# As `gatepost.parity.shown.veiled` has it, where the value is.
_VEILED = sql.SQL(
    "('#' || pg_catalog.left(pg_catalog.encode(pg_catalog.sha256("
    "pg_catalog.convert_to({v}, 'UTF8')), 'hex'), 10))"
)
_PLAIN = sql.SQL('({c}::pg_catalog.text collate pg_catalog."C")')
# 1.50 and 1.5 are one value; before PostgreSQL 13 nothing else takes the scale off.
_SCALED = sql.SQL(
    "(case when pg_catalog.strpos({c}, '.') > 0"
    " then pg_catalog.rtrim(pg_catalog.rtrim({c}, '0'), '.') else {c} end)"
)
_SHORT = sql.SQL("(case when pg_catalog.octet_length({c}) > {long} then {veiled} else {c} end)")
# The grouping by nothing counts the rows.  A digest is made only of what is told.
_COUNTS = sql.SQL(
    "with grouped as ("
    "select {at} as at, {v} as v, pg_catalog.count(*) as n from (select {texts} from {relation}"
    " as t) as s group by grouping sets ({sets}())"
    "), judged as ("
    "select g.*, {faults} as fault, {wanted} as wanted from grouped as g"
    "), placed as ("
    "select j.*, pg_catalog.count(j.v) over (partition by j.at) as several,"
    " pg_catalog.sum(j.n) over (partition by j.at, j.fault) as alike,"
    " pg_catalog.row_number() over (partition by j.at order by j.n desc, j.v) as place,"
    " pg_catalog.row_number() over (partition by j.at, j.fault order by j.n desc, j.v) as of_fault"
    " from judged as j"
    ") select g.at, g.v is null, {shown}, g.n, g.wanted, g.fault, g.alike, g.several"
    " from placed as g where g.place <= {most} or g.wanted or g.v is null"
    " or (g.fault is not null and g.of_fault <= {most})"
    " order by g.at, g.place"
)
_OFFENDERS = sql.SQL(
    "select array[{key}]::pg_catalog.text[] from {relation} as t where {wrong}"
    " order by 1 limit {some}"
)


@dataclass(frozen=True)
class Fault:
    """What may not be in a column.

    :param word: for it.
    :param condition: SQL that is true of a value, given as text, that may not be there.
    """

    word: str
    condition: Callable[[sql.Composable], sql.Composable]


@dataclass(frozen=True)
class Watched:
    """A column, and what is wanted of its values.

    :param wanted: values, as text, that are counted however rare they are, and shown: whoever
        declared them knows them, and that of the default is in the catalog.
    :param open: all of its values may be shown.
    :param whole: a value is told from others by all of it, however long it is.
    :param faults: a value has the first of those that it has.
    """

    column: Column
    wanted: tuple[str, ...] = ()
    open: bool = False
    whole: bool = False
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Value:
    """How often a value is there.

    :param text: the value as it may be shown; None for NULL.
    :param wanted: it is one that was asked for, so that the text is the value itself.
    :param fault: the word for why it may not be there; empty if it may.
    """

    text: str | None
    rows: int
    wanted: bool = False
    fault: str = ""


@dataclass(frozen=True)
class Values:
    """What a column holds.

    :param rows: of the table.
    :param distinct: how many values there are, NULL apart.
    :param most: the values that are there most often, those that may not be there, and those that
        were asked for.
    :param wrong: how many rows hold what may not be there, by the word for it.
    :param keys: of some of these rows.
    """

    column: str
    rows: int
    nulls: int = 0
    distinct: int = 0
    most: tuple[Value, ...] = ()
    wrong: tuple[tuple[str, int], ...] = ()
    keys: tuple[str, ...] = ()

    def of(self, text: str) -> int:
        """Return how many rows hold a value that was asked for."""
        return sum(one.rows for one in self.most if one.wanted and one.text == text)


def text(column: Column, value: sql.Composable) -> sql.Composed:
    """Return SQL for a value as text, of which no two are for the same value."""
    plain = _PLAIN.format(c=value)
    return _SCALED.format(c=plain) if column.base == NUMERIC else plain


def source(table: Table) -> sql.Composed:
    """Return what stands behind FROM for a table, without the rows of what inherits from it."""
    only = sql.SQL("only " if table.kind == "table" else "")
    return sql.SQL("{}{}").format(only, table.relation.identifier)


def count(conn: Connection, table: Table, watched: Sequence[Watched]) -> tuple[int, list[Values]]:
    """Return how many rows a table holds, and what each of the columns does.

    One scan, in which each value becomes text and is counted by it: a second for each column of a
    million rows.
    """
    query = _COUNTS.format(
        at=_by_group(len(watched), sql.Literal, sql.Literal(_ROWS)),
        v=_by_group(len(watched), _c, _NO_VALUE),
        texts=sql.SQL(", ").join(
            sql.SQL("{} as {}").format(_value(one), _c(at)) for at, one in enumerate(watched)
        ),
        sets=sql.SQL("").join(sql.SQL("({}), ").format(_c(at)) for at in range(len(watched))),
        relation=source(table),
        faults=_by_column(map(_fault, watched), _NO_VALUE),
        shown=_by_column(map(_shown, watched), _NO_VALUE),
        wanted=_by_column(map(_is_wanted, watched), sql.SQL("false")),
        most=sql.Literal(MOST),
    )
    rows, found = 0, {at: Values(one.column.name, 0) for at, one in enumerate(watched)}
    for at, is_null, told, number, wanted, fault, alike, distinct in database.rows(conn, query):
        if at == _ROWS:
            rows = number
            continue
        was = found[at]
        wrong = dict(was.wrong) | ({fault: int(alike)} if fault else {})
        found[at] = replace(
            was,
            nulls=was.nulls + number * is_null,
            distinct=distinct,
            most=(*was.most, Value(None if is_null else told, number, wanted, fault or "")),
            wrong=tuple(wrong.items()),
        )
    return rows, [replace(one, rows=rows) for one in found.values()]


def offenders(
    conn: Connection, table: Table, one: Watched, masked: Collection[str], *, nulls: bool
) -> tuple[str, ...]:
    """Return the keys of the first rows that hold what may not be there; none without a key.

    :param masked: columns of which no value is shown, not of a key either.
    :param nulls: NULL may not.
    """
    c = sql.Identifier("t", one.column.name)
    wrong: list[sql.Composable] = [fault.condition(text(one.column, c)) for fault in one.faults]
    wrong += [sql.SQL("{} is null").format(c)] if nulls else []
    if not table.key or not wrong:
        return ()
    query = _OFFENDERS.format(
        key=sql.SQL(", ").join(
            sql.SQL("t.{}::pg_catalog.text").format(sql.Identifier(name)) for name in table.key
        ),
        relation=source(table),
        wrong=sql.SQL(" or ").join(wrong),
        some=sql.Literal(_KEYS),
    )
    return tuple(shown.key(table.key, values, masked) for (values,) in database.rows(conn, query))


def is_any(value: sql.Composable, of: Iterable[str]) -> sql.Composed:
    """Return SQL that is true of a text that is one of some."""
    return sql.SQL("{} = any ({}::pg_catalog.text[])").format(value, sql.Literal(list(of)))


def _value(one: Watched) -> sql.Composed:
    found = text(one.column, sql.Identifier("t", one.column.name))
    if one.whole or one.column.kind == "e" or one.column.base in _SHORT_BY_NATURE:
        return found
    veiled = _VEILED.format(v=found)
    return _SHORT.format(c=found, long=sql.Literal(LONG), veiled=veiled)


def _by_group(
    columns: int, said: Callable[[int], sql.Composable], otherwise: sql.Composable
) -> sql.Composed:
    """Return SQL for what is to be said of a group, which is one by the values of a column."""
    cases = [
        sql.SQL("when grouping({}) = 0 then {} ").format(_c(at), said(at)) for at in range(columns)
    ]
    return _case(cases, otherwise)


def _by_column(each: Iterable[sql.Composable], otherwise: sql.Composable) -> sql.Composed:
    """Return SQL for what is to be said of a value, which depends on the column it is of."""
    cases = [
        sql.SQL("when g.at = {} then {} ").format(sql.Literal(at), one)
        for at, one in enumerate(each)
    ]
    return _case(cases, otherwise)


def _case(cases: Iterable[sql.Composable], otherwise: sql.Composable) -> sql.Composed:
    # A case of nothing is none that SQL knows.
    none = sql.SQL("when false then {} ").format(otherwise)
    return sql.SQL("case {}{}else {} end").format(none, sql.SQL("").join(cases), otherwise)


def _c(at: int) -> sql.Identifier:
    return sql.Identifier(f"c{at}")


def _fault(one: Watched) -> sql.Composable:
    if not one.faults:
        return _NO_VALUE
    v = sql.SQL("g.v")
    return sql.SQL("case {} end").format(
        sql.SQL(" ").join(
            sql.SQL("when {} then {}").format(fault.condition(v), sql.Literal(fault.word))
            for fault in one.faults
        )
    )


def _shown(one: Watched) -> sql.Composable:
    v = sql.SQL("g.v")
    if one.open:
        return v
    return sql.SQL("case when {} then {} else {} end").format(
        is_any(v, one.wanted), v, _VEILED.format(v=v)
    )


def _is_wanted(one: Watched) -> sql.Composable:
    return sql.SQL("coalesce({}, false)").format(is_any(sql.SQL("g.v"), one.wanted))
