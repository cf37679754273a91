"""How are migrations applied, one after the other, and taken back?

Each in one transaction with its row in the ledger.  The first error ends the run: whatever the
server says is an error, `already exists` like any other.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost import database, names
from gatepost.database import Connection
from gatepost.errors import GatepostError, UsageError
from gatepost.migrations import files, history, ledger, session
from gatepost.migrations.files import Migration
from gatepost.migrations.scripts import Script
from gatepost.migrations.session import Changes, Limits
from gatepost.names import Relation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.migrations.history import History

_USUAL = Limits()


def _silent(_: Applied) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Applied:
    """A script that ran to its end.

    :param name: the file's, without `.sql`.
    :param seconds: with the looks at what is declared, before and after.
    :param changes: what it made, changed and dropped of what is declared.
    """

    version: str
    name: str
    sha256: str
    seconds: float
    changes: Changes

    def __str__(self) -> str:
        return f"{self.name}: {self.changes}"


def up(
    dsn: Dsn,
    folder: Path,
    *,
    table: str = ledger.TABLE,
    limits: Limits = _USUAL,
    to: str = "",
    told: Callable[[Applied], None] = _silent,
) -> tuple[Applied, ...]:
    """Apply the migrations of a folder that did not run yet, in their order.

    :param table: the ledger, made by the first that is recorded in it.
    :param to: the version of the last one; all of them if empty.
    :param told: called after each, as soon as it is committed.
    :raises UsageError: before anything is run: a file that may not be run, or was edited, renamed,
        lost or put before one that was applied.
    :raises NotMigrated: one failed, and left nothing of itself; those before it are applied.
    :raises CannotConnect: the session has ended; the message says which are applied.
    """
    migrations, place = files.read(folder), names.relation(table)
    with session.opened(dsn, limits) as conn:
        todo = _history(conn, migrations, place).to_run(to)
        return _each(conn, [_Act(one, one.up, ledger.add) for one in todo], place, told)


def down(
    dsn: Dsn,
    folder: Path,
    *,
    table: str = ledger.TABLE,
    limits: Limits = _USUAL,
    to: str = "",
    told: Callable[[Applied], None] = _silent,
) -> tuple[Applied, ...]:
    """Take migrations back by their scripts, the last one first, each with its row in the ledger.

    :param to: the version of the last one that stays, `0` for none; empty to take back one.
    :raises UsageError: before anything is run: as in `up`, or one of them has no way back.
    :raises NotMigrated: a script failed, and left nothing of itself.
    """
    migrations, place = files.read(folder), names.relation(table)
    with session.opened(dsn, limits) as conn:
        todo = _history(conn, migrations, place).to_take_back(to)
        acts = [_Act(one, one.down, ledger.remove) for one in todo if one.down]
        return _each(conn, acts, place, told)


def look(dsn: Dsn, folder: Path, *, table: str = ledger.TABLE) -> History:
    """Return what ran, what is to run, and what contradicts it.  It changes nothing.

    :raises UsageError: a file may not be run, or the table is none of our ledgers.
    """
    migrations = files.read(folder)
    with contextlib.closing(database.read_only(dsn, label="migrations")) as conn:
        return history.compare(migrations, ledger.read(conn, names.relation(table)))


@dataclass(frozen=True)
class _Act:
    """What is done with a migration, and how the ledger is told."""

    of: Migration
    script: Script
    noted: Callable[[Connection, Relation, Migration, dt.timedelta], None]


def _each(
    conn: Connection, acts: Sequence[_Act], table: Relation, told: Callable[[Applied], None]
) -> tuple[Applied, ...]:
    done: list[Applied] = []
    for act in acts:
        try:
            done.append(_one(conn, act, table))
        except GatepostError as error:
            before = ", ".join(one.name for one in done)
            so_far = f"; done before it, and kept: {before}" if done else ""
            raise type(error)(f"{error.message}{so_far}", hint=error.hint) from None
        told(done[-1])
    return tuple(done)


def _one(conn: Connection, act: _Act, table: Relation) -> Applied:
    began = time.monotonic()
    recorded = ledger.read(conn, table)

    def noted(duration: dt.timedelta) -> None:
        if ledger.read(conn, table) != recorded:
            raise UsageError(f"it writes to {table}, which tells what ran and is ours to write")
        act.noted(conn, table, act.of, duration)

    changes = session.run(conn, act.script, noted)
    return Applied(
        version=act.of.version,
        name=act.script.path.stem,
        sha256=act.script.sha256,
        seconds=time.monotonic() - began,
        changes=changes,
    )


def _history(conn: Connection, migrations: Sequence[Migration], table: Relation) -> History:
    found = history.compare(migrations, ledger.read(conn, table))
    if found.faults:
        raise UsageError("\n".join(found.faults))
    return found
