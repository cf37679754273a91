"""The steps that make the new database beside the old one, and ask whether all arrived."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, ClassVar

from gatepost import database

from .. import gates
from ..programs import own_command
from ..servers import carry, databases, fence
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
        return (
            f"create {plan.names.next} from template0, {like.encoding} {like.collate},"
            f" owned as {plan.like} is"
        )

    def do(self, run: Migration) -> str:
        """Create it, marked as ours."""
        there = run.plan.survey
        owner = carry.owner(run.connection, there, run.plan.settings.project.privileges.roles)
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
        """Call it; it is told by libpq's own variables how to get in.

        :raises ToolFailed: it failed, or left a session behind.
        """
        name = f"{database.APPLICATION} {run.label} filled"
        way_in = {**run.next.environment(), "PGAPPNAME": name}
        run.hooks.call("filled", GATEPOST_DATABASE=run.names.next, **way_in)
        left = {"what": "the filled hook", "application": name}
        own_command.make_sure_it_is_gone(run, run.names.next, **left)
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
        whose = plan.survey.origin.name
        if plan.from_files:
            whose = plan.names.live if plan.survey.old else "nobody: files have none"
            return f"give {plan.names.next} the settings, grants and limits of {whose}"
        said = f"give {plan.names.next} the settings, grants and limits of {whose}"
        if plan.survey.old is None:
            return said
        return f"{said}, and what of {plan.names.live} belongs to where it lives"

    def do(self, run: Migration) -> str:
        """Read them where they are, and set them where they are to be."""
        if run.plan.from_files:
            return self._of_predecessor(run)
        settings, there = run.plan.settings, run.plan.survey
        renamed = settings.project.privileges.roles
        owner = carry.owner(run.connection, there, renamed) or there.target.role
        with contextlib.closing(database.read_only(settings.before, label="carry over")) as conn:
            source = carry.place(conn, there.origin, renamed, fence.read(run.folder))
        # Of the old one where there is one; else of a database that has nothing of its own.
        beside = settings.after if there.old else run.next
        empty = databases.named(run.connection, run.names.next)
        here = there.old or empty
        assert here is not None  # made by `create`
        with contextlib.closing(database.read_only(beside, label="carry over")) as conn:
            old = carry.place(conn, here, {})
        carried = carry.combine(source, old, owner) if there.old else carry.alone(source, old)
        carry.give(run.connection, run.names.next, carried.belongings, owner)
        return str(carried)

    def _of_predecessor(self, run: Migration) -> str:
        """Give it what the database has whose place it takes: files have nothing of the kind."""
        old = run.plan.survey.old
        if old is None:
            return "nothing: the source is files, and there was no database"
        had = carry.read(run.connection, old.name, old.connection_limit)
        carry.give(run.connection, run.names.next, had, old.owner)
        return f"{had} of {old.name}"


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
