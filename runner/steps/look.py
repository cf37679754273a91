"""The step of a rehearsal that stands for the locks: it reads one moment, and stops nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import snapshot

from .window import Hold

if TYPE_CHECKING:
    from ..migration import Migration
    from ..plan import Plan


class Look(Hold):
    """Takes the snapshot that everything is read in, without a lock: writers write on."""

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        if plan.from_files:
            return "export a snapshot of what was staged"
        return f"export a snapshot of {plan.survey.origin.name}, without a lock; writers write on"

    def do(self, run: Migration) -> str:
        """Export it.  No holder is noted: nobody is to be asked whether its locks have held."""
        run.snapshot = run.held.enter_context(snapshot.hold(run.plan.settings.before)).id
        return f"snapshot {run.snapshot}"
