"""Which rows of some buckets are not on both sides alike?

Both servers send the hashes of these rows in one and the same order, and the two streams are laid
side by side as they come: a million rows take no more memory than a hundred.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from psycopg import sql

from gatepost import database
from gatepost.parity import buckets, images
from gatepost.parity.digests import hashed_rows, listed, row_hash
from gatepost.parity.readings import as_meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.database import Connection
    from gatepost.parity.buckets import Buckets
    from gatepost.parity.readings import Reading
    from gatepost.side import Side
    from gatepost.sides import Sides

_AT_ONCE = 2_000


class Row(NamedTuple):
    """A row as it is laid beside the other side's.

    :param hash: of its key; without a key, of all of it.
    :param values: the hash of its values; without a key, the same as ``hash`` by another seed.
    :param key: the key's values as a person would read them; empty without a key.
    """

    hash: int
    values: int
    key: tuple[str | None, ...]


@dataclass(frozen=True)
class Fault:
    """A key whose rows are not the same on both sides, and how many there are.

    Without a key, a content that is not as often on the one side as on the other.
    """

    hash: int
    key: tuple[str | None, ...]
    before: int
    after: int


def faults(
    sides: Sides,
    readings: tuple[Reading, Reading],
    dealt: Buckets,
    chosen: Sequence[int],
) -> Iterator[Fault]:
    """Yield the keys at fault of some buckets, in the order of their hashes."""
    if not chosen:
        return
    with ExitStack() as held:
        lent = [held.enter_context(side.lent()) for side in (sides.before, sides.after)]

        def begun(at: int, _side: Side) -> Iterator[list[Row]]:
            found = _groups(lent[at], readings[at], dealt, chosen)
            # The first row comes after the server's sort: both shall sort at the same time.
            first = next(found, None)
            return iter(()) if first is None else chain([first], found)

        yield from _compared(*sides.ask(begun), keyed=bool(readings[0].key))


def _compared(
    was: Iterator[list[Row]], now: Iterator[list[Row]], *, keyed: bool
) -> Iterator[Fault]:
    old, new = next(was, []), next(now, [])
    while old or new:
        if old and (not new or old[0].hash < new[0].hash):
            yield from _differing(old, [], keyed=keyed)
            old = next(was, [])
        elif new and (not old or new[0].hash < old[0].hash):
            yield from _differing([], new, keyed=keyed)
            new = next(now, [])
        else:
            yield from _differing(old, new, keyed=keyed)
            old, new = next(was, []), next(now, [])


def _differing(old: list[Row], new: list[Row], *, keyed: bool) -> Iterator[Fault]:
    """Yield the fault of one hash; without a key, of each content that shares it."""
    if len(old) == len(new) and all(a.values == b.values for a, b in zip(old, new, strict=True)):
        return  # in one order, so that nearly all rows end here
    one = (old or new)[0]
    was, now = (Counter(row.values for row in rows) for rows in (old, new))
    if was == now:
        return
    if keyed:
        yield Fault(one.hash, one.key, was.total(), now.total())
        return
    for values in sorted(was.keys() | now.keys()):
        if was[values] != now[values]:
            yield Fault(one.hash, (), was[values], now[values])


def _groups(
    conn: Connection, reading: Reading, dealt: Buckets, chosen: Sequence[int]
) -> Iterator[list[Row]]:
    """Yield the rows of some buckets, those that share a hash together."""
    raw, hashed = buckets.within(reading, dealt, chosen)
    # An array costs the client more than all else of a row.
    several = sql.SQL("array[{}]::pg_catalog.text[] as key")
    key = (several if len(reading.key) != 1 else sql.SQL("{} as key")).format(
        listed(images.shown(sql.Identifier(part.name), "") for part in reading.key)
    )
    if raw is not None:
        # An index finds these rows; what lies outside of the stretches is on both sides alike.
        reading = replace(reading, stretches=None)
    query = sql.SQL(
        "select coalesce(h, 0), coalesce({values}, 0), key from ({rows}) as r{where} order by 1, 2"
    ).format(
        values=row_hash(reading),
        rows=hashed_rows(reading, extra=[key], where=raw),
        where=sql.SQL("") if hashed is None else sql.SQL(" where {}").format(hashed),
    )
    with as_meant(conn, reading):
        found = (
            Row(hash_, values, (key,) if len(reading.key) == 1 else tuple(key))
            for hash_, values, key in database.stream(conn, query, at_once=_AT_ONCE)
        )
        for _, rows in groupby(found, key=attrgetter("hash")):
            yield list(rows)
