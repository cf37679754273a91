"""What became of each step: on the screen, in the journal and in the record, by one hand."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from typing import TYPE_CHECKING

import psycopg

from gatepost import run_file
from gatepost.errors import GatepostError

from .outcome import Interrupted, NoGo

if TYPE_CHECKING:
    from gatepost.run_file import State

    from .journal import Journal
    from .migration import Migration
    from .steps.step import Step
    from .terminal import Terminal


class Ledger:
    """The records of a run's steps, in order; those that were not reached say so."""

    def __init__(self, steps: tuple[Step, ...], journal: Journal, terminal: Terminal) -> None:
        self._records = {step.name: run_file.Step(step.name, "not reached") for step in steps}
        self._journal = journal
        self._terminal = terminal

    @property
    def records(self) -> tuple[run_file.Step, ...]:
        """What became of each step so far."""
        return tuple(self._records.values())

    def do(self, step: Step, run: Migration) -> None:
        """Do a step: intent before, done or failed after.

        :raises BaseException: whatever the step raised.
        """
        self._journal.write("intent", step.name)
        started, began = dt.datetime.now(dt.UTC), time.monotonic()
        try:
            with self._terminal.running(step.name):
                detail = step.do(run)
        except BaseException as error:
            self._record(step, "failed", started, began, told(error))
            self._journal.note("failed", step.name, told(error))
            if isinstance(error, GatepostError) and error.hint:
                self._terminal.keep(f"hint: {error.hint}")
            self._terminal.ended(
                step.name,
                "no" if isinstance(error, NoGo) else "failed",
                time.monotonic() - began,
                told(error),
                "red",
            )
            raise
        self._record(step, "done", started, began, detail)
        self._journal.write("done", step.name, detail)
        self._terminal.ended(step.name, "done", time.monotonic() - began, detail, "green")

    def undo(self, step: Step, run: Migration) -> None:
        """Undo a step.

        :raises BaseException: whatever the step raised.
        """
        self._journal.note("undo", step.name)
        began = time.monotonic()
        try:
            with self._terminal.running(f"undo {step.name}"):
                detail = step.undo(run)
        except BaseException as error:
            self._journal.note("failed", step.name, told(error))
            self._terminal.ended(step.name, "failed", time.monotonic() - began, told(error), "red")
            raise
        record = self._records[step.name]
        if record.state == "done":
            self._records[step.name] = dataclasses.replace(record, state="undone")
        self._journal.note("undone", step.name, detail)
        self._terminal.ended(step.name, "undone", time.monotonic() - began, detail, "yellow")

    def _record(
        self, step: Step, state: State, started: dt.datetime, began: float, detail: str
    ) -> None:
        took = round(time.monotonic() - began, 3)
        self._records[step.name] = run_file.Step(step.name, state, started, took, detail)


def told(error: BaseException) -> str:
    """Return an error as one line that is fit for a screen and a file."""
    if isinstance(error, Interrupted):
        return f"interrupted by {error}"
    if isinstance(error, GatepostError):
        return error.message
    if isinstance(error, psycopg.Error):
        said = error.diag.message_primary or str(error).strip() or type(error).__name__
        return said.splitlines()[0]
    return type(error).__name__
