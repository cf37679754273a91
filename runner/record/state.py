"""In what state is a target?  Read from its databases and their marks; the journals explain.

Nothing is written, nothing is locked, and neither the source nor the target's own database is
entered: both may be closed.
"""

from __future__ import annotations

import contextlib
import enum
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.dsn import Dsn

from ..servers import backends, databases, labels
from ..servers.databases import Database, Session
from ..servers.survey import Unfinished
from . import history, lock
from .history import History

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.settings import Settings

    from ..servers.labels import Mark

_PASSING = ("building", "drill")


class Kind(enum.StrEnum):
    """What state it is."""

    UNTOUCHED = "untouched"
    RUNNING = "a run is under way"
    LEFTOVERS = "leftovers of a run that never swapped"
    CLOSED = "closed before the swap"
    SWAPPED = "swapped, and not yet GO"
    GOING_BACK = "a rollback that stopped half-way"
    GO = "GO"


@dataclass(frozen=True)
class Kept:
    """A database that is kept, an old one or, after a rollback, a new one.

    :param until: a date, of which nobody but a person reminds; empty for a new one.
    """

    name: str
    label: str
    until: str

    @property
    def told(self) -> str:
        """What it is, in words."""
        if self.until:
            return f"{self.name} until {self.until}, the old database of run {self.label}"
        return f"{self.name}, from which run {self.label} was taken back"


@dataclass(frozen=True)
class State:
    """What there is.

    :param label: of the run that it is the state of; empty where no run of ours is known.
    :param live: the database of the target's name; None where there is none.
    :param left: the databases that the run left beside it.
    :param kept: the old databases of this and earlier runs, and the new ones of those taken back.
    :param holder: who holds the run lock; empty if nobody does.
    :param sessions: of the run, on the target's server.
    :param processes: of the run, on this machine.
    :param history: what the run's folder tells; None where it is not here.
    :param name: of the target's database.
    :param maintenance: where the runner stands on the target's server.
    :param system_identifier: of the target's server.
    """

    kind: Kind
    label: str
    live: Database | None
    left: tuple[str, ...]
    kept: tuple[Kept, ...]
    holder: str
    sessions: tuple[Session, ...]
    processes: tuple[int, ...]
    history: History | None
    beside: dict[str, Database]
    name: str
    maintenance: Dsn
    system_identifier: str

    @property
    def unfinished(self) -> bool:
        """Whether a run stopped half-way."""
        return self.kind in {Kind.LEFTOVERS, Kind.CLOSED, Kind.SWAPPED, Kind.GOING_BACK}

    @property
    def unsaid(self) -> bool:
        """Whether a GO is in the database, and the run's own files do not know it yet."""
        return self.kind is Kind.GO and self.history is not None and not self.history.ended

    @property
    def abortable(self) -> bool:
        """Whether it is work of a known run, and not a rollback, which has a way of its own."""
        return self.unfinished and bool(self.label) and self.kind is not Kind.GOING_BACK

    @property
    def swapped(self) -> bool:
        """Whether the new database has the live name, and no GO."""
        return self.kind is Kind.SWAPPED

    @property
    def changing(self) -> bool:
        """Whether the live database was being changed in place: its copy is what it was."""
        said = mark(self.live)
        return said is not None and said.role == labels.CHANGING

    @functools.cached_property
    def found(self) -> str:
        """In one line what shows that a run stopped half-way."""
        run = self.label or "an earlier run"
        if self.swapped:
            return f"{self.name} was swapped by {run}, which came to no GO"
        if self.kind is Kind.GOING_BACK:
            return f"the GO of run {run} is taken back, and not wholly"
        if self.changing:
            return f"{self.name} was being changed by {run}, which came to no GO"
        if self.kind is Kind.CLOSED:
            return f"{self.name} is closed to all sessions" + (f" by {run}" if self.label else "")
        if self.left:
            return f"{self.left[0]} was left by {run}"
        step = self.history.reached[-1].name if self.history and self.history.reached else "?"
        return f"run {run} stopped at the step '{step}'"


def look(settings: Settings, conn: Connection | None = None) -> State:
    """Return the state of the target.

    :param conn: that holds the run lock: then no run is under way but the caller's own.
    :raises CannotConnect: the target's server cannot be reached.
    """
    maintenance = databases.maintenance(settings.after)
    if conn is not None:
        return _derive(conn, settings, maintenance, locked_by_us=True)
    with contextlib.closing(database.read_only(maintenance, label="status")) as looking:
        return _derive(looking, settings, maintenance, locked_by_us=False)


