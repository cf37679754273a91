"""How is a backup made?  Dumped, restored beside, asked about; only then does it count."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import database
from gatepost import dsn as dsns
from gatepost.backups import encryption, manifest
from gatepost.backups.manifest import Stored
from gatepost.errors import UsageError
from gatepost.run_file import Run
from gatepost.sql import question

from .. import failpoints, run
from ..outcome import Exit
from ..programs.hooks import Hooks
from ..record import lock
from ..record.journal import Journal
from ..record.ledger import Ledger
from ..rehearsals import rehearsing
from ..servers import backends, databases, labels
from ..steps.look import Look
from ..steps.target import Analyze, DataGate
from . import alone
from .acts import Certify, Copy, Fill, Give, Room
from .copying import OWN, Copying, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.dsn import Dsn

    from ..plan import Plan
    from ..programs.signals import Signals
    from ..screen.terminal import Terminal
    from ..steps.step import Step

STEPS: tuple[Step, ...] = (
    Look(),
    Copy(),
    Room(),
    Fill(),
    Give(),
    Analyze(),
    DataGate(),
    Certify(),
)


@dataclass(frozen=True)
class Made:
    """What became of it.

    :param stored: the backup, which counts or does not; None where none came to be.
    :param folder: the run's, with the gate's answers; gone where all went well.
    """

    stored: Stored | None
    ended: Run
    folder: Path


def make(wanted: Wanted, terminal: Terminal, signals: Signals) -> Made:
    """Make a backup, and verify it.

    What goes wrong once the run's folder is there is in the outcome and is not raised.

    :raises Locked: another is being verified on the same server.
    :raises GatepostError: it could not be begun; nothing was written but an empty folder.
    """
    encryption.refuse(wanted.declared, wanted.identity)
    label = labels.new(dt.datetime.now(dt.UTC))
    with new_folder(wanted.work / label) as folder:
        first = alone.plan(wanted.settings, wanted.of, folder)
        alone.write(first.settings.project, folder)
        wanted.store.mkdir(mode=0o700, parents=True, exist_ok=True)  # all the data will be in it
        with server(first, wanted.where, durable=False) as there:
            plan = alone.on(first, there)
            backup = Stored(manifest.named(first.survey.origin.name, label), wanted.store)
            with begun(plan, wanted, backup, label, terminal) as copying:
                ended = carried_out(copying, STEPS, signals)
    archive = copying.archive
    stored = manifest.at(archive) if archive.exists() else None
    if ended.exit_status == Exit.GO:
        shutil.rmtree(folder)
    return Made(stored, ended, folder)


@contextlib.contextmanager
def server(plan: Plan, where: str, *, durable: bool = True) -> Iterator[Dsn]:
    """Yield the server on which a copy is restored.

    :param where: its address, `own` for the database's own server, empty for one of ours.
    :param durable: whether one of ours is to be as slow as a real one.
    :raises UsageError: it is not the one that was meant.
    """
    if where == OWN:
        yield plan.settings.before
        return
    if not where:
        with rehearsing.own(plan, durable=durable) as ours:
            yield ours
        return
    given = dsns.parse(where, of="the scratch server")
    with contextlib.closing(database.read_only(databases.maintenance(given))) as conn:
        ((_, identifier, _),) = database.rows(conn, question("identity"))
    if identifier == plan.survey.source.system_identifier:
        raise UsageError(
            "the scratch server is the database's own server",
            hint=f'scratch = "{OWN}" under [backup], if it has the room and the time for it',
        )
    yield given


@contextlib.contextmanager
def begun(
    plan: Plan, wanted: Wanted, backup: Stored, label: str, terminal: Terminal
) -> Iterator[Copying]:
    """Yield a run that holds the lock of its scratch database, and nothing of an earlier one's.

    :param backup: that is to be restored; one that is to be made has no manifest yet.
    :raises Locked: another holds it.
    """
    number = lock.key(plan.survey.target.system_identifier, plan.names.live)
    # A server of ours is nobody else's, and its lock goes with the run's folder.
    shared = wanted.work if wanted.where else wanted.work / label
    with lock.held(shared, plan.survey.maintenance, number) as held:
        rehearsing.drop(held.connection, plan.names.live, frozenset())
        names, folder = labels.Names(plan.names.live, label), wanted.work / label
        copying = Copying(
            plan=plan,
            names=names,
            folder=folder,
            lock=held,
            journal=Journal(folder),
            terminal=terminal,
            hooks=Hooks.of(plan, names, folder),
            wanted=wanted,
            backup=backup,
        )
        with contextlib.closing(copying.journal), copying.held, backends.marked(label):
            yield copying


def carried_out(copying: Copying, todo: tuple[Step, ...], signals: Signals) -> Run:
    """Say what is done, do it, then take back what it left on the scratch server."""
    for number, step in enumerate(todo, 1):
        copying.terminal.say(f"  {number:2}. {step.name:11} {step.says(copying.plan)}")
    copying.terminal.say()
    failpoint = failpoints.given(os.environ, [step.name for step in todo])
    ledger = Ledger(todo, copying.journal, copying.terminal, failpoint)
    return run.carry_out(copying, ledger, signals, todo)


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Yield a new folder for a run, which goes again where the run cannot even be begun."""
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
