"""Of a few rows that changed, which columns changed, and from what to what?

The values are fetched to be told apart, in memory and cut where they are long; what becomes of them
is words (see `gatepost.parity.kinds.causes`), and a value only where the project lets it be shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.parity import images
from gatepost.parity.digests import column_hashes, hashed_rows, listed
from gatepost.parity.kinds.causes import Changed
from gatepost.parity.kinds.values import Value
from gatepost.parity.readings import as_meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gatepost.database import Connection
    from gatepost.parity.readings import Part, Reading
    from gatepost.parity.side_by_side import Fault
    from gatepost.side import Side
    from gatepost.sides import Sides

# Characters of a value that are fetched; its length and its digest tell the rest.
_BEGINNING = 2_000
_BYTES = 1_000
_AT_ONCE = 50
# A select list holds 1,664 items, and nobody reads of so many columns.
_COLUMNS = 200

_VALUE = sql.SQL(
    "case when {c} is null then null else array[pg_catalog.left({t}, {most}),"
    " pg_catalog.char_length({t})::pg_catalog.text,"
    " pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to({t}, 'UTF8')), 'hex')] end"
)
# The text of a bytea is twice as long as it is, and of a large one longer than a text may be.
_BYTEA = sql.SQL(
    "case when {c} is null then null else array["
    "'\\x' || pg_catalog.encode(pg_catalog.substring({c}, 1, {most}), 'hex'),"
    " (2 + 2 * pg_catalog.octet_length({c}))::pg_catalog.text,"
    " pg_catalog.encode(pg_catalog.sha256({c}), 'hex')] end"
)

_Row = tuple[tuple[int | None, ...], tuple[Value, ...]]


def look(
    sides: Sides,
    readings: tuple[Reading, Reading],
    bases: Mapping[str, str],
    faults: Sequence[Fault],
) -> dict[int, Changed]:
    """Return the values before and after of changed rows, by the hash of their key.

    Only columns that differ are in it, and of very many the first ones.  Rows whose key is there
    more than once are left out: which of them was which, nobody can tell.
    """
    if not readings[0].key or not readings[0].columns or not faults:
        return {}
    few = [part.name for part in readings[0].columns[:_COLUMNS]]
    readings = readings[0].of(few), readings[1].of(few)
    keys = {fault.hash: fault.key for fault in faults if fault.before == 1}

    def ask(at: int, side: Side) -> dict[int, _Row]:
        with side.lent() as conn:
            return dict(_rows(conn, readings[at], bases, keys))

    was, now = sides.ask(ask)
    found = {}
    for hash_, key in keys.items():
        if hash_ in was and hash_ in now:
            (old_hashes, old), (new_hashes, new) = was[hash_], now[hash_]
            values = {
                name: (old[at], new[at])
                for at, name in enumerate(few)
                if old_hashes[at] != new_hashes[at]
            }
            found[hash_] = Changed(", ".join(str(part) for part in key), values)
    return found


def _rows(
    conn: Connection,
    reading: Reading,
    bases: Mapping[str, str],
    keys: Mapping[int, tuple[str | None, ...]],
) -> Iterator[tuple[int, _Row]]:
    values = [_value(part, bases.get(part.name, "")) for part in reading.columns]
    extra = [
        sql.SQL("{} as {}").format(value, sql.Identifier(f"v{at}"))
        for at, value in enumerate(values)
    ]
    raw, hashed = wanted(reading, keys)
    query = sql.SQL(
        "select h, array[{hashes}]::pg_catalog.int8[], {values} from ({rows}) as r{where}"
    ).format(
        hashes=listed(column_hashes(reading)),
        values=listed(sql.Identifier(f"v{at}") for at in range(len(values))),
        rows=hashed_rows(reading, extra=extra, where=raw),
        where=sql.SQL("") if hashed is None else sql.SQL(" where {}").format(hashed),
    )
    with as_meant(conn, reading):
        for hash_, hashes, *parts in database.stream(conn, query, at_once=_AT_ONCE):
            yield hash_, (tuple(hashes), tuple(_as_value(part) for part in parts))


def wanted(
    reading: Reading, keys: Mapping[int, tuple[str | None, ...]]
) -> tuple[sql.Composable | None, sql.Composable | None]:
    """Return two conditions for rows of certain keys: on the key itself, and on its hash."""
    if reading.integer_key:
        numbers = [int(key[0]) for key in keys.values() if key[0] is not None]
        name = sql.Identifier(reading.key[0].name)
        return sql.SQL("{} = any({})").format(name, sql.Literal(numbers)), None
    return None, sql.SQL("h = any({})").format(sql.Literal(list(keys)))


def _value(part: Part, base: str) -> sql.Composed:
    column = sql.Identifier(part.name)
    if base == "pg_catalog.bytea":
        return _BYTEA.format(c=column, most=sql.Literal(_BYTES))
    text = images.shown(column, base, part.image)
    return _VALUE.format(c=column, t=text, most=sql.Literal(_BEGINNING))


def _as_value(part: list[str] | None) -> Value:
    if part is None:
        return Value(None, 0, "")
    text, length, digest = part
    return Value(text, int(length), digest)
