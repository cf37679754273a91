"""Which migrations is this run to run, and did whoever ran them run those, and no others?"""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.conduct import PHASES
from gatepost.errors import ToolFailed, UsageError
from gatepost.migrations import chain, files, record
from gatepost.wording import meant

from ..outcome import NoGo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.dsn import Dsn
    from gatepost.migrations.record import Ran
    from gatepost.settings import Settings

FOLDER = "prisma"  # below the run's: what a project's own command may deploy in a phase
_PACKAGES = "node_modules"


def refuse_phase(settings: Settings) -> None:
    """Make sure that what is declared of phases can be followed.

    :raises UsageError: a phase that nobody runs, is not chosen, or whose files are not there.
    """
    declared, phases = settings.project.migrate, settings.project.migrate.phases
    if not phases.names:
        return
    if not declared.migrates:
        raise UsageError(
            f"[migrate.phases] names migrations, and migrate.fill is '{declared.fill}'",
            hint='fill = "prisma", or "sql"',
        )
    if not settings.phase:
        known = [phase for phase in PHASES if phases.of(phase)]
        raise UsageError(
            f"[migrate.phases] declares {', '.join(known)}, and none of them is chosen",
            hint=f"--phase={known[0]}: each is a run of its own",
        )
    assert settings.migrations is not None  # refused before
    there = [one.name for one in chain.of(settings.migrations).files]
    for name in phases.names:
        if name not in there:
            raise UsageError(
                f"[migrate.phases] names {name}, and {settings.migrations.name} has no such file",
                hint=meant(name, there) or "correct the name",
            )


def ran(settings: Settings, there: Dsn) -> tuple[Ran, ...]:
    """Return what the ledger of a database says did run there."""
    with contextlib.closing(database.read_only(there, label="ledger")) as conn:
        return record.read(conn, settings)


def due(settings: Settings, before: tuple[Ran, ...]) -> tuple[str, ...]:
    """Return the migrations that this run is to run, in their order.

    :param before: those that did run.
    :raises NoGo: one of an earlier phase is still pending.
    """
    if settings.migrations is None or not settings.project.migrate.migrates:
        return ()
    known = {one.name for one in before}
    pending = [one.name for one in chain.of(settings.migrations).files if one.name not in known]
    _refuse_early(settings, pending)
    return tuple(name for name in pending if settings.is_due(name))


def forgotten(settings: Settings) -> tuple[str, ...]:
    """Return what is pending where a phase is to run, and of none: no run would run it."""
    folder = settings.migrations
    if not settings.phase or folder is None or settings.to_be_staged or settings.baseline:
        return ()
    names = [one.name for one in chain.of(folder).files if settings.is_forgotten(one.name)]
    known = {one.name for one in ran(settings, settings.before)} if names else set()
    return tuple(name for name in names if name not in known)


def _refuse_early(settings: Settings, pending: list[str]) -> None:
    phases = settings.project.migrate.phases
    for phase in PHASES:
        if phase == settings.phase or not settings.phase:
            return
        waiting = [name for name in phases.of(phase) if name in pending]
        if waiting:
            raise NoGo(
                f"phase {settings.phase}: {waiting[0]} of the phase before, {phase}, is pending",
                hint=f"gatepost migrate --phase={phase} comes first",
            )


def refuse_others(settings: Settings, wanted: tuple[str, ...], came: tuple[Ran, ...]) -> None:
    """Make sure that those ran that were to run: what an exit status says is not believed.

    :param came: what was recorded meanwhile.
    :raises NoGo: one did not run, or another one did.
    """
    if not settings.project.migrate.migrates:
        return
    names = [one.name for one in came]
    for name in wanted:
        if name not in names:
            raise NoGo(
                f"{name} is not recorded as run, whatever the command says",
                hint="does it read the same folder, and DATABASE_URL?",
            )
    for name in names:
        if name not in wanted:
            phase = f" of the phase {settings.phase}" if settings.phase else " that was pending"
            raise NoGo(
                f"{name} was run, and is none{phase}",
                hint="in a phase, deploy the folder $GATEPOST_PRISMA: it holds no other",
            )


def refuse_astray(settings: Settings, was: tuple[Ran, ...]) -> None:
    """Make sure that what was to change a clone has not changed the original.

    :param was: what ran there before.
    :raises ToolFailed: it did; nobody knows what else.
    """
    came = record.since(was, ran(settings, settings.after))
    if came:
        raise ToolFailed(
            f"the command was told of a clone, and has changed {settings.after.dbname} itself:"
            f" {came[0].name} ran there",
            hint="look at that database before anything else; where does the command take its"
            " address from?",
        )


def folder_for(settings: Settings, there: Dsn, run: Path) -> Path | None:
    """Return a copy of the project's schema and migrations, of those pending this phase's alone.

    Those that ran are in it, those of other phases are not: so `prisma migrate deploy` runs what is
    due and no more.

    :param there: the database that is changed.
    :param run: the run's folder.
    :return: None where no phase was chosen: then the project's own folder is the one.
    """
    folder = settings.migrations
    if not settings.phase or folder is None or settings.project.migrate.fill != "prisma":
        return None
    before = ran(settings, there)
    kept = {one.name for one in before} | set(due(settings, before))
    others = {one.name for one in chain.of(folder).files} - kept
    made = run / FOLDER
    shutil.rmtree(made, ignore_errors=True)
    # Nothing else: beside them a project may keep its secrets, or all that it consists of.
    for file in _schema(folder.parent, run):
        copy = made / file.relative_to(folder.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    leave_out = shutil.ignore_patterns(*others, ".*")
    shutil.copytree(folder, made / folder.name, ignore=leave_out, dirs_exist_ok=True)
    return made


def _schema(folder: Path, run: Path) -> Iterator[Path]:
    """Yield the files of a schema, which may be in folders of their own; no copies of a run's."""
    for file in sorted(folder.rglob("*.prisma")):
        if run.parent not in file.parents and _PACKAGES not in file.parts:
            yield file


def last_of_phase(settings: Settings) -> str:
    """Return the version of the last migration of the phase; empty where no phase was chosen."""
    if not settings.phase or settings.migrations is None:
        return ""
    known = {one.name: one for one in files.read(settings.migrations)}
    named = settings.project.migrate.phases.of(settings.phase)
    return max((known[name] for name in named), key=lambda one: one.number).version
