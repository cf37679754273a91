"""How many values of a column are NULL, empty, damaged, distinct, and how far do they reach?

Taken only of columns whose digests differ, in one scan a side.  Numbers leave the server, never a
value; of an interval by which all timestamps moved, and of an enum's labels, no row can be told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from psycopg import sql

from gatepost import database
from gatepost.parity.readings import as_meant, source
from gatepost.parity.types import INTEGERS, MOMENTS, NUMBERS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.database import Connection
    from gatepost.parity.readings import Reading
    from gatepost.schema.catalog import Column

_SMALL_DOMAIN = 24
_AT_ONCE = 60  # a select list holds 1,664 items, and a census up to 14
# Types whose few values are a domain, as types and states are; a few floats are only few.
_DOMAINS = TEXTS | INTEGERS | {"pg_catalog.bool"}

# UTF-8 read as Latin-1 or Windows-1252 leaves a lead byte's letter before a continuation byte's
# sign; the second alternative is what becomes of a curly quote, the third of an emoji.  Escapes,
# not letters, so that no editor or transport can damage the pattern itself.
_MOJIBAKE = (
    "[\u00c2-\u00c5\u00ce-\u00d3]"
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a"
    "\u20ac\u2122]|\u00e2\u20ac|\u00f0\u0178|\u00f0\u009f"
)

# A server of another encoding cannot be asked for characters that it has not.
_MOJIBAKE_BY_ENCODING = {
    "UTF8": _MOJIBAKE,
    "SQL_ASCII": _MOJIBAKE,
    "LATIN1": "[\u00c2-\u00c5][\u0080-\u00bf]",
}

# Each is a measure of one column by the kind of type that has it: name, SQL.
_OF_TEXT = {
    "empties": "pg_catalog.count(*) filter (where {t} operator(pg_catalog.=) '')",
    "replaced": "pg_catalog.count(*) filter (where pg_catalog.strpos({t}, {fffd}) > 0)",
    # A pattern costs much more than the look whether there is anything for it to find.
    "escaped": "pg_catalog.count(*) filter (where case when {small}"
    " and pg_catalog.strpos({t}, {backslash}) > 0 then {t} operator(pg_catalog.~) {escaped} end)",
    "doubled": "pg_catalog.count(*) filter (where pg_catalog.strpos({t}, {doubled}) > 0)",
    "mojibake": "pg_catalog.count(*) filter (where case when {small}"
    " and {wide} then {t} operator(pg_catalog.~) {mojibake} end)",
    "questions": "pg_catalog.count(*) filter (where pg_catalog.strpos({t}, '??') > 0)",
    "foreign": "pg_catalog.count(*) filter (where pg_catalog.octet_length({t})"
    " <> pg_catalog.char_length({t}))",
    "blanks": "pg_catalog.count(*) filter (where pg_catalog.right({t}, 1)"
    " operator(pg_catalog.~) '[[:space:]]')",
    "longest": "coalesce(pg_catalog.max(pg_catalog.char_length({t})), 0)",
    "length": "coalesce(pg_catalog.sum(pg_catalog.char_length({t})), 0)",
    "lower": "pg_catalog.count(*) filter (where case when {small}"
    " then {t} operator(pg_catalog.=) pg_catalog.lower({t}) end)",
}
# As `gatepost.parity.shown.veiled` has it, where the value is: it may be large, and is
# nobody's business.
_VEILED = (
    "'#' || pg_catalog.left(pg_catalog.encode(pg_catalog.sha256("
    "pg_catalog.convert_to(r.v, 'UTF8')), 'hex'), 10)"
)
_OF_NUMBERS = {"zeros": "pg_catalog.count(*) filter (where {c} operator(pg_catalog.=) 0)"}
_OF_MOMENTS = {
    "epoch": "coalesce(pg_catalog.sum(extract(epoch from {c})) filter"
    " (where pg_catalog.isfinite({c})), 0)",
    "first": "extract(epoch from pg_catalog.min({c}) filter (where pg_catalog.isfinite({c})))",
    "last": "extract(epoch from pg_catalog.max({c}) filter (where pg_catalog.isfinite({c})))",
    "epochs_zero": "pg_catalog.count(*) filter (where {c} operator(pg_catalog.=) 'epoch')",
}


@dataclass(frozen=True)
class Census:
    """Counts of one column on one side.  What its type does not have is 0.

    :param distinct: how many values there are; None where they were not counted.
    :param domain: how often each value occurs, where there are few; the values veiled but for
        labels that the catalog declares.
    :param longest: characters of the longest text; ``length``: of all texts.
    :param epoch: the sum of all finite moments, in seconds since 1970; ``first`` and ``last``
        in the same unit.
    """

    name: str
    rows: int = 0
    nulls: int = 0
    distinct: int | None = 0
    empties: int = 0
    replaced: int = 0
    escaped: int = 0
    doubled: int = 0
    mojibake: int = 0
    questions: int = 0
    foreign: int = 0
    blanks: int = 0
    longest: int = 0
    length: int = 0
    lower: int = 0
    zeros: int = 0
    epoch: Decimal = Decimal(0)
    first: Decimal | None = None
    last: Decimal | None = None
    epochs_zero: int = 0
    domain: tuple[tuple[str, int], ...] = ()


def census(
    conn: Connection, reading: Reading, columns: Sequence[Column], *, distinct: bool = True
) -> dict[str, Census]:
    """Return the census of some columns of a relation, by name.

    One scan for the counts of up to `_AT_ONCE` columns and, for each column of few values, one for
    how often each occurs.

    :param distinct: count distinct values, which takes a sort of each column.
    """
    found: dict[str, Census] = {}
    for start in range(0, len(columns), _AT_ONCE):
        some = columns[start : start + _AT_ONCE]
        counts = _counts(conn, reading, some, distinct=distinct)
        for column, numbers in zip(some, counts, strict=True):
            domain = _domain(conn, reading, column, numbers.setdefault("distinct", None))
            found[column.name] = Census(name=column.name, domain=domain, **numbers)
    return found


def bare(census: Census, *, masked: bool = False) -> Census:
    """Return a census without what is, or could give away, a value of a row."""
    several = census.rows - census.nulls > 1
    return replace(
        census,
        epoch=census.epoch if several else Decimal(0),
        first=None,
        last=None,
        domain=() if masked else census.domain,
    )


def _counts(
    conn: Connection, reading: Reading, columns: Sequence[Column], *, distinct: bool
) -> Iterator[dict[str, Any]]:
    encoding = conn.info.parameter_status("server_encoding") or ""
    measures = [_measures(column, encoding) for column in columns]
    for one in () if distinct else measures:
        del one["distinct"]
    query = sql.SQL("select {} from {}").format(
        sql.SQL(", ").join(text for one in measures for text in one.values()), source(reading)
    )
    with as_meant(conn, reading):
        (row,) = database.rows(conn, query)
    numbers = iter(row)
    for one in measures:
        yield {name: next(numbers) for name in one}


def _measures(column: Column, encoding: str) -> dict[str, sql.Composed]:
    texts = {
        "rows": "pg_catalog.count(*)",
        "nulls": "pg_catalog.count(*) filter (where {c} is null)",
        "distinct": "pg_catalog.count(distinct {t})",
    }
    if column.base in TEXTS:
        texts |= _OF_TEXT
    elif column.base in NUMBERS:
        texts |= _OF_NUMBERS
    elif column.base in MOMENTS:
        texts |= _OF_MOMENTS
    names: dict[str, sql.Composable] = {
        "c": sql.Identifier(column.name),
        "t": sql.SQL('({}::pg_catalog.text collate pg_catalog."C")').format(
            sql.Identifier(column.name)
        ),
        # A pattern takes four bytes a character, and no server has more than 1 GB for a value.
        "small": sql.SQL("pg_catalog.octet_length({}::pg_catalog.text) < 250000000").format(
            sql.Identifier(column.name)
        ),
        "fffd": sql.Literal("\ufffd"),
        "wide": sql.SQL(
            "pg_catalog.octet_length({c}::pg_catalog.text)"
            " <> pg_catalog.char_length({c}::pg_catalog.text)"
            if encoding == "UTF8"
            else "true"
        ).format(c=sql.Identifier(column.name)),
        "backslash": sql.Literal("\\"),
        "escaped": sql.Literal(r"\\[nrt]"),
        "doubled": sql.Literal("\\\\"),
        "mojibake": sql.Literal(_MOJIBAKE_BY_ENCODING.get(encoding, "")),
    }
    if encoding not in ("UTF8", "SQL_ASCII"):
        texts.pop("replaced", None)
    if encoding not in _MOJIBAKE_BY_ENCODING:
        texts.pop("mojibake", None)
    return {name: sql.SQL(text).format(**_used(text, names)) for name, text in texts.items()}


def _used(text: str, names: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in names.items() if "{" + name + "}" in text}


def _domain(
    conn: Connection, reading: Reading, column: Column, distinct: int | None
) -> tuple[tuple[str, int], ...]:
    countable = column.kind == "e" or column.base in _DOMAINS
    if not countable or not distinct or distinct > _SMALL_DOMAIN:
        return ()
    declared = column.kind == "e" or column.base == "pg_catalog.bool"
    query = sql.SQL(
        "select {shown}, pg_catalog.count(*) from {source} as r"
        ' group by r.v order by r.v collate pg_catalog."C"'
    ).format(
        shown=sql.SQL("r.v" if declared else _VEILED),
        source=sql.SQL("(select {}::pg_catalog.text as v from {})").format(
            sql.Identifier(column.name), source(reading)
        ),
    )
    with as_meant(conn, reading):
        found = database.rows(conn, query)
    return tuple(("NULL" if value is None else value, count) for value, count in found)
