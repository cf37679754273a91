"""The last step: from here on, the new database is the one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from gatepost.errors import ToolFailed

from ..servers import databases, labels
from ..servers.labels import Mark, unmarked
from .step import Step

if TYPE_CHECKING:
    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan


class Go(Step):
    """Writes the GO where it outlives this machine: into the live database's own mark.

    It is the point of no return, so no signal is heard from here on.  A crash before it leaves a
    database that says `swapped`, which can be taken back; one after it, a GO.
    """

    name: ClassVar[str] = "go"
    stage: ClassVar[Stage] = "cut"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"mark {plan.names.live} as live: the point of no return"

    def do(self, run: Migration) -> str:
        """Mark it; the comment that was there before any run of ours stays below the mark.

        :raises ToolFailed: something else is there than what this run put there.
        """
        # In the lock's own session: where that is lost, so is the right to say it, and to write it.
        names = run.names
        there = databases.named(run.connection, names.live)
        mark = labels.read(there.comment) if there else None
        # Somebody may have renamed databases by hand: then this is no GO.
        if there is None or mark is None or mark.label != names.label:
            raise ToolFailed(
                f"{names.live} is not what this run put there: {mark or 'it has no mark'}",
                hint="somebody else has been here: gatepost status says what is live",
            )
        rest = unmarked(there.comment)
        databases.comment(run.connection, names.live, str(Mark(names.label, "live", rest=rest)))
        return f"{names.live} is live"
