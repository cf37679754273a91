"""The steps that have a run looked at, and used, from outside: what users see counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from gatepost.durations import spoken

from .. import measuring
from ..exercise import exercise
from ..prober import outside, reading
from .step import Step

if TYPE_CHECKING:
    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan


class Prober(Step):
    """Sends the prober out, which looks at the system as its users see it until the run ends."""

    name: ClassVar[str] = "prober"
    stage: ClassVar[Stage] = "preflight"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        declared, sight = plan.settings.project.prober, outside.sight(plan.settings)
        where = f"{sight.base}{sight.health.path}" if sight.health else "the database alone"
        canaries = f", with canaries in {sight.table}" if sight.table else ""
        return f"look from outside every {spoken(declared.every)} at {where}{canaries}"

    def do(self, run: Migration) -> str:
        """Send it out."""
        return measuring.begin(run)

    def found(self, run: Migration) -> bool:
        """Whether it has looked."""
        return measuring.looked(run)

    def undo(self, run: Migration) -> str:
        """Wait until users are seen to get in again: all else is undone by now."""
        return measuring.back_again(run)


class Measure(Step):
    """Waits until users get in again, and hands over how long they could not."""

    name: ClassVar[str] = "measure"
    stage: ClassVar[Stage] = "cut"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        allowed = plan.settings.project.limits.downtime
        of = reading.of(outside.sight(plan.settings))
        limit = f"; {spoken(allowed)} of downtime are allowed" if allowed else ""
        return f"wait until the {of} answers from outside{limit}"

    def do(self, run: Migration) -> str:
        """Wait and measure."""
        return measuring.after_the_cut(run)


class Exercise(Step):
    """Uses the application as its users do, and hands over what came of it."""

    name: ClassVar[str] = "exercise"
    stage: ClassVar[Stage] = "cut"

    def applies(self, plan: Plan) -> bool:
        """Whether there is an application, and the project says how it is used."""
        return exercise.is_declared(plan.settings)

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return exercise.says(plan.settings)

    def do(self, run: Migration) -> str:
        """Write through it, look, and remove what was written; the app gate judges."""
        return measuring.exercised(run)
