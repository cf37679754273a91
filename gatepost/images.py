"""Which bytes stand for a value, so that equal bytes mean equal values and nothing else?

Decided from the catalog, here and nowhere else.  A type's own hash is never asked: it follows
equality, not content (numeric 1 and -1 share one, and so do 0 and -0, `ab` and `ab  `), and that of
an enum hashes an oid that every restore gives anew.  Text under pinned settings is exact for every
type but those of `_BINARY`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from psycopg import sql

if TYPE_CHECKING:
    from gatepost.catalog import Column

Image = Literal[
    "text",
    "utf8",
    "float4",
    "float8",
    "bpchar",
    "money",
    "char",
    "utc",
    "trimmed",
    "jsonb",
    "value",
]

# Types whose text loses something, or costs more than their binary image.
_BINARY: dict[str, Image] = {
    "pg_catalog.float4": "float4",  # exact whatever the session's settings, as text is not
    "pg_catalog.float8": "float8",
    "pg_catalog.bpchar": "bpchar",  # a cast to text strips the blanks that are stored
    "pg_catalog.money": "money",  # the text's decimals follow lc_monetary
    "pg_catalog.char": "char",  # a byte above 127 is no text in UTF8
}

_TEXTUAL = {"pg_catalog.text", "pg_catalog.varchar", "pg_catalog.name"}

_SQL: dict[Image, sql.SQL] = {
    # The collation is named, because a nondeterministic one would make different texts equal.
    "text": sql.SQL('{c}::pg_catalog.text collate pg_catalog."C"'),
    "utf8": sql.SQL(
        "pg_catalog.encode(pg_catalog.convert_to({c}::pg_catalog.text, 'UTF8'), 'hex')"
    ),
    "float4": sql.SQL("pg_catalog.encode(pg_catalog.float4send({c}), 'hex')"),
    "float8": sql.SQL("pg_catalog.encode(pg_catalog.float8send({c}), 'hex')"),
    "bpchar": sql.SQL("pg_catalog.encode(pg_catalog.bpcharsend({c}), 'hex')"),
    "money": sql.SQL("pg_catalog.encode(pg_catalog.cash_send({c}), 'hex')"),
    "char": sql.SQL("pg_catalog.encode(pg_catalog.charsend({c}), 'hex')"),
    "utc": sql.SQL("({c} at time zone 'UTC')::pg_catalog.text"),
    "trimmed": sql.SQL("pg_catalog.rtrim({c}::pg_catalog.text, ' ') collate pg_catalog.\"C\""),
    "jsonb": sql.SQL('{c}::pg_catalog.jsonb::pg_catalog.text collate pg_catalog."C"'),
    "value": sql.SQL("pg_catalog.trim_scale({c})::pg_catalog.text"),
}


def of(column: Column, *, utf8: bool = False) -> Image:
    """Return the image of a column that both sides declare alike.

    :param utf8: the two databases store text in different encodings, so that one character has
        two byte strings; compare it as UTF-8.
    """
    image = _BINARY.get(column.base, "text")
    return "utf8" if utf8 and image in ("text", "bpchar") else image


def pair(before: Column, after: Column, *, utf8: bool = False) -> tuple[Image, Image]:
    """Return the images under which a column is compared whose type may differ between the sides.

    Another type is one finding of `schema`.  It is not one finding per row as well: where the two
    types have a common text, that is what is compared.
    """
    if before.base == after.base:
        image = of(before, utf8=utf8)
        return image, image
    bases = (before.base, after.base)
    if set(bases) == {"pg_catalog.timestamp", "pg_catalog.timestamptz"}:
        return _timestamp(before), _timestamp(after)
    if "pg_catalog.bpchar" in bases and _TEXTUAL & set(bases):
        return "trimmed", "trimmed"
    if set(bases) == {"pg_catalog.json", "pg_catalog.jsonb"}:
        return "jsonb", "jsonb"
    plain: Image = "utf8" if utf8 else "text"
    return plain, plain


def expression(column: str, image: Image, *, alias: str = "") -> sql.Composed:
    """Return SQL whose value is the image of ``column``: text, NULL for NULL."""
    name = sql.Identifier(alias, column) if alias else sql.Identifier(column)
    return _SQL[image].format(c=name)


def _timestamp(column: Column) -> Image:
    return "utc" if column.base == "pg_catalog.timestamptz" else "text"
