"""Which migrations did run in a database, when was each begun, and how long did it take?

As its ledger says, Prisma's or ours.  Prisma goes by the clock of whoever deploys, ours by the
server's.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pydantic.dataclasses import dataclass

from gatepost import names
from gatepost.migrations import ledger, prisma_ledger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatepost.database import Connection
    from gatepost.settings import Settings


@dataclass(frozen=True)
class Ran:
    """A migration that was run to its end."""

    name: str
    began: dt.datetime
    seconds: float

    @property
    def ended(self) -> dt.datetime:
        """When it was done."""
        return self.began + dt.timedelta(seconds=self.seconds)


def read(conn: Connection, settings: Settings) -> tuple[Ran, ...]:
    """Return what is recorded as done, in the order in which it was begun.

    None of it where the project has no such ledger, or its table is not made yet.
    """
    declared = settings.project.migrate
    table = names.relation(declared.ledger)
    if declared.fill == "prisma":
        return tuple(_of_prisma(prisma_ledger.read(conn, table) or ()))
    if declared.runs_migrations:
        found = ledger.read(conn, table)
        return tuple(
            Ran(row.name, row.applied_at - row.duration, row.duration.total_seconds())
            for row in sorted(found, key=lambda row: row.applied_at)
        )
    return ()


def _of_prisma(rows: Iterable[prisma_ledger.Row]) -> Iterable[Ran]:
    for row in rows:
        if row.finished_at is not None and row.rolled_back_at is None:
            seconds = (row.finished_at - row.started_at).total_seconds()
            yield Ran(row.name, row.started_at, seconds)


def since(before: Iterable[Ran], after: Iterable[Ran]) -> tuple[Ran, ...]:
    """Return what was run between two looks."""
    known = {(one.name, one.began) for one in before}
    return tuple(one for one in after if (one.name, one.began) not in known)
