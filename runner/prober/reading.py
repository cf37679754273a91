"""What do the looks of a prober come to: how long nobody got in, and which canaries are gone?"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.measured import Measured

from .look import relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.dsn import Dsn
    from gatepost.measured import Subject

    from .look import Look, Sight

# So many periods without a look, and nobody was seen to get in.
_SILENCE = 6

_PRESENT = sql.SQL("select id::pg_catalog.text from {} where id::pg_catalog.text = any(%(ids)s)")


def downtime(looks: Sequence[Look], of: Subject, every: float) -> tuple[float | None, int]:
    """Return the seconds in which nobody got in, and in how many gaps.

    A gap lasts from a look that failed to the end of the next that did not.  Where nobody looked,
    since the prober had died with its runner, nobody was seen to get in: that is a gap too.

    :return: None for seconds where the last look has failed.
    """
    total, gaps = 0.0, 0
    since: float | None = None
    last: Look | None = None
    for one in looks:
        if last is not None and since is None and one.began - last.ended > _SILENCE * every:
            since = last.ended
        if since is None and one.failed(of):
            since = one.began
        elif since is not None and not one.failed(of):
            total, gaps, since = total + one.ended - since, gaps + 1, None
        last = one
    return (round(total, 3) if since is None else None), gaps + (since is not None)


def lost(looks: Sequence[Look], sight: Sight, live: Dsn) -> tuple[int, tuple[str, ...]]:
    """Return how many canaries were acknowledged, and those that ``live`` does not hold.

    The acknowledged are counted before the present are read: none is missed that is just written.
    """
    written = {one.canary: one for one in looks if one.canary}
    if not written:
        return 0, ()
    table = relation(sight.table).identifier
    with contextlib.closing(database.read_only(live, label="canaries")) as conn:
        found = database.rows(conn, _PRESENT.format(table), {"ids": list(written)})
    gone = written.keys() - {name for (name,) in found}
    return len(written), tuple(
        f"{name} of {one.at:%H:%M:%S}" for name, one in written.items() if name in gone
    )


def of(sight: Sight) -> Subject:
    """Return what downtime is told of: the application where there is one."""
    return "database" if sight.health is None else "application"


def measured(
    looks: Sequence[Look], sight: Sight, every: float, live: Dsn, drill: float | None
) -> Measured:
    """Return the figures of all looks so far.

    :param live: the database in which every acknowledged canary must be.
    :param drill: seconds of the swap drill.
    """
    seconds, gaps = downtime(looks, of(sight), every)
    written, gone = lost(looks, sight, live) if sight.table else (None, ())
    return Measured(of(sight), len(looks), seconds, gaps, written, gone, drill)
