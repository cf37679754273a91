"""The steps that keep others out of the source, and let back in whom the new system needs."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, ClassVar

from gatepost import database
from gatepost.schema import privileges
from gatepost.schema.privileges.terms import ROLE

from ..outcome import NoGo
from ..servers import fence, others
from .step import Step

if TYPE_CHECKING:
    from gatepost.schema.declarations import Object

    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan


class FenceDrill(Step):
    """Tries the fence in a transaction that is rolled back, while the application is still up."""

    name: ClassVar[str] = "fence drill"
    stage: ClassVar[Stage] = "preflight"

    def applies(self, plan: Plan) -> bool:
        """Whether an act is declared."""
        return fence.is_declared(plan.settings.project.fence)

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return (
            f"put the fence around {plan.survey.origin.name} up in a transaction, and roll it back"
        )

    def do(self, run: Migration) -> str:
        """Try.

        :raises NoGo: an act is refused, or would not do; or an earlier run's fence is still up.
        """
        plan, there = run.plan, run.plan.survey
        declared, name = plan.settings.project.fence, there.origin.name
        left = fence.left_up(plan.work, there.source.system_identifier, name)
        if left is not None:
            raise NoGo(
                f"the fence of run {left.name} is still around {name}: what it took from others"
                " would be taken for what they never had",
                hint=f"gatepost abort --target={plan.settings.target_name}",
            )
        if _one_server(plan) and there.target.role in declared.roles:
            raise NoGo(
                f"the fence would keep us out: role {there.target.role} is the runner's own on the"
                " target, which is the same server",
                hint="give the runner a role of its own",
            )
        with contextlib.closing(database.maintenance(plan.settings.before, label="fence")) as conn:
            fence.drill(conn, name, declared)
        return "tried, and rolled back"


class Fence(Step):
    """Takes the declared rights, and looks whether anybody is left in the source."""

    name: ClassVar[str] = "fence"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether somebody said that others would be gone."""
        return fence.demands_quiet(plan.settings.project) and not plan.from_files

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        declared, name = plan.settings.project.fence, plan.survey.origin.name
        acts = fence.told(declared, name)
        allowed = f", but for {', '.join(declared.allow)}" if declared.allow else ""
        proof = f"make sure that no session of others is in {name}{allowed}"
        return f"{acts}; then {proof}" if acts else proof

    def do(self, run: Migration) -> str:
        """Put it up, and prove it.

        :raises NoGo: somebody stayed, whatever the stop hook said.
        """
        plan, there = run.plan, run.plan.survey
        declared, name = plan.settings.project.fence, there.origin.name
        one_server = _one_server(plan)
        with contextlib.closing(database.maintenance(plan.settings.before, label="fence")) as conn:
            rights = privileges.read(conn)
            whose = fence.Fence(there.source.system_identifier, name)
            fence.put_up(conn, run.folder, whose, declared)
            # Roles are the server's: where that is the target's, too, both sides are fenced.
            run.rights = _with_roles_of(privileges.read(conn), rights) if one_server else rights
            others.wait_until_gone(conn, declared)
        acts = fence.told(declared, name)
        return f"{acts}: nobody is in {name}" if acts else f"nobody is in {name}"

    def found(self, run: Migration) -> bool:
        """Whether a fence is up."""
        return fence.is_up(run.folder)

    def undo(self, run: Migration) -> str:
        """Give back what was taken, exactly."""
        with contextlib.closing(
            database.maintenance(run.plan.settings.before, label="fence")
        ) as conn:
            return fence.lift(run.folder, conn)


class LetIn(Step):
    """Gives roles back what the new system needs; the source stays fenced as far as it can be."""

    name: ClassVar[str] = "let in"
    stage: ClassVar[Stage] = "cut"

    def applies(self, plan: Plan) -> bool:
        """Whether a right was taken."""
        declared = plan.settings.project.fence
        return bool(declared.roles or declared.connect)

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        name = plan.survey.origin.name
        if _one_database(plan):
            return f"take the fence around {name} down"
        if _one_server(plan):
            return f"let the fenced roles log in again; what keeps them out of {name} alone stays"
        return f"leave the fence around {name} up, and say how to take it down"

    def do(self, run: Migration) -> str:
        """Give back what stands in the new system's way, and say what still stands."""
        plan = run.plan
        if not _one_server(plan):
            return self._stays(run)
        with contextlib.closing(database.maintenance(plan.settings.before, label="fence")) as conn:
            whole = _one_database(plan)
            given = fence.lift(run.folder, conn, only=None if whole else "login")
        if whole and not plan.settings.in_place:  # what was swapped away may be swapped back
            fence.give_to(run.folder, run.connection, run.names.old)
        return given if whole else f"{given}; {self._stays(run, 'connect')}"

    def _stays(self, run: Migration, kind: fence.Kind | None = None) -> str:
        noted = fence.read(run.folder)
        if noted is None or not (left := fence.statements(noted, kind)):
            return "nothing of the fence is left"
        name = run.plan.survey.origin.name
        run.terminal.keep(f"{name} stays fenced; to take the fence down, run there:")
        for statement in left:
            run.terminal.keep(f"  {statement};")
        return f"{name} stays fenced; down by: {'; '.join(left)}"


def _with_roles_of(now: tuple[Object, ...], was: tuple[Object, ...]) -> tuple[Object, ...]:
    """Return what there was, but the roles as they are now."""
    kept = [one for one in was if one.kind != ROLE] + [one for one in now if one.kind == ROLE]
    return tuple(sorted(kept, key=lambda one: one.identity))


def _one_server(plan: Plan) -> bool:
    there = plan.survey
    return there.source.system_identifier == there.target.system_identifier


def _one_database(plan: Plan) -> bool:
    return _one_server(plan) and plan.survey.origin.name == plan.survey.live
