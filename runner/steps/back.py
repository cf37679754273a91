"""The steps of a rollback that is asked for after the GO, when users have had the new database."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from gatepost import database, fingerprint
from gatepost.errors import ToolFailed
from gatepost.wording import counted

from ..outcome import NoGo
from ..servers import databases, fence, files, previous, swap, writes
from ..servers.labels import Mark
from ..servers.writes import Counts, Writes
from .step import Step

if TYPE_CHECKING:
    from gatepost.database import Connection

    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan

_PAUSE = 0.1  # seconds between two looks at who is there


@dataclass
class Known:
    """What the steps of one rollback learn from each other.

    :param accepted: how many writes may be lost.
    :param lost: what was written since the swap, once nobody could write any more.
    :param old: what had ever been written to the old database, when it was proved.
    """

    accepted: int = 0
    lost: Writes | None = None
    old: Counts | None = None


class Prove(Step):
    """Proves that the old database holds what it held, while users still have the new one."""

    name: ClassVar[str] = "prove"
    stage: ClassVar[Stage] = "preflight"

    def __init__(self, known: Known) -> None:
        self._known = known

    def applies(self, plan: Plan) -> bool:
        """Whether there is an old database."""
        return plan.survey.old is not None

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"read {plan.names.old}, and compare it with what it held when it was live"

    def do(self, run: Migration) -> str:
        """Read it; it is open meanwhile, under a name that no application knows.

        :raises NoGo: it is not what it was.
        """
        was, there = previous.read(run.folder), run.plan.settings.after.of(run.names.old)
        databases.allow_connections(run.connection, run.names.old, allowed=True)
        try:
            now = fingerprint.of(there)
            with contextlib.closing(database.maintenance(there, label="counts")) as conn:
                self._known.old = writes.count(conn)
        finally:
            databases.allow_connections(run.connection, run.names.old, allowed=False)
        if now != was:
            raise NoGo(f"{run.names.old} held {was}, and now holds {now}: somebody has changed it")
        return f"{run.names.old} holds what it held: {now}"


class ProveFiles(Step):
    """Proves that the files hold what was migrated, where the old system reads them."""

    name: ClassVar[str] = "prove files"
    stage: ClassVar[Stage] = "preflight"

    def applies(self, plan: Plan) -> bool:
        """Whether the source was files."""
        return plan.from_files

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"hash the files of {plan.survey.origin.name}, and compare with what was migrated"

    def do(self, run: Migration) -> str:
        """Hash them; nothing is ever written to them.

        :raises NoGo: they are not what they were, or nobody knows what that is.
        """
        was = files.read(run.folder)
        if not was:
            raise NoGo(f"{run.folder / files.FILE} is gone: nobody can say what the files held")
        since = files.changed(run.plan.settings, was, run.terminal.advance)
        if since:
            raise NoGo(
                f"the files are not what was migrated: {'; '.join(since)}",
                hint="a person must say which of them the old system is to have",
            )
        return f"{counted(len(was), 'collection')} as migrated, by sha256"


class StopNew(Step):
    """Stops the application."""

    name: ClassVar[str] = "stop new"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        if not plan.settings.project.migrate.stop:
            return "no stop hook: nobody is told; sessions are ended"
        return "call the stop hook, and ask the status hook until the application is down"

    def do(self, run: Migration) -> str:
        """Call the hook, and believe the status."""
        run.stopped = time.monotonic()
        if not run.hooks.has("stop"):
            return "no stop hook"
        run.hooks.call("stop", GATEPOST_SYSTEM="new")
        run.hooks.wait_until(up=False)
        return "the application is down"

    def found(self, run: Migration) -> bool:
        """Whether something may have been stopped."""
        return run.stopped is not None and run.hooks.has("start")

    def undo(self, run: Migration) -> str:
        """Start it again, on the new database."""
        run.hooks.call("start", GATEPOST_SYSTEM="new")
        run.hooks.wait_until(up=True)
        return "the application is up on the new database again"


class Count(Step):
    """Closes the new database to all, and counts what was written to it since the swap."""

    name: ClassVar[str] = "count"
    stage: ClassVar[Stage] = "window"

    def __init__(self, known: Known) -> None:
        self._known = known

    @property
    def lost(self) -> Writes | None:
        """What was written since the swap, once nobody could write any more."""
        return self._known.lost

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return (
            f"close {plan.names.live}, end its sessions, and count what was written to it since"
            f" the swap: {counted(self._known.accepted, 'write')} may be lost, and no other number"
        )

    def do(self, run: Migration) -> str:
        """Count from a session that was in before the door was closed: nobody comes after it.

        :raises NoGo: it is another number than the one that was accepted, or somebody stays.
        """
        live = run.names.live
        databases.allow_connections(run.connection, live, allowed=True)  # after a crash, perhaps
        address = run.plan.settings.after
        with contextlib.closing(database.maintenance(address, label="counts")) as conn:
            databases.allow_connections(run.connection, live, allowed=False)
            _end_others(run, conn)
            lost = writes.between(writes.read(run.folder / writes.FILE), writes.count(conn))
        self._known.lost = lost
        refuse(lost, self._known.accepted)
        return f"{lost} since the swap"

    def found(self, run: Migration) -> bool:
        """Whether the new database is there, and closed."""
        there = databases.named(run.connection, run.names.live)
        swapped = run.names.failed in databases.beside(run.connection, run.names.live)
        return there is not None and not there.allows_connections and not swapped

    def undo(self, run: Migration) -> str:
        """Open it again."""
        databases.allow_connections(run.connection, run.names.live, allowed=True)
        return f"{run.names.live} is open again"


class SwapBack(Step):
    """Gives the old database its name back, and keeps the new one under another."""

    name: ClassVar[str] = "swap back"
    stage: ClassVar[Stage] = "window"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        names = plan.names
        if plan.survey.old is None:
            return f"rename {names.live} to {names.failed}, which is kept; no other takes its place"
        return (
            f"in one transaction rename {names.live} to {names.failed}, which is kept, and"
            f" {names.old} to {names.live}"
        )

    def do(self, run: Migration) -> str:
        """Swap."""
        timeout = run.plan.settings.project.migrate.swap_timeout
        away = Mark(run.label, "failed")
        swap.back(run.connection, run.names, run.plan.survey.old, timeout, away=away)
        return f"the new one is kept as {run.names.failed}"


class Verify(Step):
    """Makes sure that the database of the live name is the one that was proved."""

    name: ClassVar[str] = "verify"
    stage: ClassVar[Stage] = "cut"

    def __init__(self, known: Known) -> None:
        self._known = known

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        if plan.survey.old is None:
            return f"make sure that there is no {plan.names.live} any more, as there was none"
        return f"make sure that {plan.names.live} is what was proved, and was not written since"

    def do(self, run: Migration) -> str:
        """Compare what the server says of it; without a proof before, all that it holds.

        :raises ToolFailed: it is not what it was.
        """
        was, now = run.plan.survey.old, databases.named(run.connection, run.names.live)
        if was is None and now is None:
            return f"{run.names.live} is not there, as before; the files are what the system has"
        # A copy that was kept in place of the original has a number of its own.
        if was is None or now is None or replace(now, oid=was.oid) != was:
            raise ToolFailed(f"{run.names.live} is not the one it was: {now}, was {was}")
        address = run.plan.settings.after
        if self._known.old is None:
            held, holds = previous.read(run.folder), fingerprint.of(address)
            if held != holds:
                raise ToolFailed(f"{run.names.live} held {held}, and now holds {holds}")
            return f"{run.names.live} holds what it held: {holds}"
        with contextlib.closing(database.maintenance(address, label="counts")) as conn:
            since = writes.between(self._known.old, writes.count(conn))
        if not since.none:
            raise ToolFailed(f"{run.names.live} was written after it was proved: {since}")
        return f"{run.names.live} is the old one, and was not written since it was closed"


class LiftFence(Step):
    """Takes down the fence that a GO has left around the source."""

    name: ClassVar[str] = "lift fence"
    stage: ClassVar[Stage] = "cut"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        return f"take down what is left of the fence around {plan.survey.origin.name}"

    def do(self, run: Migration) -> str:
        """Give back what was taken, exactly."""
        source = run.plan.settings.before
        with contextlib.closing(database.maintenance(source, label="fence")) as conn:
            return fence.lift(run.folder, conn)


class StartOld(Step):
    """Starts the application on the old database."""

    name: ClassVar[str] = "start old"
    stage: ClassVar[Stage] = "cut"

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        if not plan.settings.project.migrate.start:
            return "no start hook: nobody is told"
        return "call the start hook, and ask the status hook until the application is up"

    def do(self, run: Migration) -> str:
        """Start it, and believe the status."""
        if run.hooks.has("start"):
            run.hooks.call("start", GATEPOST_SYSTEM="old")
            run.hooks.wait_until(up=True)
        run.up_again()
        return "the old application is up" if run.hooks.has("start") else "no start hook"


def refuse(lost: Writes, accepted: int) -> None:
    """Make sure that no more, and no less, would be lost than was accepted.

    :raises NoGo: it would.
    """
    if lost.unknown:
        raise NoGo(
            f"a rollback would lose {lost}",
            hint="a person must compare the two databases, and swap them by hand: docs/runbook.md",
        )
    if lost.number != accepted:
        named = f", and {accepted:,} were named" if accepted else ""
        raise NoGo(
            f"a rollback would lose {lost}{named}",
            hint=f"--lose-writes {lost.number} loses them; the new database is kept, and with it"
            " what is in it.  While users write the number grows: stop the application first",
        )


def _end_others(run: Migration, conn: Connection) -> None:
    """End every session but ours; a session tells what it wrote when it ends."""
    ours = conn.info.backend_pid
    deadline = time.monotonic() + run.plan.settings.project.migrate.swap_timeout
    while there := [
        one for one in databases.sessions(run.connection, run.names.live) if one.pid != ours
    ]:
        if time.monotonic() > deadline:
            who = ", ".join(map(str, there))
            raise NoGo(
                f"{run.names.live} cannot be renamed, since these stay in it: {who}",
                hint="stop them in the stop hook, or let our role end them: pg_signal_backend",
            )
        databases.terminate(run.connection, there)
        time.sleep(_PAUSE)
