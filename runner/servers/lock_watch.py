"""Which locks does a change hold that others would wait for, and how long?

Looked at from a session of its own, many times a second: a lock says nowhere when it was taken.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg

from gatepost import database
from gatepost.errors import GatepostError
from gatepost.locks import Held, Locks
from gatepost.names import dotted
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.database import Connection
    from gatepost.dsn import Dsn

EVERY = 0.02  # seconds between two looks
_PAUSE = 3.0  # a look that takes long is followed by a pause so many times as long
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Seen:
    """A lock from the last look at which it was not there to the next at which it is not.

    :param at: when it was first seen, by this machine's clock.
    """

    table: str
    mode: str
    at: dt.datetime
    seconds: float


@dataclass
class Watch:
    """What is seen while a block lasts.

    :param ahead: by how many seconds the server's clock is ahead of this machine's.
    """

    looks: int = 0
    gap: float = 0.0
    broken: str = ""
    ahead: float = 0.0
    seen: list[Seen] = field(default_factory=list)

    def locks(self, by: Callable[[Seen], str]) -> Locks:
        """Return the longest of each kind.

        :param by: returns the migration that held a lock.
        """
        longest: dict[tuple[str, str, str], float] = {}
        for one in self.seen:
            key = (one.table, one.mode, by(one))
            longest[key] = max(one.seconds, longest.get(key, 0.0))
        held = (
            Held(table, mode, round(seconds, 3), migration)
            for (table, mode, migration), seconds in sorted(longest.items())
        )
        return Locks(self.looks, EVERY, round(self.gap, 3), tuple(held), self.broken)


@contextlib.contextmanager
def watching(there: Dsn) -> Iterator[Watch]:
    """Look at the locks in a database until the block ends; then nobody of ours is left in it.

    :raises CannotConnect: nobody could look.
    """
    watch, over = Watch(), threading.Event()
    with contextlib.closing(database.maintenance(there, label="locks")) as conn:
        now = database.value(conn, "select pg_catalog.clock_timestamp()")
        watch.ahead = (now - dt.datetime.now(dt.UTC)).total_seconds()
        thread = threading.Thread(target=_watch, args=(conn, watch, over), name="locks")
        thread.start()
        try:
            yield watch
        finally:
            over.set()
            thread.join()


def _watch(conn: Connection, watch: Watch, over: threading.Event) -> None:
    begun: dict[_Key, tuple[dt.datetime, float]] = {}
    last = time.monotonic()
    while not watch.broken:
        ends = over.is_set()  # what is still held then is looked at once more
        began = time.monotonic()
        try:
            there = set(database.rows(conn, question("runner_locks")))
        except (GatepostError, psycopg.Error) as error:
            said = str(error).strip().partition("\n")[0]
            watch.broken, there = said or type(error).__name__, set()
        now = time.monotonic()
        watch.looks += 1
        watch.gap = max(watch.gap, now - last)
        for key in there - begun.keys():
            begun[key] = (dt.datetime.now(dt.UTC), last)
        for key in begun.keys() - (set() if ends else there):
            at, since = begun.pop(key)
            watch.seen.append(Seen(dotted(*key[1:3]), _spelled(key[3]), at, now - since))
        if ends:
            return
        last = began  # what is taken while a look is under way, it need not see
        over.wait(max(EVERY, _PAUSE * (now - began)))


def _spelled(mode: str) -> str:
    """Return a mode as LOCK TABLE spells it: of AccessExclusiveLock, ACCESS EXCLUSIVE."""
    return _WORDS.sub(" ", mode.removesuffix("Lock")).upper()
