"""The steps that try a change in place on a clone, while the application is still up."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, ClassVar

import psycopg

from gatepost import database, run_file, snapshot
from gatepost.errors import ToolFailed

from .. import gates
from ..gates import Asked
from ..programs import archive, chains, changing, children, own_command
from ..servers import carry, databases
from . import dump, restore
from .command import spoken
from .step import Step

if TYPE_CHECKING:
    from pathlib import Path

    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan


class Clone(Step):
    """Makes a clone of the live database.

    That it is one need not be asked: the gate compares what the command makes of it with the live
    database, so that what is missing in a clone is a no, too.
    """

    name: ClassVar[str] = "clone"
    stage: ClassVar[Stage] = "preflight"

    def applies(self, plan: Plan) -> bool:
        """Whether a live database is to be changed."""
        return plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        live = plan.names.live
        return (
            f"copy {live} ({archive.spoken_size(plan.survey.target_bytes)}) to {plan.names.next}:"
            f" as a template if nobody is in it, else by pg_dump {plan.tools.version} under a"
            " snapshot, without a lock"
        )

    def do(self, run: Migration) -> str:
        """Copy, and hold the snapshot that the copy will be compared with."""
        how = "as a template" if self._as_template(run) else self._by_dump(run)
        live = _live(run)
        had = carry.read(run.connection, live.name, live.connection_limit)
        carry.give(run.connection, run.names.next, had)
        return f"{run.names.next}, {how}"

    def _as_template(self, run: Migration) -> bool:
        """Copy the files, if nobody is in the database; nobody is asked to leave."""
        if databases.sessions(run.connection, run.names.live):
            return False
        try:
            databases.copy(run.connection, run.names, run.names.next, of=_live(run))
        except psycopg.errors.ObjectInUse:
            return False
        # Whoever came and wrote between the copy and this is a no of the gate, and no harm.
        _hold(run)
        return True

    def _by_dump(self, run: Migration) -> str:
        _hold(run)
        part, live = run.archive.with_suffix(".part"), _live(run)
        run.plan.tools.must_be_as_chosen()
        pg_dump = dump.command(run, part)
        (status,) = children.run(pg_dump)
        children.check(pg_dump, status, silent=True)
        archive.seal(part, run.archive)
        databases.create(
            run.connection, run.names, run.names.next, role="building", like=live, owner=live.owner
        )
        restore.fill(run)
        # It is of a moment before the stop: nobody may take it for a backup of this run.
        archive.remove(run.archive)
        return f"by pg_dump under snapshot {run.snapshot}"

    def found(self, run: Migration) -> bool:
        """Whether the clone, the snapshot or an archive is there."""
        beside = databases.beside(run.connection, run.names.live)
        left = run.names.new in beside or run.names.next in beside
        return left or bool(run.snapshot) or bool(_archives(run))

    def undo(self, run: Migration) -> str:
        """Drop it and let go."""
        _forget(run)
        return f"{run.names.next} dropped"


class Trial(Step):
    """Runs the command on the clone."""

    name: ClassVar[str] = "trial"
    stage: ClassVar[Stage] = "preflight"

    def applies(self, plan: Plan) -> bool:
        """Whether a live database is to be changed."""
        return plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"run `{spoken(plan)}` against {plan.names.next}, and analyze it"

    def do(self, run: Migration) -> str:
        """Run it.

        :raises NoGo: it fails on a clone of what is live, or runs other migrations than are due.
        :raises ToolFailed: it took too long, was ended, left a session behind, or has changed the
            original.
        """
        settings = run.plan.settings
        original = chains.ran(settings, settings.after)
        command = own_command.against(run, run.next, run.folder / "trial.txt")
        timeout = settings.project.migrate.command_timeout
        with (
            changing.watched(run, run.next, run.facts) as change,
            own_command.masked(run, command),
        ):
            try:
                (status,) = children.run(command, timeout=timeout)
            except ToolFailed:
                chains.refuse_astray(settings, original)
                raise
            chains.refuse_astray(settings, original)
            own_command.check_on_clone(command, status)
        own_command.make_sure_it_is_gone(run, run.names.next)
        with contextlib.closing(database.maintenance(run.next, label="analyze")) as conn:
            conn.execute("analyze")
        return f"{change}; the gate will check"


class TrialGate(Step):
    """Asks whether the clone still holds what the live database held at the same moment."""

    name: ClassVar[str] = "trial gate"
    stage: ClassVar[Stage] = "preflight"

    def applies(self, plan: Plan) -> bool:
        """Whether a live database is to be changed."""
        return plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"ask the data gate: {plan.names.live} as it was copied, against {plan.names.next}"

    def do(self, run: Migration) -> str:
        """Ask."""
        return gates.answer(run, Asked("data", run.names.next, folder=run_file.TRIAL))


class DropClone(Step):
    """Drops the clone: the live database has gone on since."""

    name: ClassVar[str] = "drop clone"
    stage: ClassVar[Stage] = "preflight"

    def applies(self, plan: Plan) -> bool:
        """Whether a live database is to be changed."""
        return plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"drop {plan.names.next}, and let the snapshot go"

    def do(self, run: Migration) -> str:
        """Drop it."""
        _forget(run)
        return f"{run.names.next} dropped"


def _hold(run: Migration) -> None:
    held = run.held.enter_context(snapshot.hold(run.plan.settings.before))
    run.snapshot = held.id


def _forget(run: Migration) -> None:
    run.held.close()
    run.snapshot = ""
    for name in (run.names.new, run.names.next):
        databases.drop_ours(run.connection, name, run.label)
    for left in _archives(run):
        archive.remove(left)


def _archives(run: Migration) -> list[Path]:
    return [*run.folder.glob(f"{run.archive.stem}*.part"), *run.folder.glob(run.archive.name)]


def _live(run: Migration) -> databases.Database:
    old = run.plan.survey.old
    assert old is not None  # it is the source
    return old
