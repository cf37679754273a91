"""Which migrations of the project's chain ran in this database, and which are still to run?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.ledgers import reading, tables
from gatepost.ledgers.kinds import KINDS
from gatepost.migrations import chain
from gatepost.migrations.chain import File

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.ledgers.declared import Ledger
    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Settings


@dataclass(frozen=True)
class Standing:
    """What the ledger says of the files of a chain, in the chain's order.

    :param applied: those that ran, and that no run would run again.
    :param pending: those that the next run will run, of a phase only its own.
    """

    applied: tuple[File, ...]
    pending: tuple[File, ...]


def of(conn: Connection, settings: Settings, catalog: Catalog) -> Standing | None:
    """Return how far a database has come; None where the project names no chain of SQL files.

    Pending is what nothing in the ledger stands for, by the rules of whoever keeps it.  Where the
    table is still to be made by the run, all is pending; where there is none at all, nobody knows.

    :raises UsageError: there is no such folder, or the ledger is no ledger.
    """
    folder = settings.migrations
    ledger = _ledger(settings, catalog)
    kind = KINDS[ledger.kind] if ledger else None
    if folder is None or ledger is None or kind is None or kind.pending is None:
        return None
    files = chain.of(folder)
    entries = reading.read(conn, ledger, catalog) or ()
    pending = kind.pending(entries, files)
    return Standing(
        applied=tuple(one for one in files.files if one not in pending),
        pending=tuple(one for one in pending if settings.is_due(one.name)),
    )


def _ledger(settings: Settings, catalog: Catalog) -> Ledger | None:
    """Return the one that speaks of the chain: what is run writes it, or it is the first named."""
    return tables.written(settings) or next(iter(tables.declared(settings, catalog)), None)
