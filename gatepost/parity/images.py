"""Which bytes stand for a value, so that equal bytes mean equal values and nothing else?

Decided from the catalog, here and nowhere else.  Every image is a text that is exact under pinned
settings; some have, beside it, a hash of the value itself that is as exact and costs less.  A
type's own hash is asked only where it sees every bit: most follow equality, not content (numeric 1
and -1 share one, as do `ab` and `ab  `), and that of an enum hashes an oid that every restore gives
anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from psycopg import sql

from gatepost.equivalence import Within
from gatepost.parity.types import INTEGERS, NUMERIC

if TYPE_CHECKING:
    from gatepost.equivalence import Equivalence
    from gatepost.schema.catalog import Column

Image = Literal[
    "bool",
    "bpchar",
    "bytea",
    "char",
    "ci",
    "date",
    "double",
    "float4",
    "float8",
    "int2",
    "int4",
    "int8",
    "jsonb",
    "midnight",
    "money",
    "plain",
    "row",
    "text",
    "timestamp",
    "timestamptz",
    "trimmed",
    "utc",
    "uuid",
    "value",
]

_BY_TYPE: dict[str, Image] = {
    # Fixed in width, and their own hash sees all bits.
    "pg_catalog.bool": "bool",
    "pg_catalog.int2": "int2",
    "pg_catalog.int4": "int4",
    "pg_catalog.int8": "int8",
    "pg_catalog.uuid": "uuid",
    # Cheaper in binary form than as text.
    "pg_catalog.bytea": "bytea",
    "pg_catalog.date": "date",
    "pg_catalog.timestamp": "timestamp",
    "pg_catalog.timestamptz": "timestamptz",
    # Exact whatever the session's settings, as their text is not.
    "pg_catalog.float4": "float4",
    "pg_catalog.float8": "float8",
    "pg_catalog.money": "money",  # the text's decimals follow lc_monetary
    "pg_catalog.bpchar": "bpchar",  # a cast to text strips the blanks that are stored
    "pg_catalog.char": "char",  # a byte above 127 is no text in UTF8
    "pg_catalog.text": "text",
    "pg_catalog.varchar": "text",
}

_TEXTUAL = {"pg_catalog.text", "pg_catalog.varchar", "pg_catalog.name"}
_FLOATS = {"pg_catalog.float4", "pg_catalog.float8"}
_DATE = "pg_catalog.date"
_TIMESTAMPS = {"pg_catalog.timestamp", "pg_catalog.timestamptz"}
# Their text may hold any character; that of all other images is ASCII.
_WIDE: set[Image] = {"bpchar", "ci", "jsonb", "plain", "row", "text", "trimmed"}
# Two texts of one unique column may share them.
_FOLDED: set[Image] = {"ci", "trimmed"}

_TEXT: dict[Image, sql.SQL] = {
    "bool": sql.SQL("{c}::pg_catalog.text"),
    "bpchar": sql.SQL("pg_catalog.textin(pg_catalog.bpcharout({c}))"),
    "bytea": sql.SQL("pg_catalog.encode({c}, 'hex')"),
    "char": sql.SQL("pg_catalog.encode(pg_catalog.charsend({c}), 'hex')"),
    # Lower case as the database's own rules have it: both sides must agree to be called alike.
    "ci": sql.SQL('pg_catalog.lower({c}::pg_catalog.text collate pg_catalog."default")'),
    "date": sql.SQL("{c}::pg_catalog.text"),
    "double": sql.SQL("pg_catalog.encode(pg_catalog.float8send({c}::pg_catalog.float8), 'hex')"),
    "float4": sql.SQL("pg_catalog.encode(pg_catalog.float4send({c}), 'hex')"),
    "float8": sql.SQL("pg_catalog.encode(pg_catalog.float8send({c}), 'hex')"),
    "int2": sql.SQL("{c}::pg_catalog.text"),
    "int4": sql.SQL("{c}::pg_catalog.text"),
    "int8": sql.SQL("{c}::pg_catalog.int8::pg_catalog.text"),
    "jsonb": sql.SQL("{c}::pg_catalog.jsonb::pg_catalog.text"),
    "midnight": sql.SQL("{c}::pg_catalog.timestamp::pg_catalog.text"),
    "money": sql.SQL("pg_catalog.encode(pg_catalog.cash_send({c}), 'hex')"),
    "plain": sql.SQL("{c}::pg_catalog.text"),
    # Of a row of one, the type's output function is asked, whatever casts there are.
    "row": sql.SQL("row({c})::pg_catalog.text"),
    "text": sql.SQL("{c}::pg_catalog.text"),
    "timestamp": sql.SQL("{c}::pg_catalog.text"),
    "timestamptz": sql.SQL("{c}::pg_catalog.text"),
    "trimmed": sql.SQL("pg_catalog.rtrim({c}::pg_catalog.text, ' ')"),
    "utc": sql.SQL("({c} at time zone 'UTC')::pg_catalog.text"),
    "uuid": sql.SQL("{c}::pg_catalog.text"),
    "value": sql.SQL("pg_catalog.trim_scale({c}::pg_catalog.numeric)::pg_catalog.text"),
}

# Hashes of 64 bits under a seed of 64 bits that need no text.
_OWN_HASH: dict[Image, sql.SQL] = {
    "bool": sql.SQL("pg_catalog.hashint4extended({c}::pg_catalog.int4, {seed})"),
    "bytea": sql.SQL("pg_catalog.hash_array_extended(array[{c}], {seed})"),
    "char": sql.SQL("pg_catalog.hashcharextended({c}, {seed})"),
    # A date less a date is an integer, but infinity less a date is an error; the two numbers stand
    # for no finite date.  The seed is named once, here and below: it holds the hashes of the
    # columns before, and named twice it would double with each.
    "date": sql.SQL(
        "pg_catalog.hashint4extended(case when pg_catalog.isfinite({c})"
        " then {c} - '2000-01-01'::pg_catalog.date"
        " when {c} > '2000-01-01'::pg_catalog.date then 2147483647"
        " when {c} < '2000-01-01'::pg_catalog.date then -2147483648 end, {seed})"
    ),
    # The own hash of a float calls 0 and -0 equal, and that of both is the bare seed: so the seed
    # is hashed with the sign of a zero, and with 0 for all else.
    "float4": sql.SQL(
        "pg_catalog.hashfloat4extended({c}, pg_catalog.hashint4extended("
        "case when {c} = 0 and {c}::pg_catalog.text = '-0' then 1 else 0 end, {seed}))"
    ),
    "float8": sql.SQL(
        "pg_catalog.hashfloat8extended({c}, pg_catalog.hashint4extended("
        "case when {c} = 0 and {c}::pg_catalog.text = '-0' then 1 else 0 end, {seed}))"
    ),
    "int2": sql.SQL("pg_catalog.hashint2extended({c}, {seed})"),
    "int4": sql.SQL("pg_catalog.hashint4extended({c}, {seed})"),
    # The own hash of a bigint folds its halves into one; with the upper half known, the lower one
    # follows from the fold, so that the two together see all 64 bits.
    "int8": sql.SQL(
        "pg_catalog.hashint4extended(({c}::pg_catalog.int8 >> 32)::pg_catalog.int4,"
        " pg_catalog.hashint8extended({c}::pg_catalog.int8, {seed}))"
    ),
    "money": sql.SQL("pg_catalog.hash_array_extended(array[pg_catalog.cash_send({c})], {seed})"),
    "midnight": sql.SQL(
        "pg_catalog.hash_array_extended("
        "array[pg_catalog.timestamp_send({c}::pg_catalog.timestamp)], {seed})"
    ),
    # The own hash of a timestamp folds as that of a bigint does, and its halves cannot be had.
    "timestamp": sql.SQL(
        "pg_catalog.hash_array_extended(array[pg_catalog.timestamp_send({c})], {seed})"
    ),
    "timestamptz": sql.SQL(
        "pg_catalog.hash_array_extended(array[pg_catalog.timestamptz_send({c})], {seed})"
    ),
    "utc": sql.SQL(
        "pg_catalog.hash_array_extended("
        "array[pg_catalog.timestamp_send({c} at time zone 'UTC')], {seed})"
    ),
    "uuid": sql.SQL("pg_catalog.uuid_hash_extended({c}, {seed})"),
}


# A cast to text strips the blanks of char(n), and a "char" above 127 is no text.
_SHOWN = {
    "pg_catalog.bpchar": sql.SQL("pg_catalog.textin(pg_catalog.bpcharout({c}))"),
    "pg_catalog.char": sql.SQL("pg_catalog.encode(pg_catalog.charsend({c}), 'escape')"),
}


def of(column: Column) -> Image:
    """Return the image of a column that both sides declare alike."""
    return "row" if column.own_cast else _BY_TYPE.get(column.base, "plain")


def pair(before: Column, after: Column, equivalence: Equivalence = "exact") -> tuple[Image, Image]:
    """Return the images under which a column is compared whose type may differ between the sides.

    Another type is one finding of `schema`.  It is not one finding per row as well: where the two
    types have a common text, that is what is compared.

    :param equivalence: what the project declared to count as the same.
    """
    declared = _declared(equivalence)
    if declared:
        return declared, declared
    if before.own_cast or after.own_cast:
        return "row", "row"
    if before.base == after.base:
        return of(before), of(before)
    if {before.base, after.base} <= {*_TIMESTAMPS, _DATE}:
        return _moment(before), _moment(after)
    common = _common({before.base, after.base})
    return common, common


def text(column: sql.Composable, image: Image) -> sql.Composed:
    """Return SQL for the image of ``column`` as exact text; NULL for NULL.

    The collation is named, because a nondeterministic one would make different texts equal.
    """
    return sql.SQL('{} collate pg_catalog."C"').format(_TEXT[image].format(c=column))


def shown(column: sql.Composable, base: str, image: Image = "plain") -> sql.Composable:
    """Return SQL for a value as a person would read it, under pinned settings."""
    if image == "row":
        return _TEXT["row"].format(c=column)
    return _SHOWN.get(base, sql.SQL("{c}::pg_catalog.text")).format(c=column)


def own_hash(column: sql.Composable, image: Image, seed: sql.Composable) -> sql.Composed | None:
    """Return SQL for a hash of the value that needs no text; None where there is none."""
    found = _OWN_HASH.get(image)
    return found.format(c=column, seed=seed) if found is not None else None


def is_wide(image: Image) -> bool:
    """Whether the image may hold characters that two encodings store in different bytes."""
    return image in _WIDE


def is_folded(image: Image) -> bool:
    """Whether values that a unique key holds apart may share the image."""
    return image in _FOLDED


def _declared(equivalence: Equivalence) -> Image | None:
    if isinstance(equivalence, Within) or not isinstance(equivalence, str):
        return None
    images: dict[str, Image] = {"value": "value", "trimmed": "trimmed", "ci": "ci"}
    return images.get(equivalence)


def _common(bases: set[str]) -> Image:
    """Return an image that two types have in common."""
    if bases <= INTEGERS:
        return "int8"
    if bases <= INTEGERS | {NUMERIC}:
        return "value"
    if bases == _FLOATS:  # a single has one double; the text of either says too little
        return "double"
    if "pg_catalog.bpchar" in bases and _TEXTUAL & bases:
        return "trimmed"
    return "jsonb" if bases == {"pg_catalog.json", "pg_catalog.jsonb"} else "plain"


def _moment(column: Column) -> Image:
    if column.base == _DATE:
        return "midnight"
    return "utc" if column.base == "pg_catalog.timestamptz" else "timestamp"
