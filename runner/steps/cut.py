"""The steps at the cut: the new database takes the name, the application opens on it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, ClassVar

import psycopg

from gatepost import database
from gatepost.dsn import BASELINE, Dsn
from gatepost.errors import GatepostError

from .. import gates, measuring
from ..exercise import exercise
from ..gates import Asked
from ..servers import databases, labels, quiet, swap, writes
from .step import Step

if TYPE_CHECKING:
    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan


class Swap(Step):
    """Gives the filled database the live name."""

    name: ClassVar[str] = "swap"
    stage: ClassVar[Stage] = "cut"

    def applies(self, plan: Plan) -> bool:
        """Whether there will be one to swap."""
        return not plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        names = plan.names
        if plan.survey.old is None:
            return f"rename {names.next} to {names.live}, which is not there yet"
        return (
            f"close {names.live}, end its sessions, and in one transaction rename"
            f" {names.live} to {names.old} and {names.next} to {names.live}"
        )

    def do(self, run: Migration) -> str:
        """Swap, unless the source may have been written since it was dumped.

        :raises ToolFailed: the session that kept writers out is gone.
        :raises NoGo: somebody is in the source, has written to it, or waits to.
        """
        proof = quiet.prove(run)
        quiet.note(run)
        with contextlib.closing(database.maintenance(run.next, label="counts")) as conn:
            writes.write(writes.count(conn), run.folder / writes.FILE)
        old = run.plan.survey.old
        migrate = run.plan.settings.project.migrate
        swap.forth(
            run.connection,
            run.names,
            old,
            migrate.swap_timeout,
            keep_days=migrate.keep_days,
            comment=labels.unmarked((old and old.comment) or run.plan.survey.origin.comment),
        )
        kept = f"the old one is kept as {run.names.old}" if old else f"{run.names.live} is there"
        return f"{kept}; {proof}" if proof else kept

    def found(self, run: Migration) -> bool:
        """Whether the live database is anything but what it was."""
        return swap.is_begun(run.connection, run.names, run.plan.survey.old)

    def undo(self, run: Migration) -> str:
        """Swap back, and say what users had written to the new one: it is lost with it."""
        timeout = run.plan.settings.project.migrate.swap_timeout
        lost = _lost(run)
        swap.back(run.connection, run.names, run.plan.survey.old, timeout)
        return f"{run.names.live} is the old one again{lost}"


def _lost(run: Migration) -> str:
    """Return in words what was written to the new database since the swap; empty for nothing."""
    there = databases.named(run.connection, run.names.live)
    mark = labels.read(there.comment) if there else None
    if mark is None or (mark.label, mark.role) != (run.label, "swapped"):
        return ""
    try:
        address = run.plan.settings.after
        with contextlib.closing(database.maintenance(address, label="counts")) as conn:
            since = writes.between(writes.read(run.folder / writes.FILE), writes.count(conn))
        # A person who reads of lost writes thinks of users'.
        ours = ", those of the exercise among them" if measuring.has_exercised(run.folder) else ""
    except (GatepostError, psycopg.Error):
        return "; what was written to the new one cannot be told"
    return "" if since.none else f"; lost with the new one: {since}{ours}"


class Start(Step):
    """Starts the application on the new database."""

    name: ClassVar[str] = "start"
    stage: ClassVar[Stage] = "cut"

    def applies(self, plan: Plan) -> bool:
        """Whether there is such a hook."""
        return bool(plan.settings.project.migrate.start)

    def says(self, plan: Plan) -> str:  # noqa: ARG002 - it is always the same
        """Return what it will do."""
        return "call the start hook, and ask the status hook until the application is up"

    def do(self, run: Migration) -> str:
        """Start it, and believe the status; the app gate asks whether it is on the new database."""
        if not (run.recovering and run.hooks.is_up()):
            run.hooks.call("start", GATEPOST_SYSTEM="new")
        run.hooks.wait_until(up=True)
        run.up_again()
        return "the application is up on the new database"

    def found(self, run: Migration) -> bool:
        """Whether there is a way to stop it: a start that failed may have started something."""
        return run.hooks.has("stop")

    def undo(self, run: Migration) -> str:
        """Stop it again."""
        run.downtime = None
        run.hooks.call("stop", GATEPOST_SYSTEM="new")
        run.hooks.wait_until(up=False)
        return "the application is down again"


class AppGate(Step):
    """Asks the application, opened but not yet announced."""

    name: ClassVar[str] = "app gate"
    stage: ClassVar[Stage] = "cut"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        if not _is_declared(plan):
            return _UNDECLARED
        return f"ask the app gate ({plan.settings.target.app}); a GO is the point of no return"

    def do(self, run: Migration) -> str:
        """Ask, if there is anything to ask."""
        if not _is_declared(run.plan):
            return _UNDECLARED
        settings = run.plan.settings
        if not settings.of_itself:
            return gates.ask(run, "app")
        # The source is the target: what it was before is in the copy, or was recorded of it.
        copy = settings.after.of(run.names.old)
        recorded = Dsn(f"{BASELINE}{run.baseline}")
        return gates.answer(run, Asked("app", against=copy if settings.in_place else recorded))


_UNDECLARED = "not planned: the project declares no application to ask"


def _is_declared(plan: Plan) -> bool:
    """Whether the app gate would find a question: one without any is no GO, and no NO-GO either."""
    project = plan.settings.project
    asked = bool(project.endpoints or project.pages or project.health)
    asked = asked or exercise.is_declared(plan.settings)
    return bool(project.media) or (asked and bool(plan.settings.target.app))
