"""Is a database still what it was?  Two numbers, to prove that a rollback gave all of it back."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.evidence import as_json
from gatepost.parity import digests, readings
from gatepost.parity.relations import COMPARED
from gatepost.schema import catalog

if TYPE_CHECKING:
    from gatepost.dsn import Dsn


@dataclass(frozen=True)
class Fingerprint:
    """What a database declares and holds.

    :param declared: a hash of its catalog in canonical form.
    :param held: a hash of the digests of all its tables.
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
        wanted = [
            readings.pair(table, table)[0]
            for table in found.tables
            if table.kind in COMPARED and not table.is_partition
        ]
        held = {str(reading): digests.digest(conn, reading) for reading in wanted}
    return Fingerprint(
        declared=_sha256(found.objects),
        held=_sha256(held),
        tables=len(held),
        rows=sum(digest.rows for digest in held.values()),
    )


def _sha256(data: object) -> str:
    return hashlib.sha256(as_json(data).encode()).hexdigest()
