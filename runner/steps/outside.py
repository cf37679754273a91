"""The steps that have a run looked at from outside: what users see counts, not our own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from gatepost.durations import spoken

from .. import measuring
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
