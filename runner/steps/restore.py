"""The step that puts everything into the new database."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, ClassVar

import psycopg
from psycopg.conninfo import make_conninfo

from gatepost import database
from gatepost.errors import GatepostError
from gatepost.sql import question

from ..programs import archive, children
from ..programs.children import Command
from .step import Step

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan

_LOOK = 1.0  # seconds between two looks at the size of what is filled


class Restore(Step):
    """Fills it from the archive."""

    name: ClassVar[str] = "restore"
    stage: ClassVar[Stage] = "window"

    def applies(self, plan: Plan) -> bool:
        """Whether the project fills by a dump."""
        return plan.by_dump

    def says(self, plan: Plan) -> str:
        """Return what it will do."""
        jobs = plan.settings.project.migrate.jobs
        return (
            f"pg_restore {plan.tools.restore_version} -e -j {jobs} into {plan.names.next};"
            " one complaint is a failure"
        )

    def do(self, run: Migration) -> str:
        """Restore what was hashed, into nothing but what is ours."""
        fill(run)
        return f"into {run.names.next}"


def fill(run: Migration, *opening: Command, pipe: Path | None = None) -> None:
    """Restore the archive into the database that is filled.

    All of it at once: pg_restore builds the indexes of one table while it fills another.  Rows
    first, and then the digests read while indexes are built, took 1.4 times as long on two cores.

    :param opening: what reads the archive in our place, and writes into ``pipe``.
    :raises ToolFailed: the archive is not what was written, or pg_restore had a complaint.
    """
    run.plan.tools.must_be_as_chosen()
    archive.verify(run.archive)
    commands = (_restore_command(run, pipe), *opening)
    statuses = children.run(*commands, watch=_growth(run))
    _leave_out_values(run.folder / "restore.errors.txt")
    ended = zip(commands, statuses, strict=True)
    for command, status in sorted(ended, key=lambda pair: pair[1] < 0):
        children.check(command, status, silent=True)


def _growth(run: Migration) -> Callable[[], None]:
    """Return what tells how much of the source's size there is, however often it is called."""
    looked = 0.0

    def watch() -> None:
        nonlocal looked
        if time.monotonic() - looked < _LOOK:
            return
        looked = time.monotonic()
        with contextlib.suppress(psycopg.Error, GatepostError):  # nothing hangs on it
            name = {"name": run.names.next}
            for (size,) in database.rows(run.connection, question("runner_sizes"), name):
                run.terminal.advance(size, max(0, run.plan.survey.source_bytes))

    return watch


def _restore_command(run: Migration, pipe: Path | None) -> Command:
    # A pipe is read once, by one job, and cannot be asked first what it holds.
    how = "--format=custom" if pipe else f"--jobs={run.plan.settings.project.migrate.jobs}"
    argv = [str(run.plan.tools.pg_restore), "-e", "--no-password", how]
    # As a connection string, since pg_restore would read a bare name with = in it as one.
    argv += [
        f"--dbname={make_conninfo(dbname=run.names.next, **run.next.noticing)}",
        str(pipe or run.archive),
    ]
    return Command(
        "pg_restore",
        tuple(argv),
        run.folder / "restore.txt",
        run.folder / "restore.errors.txt",
        archive.client_environment(run, run.next, "restore"),
    )


def _leave_out_values(complaints: Path) -> None:
    """Take out of what a restore said the lines in which the server quotes rows."""
    lines = complaints.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    kept = [line for line in lines if not line.lstrip().startswith(("DETAIL:", "CONTEXT:"))]
    complaints.write_text("".join(kept), encoding="utf-8")
