"""How is a value hashed, and do both servers hash alike?

`hash64` is fast, and PostgreSQL promises nothing of it between major versions or machines; `sha256`
of UTF-8 is promised, and there in FIPS mode, where md5 is not.  `agree` tries every image on both
servers before one value is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from psycopg import sql

from gatepost import database
from gatepost.errors import NotReadable
from gatepost.parity import images
from gatepost.parity.images import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.database import Connection

    # What one server answers, asked now or long ago.
    Answering = Callable[["Hash"], dict[str, int]]

Hash = Literal["hash64", "sha256"]

SEEDS = (17, 41)

# Characters of a known value by which it is told from the others of its image.
_NAMED = 40

_TEXT: dict[Hash, sql.SQL] = {
    "hash64": sql.SQL("pg_catalog.hashtextextended({text}, {seed})"),
    "sha256": sql.SQL(
        "('x' || pg_catalog.encode(pg_catalog.substring(pg_catalog.sha256(pg_catalog.convert_to("
        "({seed})::pg_catalog.text || ':' || {text}, 'UTF8')), 1, 8), 'hex'))"
        "::pg_catalog.bit(64)::pg_catalog.int8"
    ),
}
# The hash of a row of one bytea is that of its bytes, which is that of a text of these bytes; but
# of a row of one NULL it is 0, and that of no text is none.
_UTF8 = sql.SQL(
    "case when {column} is not null then"
    " pg_catalog.hash_record_extended(row(pg_catalog.convert_to({text}, 'UTF8')), {seed}) end"
)
_MIXED = sql.SQL(
    "pg_catalog.hashint4extended((({x}) >> 32)::pg_catalog.int4,"
    " pg_catalog.hashint8extended({x}, {seed}))"
)

# Of each image's type: what is common, what is extreme, what two versions might spell
# in two ways.
_KNOWN: dict[Image, tuple[str, tuple[str, ...]]] = {
    "bool": ("bool", ("t", "f")),
    "bpchar": ("bpchar", ("ab  ", "")),
    "bytea": ("bytea", ("\\x", "\\x00ff7f")),
    "char": ("char", ("a", "")),
    "ci": ("text", ("", "Abc")),
    "date": ("date", ("2024-02-29", "0044-03-15 BC", "infinity", "-infinity")),
    "double": ("float4", ("0", "0.1", "-3.4e38", "NaN")),
    "float4": ("float4", ("0", "-0", "1.5", "-3.4e38", "1e-45", "NaN", "Infinity")),
    "float8": ("float8", ("0", "-0", "0.1", "-1.7e308", "5e-324", "NaN", "-Infinity")),
    "int2": ("int2", ("0", "-1", "32767")),
    "int4": ("int4", ("0", "-1", "2147483647")),
    "int8": ("int8", ("0", "-1", "5", "4294967300", "-9223372036854775808")),
    "jsonb": ("jsonb", ('{"b": [1.10, -1, null], "a": "b"}', "[]")),
    "midnight": ("date", ("2024-02-29", "infinity")),
    "money": ("money", ("0", "-12.34")),
    "plain": ("numeric", ("0", "-1.10", "NaN", "123456789012345678901234567890.5")),
    "row": ("numeric", ("-1.10",)),
    "text": ("text", ("", "a", "gatepost", " 1\t\n\\", "x" * 1000)),
    "timestamp": ("timestamp", ("2024-05-01 12:00:00.000001", "0044-03-15 BC", "infinity")),
    "timestamptz": ("timestamptz", ("2024-05-01 12:00:00.000001+02", "-infinity")),
    "trimmed": ("text", ("ab  ", "")),
    "utc": ("timestamptz", ("2024-05-01 12:00:00.000001+02",)),
    "uuid": ("uuid", ("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",)),
    "value": ("numeric", ("1.10", "-0.0", "NaN")),
}
_OTHERS: tuple[tuple[str, str], ...] = (
    ("interval", "1 mon -30 days 00:00:00.5"),
    ("_float8", "{{1,-0},{NaN,NULL}}"),
    ("inet", "10.0.0.1/8"),
    ("timetz", "12:00:00.5+02"),
    ("int4range", "[1,5)"),
    ("nummultirange", "{[1.0,2)}"),
    ("point", "(0.1,-0)"),
    ("tsvector", "'a':1A 'b'"),
    ("varbit", "101"),
    ("pg_lsn", "16/B374D848"),
)


@dataclass(frozen=True)
class Agreement:
    """The hash under which two servers are compared, and why it is not the fast one."""

    hash: Hash
    because: str = ""


def of_text(text: sql.Composable, seed: sql.Composable, method: Hash) -> sql.Composed:
    """Return SQL for the 64-bit hash of a text under a seed; NULL for NULL."""
    return _TEXT[method].format(text=text, seed=seed)


def of_value(
    column: sql.Composable,
    image: Image,
    seed: sql.Composable,
    method: Hash,
    *,
    utf8: bool = False,
) -> sql.Composed:
    """Return SQL for the 64-bit hash of a value under a seed.

    :param utf8: this server stores text in another encoding than UTF-8, and the other side in yet
        another: hash the bytes that UTF-8 has, which are what a UTF-8 server hashes anyhow.
    """
    if method == "hash64":
        own = images.own_hash(column, image, seed)
        if own is not None:
            return own
        if utf8 and images.is_wide(image):
            return _UTF8.format(column=column, text=images.text(column, image), seed=seed)
    return of_text(images.text(column, image), seed, method)


def mixed(number: sql.Composable, seed: sql.Composable) -> sql.Composed:
    """Return SQL for a hash of a bigint that sees all its bits, so that sums of it are not linear.

    The bigint is written twice: give it a column's name, not an expression that costs.
    """
    return _MIXED.format(x=number, seed=seed)


def agree(before: Answering, after: Answering) -> Agreement:
    """Return the fastest hash that both servers compute alike, by trying every image on both.

    :raises NotReadable: they do not even spell the same value alike.
    """
    disagreed = disagreed_on("hash64", before, after)
    if not disagreed:
        return Agreement("hash64")
    spelled = disagreed_on("sha256", before, after)
    if spelled:
        raise NotReadable(
            f"the two servers spell one value in two ways: {', '.join(spelled)}",
            hint="compare by way of a server of the newer version",
        )
    return Agreement("sha256", f"the servers' hashes differ for {', '.join(disagreed)}")


def disagreed_on(method: Hash, before: Answering, after: Answering) -> list[str]:
    """Return the types of the known values that two servers do not hash alike."""
    was, now = before(method), after(method)
    asked = ((spelled, name) for spelled, name, _ in _asked(method))
    # What an older record does not tell was never tried.
    differing = (spelled for spelled, name in asked if was.get(name, "") != now.get(name))
    return list(dict.fromkeys(differing))


def answers(conn: Connection, method: Hash) -> dict[str, int]:
    """Return how a server hashes each known value, by the value's image and text."""
    names = [name for _, name, _ in _asked(method)]
    query = sql.SQL("select array[{}]::pg_catalog.int8[]").format(
        sql.SQL(", ").join(answer for _, _, answer in _asked(method))
    )
    return dict(zip(names, database.value(conn, query), strict=True))


