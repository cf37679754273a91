"""The steps before anything is stopped: may we, and could we go back?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import psycopg

from .. import gates
from ..outcome import NoGo
from ..servers import carry, databases, labels
from .step import Step

if TYPE_CHECKING:
    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan


class PreGate(Step):
    """Asks whether the source is sane and the target ready."""

    name: ClassVar[str] = "pre gate"
    stage: ClassVar[Stage] = "preflight"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"ask the pre gate about {plan.survey.origin.name} and {plan.names.live}; read only"

    def do(self, run: Migration) -> str:
        """Ask."""
        return gates.ask(run, "pre")


class Drill(Step):
    """Does with a scratch database all that the swap and its way back will need.

    A rollback command that was never tried is a wish: rights, locale, template and the rename
    itself are proved here, while the application is still up.
    """

    name: ClassVar[str] = "swap drill"
    stage: ClassVar[Stage] = "preflight"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return (
            f"create {plan.names.drill} like {plan.like},"
            " close it, rename it forth and back, drop it"
        )

    def do(self, run: Migration) -> str:
        """Try.

        :raises NoGo: the server refuses one of the acts.
        """
        conn, names, there = run.connection, run.names, run.plan.survey
        owner = carry.owner(conn, there, run.plan.settings.project.privileges.roles)
        try:
            databases.create(conn, names, names.drill, role="drill", like=there.origin, owner=owner)
            databases.allow_connections(conn, names.drill, allowed=False)
            with conn.transaction():
                databases.rename(conn, names.drill, names.new)
            with conn.transaction():
                databases.rename(conn, names.new, names.drill)
            databases.allow_connections(conn, names.drill, allowed=True)
            databases.drop_ours(conn, names.drill, names.label)
        except psycopg.Error as error:
            if conn.closed:  # the server went away, and has refused nothing
                raise
            raise NoGo(
                f"the swap could not be done: {error.diag.message_primary}",
                hint="the role needs CREATEDB, and to be a member of the owner of the target",
            ) from None
        return "created, renamed forth and back, dropped"

    def found(self, run: Migration) -> bool:
        """Whether the scratch database is there."""
        there = databases.beside(run.connection, run.names.live)
        return any(one.name in _passing(run.names) for one in there.values())

    def undo(self, run: Migration) -> str:
        """Drop it."""
        for name in _passing(run.names):
            databases.drop_ours(run.connection, name, run.label)
        return "scratch database dropped"


def _passing(names: labels.Names) -> tuple[str, str]:
    return names.drill, names.new
