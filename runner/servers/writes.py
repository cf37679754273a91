"""How much was written to a database since a moment that was noted?

The server counts rows per table, whoever writes them.  What it does not count, a truncation or a
changed declaration, is noticed by other signs, and is then of an unknown number.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from gatepost import database, sequences
from gatepost.errors import UsageError
from gatepost.evidence import as_json
from gatepost.schema import catalog
from gatepost.sql import question
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.database import Connection

FILE = "writes.json"
_COUNTS_AT_ONCE = 150000  # before that, a process of the server's sums up what others send it
_COLLECTED = 1.0  # seconds until it has
_NAMED = 5


@dataclass(frozen=True)
class Table:
    """What was ever written to a table.

    :param file: its number on the disk; a truncation or a rewrite gives it another.
    """

    name: str
    file: int | None
    rows: int


@dataclass(frozen=True)
class Counts:
    """What was ever written to a database, as its server counts it.

    :param reset: the moment at which it began to count anew; empty for never.
    :param transactions: that ended so far: it grows, unless counting began anew.
    :param declared: a hash of the catalog in canonical form; empty where it was not read.
    :param sequences: the last value of each; None for one that was never used, or may not be read.
    """

    reset: str
    transactions: int
    lsn: str
    declared: str
    tables: tuple[Table, ...]
    sequences: Mapping[str, int | None]


@dataclass(frozen=True)
class Writes:
    """What was written between two counts.

    :param tables: rows that were inserted, updated or deleted, by table; of a sequence that moved,
        one.  What was rolled back counts too: the server does not tell it apart.
    :param unknown: why the number is more than can be told; empty if it is known.
    """

    tables: Mapping[str, int]
    unknown: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """How many in all that could be counted."""
        return sum(self.tables.values())

    @property
    def none(self) -> bool:
        """Whether it is certain that there were none."""
        return not self.tables and not self.unknown

    def __str__(self) -> str:
        if self.unknown:
            return f"nobody can say how many writes: {'; '.join(self.unknown)}"
        largest = sorted(self.tables.items(), key=lambda pair: (-pair[1], pair[0]))
        named = ", ".join(f"{name} {number:,}" for name, number in largest[:_NAMED])
        more = f" and {len(largest) - _NAMED} more" if len(largest) > _NAMED else ""
        return counted(self.number, "write") + (f": {named}{more}" if named else "")


_COUNTS = TypeAdapter(Counts)


def count(conn: Connection, *, declared: bool = True) -> Counts:
    """Return what was written so far to the database of the connection.

    A session tells what it wrote when it ends, or some seconds after it did: count when others
    have gone.

    :param conn: of its own transaction each statement, since counts are kept for a transaction.
    :param declared: read the catalog too, which takes some seconds for a thousand tables.
    """
    if conn.info.server_version < _COUNTS_AT_ONCE:
        time.sleep(_COLLECTED)
    ((reset, transactions, lsn),) = database.rows(conn, question("runner_writes_since"))
    return Counts(
        reset=reset,
        transactions=transactions,
        lsn=lsn,
        declared=_declared(conn) if declared else "",
        tables=tuple(database.records(conn, Table, question("runner_writes"))),
        sequences={name: one.last for name, one in sequences.positions(conn).items()},
    )


def _declared(conn: Connection) -> str:
    return hashlib.sha256(as_json(catalog.read(conn).objects).encode()).hexdigest()


def between(was: Counts, now: Counts) -> Writes:
    """Return what was written since ``was``."""
    before, after = ({one.name: one for one in side.tables} for side in (was, now))
    rows = {
        name: number
        for name, one in sorted(after.items())
        if (number := one.rows - (before[name].rows if name in before else 0))
    }
    moved = {
        f"{name} (sequence)": 1
        for name in sorted(was.sequences.keys() & now.sequences.keys())
        if was.sequences[name] != now.sequences[name]
    }
    return Writes(rows | moved, tuple(_unknown(was, now, before, after)))


def _unknown(
    was: Counts, now: Counts, before: Mapping[str, Table], after: Mapping[str, Table]
) -> Iterator[str]:
    fell = now.transactions < was.transactions
    fell = fell or any(after[name].rows < one.rows for name, one in before.items() if name in after)
    if was.reset != now.reset or fell:
        yield "the server began to count anew"
    if was.declared != now.declared:
        yield "what the database declares was changed"
    for name, one in sorted(before.items()):
        if name not in after:
            yield f"{name} is gone"
        elif after[name].file != one.file:
            yield f"{name} was truncated or rewritten"


def write(counts: Counts, file: Path) -> None:
    """Keep counts in a file, on the disk when this returns."""
    with file.open("wb") as opened:
        opened.write(_COUNTS.dump_json(counts, indent=1))
        opened.flush()
        os.fsync(opened.fileno())


def read(file: Path) -> Counts:
    """Return the counts that a file keeps.

    :raises UsageError: it is not there, or cannot be read: nobody can say what was written since.
    """
    try:
        return _COUNTS.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        raise UsageError(
            f"{file}: no counts that can be read: what was written since cannot be told"
        ) from None
