"""Are the rows that differed still not the same, now that what was on its way has arrived?

Two sides of a running replication are never read at quite the same moment.  A suspect is cleared
only when both sides, read anew, agree on it: by then each has been seen after the other.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database, monitor, replay
from gatepost.errors import UsageError
from gatepost.parity.digests import hashed_rows, row_hash
from gatepost.parity.readings import as_meant
from gatepost.parity.suspects import wanted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gatepost.parity.readings import Reading
    from gatepost.parity.side_by_side import Fault
    from gatepost.side import Side
    from gatepost.sides import Sides

# Suspects that are read again one by one; more of them are no rows on their way.
MOST = 1_000

_Rows = dict[int, tuple[int, int]]


def settled(
    sides: Sides, readings: tuple[Reading, Reading], faults: Sequence[Fault], seconds: float
) -> frozenset[int]:
    """Return the hashes of the keys at fault on which the two sides agree by now.

    Waits until the after side has replayed what the before side has written by now, again and again
    where rows keep being written, for ``seconds`` in all; where it is neither a standby nor a
    subscriber, for all of these seconds and once.

    :raises LimitReached: the after side did not get there in time.
    """
    if not readings[0].key or any(reading.query for reading in readings):
        return frozenset()
    keys = {fault.hash: fault.key for fault in faults}
    left = dict(keys)
    deadline = time.monotonic() + seconds
    replayed = True
    while left and replayed and time.monotonic() < deadline:
        replayed = _arrived(sides, deadline)
        was, now = sides.ask(partial(_now, readings, left))
        left = {one: key for one, key in left.items() if was.get(one) != now.get(one)}
    return frozenset(keys.keys() - left.keys())


def _arrived(sides: Sides, deadline: float) -> bool:
    """Wait for what has been written by now; whether it could be seen to arrive."""
    seconds = max(0.0, deadline - time.monotonic())
    try:
        with contextlib.closing(monitor.connect(sides.before.dsn, label="recheck")) as conn:
            written = replay.position(conn)
        replay.wait(sides.after.dsn, written, timeout=seconds)
    except UsageError:
        # Neither a standby nor a subscriber: time is all there is.
        time.sleep(seconds)
        return False
    return True


def _now(
    readings: tuple[Reading, Reading],
    keys: Mapping[int, tuple[str | None, ...]],
    at: int,
    side: Side,
) -> _Rows:
    """Return, by the hash of the key, how many rows there are at present and what they hold."""
    reading = readings[at]
    raw, hashed = wanted(reading, keys)
    query = sql.SQL(
        "select h, pg_catalog.count(*), coalesce(pg_catalog.sum({values}), 0)"
        " from ({rows}) as r{where} group by h"
    ).format(
        values=row_hash(reading),
        rows=hashed_rows(replace(reading, pages=None), where=raw),
        where=sql.SQL("") if hashed is None else sql.SQL(" where {}").format(hashed),
    )
    conn = database.read_only(side.dsn, label="recheck")
    with contextlib.closing(conn), as_meant(conn, reading):
        return {hash_: (rows, int(values)) for hash_, rows, values in database.rows(conn, query)}
