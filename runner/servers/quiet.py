"""Was nothing written to the source since the snapshot was taken?

The locks on its tables say so as long as their holder lives.  Where others were to be gone, they
must still be, and the server's counts must stand where they stood: these see tables that were made
since, and large objects, which nobody can lock.  Files are hashed once more.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.wording import counted

from ..outcome import NoGo
from ..record import lock
from . import fence, files, others, writes
from .writes import Writes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatepost.database import Connection
    from gatepost.run_file import SourceFile
    from gatepost.settings import Settings

    from ..migration import Migration
    from .staging import Staging
    from .writes import Counts


FILE = "source-writes.json"


def count(run: Migration) -> Counts:
    """Return what was written to the source so far, in a session of its own."""
    with contextlib.closing(_asking(run)) as conn:
        return writes.count(conn, declared=False)


def prove(run: Migration) -> str:
    """Make sure that what was copied is all there is, and return how that is known.

    :raises ToolFailed: the session that kept writers out is gone.
    :raises NoGo: somebody is there, has written, or waits to write as soon as we let go.
    """
    if run.holder is None:
        return ""
    if run.staging is not None:
        return _prove_files(run, run.staging)
    lock.still_held(run.holder, "the locks on the source are")
    holder = run.holder.info.backend_pid
    with contextlib.closing(_asking(run)) as conn:
        if not fence.demands_quiet(run.plan.settings.project):
            _refuse_waiting(conn, holder)
            run.counts = writes.count(conn, declared=False)
            return "the locks on the source held"
        others.wait_until_gone(conn, run.plan.settings.project.fence, [holder])
        now = writes.count(conn, declared=False)
    assert run.counts is not None  # noted with the snapshot
    since = writes.between(run.counts, now)
    if not since.none:
        raise NoGo(
            f"the source was written after its snapshot: {since}",
            hint="stop whoever writes, in the stop hook or by [fence], and begin again",
        )
    if now.lsn == run.counts.lsn:
        return f"the source's log stands at {now.lsn}, where it stood"
    return "nobody is in the source, and nothing was written to it"


def note(run: Migration) -> None:
    """Keep what was written to the source, in the run's folder: our locks on it end with us."""
    if run.counts is not None:
        writes.write(run.counts, run.folder / FILE)


def prove_again(run: Migration) -> None:
    """Make sure that nobody wrote to the source after the process died that held its locks.

    :raises NoGo: somebody did: it is in the old system alone.
    :raises UsageError: what was there before is not known.
    """
    settings = run.plan.settings
    if run.plan.from_files:
        _refuse_changed(run, settings, files.read(run.folder))
    elif not run.plan.survey.of_itself:  # else it is the old one, and closed
        was = writes.read(run.folder / FILE)
        since = _without_canaries(writes.between(was, count(run)), settings.project.prober.table)
        if not since.none:
            raise NoGo(
                f"the source was written after the run had died: {since}",
                hint="it is in the source alone: gatepost abort gives the old system back",
            )


def _without_canaries(since: Writes, table: str) -> Writes:
    """Leave out the canary that waited for our locks: its prober died before it was acknowledged.

    One that was acknowledged is looked for by its name.
    """
    return Writes(
        {name: rows for name, rows in since.tables.items() if name != table}, since.unknown
    )


def _prove_files(run: Migration, staging: Staging) -> str:
    """Make sure that every file is what was loaded; nobody could have locked them."""
    _refuse_changed(run, staging.settings, staging.files)
    return f"{counted(len(staging.files), 'collection')} of the source unchanged, by sha256"


def _refuse_changed(run: Migration, settings: Settings, was: Sequence[SourceFile]) -> None:
    since = files.changed(settings, was, run.terminal.advance)
    if since:
        raise NoGo(
            f"the source was written after it was read: {'; '.join(since)}",
            hint="stop whoever writes, in the stop hook, and begin again",
        )


def _refuse_waiting(conn: Connection, holder: int) -> None:
    """Make sure that nobody waits to write: it would be written to the old source, and be lost."""
    if there := others.waiting_for(conn, holder):
        who = ", ".join(map(str, there))
        raise NoGo(
            f"what these wait to write to the source would be lost: {who}",
            hint="stop them: [migrate] stop, or [fence]",
        )


def _asking(run: Migration) -> Connection:
    return database.maintenance(run.plan.settings.before, label="fence")
