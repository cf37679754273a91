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
from gatepost.ledgers.entries import Entry, Told
from gatepost.recorded import Recorded
from gatepost.sql import question

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.ledgers.declared import Ledger
    from gatepost.session import Session

FILE = "ledgers.json"


@dataclass(frozen=True)
class Kept:
    """What one ledger said, and to which run."""

    run: str
    asked: dt.datetime
    rows: tuple[Entry, ...]


@dataclass(frozen=True)
class File:
    """A `ledgers.json`.

    :param places: by database, what each of its ledgers said, by table.  A database is known by its
        server's identifier and its oid: of one that was made anew nothing is known.
    """

    schema_version: Literal[1] = 1
    places: dict[str, dict[str, Kept]] = field(default_factory=dict)


_FILE = TypeAdapter(File)


def told(session: Session, ledger: Ledger) -> Told:
    """Return what the ledger of the before side said at the last gate, and says no more."""
    found = None if isinstance(session.before, Recorded) else _last(session, ledger.table)
    if found is None:
        return Told()
    folder = session.settings.path(ledger.files) if ledger.files else None
    now = reading.of(session.before, ledger) or ()
    gone = shrinking.since(
        ledger,
        found.rows,
        now,
        when=f"since {found.asked:%Y-%m-%d %H:%M} UTC, run {found.run}",
        hint="restore its rows from a backup of then; if they were to go, delete the"
        f" {FILE} of that run",
        folder=folder,
    )
    if shrinking.is_way_back(ledger, found.rows, now):
        return Told(notes=tuple(one.partition("\n")[0] for one in gone))
    return Told(gone)


def remember(session: Session) -> None:
    """Keep what the ledgers say; of one that has lost rows, what it said before it lost them."""
    if session.handover.gate != "pre" or isinstance(session.before, Recorded):
        return
    # What cannot be read, or written, is told by the check, and by the verdict.
    with contextlib.suppress(GatepostError, psycopg.Error, OSError):
        _write(session)


def _write(session: Session) -> None:
    label, started = session.handover.label, session.handover.started
    now = {
        ledger.table: Kept(label, started, rows)
        for ledger in tables.declared(session.settings, session.before.catalog)
        if (rows := reading.of(session.before, ledger)) and not told(session, ledger).findings
    }
    if now:
        file, place = session.handover.out / FILE, _place(session)
        earlier = _read(file).places
        places = {**earlier, place: {**earlier.get(place, {}), **now}}
        part = file.with_suffix(".part")
        part.write_bytes(_FILE.dump_json(File(places=places), indent=2) + b"\n")
        part.replace(file)


def _last(session: Session, table: str) -> Kept | None:
    """Return the last that was kept, in this folder and in those of the runs beside it."""
    out, label = session.handover.out, session.handover.label
    files = [out / FILE]
    if out.parent.name == label:
        files += out.parent.parent.glob(f"*/*/{FILE}")
    place = _place(session)
    found = (_read(file).places.get(place, {}).get(table) for file in files)
    return max(filter(None, found), key=lambda kept: kept.asked, default=None)


def _read(file: Path) -> File:
    try:
        return _FILE.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return File()  # nothing can be compared with it


def _place(session: Session) -> str:
    return str(database.value(session.before.connection, question("ledger_place")))