def certainty(method: Hash, because: str, columns: int) -> str:
    """Return, for the report, how values were compared and what may have been missed by chance.

    A column whose values differ keeps its sum once in 2**64: of two hashes of 64 bits nothing
    better can be said, and of a sum of many nothing worse.
    """
    said = "64-bit hashes" if method == "hash64" else f"sha256, cut to 64 bits ({because})"
    # Powers of ten, rounded down: nobody needs the digits.
    power = len(str(2**64 // max(1, columns))) - 1
    return (
        f"values compared by {said}, each bound to its row; of {columns:,} columns, one that"
        f" differs goes unseen with a chance below 1 in 10^{power}"
    )


def _asked(method: Hash) -> Iterator[tuple[str, str, sql.Composed]]:
    """Yield, for each known value, its type, what it is called, and the SQL of its hash."""
    seed = sql.Literal(-(2**62) - 3)
    for image in get_args(Image):
        spelled, texts = _KNOWN[image]
        for text in texts:
            hashed = of_value(_value(spelled, text), image, seed, method)
            yield spelled, f"{image} {text[:_NAMED]}", hashed
    for spelled, text in _OTHERS:
        hashed = of_value(_value(spelled, text), "plain", seed, method)
        yield spelled, f"plain {spelled} {text}", hashed
    if method == "hash64":
        yield "UTF-8", "UTF-8", of_value(_value("text", "a"), "text", seed, method, utf8=True)
        yield "bigint", "bigint", mixed(sql.Literal(2**62 + 1), seed)


def _value(spelled: str, text: str) -> sql.Composed:
    # Texts are ASCII: what a server of another encoding could not hold would be no answer.
    return sql.SQL("({}::{})").format(sql.Literal(text), sql.Identifier("pg_catalog", spelled))
