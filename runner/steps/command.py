"""The step that fills the new database by a command of the project's own."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar

from gatepost import baseline

from ..programs import own_command, recording
from .recorded import Recorded

if TYPE_CHECKING:
    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan


class FillByCommand(Recorded):
    """Runs whatever migrates, and records the baseline of the source meanwhile.

    What it reports is not what it did: whether all arrived is what the data gate finds.
    """

    name: ClassVar[str] = "command"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether the project fills by a command."""
        settings = plan.settings
        return settings.project.migrate.fill == "command" and not settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return (
            f"run `{spoken(plan)}` against {plan.names.next}, and record a baseline of"
            f" {plan.survey.origin.name} meanwhile"
        )

    def do(self, run: Migration) -> str:
        """Run it.

        :raises ToolFailed: it failed, took too long, or left a session behind.
        """
        command = own_command.against(run, run.next, run.folder / "command.txt")
        timeout = run.plan.settings.project.migrate.command_timeout
        with own_command.masked(run, command):
            recording.beside(run, command, timeout=timeout)
        own_command.make_sure_it_is_gone(run, run.names.next)
        return f"exit status 0, which the data gate will check; {baseline.FILE} beside it"


def spoken(plan: Plan) -> str:
    """Return what is run, fit for a screen: our migrations, or the project's command."""
    settings = plan.settings
    declared, given = settings.project.migrate, settings.project.migrate.command
    if not given and settings.migrations:
        phase = f" (phase {settings.phase})" if settings.phase else ""
        name = settings.migrations.name
        if declared.fill == "prisma":
            return f"python -m gatepost.migrations deploy {name}{phase}"
        return f"gatepost migrations up {name}{phase}"
    said = given if isinstance(given, str) else shlex.join(given)
    return plan.settings.before.masked(plan.settings.after.masked(said))
