"""Which migrations of the project's chain ran in this database, and which are still to run?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.ledgers import judging, tables
from gatepost.migrations import chain
from gatepost.migrations.chain import File

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Settings


@dataclass(frozen=True)
class Standing:
    """What the ledger says of the files of a chain, in the chain's order.

    :param applied: those that ran, and that no run would run again.
    :param pending: those that the next run will run.
    """

    applied: tuple[File, ...]
    pending: tuple[File, ...]


def of(conn: Connection, settings: Settings, catalog: Catalog) -> Standing | None:
    """Return how far a database has come; None where the project names no chain.

    Pending is what nothing in the ledger stands for: of Prisma's rows those that were rolled back
    stand for nothing, as `migrate deploy` sees it.  Without the ledger's table, all is pending.

    :raises UsageError: there is no such folder, or the ledger is no ledger.
    """
    folder = settings.migrations
    if folder is None:
        return None
    files = chain.of(folder).files
    recorded: set[str] = set()
    for ledger in tables.declared(settings, catalog)[:1]:
        entries = judging.read(conn, ledger, catalog) or ()
        recorded = {one.name.removesuffix(".sql") for one in entries if not one.rolled_back}
    return Standing(
        applied=tuple(one for one in files if one.name in recorded),
        pending=tuple(one for one in files if one.name not in recorded),
    )
