"""The steps that make the new database beside the old one, and ask whether all arrived."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, ClassVar

from gatepost import database

from .. import carry, databases, gates
from .step import Step

if TYPE_CHECKING:
    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan


class Create(Step):
    """Creates the database that is filled beside the live one."""

    name: ClassVar[str] = "create"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether a database is filled beside the live one."""
        return not plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        like = plan.survey.origin
        owner = plan.survey.old.owner if plan.survey.old else plan.survey.target.role
        return (
            f"create {plan.names.next} from template0, {like.encoding} {like.collate},"
            f" owned by {owner}"
        )

    def do(self, run: Migration) -> str:
        """Create it, marked as ours."""
        there = run.plan.survey
        owner = there.old.owner if there.old else ""
        databases.create(
            run.connection,
            run.names,
            run.names.next,
            role="building",
            like=there.origin,
            owner=owner,
        )
        return run.names.next

    def found(self, run: Migration) -> bool:
        """Whether it, or what was about to become it, is there."""
        beside = databases.beside(run.connection, run.names.live)
        return run.names.new in beside or run.names.next in beside

    def undo(self, run: Migration) -> str:
        """Drop it, if it says that it is ours."""
        for name in (run.names.new, run.names.next):
            databases.drop_ours(run.connection, name, run.label)
        return f"{run.names.next} dropped"


class Filled(Step):
    """Calls the project's hook on the filled database."""

    name: ClassVar[str] = "filled"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether there is such a hook."""
        return bool(plan.settings.project.migrate.filled)

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"call the filled hook with GATEPOST_DATABASE={plan.names.next}"

    def do(self, run: Migration) -> str:
        """Call it; it is told by libpq's own variables how to get in."""
        run.hooks.call("filled", GATEPOST_DATABASE=run.names.next, **run.next.environment())
        return "the filled hook has done its work"


class Carry(Step):
    """Carries over what belongs to a database and is in no archive."""

    name: ClassVar[str] = "carry over"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether a database is filled beside the live one."""
        return not plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        whose = plan.names.live if plan.survey.old else plan.survey.origin.name
        return f"give {plan.names.next} the settings, grants and limits of {whose}"

    def do(self, run: Migration) -> str:
        """Read them where they are, and set them where they are to be."""
        old, origin = run.plan.survey.old, run.plan.survey.origin
        if old is not None:
            had = carry.read(run.connection, old.name, old.connection_limit)
        else:
            with contextlib.closing(database.read_only(run.plan.settings.before)) as conn:
                had = carry.read(conn, origin.name, origin.connection_limit)
        carry.give(run.connection, run.names.next, had)
        return str(had)


class Analyze(Step):
    """Gathers statistics: a planner without them is slow on the first day."""

    name: ClassVar[str] = "analyze"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether a database is filled beside the live one."""
        return not plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"analyze {plan.names.next}"

    def do(self, run: Migration) -> str:
        """Analyze all of it."""
        with contextlib.closing(database.maintenance(run.next, label="analyze")) as conn:
            conn.execute("analyze")
        return "statistics gathered"


class DataGate(Step):
    """Asks whether everything arrived, before anybody can see it."""

    name: ClassVar[str] = "data gate"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether a database is filled beside the live one."""
        return not plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"ask the data gate: {plan.survey.origin.name} against {plan.names.next}"

    def do(self, run: Migration) -> str:
        """Ask."""
        return gates.ask(run, "data", database=run.names.next)
