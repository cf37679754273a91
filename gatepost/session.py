"""What does one run of a gate share: its two sides, their snapshots, its plan?

The controller opens a session and holds both snapshots until the run ends; workers join it, read
the same moment and come to the same plan.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from gatepost import (
    bounds,
    database,
    locks,
    measured,
    plan,
    recorded,
    replay,
    snapshot,
    terms,
    tunnel,
)
from gatepost.bounds import Brake
from gatepost.budget import Budget
from gatepost.dsn import Dsn
from gatepost.durations import spoken
from gatepost.errors import GatepostError, UsageError
from gatepost.gate import Gate
from gatepost.handover import Handover, Request, new_label
from gatepost.ledgers import standing
from gatepost.names import Relation
from gatepost.parity import hashes, queries
from gatepost.parity.tables import Comparison
from gatepost.promotion import files
from gatepost.recorded import Recorded
from gatepost.schema.catalog import Catalog
from gatepost.settings import Gate as GateName
from gatepost.settings import Settings
from gatepost.side import Side
from gatepost.sides import Sides
from gatepost.sql import question
from gatepost.staging import stage
from gatepost.store import Store
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gatepost.ledgers.standing import Standing

MAINTENANCE = "postgres"
# Seconds for a replica to catch up, where the project says nothing.
_REPLAY = 60.0
# Collections that the head of a report names.
_NAMED = 40


@dataclass
class Session:
    """An open session; `close` ends it, and on the controller both snapshots with it."""

    settings: Settings
    handover: Handover
    before: Side
    after: Side
    plan: plan.Plan
    held: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    said: tuple[str, ...] = ()
    _compared: dict[Relation, Comparison] = field(default_factory=dict)

    @property
    def gate(self) -> Gate:
        """The gate about to be asked, as the reports need it."""
        return Gate(
            name=self.handover.gate,
            label=self.handover.label,
            started=self.handover.started,
            out=self.handover.out,
            settings=self.settings,
            plan=tuple(ask.planned for ask in self.plan.asks),
            not_planned=self.plan.not_planned,
            before=self.before.info,
            after=self.after.info,
            migrations=files.recorded(self.settings),
            remarks=self.remarks,
        )

    def remarks(self) -> tuple[str, ...]:
        """Return how the two sides were compared, and what held reading back."""
        said = list(self.said)
        columns = sum(one.width for one in self._compared.values())
        if columns:
            handover = self.handover
            said.append(hashes.certainty(handover.hash, handover.hash_because, columns))
        for side in (self.before, self.after):
            if side.brake is not None and side.brake.paused:
                reasons = "; ".join(side.brake.reasons)
                said.append(f"{side.label}: reading paused {spoken(side.brake.paused)}: {reasons}")
        return tuple(said)

    @cached_property
    def sides(self) -> Sides:
        """Both sides, to be asked at the same time."""
        return Sides(self.before, self.after)

    def compared(self, relation: Relation) -> Comparison:
        """Return the one comparison of a relation: what it found is not looked for again."""
        if relation not in self._compared:
            self._compared[relation] = Comparison(
                self.sides, self.settings, self.handover, relation
            )
        return self._compared[relation]

    def read_ahead(self, relations: Iterable[Relation]) -> None:
        """Begin to read relations, the large ones first unless the time is bounded.

        Both servers read while the first checks are still asked; a check waits for its own, and
        tells what is wrong with it.
        """
        pairs = []
        for relation in relations:
            with contextlib.suppress(GatepostError, psycopg.Error):
                pairs.append(self.compared(relation).readings)
        known = [pair for pair in pairs if pair is not None]
        if not self.settings.project.limits.budget:
            known.sort(key=lambda pair: -self._bytes(pair[0].relation))
        self.before.begin(pair[0] for pair in known)
        self.after.begin(pair[1] for pair in known)

    def _bytes(self, relation: Relation) -> int:
        table = self.before.catalog.table(relation)
        leaves = self.before.catalog.leaves(relation)
        return sum(one.bytes for one in (*leaves, *([table] if table else ())))

    def close(self) -> None:
        """Close every connection."""
        self.sides.close()
        self.held.close()


def begin(settings: Settings, request: Request) -> Session:
    """Open a session: connect to both sides, fix their snapshots, read their catalogs, plan.

    :raises UsageError: both addresses are one database.
    :raises CannotConnect: a side cannot be reached; nothing stays open.
    """
    with contextlib.ExitStack() as held:
        held.enter_context(tunnel.opened(settings.addresses))
        settings = held.enter_context(stage.opened(settings, request.staging))
        label = request.label or new_label()
        facts = request.facts or _fresh(held)
        after = _after(settings, request)
        before_snapshot = request.before_snapshot
        if settings.baseline is not None:
            _refuse_pre(request.gate)
        elif not before_snapshot:
            before_snapshot = held.enter_context(snapshot.hold(settings.before)).id
        waited = _wait_for(settings, after, request.replayed) if request.replayed else ()
        after_held = held.enter_context(snapshot.hold(after or maintenance(settings.after)))
        handover = Handover(
            gate=request.gate,
            out=request.out,
            label=label,
            started=dt.datetime.now(dt.UTC),
            facts=facts,
            before_snapshot=before_snapshot,
            after_snapshot=after_held.id,
            database=after.dbname if after else "",
            staged=settings.before.raw if settings.staged else "",
            hash="hash64",
            hash_because="",
            utf8=(False, False),
        )
        sides = _sides(
            settings,
            handover,
            settings.project.limits.connections,
            # What the runner has gathered lies in files, whoever reads it.
            alone=(request.alone and request.facts is None, request.alone),
        )
        for side in sides:
            held.callback(side.close)
        agreed, utf8 = terms.agree(*sides, in_place=settings.of_itself and request.gate == "pre")
        handover = replace(handover, hash=agreed.hash, hash_because=agreed.because, utf8=utf8)
        session = _joined(settings, handover, *sides)
        session.said = (*waited, *_standbys(session), *_staged(session))
        session.held = held.pop_all()
        return session


def join(settings: Settings, handover: Handover) -> Session:
    """Open what a worker needs of a session that the controller holds.

    The controller reads ahead by as many connections as are allowed; what a worker asks beside it
    is asked by one.
    """
    if handover.staged:
        settings = stage.settings_for(settings, Dsn(handover.staged))
    with contextlib.ExitStack() as held:
        sides = _sides(settings, handover, connections=1)
        for side in sides:
            held.callback(side.close)
        session = _joined(settings, handover, *sides)
        held.pop_all()
        return session


def before_store(facts: Path, snapshot_id: str, *, alone: bool = False) -> Store:
    """Return where facts of the before side are kept that were read under one snapshot.

    Those of another moment are another folder's: none is ever taken for the other.
    """
    return Store(facts / f"before-{snapshot_id}", alone=alone)


def _fresh(held: contextlib.ExitStack) -> Path:
    return Path(held.enter_context(tempfile.TemporaryDirectory(prefix="gatepost-facts-")))


def _after(settings: Settings, request: Request) -> Dsn | None:
    """Return the address of the after side; None where its database is still to be made."""
    dsn = settings.after.of(request.database) if request.database else settings.after
    if request.gate != "pre":
        return dsn
    conn = database.read_only(maintenance(dsn), label="look")
    with contextlib.closing(conn):
        exists = database.value(conn, question("database_exists"), {"name": dsn.dbname})
    return dsn if exists else None


def maintenance(dsn: Dsn) -> Dsn:
    """Return the address of the database from which others are created and renamed."""
    return dsn.of(MAINTENANCE)


def _refuse_pre(gate: GateName) -> None:
    if gate == "pre":
        raise UsageError(
            "a baseline stands for the source, and the pre gate asks the source itself",
            hint="--gate=data, or the address of the live source",
        )


def _standbys(session: Session) -> Iterator[str]:
    """Yield, for each side that is a standby, what may end its snapshot."""
    for side in (session.before, session.after):
        note = "" if isinstance(side, Recorded) else bounds.standby_note(side.connection)
        if note:
            yield f"{side.label}: {note}"


def _staged(session: Session) -> Iterator[str]:
    """Yield which files stand for the before side, or tables of which other database."""
    found = session.before.staged
    for one in found[:_NAMED]:
        yield f"before: {one.file}: {counted(one.records, 'record')}, sha256 {one.sha256}"
    if len(found) > _NAMED:
        yield f"before: {counted(len(found) - _NAMED, 'more collection')}, see verdict.json"


def _wait_for(settings: Settings, after: Dsn | None, lsn: str) -> tuple[str, ...]:
    """Wait until the after side has replayed ``lsn``: its snapshot is to be no older.

    :raises LimitReached: it did not within `limits.settle`, or a minute where that is not declared.
    """
    if after is None:
        raise UsageError("--after: the target's database does not exist yet")
    waited = replay.wait(after, lsn, timeout=settings.project.limits.settle or _REPLAY)
    return (f"after: had replayed {lsn} {spoken(waited.seconds)} after it was asked",)


def _sides(
    settings: Settings,
    handover: Handover,
    connections: int,
    *,
    alone: tuple[bool, bool] = (False, False),
) -> tuple[Side, Side]:
    """Return both sides, not connected yet.

    :param connections: how many scans may run on each at the same moment.
    :param alone: by side, whether no other process asks for its facts.
    """
    limits = settings.project.limits
    side = partial(
        Side,
        statement=limits.statement,
        connections=connections,
        dask=settings.project.engine.dask,
        budget=Budget(limits.budget, handover.started),
    )
    # First, as it may be refused: then no side was opened that nobody would close.
    before = _before(settings, handover, side, alone=alone[0])
    target = (
        settings.after.of(handover.database) if handover.database else maintenance(settings.after)
    )
    after = side(
        "after",
        target,
        Store(handover.facts / f"after-{handover.gate}", alone=alone[1]),
        snapshot=handover.after_snapshot,
        app=settings.target.app,
        media=settings.target.media,
        brake=Brake(target, limits, snapshot=handover.after_snapshot, of="after"),
    )
    return before, after


def _before(
    settings: Settings, handover: Handover, side: Callable[..., Side], *, alone: bool
) -> Side:
    if settings.baseline is not None:
        return recorded.opened(settings.baseline, settings.source, handover.facts)
    return side(
        "before",
        settings.before,
        before_store(handover.facts, handover.before_snapshot, alone=alone),
        snapshot=handover.before_snapshot,
        app=settings.source.app,
        media=settings.source.media,
        brake=Brake(settings.before, settings.project.limits, snapshot=handover.before_snapshot),
    )


def _catalog(side: Side) -> Catalog:
    return side.catalog


def _joined(settings: Settings, handover: Handover, before: Side, after: Side) -> Session:
    exists = bool(handover.database)
    # Whoever has staged it: this run, or one that handed on where.
    settings = settings.model_copy(update={"staged": bool(before.staged)})
    with ThreadPoolExecutor(max_workers=2) as pool:  # the two servers read side by side
        was, now = pool.map(_catalog, (before, after))
    planned = plan.build(
        settings,
        handover.gate,
        was,
        now if exists else Catalog((), (), (), ()),
        target_exists=exists,
        yielded=queries.yielded(settings, before),
        measured=measured.read(handover.facts),
        collections=tuple(one.name for one in before.staged),
        standing=_standing(settings, before),
        locked=locks.read(handover.facts),
    )
    return Session(settings, handover, before, after, planned)


def _standing(settings: Settings, before: Side) -> Standing | None:
    """Return which migrations the rows of the before side have met, and which they will.

    None where they meet none: they are moved to a database that is made anew, or are no live ones.
    """
    if not settings.of_itself or settings.staged or isinstance(before, Recorded):
        return None
    return standing.of(before.connection, settings, before.catalog)
