"""How do we get back, and how do we know that we are back?"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from gatepost.errors import GatepostError, ToolFailed

from ..record.ledger import told
from ..servers import databases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.run_file import Rollback

    from ..migration import Migration
    from ..record.ledger import Ledger
    from ..servers.databases import Database
    from ..steps.step import Step


def go_back(run: Migration, ledger: Ledger, reached: Sequence[Step]) -> Rollback | None:
    """Undo what the reached steps left, last first, and verify that all is as it was.

    A step that cannot be undone does not keep the others from it: an application that can be
    started again is.

    :return: None where nothing had been left to undo.
    """
    faults = list(_unlocked(run))
    undone = 0
    for step in reversed(reached):
        try:
            if step.found(run):
                undone += 1
                ledger.undo(step, run)
        except Exception as error:  # noqa: BLE001 - the other steps must be undone
            faults.append(f"{step.name}: {told(error)}")
    faults += _faults(run)
    for fault in faults:
        run.journal.note("failed", "rollback", fault)
        run.terminal.say(f"  rollback: {fault}", "red")
    if faults:
        return "failed"
    return "verified" if undone else None


def _unlocked(run: Migration) -> Iterator[str]:
    """Yield why nothing can be said to the target's server, if its session cannot be had again."""
    try:
        run.lock.regain()
    except GatepostError as error:
        yield told(error)


def _faults(run: Migration) -> list[str]:
    try:
        return list(_differences(run))
    except Exception as error:  # noqa: BLE001 - what cannot be looked at is not verified
        return [f"cannot be verified: {told(error)}"]


def _differences(run: Migration) -> Iterator[str]:
    """Yield what is not as it was before the run."""
    was, there = run.plan.survey.old, databases.beside(run.connection, run.names.live)
    now = there.get(run.names.live)
    if was is None and now is not None:
        yield f"database {run.names.live} is there, and was not"
    elif was is not None and now is None:
        yield f"database {run.names.live} is gone"
    elif was is not None and now is not None and _as_known(run, now, was) != was:
        yield f"database {run.names.live} is not the one it was: {now}, was {was}"
    for name in (run.names.next, run.names.new, run.names.drill, run.names.old):
        if name in there and name not in run.plan.survey.beside:
            yield f"database {name} is still there"
    if run.stopped is not None:
        try:
            run.hooks.wait_until(up=True)
        except ToolFailed as error:
            yield error.message


def _as_known(run: Migration, now: Database, was: Database) -> Database:
    """Return a database as it would have been known before: in place, its copy stands in for it."""
    return dataclasses.replace(now, oid=was.oid) if run.plan.settings.in_place else now
