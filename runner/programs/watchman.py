"""Is the lock still ours, and is the step within its deadline?  Asked from outside, all the time.

A step may sit in one long statement or beside one long child, so another thread watches, through a
session of its own.  What it finds ends the children and the statements of the run; the step fails
with the reason, and the way back is taken.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

import psycopg

from gatepost import database
from gatepost.durations import spoken
from gatepost.errors import GatepostError, ToolFailed, UsageError
from gatepost.sql import question
from gatepost.wording import meant

from ..servers import backends
from . import children

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from gatepost.database import Connection
    from gatepost.dsn import Dsn

    from ..record.lock import Lock

LOOK = 2.0  # seconds between two looks
_AGAIN = 0.5  # seconds between two attempts to end what the run is doing
_BLIND = 30.0  # seconds without an answer, after which the lock counts as lost


class Watchman:
    """Watches a run from the moment it is entered until it is left.

    :param servers: returns addresses on every server where the run has sessions by then, the
        lock's first.
    :param deadlines: seconds by the name of a step.
    """

    def __init__(
        self,
        lock: Lock,
        label: str,
        servers: Callable[[], Sequence[Dsn]],
        deadlines: Mapping[str, float],
    ) -> None:
        self._lock = lock
        self._label = label
        self._servers = servers
        self._deadlines = deadlines
        self._until = float("inf")
        self._late = ""
        self._fault: ToolFailed | None = None
        self._over = threading.Event()
        self._look_now = threading.Event()

    @contextlib.contextmanager
    def watching(self) -> Iterator[Watchman]:
        """Watch until the block ends; children that run meanwhile end with what is found."""
        thread = threading.Thread(target=self._watch, name="watchman", daemon=True)
        thread.start()
        try:
            with children.heeding(self.heed):
                yield self
        finally:
            self._over.set()
            self._look_now.set()
            thread.join()

    @contextlib.contextmanager
    def timing(self, step: str) -> Iterator[None]:
        """Hold a step to its deadline; what it fails with is told by its true cause.

        :raises ToolFailed: the lock was lost, or the step was not done in time.
        """
        self.heed()
        if allowed := self._deadlines.get(step):
            self._late = f"{step}: not done within {spoken(allowed)}, its deadline"
            self._until = time.monotonic() + allowed
            self._look_now.set()
        try:
            yield
        except (GatepostError, psycopg.Error):
            self.heed()
            raise
        finally:
            self._until = float("inf")
        self.heed()

    def heed(self) -> None:
        """Raise what was found, if anything was.

        :raises ToolFailed: the lock was lost, or the step was not done in time.
        """
        if self._fault is not None:
            raise self._fault

    def _watch(self) -> None:
        conn: Connection | None = None
        answered = time.monotonic()
        while not self._over.is_set():
            try:
                conn = conn or database.read_only(self._lock.maintenance, label="watchman")
                self._look(conn)
                answered = time.monotonic()
            except (GatepostError, psycopg.Error):
                if conn is not None:
                    conn.close()
                conn = None
                if time.monotonic() - answered > _BLIND:
                    self._find("the run lock is lost: the target's server does not answer")
            if time.monotonic() >= self._until:
                self._find(self._late)
            self._look_now.clear()
            if self._fault is None:
                self._look_now.wait(max(0.0, min(LOOK, self._until - time.monotonic())))
            else:
                self._cancel()
                self._over.wait(_AGAIN)
        if conn is not None:
            conn.close()

    def _look(self, conn: Connection) -> None:
        given = {"pid": self._lock.connection.info.backend_pid, "key": self._lock.number}
        conn.rollback()  # a transaction that lasted would show the locks of its beginning
        if not database.value(conn, question("runner_lock_held"), given):
            self._find("the run lock is lost: its session is gone, and another run may hold it")

    def _find(self, what: str) -> None:
        self._fault = self._fault or ToolFailed(what, hint="nothing more is begun")

    def _cancel(self) -> None:
        """Cancel what the run is doing on any server; what answers is asked."""
        for address in self._servers():
            with contextlib.suppress(GatepostError, psycopg.Error):
                _cancel(address, self._label)


def refuse(deadlines: Mapping[str, float], steps: Collection[str]) -> None:
    """Make sure that each deadline is of a step that a run can have.

    :param steps: the names of all steps.
    :raises UsageError: one would never be kept.
    """
    for name in deadlines:
        if name not in steps:
            raise UsageError(
                f"migrate.deadlines: there is no step '{name}'",
                hint=meant(name, steps) or f"there are {', '.join(steps)}",
            )


def _cancel(address: Dsn, label: str) -> None:
    with contextlib.closing(database.maintenance(address, label="watchman")) as conn:
        for session in backends.sessions(conn, label):
            conn.execute("select pg_catalog.pg_cancel_backend(%s)", (session.pid,))
