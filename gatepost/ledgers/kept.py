"""What did a ledger say when the last gate asked it, before anything was changed?

A small file beside the verdict of each pre gate.  A gate after a change keeps nothing: what it saw
is undone where the change is, and that is no history that was lost.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import psycopg
from pydantic import TypeAdapter, ValidationError

from gatepost import database
from gatepost.errors import GatepostError
from gatepost.ledgers import reading, shrinking, tables
from gatepost.ledgers.entries import Entry
from gatepost.recorded import Recorded
from gatepost.sql import question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.ledgers.declared import Ledger
    from gatepost.session import Session

FILE = "ledgers.json"


@dataclass(frozen=True)
class Kept:
    """What the ledgers of one database said.

    :param place: the server's identifier and the database's oid: of another database, one that
        was made anew among them, nothing is known.
    :param ledgers: their rows, by table.
    """

    schema_version: Literal[1]
    place: str
    run: str
    asked: dt.datetime
    ledgers: dict[str, tuple[Entry, ...]] = field(default_factory=dict)


_KEPT = TypeAdapter(Kept)


def told(session: Session, ledger: Ledger) -> tuple[str, ...]:
    """Return what the ledger of the before side said at the last gate, and says no more."""
    found = None if isinstance(session.before, Recorded) else _last(session, ledger.table)
    if found is None:
        return ()
    folder = session.settings.path(ledger.files) if ledger.files else None
    return shrinking.since(
        ledger,
        found.ledgers[ledger.table],
        reading.of(session.before, ledger) or (),
        when=f"since {found.asked:%Y-%m-%d %H:%M} UTC, run {found.run}",
        hint="restore its rows from a backup of then; if they were to go, delete the"
        f" {FILE} of that run",
        folder=folder,
    )


def remember(session: Session) -> None:
    """Keep what the ledgers say; of one that has lost rows, what it said before it lost them."""
    if session.handover.gate != "pre" or isinstance(session.before, Recorded):
        return
    # What cannot be read, or written, is told by the check, and by the verdict.
    with contextlib.suppress(GatepostError, psycopg.Error, OSError):
        _write(session)


def _write(session: Session) -> None:
    ledgers = {
        ledger.table: rows
        for ledger in tables.declared(session.settings, session.before.catalog)
        if (rows := reading.of(session.before, ledger)) and not told(session, ledger)
    }
    if ledgers:
        kept = Kept(1, _place(session), session.handover.label, session.handover.started, ledgers)
        file = session.handover.out / FILE
        part = file.with_suffix(".part")
        part.write_bytes(_KEPT.dump_json(kept, indent=2) + b"\n")
        part.replace(file)


def _last(session: Session, table: str) -> Kept | None:
    place = _place(session)
    found = (kept for kept in _all(session) if kept.place == place and table in kept.ledgers)
    return max(found, key=lambda kept: kept.asked, default=None)


def _all(session: Session) -> Iterator[Kept]:
    """Yield what earlier gates kept: in this gate's folder, and those of the runs beside it."""
    out, label = session.handover.out, session.handover.label
    files = [out / FILE]
    if out.parent.name == label:
        files += out.parent.parent.glob(f"*/*/{FILE}")
    for file in files:
        try:
            yield _KEPT.validate_json(file.read_bytes())
        except (OSError, ValidationError):
            continue  # no other gate can be compared with


def _place(session: Session) -> str:
    return str(database.value(session.before.connection, question("ledger_place")))
