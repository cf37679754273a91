"""The steps that change a live database in place, beside a verified copy of what it was.

Once the change has begun the databases look as after a swap: the old one is kept under the run's
name, and the way back gives it its name again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from gatepost import database, fingerprint
from gatepost.errors import ToolFailed

from .. import gates
from ..gates import Asked
from ..outcome import NoGo
from ..programs import attempts, changing, own_command
from ..servers import carry, databases, fence, labels, swap, writes
from ..servers.labels import Mark, unmarked
from .command import spoken
from .step import Step

if TYPE_CHECKING:
    from gatepost.dsn import Dsn

    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan
    from ..servers.databases import Database
    from ..servers.writes import Counts


class Keep(Step):
    """Keeps a copy of the live database, and makes sure that it is one."""

    name: ClassVar[str] = "keep copy"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether a live database is to be changed."""
        return plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return (
            f"end the sessions in {plan.names.live}, copy it as a template to {plan.names.old},"
            " and make sure that the copy holds the same"
        )

    def do(self, run: Migration) -> str:
        """Copy and compare.

        :raises NoGo: somebody stays in the database, or it was written to meanwhile.
        """
        live, conn, name = _live(run), run.connection, run.names.old
        timeout = run.plan.settings.project.migrate.swap_timeout

        def copy() -> None:
            databases.copy(conn, run.names, name, of=live)

        run.counts = _counted(run)
        swap.with_nobody_in(conn, (live.name,), copy, timeout)
        carry.give(conn, name, carry.read(conn, live.name, live.connection_limit))
        held = fingerprint.of(_kept(run))
        if held != run.fingerprint:
            raise NoGo(f"{live.name} held {run.fingerprint}, and its copy holds {held}")
        return f"{name}: {held}"

    def found(self, run: Migration) -> bool:
        """Whether the copy is there, and is no more than a copy."""
        there = databases.beside(run.connection, run.names.live)
        copy = there.get(run.names.old)
        return run.names.new in there or (copy is not None and not _is_previous(copy))

    def undo(self, run: Migration) -> str:
        """Drop it."""
        for name in (run.names.new, run.names.old):
            databases.drop_ours(run.connection, name, run.label)
        return f"{run.names.old} dropped"


class Change(Step):
    """Runs the command on the live database itself."""

    name: ClassVar[str] = "change"
    stage: ClassVar[Stage] = "cut"

    def applies(self, plan: Plan) -> bool:
        """Whether a live database is to be changed."""
        return plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        migrate = plan.settings.project.migrate
        return (
            f"run `{spoken(plan)}` against {plan.names.live}, up to {migrate.retries + 1} times"
            f" while it waits longer than {migrate.lock_timeout:g} s for a lock"
        )

    def do(self, run: Migration) -> str:
        """Mark it, and run.

        :raises NoGo: the database was written after it was copied: the way back would lose that.
        :raises ToolFailed: it failed, took too long, or left a session behind.
        """
        live, conn = _live(run), run.connection
        assert run.counts is not None  # noted before the copy
        since = writes.between(run.counts, _counted(run))
        if not since.none:
            raise NoGo(
                f"{live.name} was written after it was copied: {since}",
                hint="stop whoever writes, in the stop hook or by [fence], and begin again",
            )
        days = run.plan.settings.project.migrate.keep_days
        until = (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).date().isoformat()
        was = unmarked(live.comment)
        with conn.transaction():
            databases.comment(conn, run.names.old, str(Mark(run.label, "previous", until, was)))
            databases.comment(conn, live.name, str(Mark(run.label, labels.CHANGING, rest=was)))
        facts = run.folder / gates.CHANGED
        with changing.watched(run, run.plan.settings.after, facts) as change:
            said = attempts.until_done(run, run.plan.settings.after)
        own_command.make_sure_it_is_gone(run, live.name)
        return f"{change}{said}; the gate will check"

    def found(self, run: Migration) -> bool:
        """Whether it was begun, or its way back was not finished."""
        there = databases.beside(run.connection, run.names.live)
        copy, live = there.get(run.names.old), there.get(run.names.live)
        was_begun = copy is not None and _is_previous(copy)
        is_closed = live is not None and live.allows_connections != _live(run).allows_connections
        return was_begun or is_closed or run.names.next in there

    def undo(self, run: Migration) -> str:
        """Give the copy the live name, and drop what the command has made of the original."""
        live, timeout = _live(run), run.plan.settings.project.migrate.swap_timeout
        swap.back(run.connection, run.names, live, timeout)
        noted = fence.read(run.folder)
        if noted is not None and noted.lifted:  # else it is taken down when all is verified
            fence.give_to(run.folder, run.connection, live.name)
        databases.drop_ours(run.connection, run.names.next, run.label)
        return f"{live.name} is the copy of what it was"


class ChangeGate(Step):
    """Asks whether the live database still holds what its copy holds."""

    name: ClassVar[str] = "change gate"
    stage: ClassVar[Stage] = "cut"

    def applies(self, plan: Plan) -> bool:
        """Whether a live database is to be changed."""
        return plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"analyze {plan.names.live}; ask the data gate: {plan.names.old} against it"

    def do(self, run: Migration) -> str:
        """Ask; a database that is a GO is one as after a swap."""
        after, live = run.plan.settings.after, _live(run)
        with contextlib.closing(database.maintenance(after, label="analyze")) as conn:
            conn.execute("analyze")
        facts = run.folder / gates.CHANGED
        said = gates.answer(run, Asked("data", live.name, against=_kept(run), facts=facts))
        with contextlib.closing(database.maintenance(after, label="counts")) as conn:
            writes.write(writes.count(conn), run.folder / writes.FILE)
        mark = Mark(run.label, "swapped", rest=unmarked(live.comment))
        databases.comment(run.connection, live.name, str(mark))
        return said


class CloseCopy(Step):
    """Closes the copy: it is kept as it was."""

    name: ClassVar[str] = "close copy"
    stage: ClassVar[Stage] = "cut"

    def applies(self, plan: Plan) -> bool:
        """Whether a live database is to be changed."""
        return plan.settings.in_place

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        days = plan.settings.project.migrate.keep_days
        return f"close {plan.names.old} to all sessions, and keep it for {days} days"

    def do(self, run: Migration) -> str:
        """Close it; with what the fence had taken, or a rollback would keep users out."""
        fence.give_to(run.folder, run.connection, run.names.old)
        databases.allow_connections(run.connection, run.names.old, allowed=False)
        return f"the old one is kept as {run.names.old}"


def _live(run: Migration) -> Database:
    old = run.plan.survey.old
    if old is None:
        raise ToolFailed(f"{run.names.live} is gone")
    return old


def _counted(run: Migration) -> Counts:
    with contextlib.closing(database.maintenance(run.plan.settings.after, label="counts")) as conn:
        return writes.count(conn, declared=False)


def _kept(run: Migration) -> Dsn:
    return run.plan.settings.after.of(run.names.old)


def _is_previous(there: Database) -> bool:
    mark = labels.read(there.comment)
    return mark is not None and mark.role == "previous"
