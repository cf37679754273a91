"""What became of each step: on the screen, in the journal and in the record, by one hand."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import time
from typing import TYPE_CHECKING

import psycopg

from gatepost import run_file
from gatepost.errors import GatepostError

from ..failpoints import Failpoint
from ..outcome import Interrupted, NoGo
from . import lock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from gatepost.run_file import State

    from ..migration import Migration
    from ..screen.terminal import Terminal
    from ..steps.step import Step
    from .journal import Journal, Line


class Ledger:
    """The records of a run's steps, in order; those that were not reached say so.

    :param failpoint: where a test wants the run to be killed.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        journal: Journal,
        terminal: Terminal,
        failpoint: Failpoint | None = None,
    ) -> None:
        self._records = {step.name: run_file.Step(step.name, "not reached") for step in steps}
        self._journal = journal
        self._terminal = terminal
        self._failpoint = failpoint or Failpoint()

    @property
    def records(self) -> tuple[run_file.Step, ...]:
        """What became of each step so far."""
        return tuple(self._records.values())

    def recall(self, lines: Sequence[Line]) -> None:
        """Take over what a journal says became of the steps, in an earlier process of the run."""
        begun: dict[str, dt.datetime] = {}
        for line in lines:
            if line.step not in self._records:
                continue
            if line.event == "intent":
                begun[line.step] = line.at
            elif line.event in {"done", "failed"} and line.step in begun:
                started = begun[line.step]
                took = round((line.at - started).total_seconds(), 3)
                state: State = "done" if line.event == "done" else "failed"
                record = run_file.Step(line.step, state, started, took, line.detail)
                self._records[line.step] = record
            elif line.event == "undone":
                record = dataclasses.replace(self._records[line.step], state="undone")
                self._records[line.step] = record

    def found_done(self, name: str, detail: str) -> None:
        """Note of a step that was done without a line to say so, by what there is of it."""
        self._records[name] = dataclasses.replace(self._records[name], state="done", detail=detail)

    def do(
        self,
        step: Step,
        run: Migration,
        timing: Callable[[str], AbstractContextManager[None]] = lambda _: contextlib.nullcontext(),
    ) -> None:
        """Do a step: intent before, done or failed after.

        :param timing: holds the step of that name to what is to be held.
        :raises BaseException: whatever the step raised.
        """
        self._journal.write("intent", step.name)
        started, began = dt.datetime.now(dt.UTC), time.monotonic()
        try:
            with (
                self._terminal.running(step.name),
                run.hooks.around(step.name),
                timing(step.name),
            ):
                self._failpoint.reached(step.name, "before", run.folder)
                # Asked once more: its hooks took their time.
                lock.still_held(run.connection)
                detail = step.do(run)
                self._failpoint.reached(step.name, "after", run.folder)
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
                self._failpoint.reached(f"undo {step.name}", "before", run.folder)
                detail = step.undo(run)
                self._failpoint.reached(f"undo {step.name}", "after", run.folder)
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
