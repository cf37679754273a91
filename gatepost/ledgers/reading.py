"""What do the rows of a ledger say, read once per run?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import names
from gatepost.errors import UsageError
from gatepost.ledgers.entries import Entry
from gatepost.ledgers.kinds import KINDS
from gatepost.recorded import Recorded

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.ledgers.declared import Ledger
    from gatepost.schema.catalog import Catalog
    from gatepost.side import Side


def read(conn: Connection, ledger: Ledger, catalog: Catalog) -> tuple[Entry, ...] | None:
    """Return the ledger's rows in its own order; None where its table is not there.

    :raises UsageError: the table cannot be a ledger of that kind.
    """
    table, kind = catalog.table(names.relation(ledger.table)), KINDS[ledger.kind]
    if table is None:
        return None
    if lacking := sorted(kind.columns - {column.name for column in table.columns}):
        raise UsageError(
            f"{table.relation}: it has no {', '.join(lacking)}, as a ledger of {ledger.kind} has",
            hint="who keeps it? [[ledgers]] says so: kind = …",
        )
    return kind.read(conn, table)


def of(side: Side, ledger: Ledger) -> tuple[Entry, ...] | None:
    """Return the rows as a side holds them, or as they were recorded; None without a table.

    :raises NotRecorded: a baseline stands for the side, and does not tell.
    """
    if side.catalog.table(names.relation(ledger.table)) is None:
        return None
    return side.store.once(
        f"{side.label} ledger {ledger.kind} {ledger.table}",
        tuple[Entry, ...],
        lambda: read(side.connection, ledger, side.catalog) or (),
    )


def held(side: Side, ledger: Ledger) -> tuple[str, ...]:
    """Return who works under the ledger's lock at this moment; of a baseline nobody does."""
    table = side.catalog.table(names.relation(ledger.table))
    if table is None or isinstance(side, Recorded):
        return ()
    return KINDS[ledger.kind].held(side.connection, table, side.catalog)
