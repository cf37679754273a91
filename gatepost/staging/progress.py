"""How far has staging come, and how long will the rest take?"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.errors import GatepostError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gatepost.sources.collections import Collection

_EVERY = 0.25  # seconds from one word to the next


class Stopped(GatepostError):
    """Another collection failed: this one need not be read to its end."""


@dataclass(frozen=True)
class Progress:
    """How far staging has come.

    :param collection: the one of which something was just read.
    :param records: of all collections that were sent to the server.
    :param bytes: of all collections that were read; ``bytes_in_all``: that there are, 0 where
        nobody knows, as of another database.
    :param seconds: since it began.
    """

    collection: str
    records: int
    bytes: int
    bytes_in_all: int
    seconds: float

    @property
    def records_per_second(self) -> float:
        """The rate until now."""
        return self.records / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """An estimate, by bytes; None while there is nothing to make one of."""
        if not self.bytes or not self.bytes_in_all:
            return None
        return max(0, self.bytes_in_all - self.bytes) * self.seconds / self.bytes


class Report:
    """Gathers from the threads that load, and tells one listener.

    :param told: called about four times a second, by one thread at a time; None for nobody.
    """

    def __init__(
        self, told: Callable[[Progress], None] | None, collections: Iterable[Collection]
    ) -> None:
        self._told = told
        self._in_all = sum(one.size for one in collections)
        self._done: dict[str, tuple[int, int]] = {}
        self._began = time.monotonic()
        self._last = 0.0
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def of(self, collection: Collection) -> Callable[[int, int], None]:
        """Return what is told the records and bytes of a collection that were read until now.

        :raises Stopped: as soon as `stop` was called.
        """

        def read(records: int, bytes_read: int) -> None:
            if self._stopped.is_set():
                raise Stopped(f"collection '{collection.name}': not read to its end")
            with self._lock:
                self._done[collection.name] = (records, bytes_read)
                self._tell(collection.name, at_least=_EVERY)

        return read

    def end(self, collection: str) -> None:
        """Tell that a collection is whole."""
        with self._lock:
            self._tell(collection, at_least=0)

    def stop(self) -> None:
        """End what is being read."""
        self._stopped.set()

    def _tell(self, collection: str, *, at_least: float) -> None:
        now = time.monotonic()
        if self._told is None or now - self._last < at_least:
            return
        self._last = now
        records = sum(records for records, _ in self._done.values())
        read = sum(read for _, read in self._done.values())
        self._told(Progress(collection, records, read, self._in_all, now - self._began))
