"""How are many relations of one side read at once, each in slices?"""

from __future__ import annotations

import concurrent.futures
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from gatepost import history, units
from gatepost.errors import NotReadable
from gatepost.evidence import as_json
from gatepost.parity import digests, slices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.parity.digests import Digest
    from gatepost.parity.readings import Reading
    from gatepost.readers import Readers
    from gatepost.schema.catalog import Catalog
    from gatepost.store import Store

Answer = TypeVar("Answer")

# Seconds between two attempts to end what is being read.
_LOOK = 0.1


class Scans:
    """The digests of one side: asked for once, read by as many connections as are allowed.

    :param pause: called before each slice; returns when the server can bear it.
    :param dask: the address of a scheduler that large slices are handed to.
    """

    def __init__(
        self,
        label: str,
        dsn: Dsn,
        store: Store,
        readers: Readers,
        *,
        connections: int,
        statement: float,
        pause: Callable[[], None],
        dask: str = "",
    ) -> None:
        self.label = label
        self.dsn = dsn
        self.store = store
        self.readers = readers
        self._connections = connections
        self._statement = statement
        self._pause = pause
        self._dask = dask
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix=f"gatepost-{label}")
        self._notes = history.Notes(store.folder)
        self._cluster: units.Cluster | None = None
        self._begun: dict[Reading, list[Future[Digest]]] = {}
        self._lock = threading.Lock()

    def begin(self, readings: Iterable[Reading], catalog: Catalog) -> None:
        """Hand over readings, in this order, and return at once."""
        for reading in readings:
            with self._lock:
                if reading not in self._begun:
                    parts = slices.of(reading, catalog)
                    self._begun[reading] = [self._threads.submit(self._slice, p) for p in parts]

    def digest(self, reading: Reading, catalog: Catalog) -> Digest:
        """Return the digest of a relation; read now, if nobody has."""
        self.begin([reading], catalog)
        with self._lock:
            parts = self._begun[reading]
        try:
            return digests.total([part.result() for part in parts])
        except NotReadable:
            # As in `sliced`; of a relation that is read whole the same error comes again.
            return self._read(reading)

    def sliced(
        self,
        reading: Reading,
        catalog: Catalog,
        ask: Callable[[Connection, Reading], Answer],
    ) -> list[Answer]:
        """Return the answer of each slice of a relation, several asked at once.

        No more slices than connections: answers that are long are not made longer.
        """

        def one(part: Reading) -> Answer:
            self._pause()
            with self.readers.one() as conn:
                return ask(conn, part)

        parts = slices.of(reading, catalog, self._connections)
        if len(parts) == 1:
            return [one(reading)]
        try:
            return list(self._threads.map(one, parts))
        except NotReadable:
            # Who may read a partitioned table need not be allowed to read its partitions.
            return [one(reading)]

    def forget(self) -> None:
        """Let what failed be read again; slices that were read are kept in the store."""
        with self._lock:
            self._begun.clear()

    def close(self) -> None:
        """End what is being read."""
        with self._lock:
            futures = [future for begun in self._begun.values() for future in begun]
        for future in futures:
            future.cancel()
        # More than once: a thread may be on its way from the connection to its statement.
        while concurrent.futures.wait(futures, timeout=_LOOK).not_done:
            self.readers.cancel()
        self._threads.shutdown(wait=True)
        if self._cluster is not None:
            self._cluster.close()
        self._notes.close()

    def _slice(self, part: Reading) -> Digest:
        # Each slice is a fact of its own: who begins again under the same snapshot reads the rest,
        # and two processes do not read the same one.
        name = f"{self.label} digest {as_json(part)}"
        return self.store.once(name, digests.Digest, lambda: self._read(part))

    def _read(self, part: Reading) -> Digest:
        self._pause()
        if self._dask and part.pages is not None:
            # A unit's lock goes with its connection; this one stays, so that nobody rewrites the
            # relation, and moves its rows to other pages, between two of its slices.
            with self.readers.one() as conn:
                digests.touch(conn, part)
            given = units.unit(self.dsn, self.readers.snapshot, self.label, self._statement, part)
            return self._workers().submit(units.read, given).result()
        with self.readers.one() as conn, self._notes.timed(part.relation):
            return digests.digest(conn, part)

    def _workers(self) -> Executor:
        """Return the cluster's executor; of many threads that ask, the first one connects."""
        with self._lock:
            if self._cluster is None:
                self._cluster = units.Cluster(self._dask)
            return self._cluster.executor