def refuse(state: State) -> None:
    """Make sure that no earlier run stopped half-way.

    :raises Unfinished: it says what was found and how to clean up.
    """
    if state.unfinished:
        raise Unfinished(f"an unfinished run was found: {state.found}", hint=way_out(state))


def way_out(state: State) -> str:
    """Return what a person can do about it; empty where there is nothing to be done."""
    if state.kind is Kind.CLOSED and not state.label:
        return (
            "gatepost rollback --execute goes on where one was begun; else, if no person closed it:"
            f' alter database "{state.name}" with allow_connections true'
        )
    if state.swapped:
        return "gatepost resume goes on to GO, gatepost abort gives the old database back"
    if state.kind is Kind.GOING_BACK:
        return "gatepost rollback goes on with it"
    if state.unsaid:
        return "gatepost resume writes the GO into the run's files, which do not know it yet"
    if state.unfinished:
        return "gatepost abort takes it back, gatepost resume does so and begins again"
    return ""


def mark(there: Database | None) -> Mark | None:
    """Return what a database says of itself; None where it says nothing of ours."""
    return labels.read(there.comment) if there else None


def is_live(there: Database | None, label: str) -> bool:
    """Whether a database says that it is live by the GO of run ``label``."""
    said = mark(there)
    return said is not None and (said.label, said.role) == (label, "live")


def _derive(conn: Connection, settings: Settings, maintenance: Dsn, *, locked_by_us: bool) -> State:
    name = settings.after.dbname
    beside = databases.beside(conn, name)
    system = lock.identity(conn).system_identifier
    holder = "" if locked_by_us else lock.holder(conn, lock.key(system, name))
    work = settings.path(settings.project.migrate.work)
    runs = history.of(work, maintenance, (system, name))
    kind, label = _kind(beside, name, runs)
    if holder:
        kind, label = Kind.RUNNING, runs[0].label if runs else ""
    return State(
        kind=kind,
        label=label,
        live=beside.get(name),
        left=_left(beside, name, label),
        kept=tuple(_kept(beside)),
        holder=holder,
        sessions=tuple(backends.sessions(conn, label)) if label else (),
        processes=tuple(backends.processes(label)) if label else (),
        history=next((run for run in runs if run.label == label), None),
        beside=beside,
        name=name,
        maintenance=maintenance,
        system_identifier=system,
    )


def _kind(beside: dict[str, Database], name: str, runs: tuple[History, ...]) -> tuple[Kind, str]:
    """Return the state, and the label of the run that it is due to."""
    live = beside.get(name)
    said = mark(live)
    role = said.role if said else ""
    if said is not None and role == "swapped":
        return Kind.SWAPPED, said.label
    if said is not None and role == labels.CHANGING:
        return Kind.LEFTOVERS, said.label
    for run in runs:
        if run.going_back:
            return Kind.GOING_BACK, run.label
    closed = live is not None and not live.allows_connections
    passing = [label for one in beside.values() if (label := _passing(one, name))]
    stopped = [run.label for run in runs if run.touched and not run.ended]
    if said is not None and role == "live":
        # Its GO is in the database; that its journal does not say so is no unfinished work.
        stopped = [label for label in stopped if label != said.label]
    label = next(iter((*passing, *stopped)), "")
    if closed:
        return Kind.CLOSED, label
    if label:
        return Kind.LEFTOVERS, label
    return (Kind.GO, said.label) if said and role == "live" else (Kind.UNTOUCHED, "")


def _passing(there: Database, live: str) -> str:
    """Return the run that made a database which only a run in progress has; empty for any other."""
    if mark := labels.read(there.comment):
        names = labels.Names(live, mark.label)
        ours = there.name in (names.next, names.old) or labels.of_a_run(there.name, live)
        return mark.label if ours and mark.role in _PASSING else ""
    return there.name[-labels.LENGTH :] if labels.of_a_run(there.name, live) else ""


def _left(beside: dict[str, Database], name: str, label: str) -> tuple[str, ...]:
    return tuple(one.name for one in beside.values() if label and _passing(one, name) == label)


def _kept(beside: dict[str, Database]) -> list[Kept]:
    said = [(one.name, mark(one)) for one in beside.values()]
    return [
        Kept(name, one.label, one.keep_until)
        for name, one in said
        if one is not None and one.role in {"previous", "failed"}
    ]
