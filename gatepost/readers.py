"""Which connections read one side at the same moment, and never more than were allowed?"""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import TYPE_CHECKING

import psycopg

from gatepost import database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.database import Connection

_CANCEL_TIMEOUT = 5.0


class Readers:
    """Connections that read one snapshot, opened when they are needed and kept for the next scan.

    As many are open as threads have asked at the same moment; the executor that asks sets that
    bound.
    """

    def __init__(self, snapshot: str, connect: Callable[[], Connection]) -> None:
        self.snapshot = snapshot
        self._connect = connect
        self._idle: queue.SimpleQueue[Connection] = queue.SimpleQueue()
        self._open: list[Connection] = []
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def one(self) -> Iterator[Connection]:
        """Lend a connection; after a failed statement the next one to get it reads on."""
        try:
            conn = self._idle.get_nowait()
        except queue.Empty:
            conn = self._connect()
            with self._lock:
                self._open.append(conn)
        try:
            database.renew(conn, self.snapshot)
            yield conn
        finally:
            if not conn.closed:
                self._idle.put(conn)

    def cancel(self) -> None:
        """End what is being read: nobody waits for it any more."""
        with self._lock:
            for conn in self._open:
                # A server that is gone has nothing left to cancel.
                with contextlib.suppress(psycopg.Error):
                    conn.cancel_safe(timeout=_CANCEL_TIMEOUT)

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for conn in self._open:
                conn.close()
            self._open.clear()
