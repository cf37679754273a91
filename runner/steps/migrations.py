"""The steps that run the project's migrations on the new database, and try their ways back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from gatepost.migrations import proof
from gatepost.migrations.session import Limits
from gatepost.wording import counted

from ..outcome import NoGo
from ..programs import changing, children, own_command
from ..servers import databases
from .command import spoken
from .step import Step

if TYPE_CHECKING:
    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan


class Migrations(Step):
    """Runs whatever files of SQL did not run on it yet, in their order."""

    name: ClassVar[str] = "migrations"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether migrations of ours make what is filled."""
        settings = plan.settings
        return settings.project.migrate.migrates and not settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"run `{spoken(plan)}` against {plan.names.next}"

    def do(self, run: Migration) -> str:
        """Run them.

        :raises ToolFailed: one was refused, or took too long; those before it are applied.
        :raises NoGo: others ran than were to run; or one was refused on a clone of what is live.
        """
        command = own_command.against(run, run.next, run.folder / "migrations.txt")
        timeout = run.plan.settings.project.migrate.command_timeout
        with changing.watched(run, run.next) as change, own_command.masked(run, command):
            (status,) = children.run(command, timeout=timeout)
            of_itself = run.plan.settings.of_itself
            check = own_command.check_on_clone if of_itself else children.check
            check(command, status)
        own_command.make_sure_it_is_gone(run, run.names.next)
        return str(change)


class WaysBack(Step):
    """Tries on a copy whether the migrations can be taken back, where nobody waits for it."""

    name: ClassVar[str] = "ways back"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether this is a rehearsal of migrations on data that is there already."""
        return _tries_ways_back(plan) and not plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        names = plan.names
        return (
            f"copy {names.next} to {names.drill}; run the migrations there, take them back, run"
            " them again, and make sure each time that all is as it was; drop it"
        )

    def do(self, run: Migration) -> str:
        """Try.

        :raises NoGo: a way back leaves something, takes too much, or fails.
        """
        settings, names = run.plan.settings, run.names
        declared, folder = settings.project.migrate, settings.migrations
        filled = databases.named(run.connection, names.next)
        assert folder is not None  # refused before a run begins
        assert filled is not None  # made by the steps before
        databases.copy(run.connection, names, names.drill, of=filled)
        limits = Limits(declared.lock_timeout, declared.command_timeout)
        copy = settings.after.of(names.drill)
        try:
            came = proof.there_and_back(copy, folder, table=declared.ledger, limits=limits)
        finally:
            databases.drop_ours(run.connection, names.drill, run.label)
        if came.findings:
            raise NoGo(f"the ways back: {came.findings[0]}")
        said = f"{counted(len(came.proved), 'migration')} taken back, and run again: all as it was"
        return "; ".join((said, *came.notes))

    def found(self, run: Migration) -> bool:
        """Whether the copy is there."""
        return run.names.drill in databases.beside(run.connection, run.names.live)

    def undo(self, run: Migration) -> str:
        """Drop it."""
        databases.drop_ours(run.connection, run.names.drill, run.label)
        return "copy dropped"


class CloneWaysBack(WaysBack):
    """Tries the same before a live database is changed in place, on a copy of its clone."""

    name: ClassVar[str] = "ways back of clone"
    stage: ClassVar[Stage] = "preflight"

    def applies(self, plan: Plan) -> bool:
        """Whether this is a rehearsal of migrations in place."""
        return _tries_ways_back(plan) and plan.settings.in_place


def _tries_ways_back(plan: Plan) -> bool:
    # Of what begins empty, the pre gate has tried it.
    return plan.rehearsal and plan.settings.project.migrate.fill == "sql"
