"""What can a check ask of the database before, and of the database after?

A side is a live database, or a recorded baseline or staged files in its place, and a check cannot
tell.  Connections are opened at the first question, facts asked for once per run.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from gatepost import database, objects, orphans, sequences
from gatepost.orphans import Orphans
from gatepost.parity import buckets, hashes
from gatepost.parity.census import census
from gatepost.readers import Readers
from gatepost.scans import Scans
from gatepost.schema import catalog, configuration, extensions, privileges
from gatepost.schema.declarations import Object
from gatepost.sequences import Reach
from gatepost.sql import question
from gatepost.staging import registry
from gatepost.staging.places import OURS
from gatepost.staging.registry import StagedCollection
from gatepost.verdict import SideInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from gatepost.bounds import Brake
    from gatepost.budget import Budget
    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.parity.buckets import Buckets, Sum
    from gatepost.parity.census import Census
    from gatepost.parity.digests import Digest
    from gatepost.parity.hashes import Hash
    from gatepost.parity.readings import Reading
    from gatepost.references import Reference
    from gatepost.schema.catalog import Catalog, Column, Sequence
    from gatepost.store import Store

Label = Literal["before", "after"]
Answer = TypeVar("Answer")


class Side:
    """One side of a comparison: a live database, read in one snapshot.

    :param app: the base URL of the application in front of it, or empty.
    :param media: folders and base URLs under which its media files are.
    :param snapshot: imported by every connection, so that all workers read one moment.
    :param store: where facts are shared between processes of one run.
    :param statement: the longest that one statement may take, in seconds; 0 for no limit.
    :param connections: how many scans may run on it at the same moment.
    :param dask: the address of a scheduler that slices of large relations are handed to.
    :param brake: holds scans back while the server bears too much; closed with the side.
    :param budget: no scan begins once it is spent.
    """

    def __init__(
        self,
        label: Label,
        dsn: Dsn,
        store: Store,
        *,
        snapshot: str = "",
        app: str = "",
        media: tuple[str, ...] = (),
        statement: float = 0,
        connections: int = 1,
        dask: str = "",
        brake: Brake | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.label = label
        self.dsn = dsn
        self.store = store
        self.snapshot = snapshot
        self.app = app
        self.media = media
        self._statement = statement
        self.brake = brake
        self._budget = budget
        self._connection: Connection | None = None
        self._orphans: dict[Hash, dict[str, Orphans]] = {}
        self._readers = Readers(snapshot, self._connect)
        self._scans = Scans(
            label,
            dsn,
            store,
            self._readers,
            connections=connections,
            statement=statement,
            pause=self._pause,
            dask=dask,
        )

    def __repr__(self) -> str:
        return f"{self.label} ({self.dsn})"

    @property
    def connection(self) -> Connection:
        """The read-only connection of this process to this side.

        A statement that failed has ended the transaction, and with it the snapshot: the next
        question gets a new transaction with the same snapshot, so that one table that may not be
        read does not take the answers of all others with it.
        """
        if self._connection is None:
            self._connection = self._connect()
        database.renew(self._connection, self.snapshot)
        return self._connection

    def close(self) -> None:
        """End what is being read, and close every connection."""
        if self.brake is not None:
            self.brake.close()
        self._scans.close()
        self._readers.close()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @cached_property
    def catalog(self) -> Catalog:
        """All that the database declares, read once per run."""
        return self.store.once(
            f"{self.label} catalog",
            catalog.Catalog,
            lambda: catalog.read(self.connection).without(self._ours),
        )

    @cached_property
    def staged(self) -> tuple[StagedCollection, ...]:
        """The collections that were staged into it; none where it is a database of its own."""
        return self.store.once(
            f"{self.label} staged",
            tuple[StagedCollection, ...],
            lambda: registry.staged(self.connection),
        )

    @property
    def _ours(self) -> tuple[str, ...]:
        """The schemas in which a source was staged, which are no part of it."""
        return OURS if self.staged else ()

    @cached_property
    def configuration(self) -> tuple[Object, ...]:
        """What the server, the database and roles within it are set to."""
        return self.store.once(
            f"{self.label} configuration",
            tuple[Object, ...],
            lambda: configuration.read(self.connection),
        )

    @cached_property
    def extensions(self) -> tuple[Object, ...]:
        """Every extension, with what it brought."""
        return self.store.once(
            f"{self.label} extensions",
            tuple[Object, ...],
            lambda: extensions.read(self.connection),
        )

    @cached_property
    def privileges(self) -> tuple[Object, ...]:
        """Whose every object is, and who may do what with it."""
        return keep_privileges(self.store, self.label, lambda: privileges.read(self.connection))

    @cached_property
    def info(self) -> SideInfo:
        """Which server and database this is."""
        return self.store.once(f"{self.label} info", SideInfo, self._info)

    @cached_property
    def encoding(self) -> str:
        """In which encoding the database stores text."""
        return str(database.value(self.connection, "show server_encoding"))

    @cached_property
    def positions(self) -> dict[str, sequences.Position]:
        """Where every sequence stands."""
        return self.store.once(
            f"{self.label} sequences",
            dict[str, sequences.Position],
            lambda: sequences.positions(self.connection),
        )

    def answers(self, method: Hash) -> dict[str, int]:
        """Return how the server hashes known values: two that do alike can be compared by it."""
        return self.store.once(
            f"{self.label} answers {method}",
            dict[str, int],
            lambda: hashes.answers(self.connection, method),
        )

    def begin(self, readings: Iterable[Reading]) -> None:
        """Begin to read relations, in this order; `digest` will wait for their end."""
        self._scans.begin(readings, self.catalog)

    def digest(self, reading: Reading) -> Digest:
        """Return the digest of a relation under ``reading``."""
        return self._scans.digest(reading, self.catalog)

    def forget(self) -> None:
        """Let what failed be read again; slices that were read are kept in the store."""
        self._scans.forget()

    def sliced(
        self, reading: Reading, ask: Callable[[Connection, Reading], Answer]
    ) -> list[Answer]:
        """Return the answer of each slice of a relation, several asked at once."""
        return self._scans.sliced(reading, self.catalog, ask)

    def lent(self) -> AbstractContextManager[Connection]:
        """Lend a connection of its own, that another thread may use beside `connection`."""
        return self._readers.one()

    def cancel(self) -> None:
        """End what other threads are reading; each of them is told that it was cancelled."""
        self._readers.cancel()

    def orphans(self, reference: Reference, method: Hash) -> Orphans | None:
        """Return the orphans of a reference, None where its tables or columns are not there."""
        if method not in self._orphans:
            self._orphans[method] = self.store.once(
                f"{self.label} orphans {method}",
                dict[str, Orphans],
                lambda: orphans.counts(self.connection, self.catalog, method),
            )
        known = self._orphans[method].get(reference.subject)
        return known or orphans.count(self.connection, reference, self.catalog, method)

    def orphan_hashes(self, reference: Reference, method: Hash) -> frozenset[int]:
        """Return the hashes of a reference's orphans: as many as are told apart at the most."""
        return frozenset(orphans.hashed(self.connection, self.catalog, reference, method))

    def reach(self, sequence: Sequence) -> tuple[Reach, ...]:
        """Return how far the columns go that take their values from a sequence."""
        known = self._reaches.get(str(sequence.relation))
        if known is None:
            return sequences.reach(self.connection, sequence, self.catalog)
        return known

    @property
    def objects(self) -> objects.Facts:
        """What this side says of indexes, constraints, large objects and the rest."""
        return objects.Asked(self.connection, self._ours)

    def verifiable(self, reading: Reading) -> Reading:
        """Return a reading of those columns of which this side can say anything."""
        return reading

    def census(
        self, reading: Reading, columns: list[Column], *, distinct: bool = True
    ) -> dict[str, Census]:
        """Return the census of some columns of a relation, by name."""
        with self.lent() as conn:
            return census(conn, reading, columns, distinct=distinct)

    def sums(self, reading: Reading, dealt: Buckets, *, keys: bool = True) -> dict[int, Sum]:
        """Return what each bucket of a relation holds; its slices are read side by side."""
        return buckets.combined(
            self.sliced(reading, lambda conn, part: buckets.sums(conn, part, dealt, keys=keys))
        )

    @cached_property
    def _reaches(self) -> dict[str, tuple[Reach, ...]]:
        return self.store.once(
            f"{self.label} reaches",
            dict[str, tuple[Reach, ...]],
            lambda: sequences.reaches(self.connection, self.catalog),
        )

    def value(self, query: str) -> Any:
        """Return the one value of a query that the project wrote.

        It may leave `public` out: it is written as its author would type it.

        :raises psycopg.Error: the server refuses it; the savepoint keeps the snapshot alive.
        """
        conn = self.connection
        with database.as_written(conn):
            return database.value(conn, query)

    def _pause(self) -> None:
        if self._budget is not None:
            self._budget.check()
        if self.brake is not None:
            self.brake.wait()

    def _connect(self) -> Connection:
        return database.read_only(
            self.dsn, snapshot=self.snapshot, label=self.label, statement=self._statement
        )

    def _info(self) -> SideInfo:
        ((version, identifier, dbname),) = database.rows(self.connection, question("identity"))
        given = self.dsn.parameters
        port = given.get("port", "5432")
        return SideInfo(
            server=f"{given.get('host', given.get('service', 'local'))}:{port}",
            database=dbname,
            version=version,
            system_identifier=identifier,
            snapshot=self.snapshot,
            collections=self.staged,
        )


def keep_privileges(
    store: Store, label: Label, read: Callable[[], tuple[Object, ...]]
) -> tuple[Object, ...]:
    """Return the rights that a run knows of a side; of nobody else, those that ``read`` returns.

    The runner, whose fence takes rights before the snapshot, keeps here what they were before it.
    """
    return store.once(f"{label} privileges", tuple[Object, ...], read)
