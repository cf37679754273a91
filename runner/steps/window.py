"""The steps that make the source hold still, and note what a rollback must give back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from gatepost import fingerprint, session, side, snapshot
from gatepost.errors import ToolFailed

from ..servers import previous, quiet
from .step import Step

if TYPE_CHECKING:
    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan


class Stop(Step):
    """Stops the application; its way back starts the old one."""

    name: ClassVar[str] = "stop"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        if not plan.settings.project.migrate.stop:
            return "no stop hook: nobody is told; writers are kept out of the source by locks"
        return "call the stop hook, and ask the status hook until the application is down"

    def do(self, run: Migration) -> str:
        """Call the hook, and believe the status."""
        if not run.hooks.has("stop"):
            return "no stop hook"
        run.stopped = time.monotonic()
        run.hooks.call("stop", GATEPOST_SYSTEM="old")
        run.hooks.wait_until(up=False)
        return "the application is down"

    def found(self, run: Migration) -> bool:
        """Whether the hook was called: even one that failed may have stopped something."""
        return run.stopped is not None

    def undo(self, run: Migration) -> str:
        """Start the old application, and wait until it is up."""
        if run.recovering and run.hooks.is_up():  # a person may have started it meanwhile
            return "the old application is up already"
        run.hooks.call("start", GATEPOST_SYSTEM="old")
        run.hooks.wait_until(up=True)
        run.up_again()
        return "the old application is up"


class OldFacts(Step):
    """Notes what the target's old database holds, so that a rollback can be verified."""

    name: ClassVar[str] = "old facts"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether there is an old database."""
        return plan.survey.old is not None

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"note the catalog and the digests of {plan.names.live} as it is now"

    def do(self, run: Migration) -> str:
        """Read it."""
        run.fingerprint = fingerprint.of(run.plan.settings.after)
        previous.write(run.fingerprint, run.folder)
        return f"{run.names.live}: {run.fingerprint}"

    def found(self, run: Migration) -> bool:
        """Whether there is something to compare with."""
        return run.fingerprint is not None

    def undo(self, run: Migration) -> str:
        """Compare: all that came later is undone by now, and the application not yet started.

        :raises ToolFailed: the old database is not what it was.
        """
        now = fingerprint.of(run.plan.settings.after)
        if now != run.fingerprint:
            raise ToolFailed(f"{run.names.live} held {run.fingerprint}, and now holds {now}")
        return f"{run.names.live} holds what it held"


class Hold(Step):
    """Locks the source against writers, then takes the snapshot that everything is read in."""

    name: ClassVar[str] = "snapshot"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether the source is copied; in place, who keeps writers out is the fence."""
        return not plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        if plan.from_files:
            return "lock what was staged, then export a snapshot; both are held until the run ends"
        count = len(plan.survey.tables)
        return (
            f"lock {count} tables of {plan.survey.origin.name} against writers (SHARE),"
            " then export a snapshot; both are held until the run ends"
        )

    def do(self, run: Migration) -> str:
        """Lock and export."""
        settings, tables = run.plan.settings, run.plan.survey.relations
        held = run.held.enter_context(
            snapshot.hold(
                settings.before, lock=tables, lock_timeout=settings.project.migrate.lock_timeout
            )
        )
        run.snapshot, run.holder = held.id, held.connection
        rights = run.rights
        if rights is not None:
            # What the fence took is no loss: the gates compare with what there was before it.
            store = session.before_store(run.facts, held.id)
            side.keep_privileges(store, "before", lambda: rights)
        run.counts = quiet.count(run)
        return f"{len(tables)} tables locked, snapshot {held.id}"

    def found(self, run: Migration) -> bool:
        """Whether we hold it."""
        return bool(run.snapshot)

    def undo(self, run: Migration) -> str:
        """Let go."""
        run.held.close()
        run.snapshot, run.holder = "", None
        return "locks and snapshot let go"
