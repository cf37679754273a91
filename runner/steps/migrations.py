"""The step that runs the project's migrations on the new database."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..programs import children, own_command
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
        return settings.project.migrate.runs_migrations and not settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"run `{spoken(plan)}` against {plan.names.next}"

    def do(self, run: Migration) -> str:
        """Run them.

        :raises ToolFailed: one was refused, or took too long; those before it are applied.
        """
        command = own_command.against(run, run.next, run.folder / "migrations.txt")
        timeout = run.plan.settings.project.migrate.command_timeout
        with own_command.masked(run, command):
            (status,) = children.run(command, timeout=timeout)
            children.check(command, status)
        own_command.make_sure_it_is_gone(run, run.names.next)
        done = command.output.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
        return done[-1]
