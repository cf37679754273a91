"""What did a change run, how long did each migration take, and whom did its locks keep waiting?

Read from the ledger before and after, and watched meanwhile: what the command says of itself is
not asked.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from gatepost import locks
from gatepost.durations import spoken
from gatepost.locks import Locks
from gatepost.migrations import record
from gatepost.migrations.record import Ran
from gatepost.wording import counted

from ..servers import lock_watch
from . import chains

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.settings import Settings

    from ..migration import Migration
    from ..servers.lock_watch import Seen, Watch

FILE = "migrations.json"
_RAN = TypeAdapter(tuple[Ran, ...])


@dataclass
class Change:
    """What came of a change, once the block in which it was made has ended.

    :param migrates: whether a ledger says what ran.
    """

    migrates: bool
    ran: tuple[Ran, ...] = ()
    locks: Locks | None = None

    def __str__(self) -> str:
        said = [_told(self.ran)] if self.migrates else ["exit status 0"]
        return "; ".join([*said, *([str(self.locks)] if self.locks else [])])


@contextlib.contextmanager
def watched(run: Migration, there: Dsn, facts: Path | None = None) -> Iterator[Change]:
    """Note what a block runs in a database; what is seen lies in the run's folder after it.

    :param there: the database that is changed.
    :param facts: where the gate looks that is to judge the locks; None where nobody waits for any.
    :raises NoGo: other migrations ran than were to run.
    """
    settings = run.plan.settings
    change = Change(settings.project.migrate.migrates)
    before = chains.ran(settings, there)
    wanted = chains.due(settings, before)
    with lock_watch.watching(there) if facts else contextlib.nullcontext() as watch:
        yield change
    change.ran = record.since(before, chains.ran(settings, there))
    _write(change.ran, run.folder)
    if watch is not None and facts is not None:
        change.locks = _by_migration(settings, watch, change.ran)
        for folder in (run.folder, facts):
            locks.write(change.locks, folder)
    chains.refuse_others(settings, wanted, change.ran)


def read(folder: Path) -> tuple[Ran, ...]:
    """Return the migrations that a run has run, with the time each took; none if it ran none."""
    with contextlib.suppress(OSError, ValidationError):  # at worst, the report does not list them
        return _RAN.validate_json((folder / FILE).read_bytes())
    return ()


def _write(ran: tuple[Ran, ...], folder: Path) -> None:
    part = folder / f"{FILE}.part"
    part.write_bytes(_RAN.dump_json(ran, indent=2) + b"\n")
    part.replace(folder / FILE)


def _by_migration(settings: Settings, watch: Watch, ran: tuple[Ran, ...]) -> Locks:
    # Ours are dated by the server, which may be ahead of the clock that the locks were seen by.
    ours = settings.project.migrate.runs_migrations
    ahead = dt.timedelta(seconds=watch.ahead if ours else 0.0)

    def by(seen: Seen) -> str:
        until = seen.at + dt.timedelta(seconds=seen.seconds)
        found = (one for one in ran if one.began - ahead <= until and seen.at <= one.ended - ahead)
        return next((one.name for one in found), "")

    return watch.locks(by)


def _told(ran: tuple[Ran, ...]) -> str:
    if not ran:
        return "no migration was pending"
    longest = max(ran, key=lambda one: one.seconds)
    took = spoken(sum(one.seconds for one in ran))
    each = f", the longest {longest.name} in {spoken(longest.seconds)}" if len(ran) > 1 else ""
    return f"{counted(len(ran), 'migration')} in {took}{each}"
