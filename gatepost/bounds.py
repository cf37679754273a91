"""May reading go on, or does it take more of a server than the project allows?

A server is looked at once a second at most, and not at all where nothing was declared.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gatepost import database, monitor
from gatepost.durations import spoken
from gatepost.errors import LimitReached, NotReadable, SnapshotGone
from gatepost.sql import question
from gatepost.wording import counted

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.settings import Limits

INTERVAL = 1.0  # seconds between two looks
PATIENCE = 600.0  # seconds: what presses on a server for so long will not go away by itself

_GIVEN_UP = "reading was given up"


@dataclass(frozen=True)
class Pressure:
    """What a server bears at one moment.

    :param active: sessions of others that run a statement.
    :param snapshot_age: seconds since the transaction that holds our snapshot began; None where
        none was named.
    :param replica_lag: seconds that this standby, or the last of this primary's standbys, is
        behind; None where there is no standby or none is behind.
    :param sees_others: False where the role is not shown what others do, so that ``active`` and a
        primary's ``replica_lag`` mean nothing.
    """

    active: int
    snapshot_age: float | None
    replica_lag: float | None
    standby: bool
    sees_others: bool = True


@dataclass(frozen=True)
class Advice:
    """Whether reading may go on, and, where it may not, by which limit and why."""

    word: Literal["go on", "pause", "stop"]
    limit: Literal["", "snapshot_age", "replica_lag", "active"] = ""
    reason: str = ""


@dataclass(frozen=True)
class _Look:
    active: int
    sees_others: bool
    held: bool
    snapshot_age: float | None
    standby: bool
    replica_lag: float | None


@dataclass(frozen=True)
class _Standby:
    standby: bool
    feedback: bool
    setting: str
    delay: int


def pressure(conn: Connection, *, snapshot: str = "") -> Pressure:
    """Return what a server bears now, by one statement that reads no table.

    :param conn: from `gatepost.monitor.connect`.
    :param snapshot: from `gatepost.snapshot.hold` on the same server.
    :raises SnapshotGone: the session that held it has ended.
    :raises NotReadable: another role holds it, and ours is not shown since when.
    """
    parameters = {"holder": _holder(snapshot)}
    (look,) = database.records(conn, _Look, question("bounds_pressure"), parameters)
    if snapshot and not look.held:
        raise SnapshotGone(
            f"snapshot {snapshot} cannot be read any more: nobody holds it",
            hint="the session that held it has ended; begin the gate again",
        )
    if snapshot and look.snapshot_age is None:
        raise _not_shown("snapshot_age")
    lag = None if look.replica_lag is None else max(0.0, look.replica_lag)
    return Pressure(look.active, look.snapshot_age, lag, look.standby, look.sees_others)


def check(pressure: Pressure, limits: Limits) -> Advice:
    """Return whether reading may go on under limits of which 0 means none.

    What passes by itself is waited for.  A snapshot gets no younger: it stops the reading.

    :raises NotReadable: a limit was declared that our role is not shown enough to keep.
    """
    if limits.active and not pressure.sees_others:
        raise _not_shown("active")
    if limits.replica_lag and not (pressure.sees_others or pressure.standby):
        raise _not_shown("replica_lag")
    age, lag, active = pressure.snapshot_age, pressure.replica_lag, pressure.active
    if limits.snapshot_age and age is not None and age > limits.snapshot_age:
        return Advice(
            "stop",
            "snapshot_age",
            f"the snapshot has been held for {spoken(age)}, "
            f"limits.snapshot_age is {spoken(limits.snapshot_age)}",
        )
    if limits.replica_lag and lag is not None and lag > limits.replica_lag:
        who = "the standby that is read" if pressure.standby else "a standby of this server"
        return Advice(
            "pause",
            "replica_lag",
            f"{who} is {spoken(lag)} behind, limits.replica_lag is {spoken(limits.replica_lag)}",
        )
    if limits.active and active > limits.active:
        return Advice(
            "pause",
            "active",
            f"{counted(active, 'session')} of others active, limits.active is {limits.active}",
        )
    return Advice("go on")


def standby_note(conn: Connection) -> str:
    """Return, in words, what on this standby would end our snapshot; empty on a primary."""
    (found,) = database.records(conn, _Standby, question("bounds_standby"))
    if not found.standby:
        return ""
    kept, way = (
        ("on", "a lock there, as by truncate or alter table,")
        if found.feedback
        else ("off", "a vacuum of rows that it sees, or a lock, as by truncate or alter table,")
    )
    end = (
        "makes replay wait: the standby falls behind"
        if found.delay < 0
        else f"ends its sessions after {spoken(found.delay / 1000)}"
    )
    return (
        f"the snapshot is held on a standby with hot_standby_feedback {kept}: "
        f"on the primary, {way} {end} ({found.setting})"
    )


class Brake:
    """Holds reading threads back while a server bears too much; shared by threads.

    :param snapshot: held on that server, for its age.
    :param of: what the server is called in an error.
    :param patience: the longest pause, in seconds.

    `paused` is how long reading was held back, in seconds: for the report.
    """

    def __init__(
        self,
        dsn: Dsn,
        limits: Limits,
        *,
        snapshot: str = "",
        of: str = "before",
        patience: float = PATIENCE,
    ) -> None:
        self.paused = 0.0
        self._dsn = dsn
        self._limits = limits
        self._snapshot = snapshot
        self._of = of
        self._patience = patience
        self._declared = bool(limits.snapshot_age or limits.replica_lag or limits.active)
        self._conn: Connection | None = None
        self._next = 0.0
        self._reasons: dict[str, str] = {}
        self._stopped = ""
        self._closed = threading.Event()
        # Held during a pause, too: whoever comes then has to wait as well.
        self._lock = threading.Lock()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why reading was held back: for each limit what was said first."""
        return tuple(self._reasons.values())

    def wait(self) -> None:
        """Return when the next slice may be read; at once where nothing was declared.

        :raises LimitReached: the snapshot is too old, or a pause took too long; whoever asks after
            that is told the same.
        :raises SnapshotGone: the session that held it has ended.
        :raises NotReadable: the role is not shown enough to keep a limit.
        """
        if not self._declared:
            return
        with self._lock:
            if self._stopped:
                raise self._used_up()
            if time.monotonic() >= self._next:
                self._hold()
                self._next = time.monotonic() + INTERVAL

    def close(self) -> None:
        """Look no more; who waits in a pause is let go, by an error."""
        self._closed.set()
        with self._lock:
            self._stopped = self._stopped or _GIVEN_UP
            if self._conn:
                self._conn.close()
                self._conn = None

    def _hold(self) -> None:
        began = time.monotonic()
        while (advice := self._advice()).word != "go on":
            waited = time.monotonic() - began
            self._reasons.setdefault(advice.limit, advice.reason)
            if advice.word == "stop":
                self._stopped = advice.reason
            elif waited >= self._patience:
                self._stopped = f"{advice.reason}, after a pause of {spoken(waited)}"
            else:
                self._pause()
            if self._stopped:
                raise self._used_up()

    def _pause(self) -> None:
        began = time.monotonic()
        if self._closed.wait(INTERVAL):
            self._stopped = _GIVEN_UP
        self.paused += time.monotonic() - began

    def _advice(self) -> Advice:
        if self._conn is None:
            self._conn = monitor.connect(self._dsn, label="bounds")
        return check(pressure(self._conn, snapshot=self._snapshot), self._limits)

    def _used_up(self) -> LimitReached:
        return LimitReached(
            f"{self._of}: {self._stopped}",
            hint="raise the limit, or begin again at a quieter hour",
        )


def _not_shown(limit: str) -> NotReadable:
    return NotReadable(
        f"limits.{limit} cannot be kept: the role is not shown what others do",
        hint="grant pg_read_all_stats to the role",
    )


def _holder(snapshot: str) -> str:
    """Return the virtual transaction that an exported snapshot's name holds, in hexadecimal."""
    if not snapshot:
        return ""
    process, transaction, _ = snapshot.split("-")
    return f"{int(process, 16)}/{int(transaction, 16)}"
