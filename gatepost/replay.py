"""Has one server replayed what another one had written by a given moment?

A moment is a position in the write-ahead log (LSN) of the server that wrote.  Positions of two
servers compare only where one replays the other: a standby, or a subscriber.
"""

from __future__ import annotations

import contextlib
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost import database, monitor
from gatepost.durations import spoken
from gatepost.errors import LimitReached, UsageError
from gatepost.sql import question
from gatepost.wording import counted

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.dsn import Dsn

POLL = 0.2  # seconds

_FORM = re.compile(r"([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})")
# What a page of the log begins with, in bytes; that of a segment's first page is longer.
_HEADER, _LONG_HEADER = 24, 40


@dataclass(frozen=True)
class Waited:
    """How long it took, in seconds, and the position that was replayed at the end of it."""

    seconds: float
    at: str


@dataclass(frozen=True)
class _Position:
    standby: bool
    lsn: str | None
    paused: bool
    origins: bool
    block: int
    segment: int


@dataclass(frozen=True)
class _Subscription:
    name: str
    enabled: bool
    working: bool
    told: str | None
    copying: int


@dataclass(frozen=True)
class _Progress:
    """How far a server has got.

    :param at: 0 where it has replayed nothing yet.
    :param why: what keeps it, as far as that is known.
    """

    done: bool
    at: int
    why: str = ""


def parse(text: str) -> int:
    """Return the position that PostgreSQL writes as ``text``, in bytes.

    :raises UsageError: it is none; 0/0, which PostgreSQL uses for `nowhere`, is none either.
    """
    match = _FORM.fullmatch(text.strip())
    number = (int(match[1], 16) << 32) + int(match[2], 16) if match else 0
    if not number:
        raise UsageError(
            f"'{text}' is no position in a write-ahead log",
            hint="write it as pg_current_wal_lsn() does: 16/B374D848",
        )
    return number


def spell(number: int) -> str:
    """Return a position as PostgreSQL writes it."""
    return f"{number >> 32:X}/{number & 0xFFFFFFFF:X}"


def position(conn: Connection) -> str:
    """Return a position that lies behind everything the snapshot of ``conn`` sees.

    Take the snapshot first: the position is that of now, also in a transaction whose tables stand
    still.  A little may lie between the two, which costs a wait and hides nothing.

    On a standby, a commit that is being replayed at this very moment can be seen before it counts.
    """
    (found,) = database.records(conn, _Position, question("replay_position"))
    at = parse(found.lsn or "")
    return spell(at if found.standby else _end_of_record(at, found.block, found.segment))


def reached(conn: Connection, lsn: str) -> bool:
    """Whether a new snapshot on ``conn``'s server would see all that was committed by ``lsn``.

    :param conn: from `gatepost.monitor.connect`; in a transaction that has a snapshot already, the
        tables of a subscription's first copy would stand still.
    :param lsn: a position of the server that this one replays.
    :raises UsageError: no position, or a server that replays no other.

    A standby counts a record once it has replayed it.  A subscriber has two measures: what its
    worker answered to the publisher's last keepalive, and the last transaction it committed.  The
    first is all that moves when nothing is published, the second all that moves while the
    publisher is never idle.  The second counts a transaction a moment before others can see it, so
    it must have gone beyond ``lsn``, unless there is no worker that could be in that moment.

    Where a database has several subscriptions, all must have got there, since the catalog does not
    tell everyone which of them come from one publisher: at worst the wait is in vain.
    """
    return _progress(conn, parse(lsn)).done


def wait(dsn: Dsn, lsn: str, *, timeout: float, poll: float = POLL, of: str = "after") -> Waited:
    """Wait until a server has replayed ``lsn``, in the sense of `reached`.

    A primary whose writers are idle inside a transaction may take 15 s to hand its last records on.

    :param timeout: seconds; 0 looks once.
    :param of: what the server is called in an error.
    :raises UsageError: no position, or a server that replays no other.
    :raises LimitReached: it did not get there in time; says how far it got.
    """
    wanted = parse(lsn)
    began = time.monotonic()
    with contextlib.closing(monitor.connect(dsn, label="replay")) as conn:
        while True:
            progress = _progress(conn, wanted)
            seconds = time.monotonic() - began
            if progress.done:
                return Waited(seconds, spell(progress.at))
            if seconds >= timeout:
                raise _too_late(of, wanted, progress, timeout)
            time.sleep(min(poll, timeout - seconds))


def _progress(conn: Connection, wanted: int) -> _Progress:
    (found,) = database.records(conn, _Position, question("replay_position"))
    if found.standby:
        at = parse(found.lsn) if found.lsn else 0
        why = "replay is paused there: select pg_wal_replay_resume()" if found.paused else ""
        return _Progress(at >= wanted, at, why)
    # What was committed is read before who is working: a worker that is gone by then has no
    # transaction left that is counted and cannot be seen.
    committed = dict(database.rows(conn, question("replay_origins"))) if found.origins else {}
    subscriptions = database.records(conn, _Subscription, question("replay_subscriptions"))
    if not subscriptions:
        raise UsageError(
            f"{conn.info.dbname} replays no other server: it is no standby and has no subscription",
            hint="leave the position out, or give the address of the server that replays",
        )
    each = [_subscribed(one, committed.get(one.name), wanted) for one in subscriptions]
    last = min(each, key=lambda one: (one.done, one.at))
    return _Progress(last.done, min(one.at for one in each), last.why)


def _subscribed(subscription: _Subscription, committed: str | None, wanted: int) -> _Progress:
    told, counted_ = (_or_nowhere(lsn) for lsn in (subscription.told, committed))
    seen = counted_ > wanted or (counted_ == wanted and not subscription.working)
    done = subscription.copying == 0 and (told >= wanted or seen)
    return _Progress(done, max(told, counted_), "" if done else _reason(subscription))


def _or_nowhere(lsn: str | None) -> int:
    """Return a position, 0 for none: a worker that has just begun says 0/0."""
    return parse(lsn) if lsn and lsn != "0/0" else 0


def _reason(subscription: _Subscription) -> str:
    name = subscription.name
    if not subscription.enabled:
        return f"subscription {name} is disabled"
    if not subscription.working:
        return f"subscription {name} has no worker: the server's log says why"
    if subscription.copying:
        return f"subscription {name} still copies {counted(subscription.copying, 'table')}"
    return ""


def _end_of_record(insert: int, block: int, segment: int) -> int:
    """Return where the last record ends, given where the next one will be inserted.

    They are the same except at the end of a page: there the next one comes behind the next page's
    header, which nobody replays until something follows it.
    """
    into = insert % block
    header = _LONG_HEADER if insert % segment == into else _HEADER
    return insert - into if into == header else insert


def _too_late(of: str, wanted: int, progress: _Progress, timeout: float) -> LimitReached:
    behind = max(0, wanted - progress.at)
    where = f"at {spell(progress.at)}, {counted(behind, 'byte')} behind"
    return LimitReached(
        f"{of} has not replayed {spell(wanted)} in {spoken(timeout)}: "
        f"it is {where if progress.at else 'at no known position'}",
        hint=progress.why,
    )
