"""What do the rows of `_prisma_migrations` say, and is that what Prisma writes?

Several rows may be of one migration; one that was rolled back stands for nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from gatepost.ledgers import checksums, faults, locks, prisma_files
from gatepost.ledgers.entries import Entry, State, Told
from gatepost.migrations import prisma as deploying
from gatepost.migrations import prisma_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.ledgers.entries import Asked
    from gatepost.migrations.prisma_ledger import Row
    from gatepost.schema.catalog import Catalog, Table

COLUMNS = frozenset(
    {"id", "checksum", "finished_at", "migration_name", "logs", "rolled_back_at"}
    | {"started_at", "applied_steps_count"}
)

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Rows bear the time of the client's clock.
_AHEAD = dt.timedelta(hours=1)
_NOT_PRISMAS = "Prisma did not write this row: find out whether the migration ever ran"


def read(conn: Connection, table: Table) -> tuple[Entry, ...]:
    """Return the rows in the order in which their migrations were begun.

    :raises UsageError: a row that Prisma cannot have written.
    """
    return tuple(map(_entry, prisma_ledger.read(conn, table.relation) or ()))


def held(conn: Connection, _table: Table, _catalog: Catalog) -> tuple[str, ...]:
    """Return who deploys at this moment."""
    return locks.holders(conn, deploying.LOCK)


def judge(asked: Asked) -> Told:
    """Return what is wrong with the rows, and with the files that they speak of."""
    findings = [*_locked(asked), *_unfinished(asked), *_rows(asked), *_times(asked)]
    notes = [*_never_ran(asked)]
    by_rows = Told(tuple(findings), tuple(notes))
    return by_rows + prisma_files.judge(asked, asked.chain) if asked.chain else by_rows


def _entry(row: Row) -> Entry:
    return Entry(
        row.id,
        row.name,
        row.checksum or "",
        _state(row),
        started=row.started_at,
        finished=row.finished_at,
    )


def _state(row: Row) -> State:
    if row.rolled_back_at is not None:
        return "rolled back"
    if row.finished_at is None:
        return "failed" if row.logs else "unfinished"
    return "applied" if row.steps else "marked"


def _locked(asked: Asked) -> Iterator[str]:
    if not any(entry.state == "unfinished" for entry in asked.entries):
        yield from faults.locked(asked, "a deployment holds Prisma's lock")


def _unfinished(asked: Asked) -> Iterator[str]:
    for entry in asked.entries:
        name = entry.name
        if entry.state == "failed":
            yield asked.says(
                f"{name} failed, and every deployment refuses until that is resolved (P3009)",
                hint=f"`prisma migrate resolve --rolled-back {name}` once nothing of it is there,"
                f" or --applied {name} once all of it is",
            )
        elif entry.state == "unfinished" and asked.held:
            yield asked.says(
                f"{name} is running: {', '.join(asked.held)}", hint="ask again when it has ended"
            )
        elif entry.state == "unfinished":
            yield asked.says(
                f"{name} was begun and never finished, and no error is recorded: who ran it was"
                " stopped, and the server may have committed it all the same",
                hint=f"`prisma migrate resolve --applied {name}` if what it builds is there, and"
                f" --rolled-back {name} if nothing of it is",
            )


def _rows(asked: Asked) -> Iterator[str]:
    yield from faults.checksums(asked, checksums.is_sha256, _NOT_PRISMAS)
    for entry in asked.standing:
        if not _UUID.fullmatch(entry.id.lower()):
            yield asked.says(
                f"{entry.name} has the id '{entry.id}', which is no uuid", hint=_NOT_PRISMAS
            )
    yield from faults.twice(
        asked,
        (entry.name for entry in asked.standing),
        "keep the row of the run that built what is there, and delete the others",
    )


def _times(asked: Asked) -> Iterator[str]:
    now = dt.datetime.now(dt.UTC)
    for entry in asked.entries:
        began, ended = entry.started, entry.finished
        if began and ended and ended < began:
            yield asked.says(
                f"{entry.name} was finished at {_moment(ended)}, before it began at"
                f" {_moment(began)}",
                hint="Prisma did not write this row, or the clock of its client was set back",
            )
        elif began and began > now + _AHEAD:
            yield asked.says(
                f"{entry.name} began at {_moment(began)}, which is still to come",
                hint="rows bear the time of the client that deploys: set its clock",
            )


def _moment(one: dt.datetime) -> str:
    return f"{one.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"


def _never_ran(asked: Asked) -> Iterator[str]:
    """Yield what was never run here; whether what it builds is there is for `schema` to say."""
    resolved = {entry.name for entry in asked.entries if entry.state == "rolled back"}
    for entry in asked.entries:
        if entry.state == "marked" and entry.name in resolved:
            yield asked.says(f"{entry.name} failed, and was marked as applied by hand")
        elif entry.state == "marked":
            yield asked.says(f"{entry.name} is marked as applied, and none of its steps was run")
