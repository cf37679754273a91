"""Could we go back?  The newest backup is restored, compared, and timed; then a swap is tried.

It is compared with what was recorded when it was made, and not with the database as it is now.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import shutil
from typing import TYPE_CHECKING, ClassVar

from gatepost import database
from gatepost import dsn as dsns
from gatepost.backups import drills, encryption, manifest
from gatepost.backups.drills import Drill
from gatepost.durations import spoken
from gatepost.errors import UsageError
from gatepost.sql import question

from ..migration import Migration
from ..outcome import Exit, NoGo
from ..programs.hooks import Hooks
from ..record import lock
from ..servers import labels, survey
from ..steps import before
from ..steps.step import Step
from ..steps.target import Analyze, DataGate
from . import alone, making
from .acts import LIKE, Fill, Give, Room
from .copying import Copying

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gatepost.backups.manifest import Manifest, Stored
    from gatepost.run_file import Run
    from gatepost.verdict import Word

    from ..outcome import Stage
    from ..plan import Plan
    from ..programs.signals import Signals
    from ..screen.terminal import Terminal
    from .copying import Wanted


class TrySwap(Step):
    """Tries the swap and its way back on the target's own server, with a scratch database."""

    name: ClassVar[str] = "swap drill"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:  # noqa: ARG002 - it is always the same
        """Return what it will do."""
        return "create a database on the target's own server, rename it forth and back, drop it"

    def do(self, run: Migration) -> str:
        """Try it, unless a migration of that target is under way.

        :raises Locked: one is.
        :raises NoGo: the server refuses one of the acts.
        """
        assert isinstance(run, Copying)
        settings, drill = run.wanted.settings, before.Drill()
        work = settings.path(settings.project.migrate.work)
        found = survey.look(
            settings.model_copy(
                update={"source": settings.source.model_copy(update={"url": settings.target.url})}
            )
        )
        names = labels.Names(found.live, run.label)
        number = lock.key(found.target.system_identifier, found.live)
        with lock.held(work, found.maintenance, number) as held:
            plan = dataclasses.replace(run.plan, survey=found, names=names)
            there = Migration(
                plan=plan,
                names=names,
                folder=run.folder,
                lock=held,
                journal=run.journal,
                terminal=run.terminal,
                hooks=Hooks.of(plan, names, run.folder),
            )
            try:
                return drill.do(there)
            finally:
                if drill.found(there):
                    drill.undo(there)


RESTORE: tuple[Step, ...] = (Room(), Fill(), Give(), Analyze())
STEPS: tuple[Step, ...] = (*RESTORE, DataGate(), TrySwap())


def chosen(wanted: Wanted, file: Path | None) -> Stored:
    """Return the backup that is to be restored.

    :param file: its archive; None for the newest that counts.
    :raises NoGo: there is none that counts.
    :raises UsageError: nothing is known of the file.
    """
    if file is not None:
        stored = manifest.at(file)
        if stored is None or stored.manifest is None:
            raise UsageError(
                f"{file.name}: no manifest beside it, so that nobody knows what it should hold",
                hint="gatepost backup makes one; keep its files together",
            )
        return stored
    target = wanted.settings.after
    with contextlib.closing(database.read_only(target, label="drill")) as conn:
        ((_, identifier, name),) = database.rows(conn, question("identity"))
    newest = manifest.newest_good(wanted.store, (identifier, name))
    if newest is None:
        raise NoGo(
            f"no backup of {name} in {wanted.store} counts",
            hint="gatepost backup makes one",
        )
    return newest


def drill(wanted: Wanted, stored: Stored, terminal: Terminal, signals: Signals) -> Drill:
    """Restore a backup, compare it, try the swap, and keep how that went.

    :raises GatepostError: it could not be begun; nothing was changed.
    """
    known = stored.manifest
    assert known is not None  # or it would not have been chosen
    _refuse_locked(wanted, stored)
    label = labels.new(dt.datetime.now(dt.UTC))
    baseline = (stored.folder / known.baseline).resolve()
    with making.new_folder(wanted.work / label) as folder:
        first = _as_it_was(alone.plan(wanted.settings, "target", folder), known)
        alone.write(first.settings.project, folder)
        with making.server(first, wanted.where) as there:
            plan = alone.on(first, there, before=f"{dsns.BASELINE}{baseline}")
            plan = _as_it_was(plan, known)
            with making.begun(plan, wanted, stored, label, terminal) as copying:
                ended = making.carried_out(copying, STEPS, signals)
    if ended.exit_status == Exit.GO:
        shutil.rmtree(folder)
    return _kept(wanted, stored, plan, ended, label)


def _refuse_locked(wanted: Wanted, stored: Stored) -> None:
    """Make sure that an encrypted backup can be opened, before anything is made for it."""
    if stored.manifest is None or not stored.manifest.encrypted_to:
        return
    if not wanted.declared.identity:
        raise UsageError(
            f"{stored.archive.name} is encrypted, and [backup] names no identity",
            hint='name the file of a private key: identity = "…"',
        )
    if why := encryption.opens(stored.archive, wanted.identity):
        raise UsageError(f"{stored.archive.name} cannot be restored: {why}")


def _as_it_was(plan: Plan, known: Manifest) -> Plan:
    """Return the plan with the database made as it was when it was backed up."""
    like = LIKE.validate_python(known.like)
    return dataclasses.replace(plan, survey=dataclasses.replace(plan.survey, origin=like))


def _kept(wanted: Wanted, stored: Stored, plan: Plan, ended: Run, label: str) -> Drill:
    took = {one.name: one.duration_s for one in ended.steps if one.state in ("done", "undone")}
    back = _sum(took, (step.name for step in RESTORE))
    allowed = wanted.settings.project.limits.rollback
    word, why = _word(ended, back, allowed)
    there = plan.after()
    assert stored.at is not None  # its manifest is there
    made = Drill(
        version=drills.VERSION,
        label=label,
        target=wanted.settings.target_name,
        at=ended.started,
        word=word,
        why=why,
        backup=stored.name,
        backup_at=stored.at,
        back_s=back,
        allowed_s=allowed,
        swap_s=took.get(TrySwap.name),
        server=f"PostgreSQL {there.version} on {there.server}",
    )
    drills.write(made, wanted.work.parent)
    return made


def _word(ended: Run, back: float | None, allowed: float) -> tuple[Word, str]:
    failed = next((one for one in ended.steps if one.state == "failed"), None)
    if failed is not None:
        # A no of a gate, or of the swap, is an answer; a program that failed is none.
        word: Word = "NO-GO" if ended.word == "NO-GO" else "INCOMPLETE"
        return word, f"{failed.name}: {failed.detail}"
    if ended.exit_status != Exit.GO:
        return "INCOMPLETE", ended.meaning
    if back is not None and allowed and back > allowed:
        return "NO-GO", f"back after {spoken(back)}, {spoken(allowed)} allowed"
    return "GO", ""


def _sum(took: dict[str, float], names: Iterable[str]) -> float | None:
    wanted = list(names)
    return round(sum(took[name] for name in wanted), 3) if took.keys() >= set(wanted) else None
