"""Is a database still what it was?  Two numbers, to prove that a rollback gave all of it back.

Where sequences stand is no part of it: a server that crashed moves them on by itself, up to 32
values, and loses nothing by it.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.evidence import as_json
from gatepost.objects import LARGE_OBJECTS, Asked
from gatepost.parity import digests, readings
from gatepost.parity.relations import COMPARED
from gatepost.schema import catalog

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.objects import LargeObjects
    from gatepost.parity.digests import Digest
    from gatepost.schema.catalog import Catalog


@dataclass(frozen=True)
class Fingerprint:
    """What a database declares and holds.

    :param declared: a hash of its catalog in canonical form.
    :param held: a hash of the digests of all its tables, and of its large objects if it has any.
    :param rows: in all tables together.
    """

    declared: str
    held: str
    tables: int
    rows: int

    def __str__(self) -> str:
        return f"{self.rows:,} rows in {self.tables} tables, {self.held[:12]}"


def of(dsn: Dsn) -> Fingerprint:
    """Return the fingerprint of a database: one scan of every table, in one snapshot."""
    with contextlib.closing(database.read_only(dsn, label="fingerprint")) as conn:
        found = catalog.read(conn)
        there = held(conn, found)
        large = _large_objects(conn)
    return Fingerprint(
        declared=_sha256(found.objects),
        held=_sha256({**there, LARGE_OBJECTS: large} if large else there),
        tables=len(there),
        rows=sum(digest.rows for digest in there.values()),
    )


def held(conn: Connection, found: Catalog) -> dict[str, Digest]:
    """Return by name what each table of a catalog holds: one scan of every table."""
    wanted = [
        readings.pair(table, table)[0]
        for table in found.tables
        if table.kind in COMPARED and not table.is_partition
    ]
    return {str(reading): digests.digest(conn, reading) for reading in wanted}


def _large_objects(conn: Connection) -> dict[int, LargeObjects]:
    """Return what the buckets of those hold that this role may read."""
    asked = Asked(conn)
    return asked.large_objects(None, asked.access.unreadable, "hash64")


def _sha256(data: object) -> str:
    return hashlib.sha256(as_json(data).encode()).hexdigest()
