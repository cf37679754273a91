"""What does a run's folder tell of it?  How far it came, and whether it ended."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .. import steps
from ..outcome import Exit
from . import begun, journal
from .begun import Begun
from .journal import Line

if TYPE_CHECKING:
    import datetime as dt

    from gatepost.dsn import Dsn

    from ..steps.step import Step

_STEPS = {step.name: step for step in steps.ALL}
# What follows from a `verdict` line: the run is over, unless its way back had failed.
_OPEN = Exit.ROLLBACK_FAILED


@dataclass(frozen=True)
class History:
    """A run of this target as its journal tells it."""

    folder: Path
    begun: Begun
    lines: tuple[Line, ...]

    @property
    def label(self) -> str:
        """The run's label."""
        return self.begun.label

    @functools.cached_property
    def reached(self) -> tuple[Step, ...]:
        """The steps that were begun and not taken back since, in the order of a run."""
        state: dict[str, str] = {}
        for line in self.lines:
            if line.event in {"intent", "undone"}:
                state[line.step] = line.event
        return tuple(step for name, step in _STEPS.items() if state.get(name) == "intent")

    @property
    def done(self) -> frozenset[str]:
        """The names of the steps that are known to be done."""
        return frozenset(line.step for line in self.lines if line.event == "done")

    @property
    def ended(self) -> bool:
        """Whether the run came to an end, and what it did was kept or taken back."""
        ends = [line for line in self.lines if line.event == "verdict"]
        return bool(ends) and ends[-1].more.get("status") != _OPEN

    @property
    def going_back(self) -> bool:
        """Whether a rollback of its GO was begun, and came neither through nor to nothing."""
        begun_after_go = False
        verdict = False
        for line in self.lines:
            if line.event == "verdict":
                verdict, begun_after_go = True, False
            elif line.event == "intent":
                begun_after_go = verdict
            elif line.event == "rollback" and line.more.get("status") != _OPEN:
                begun_after_go = False
        return begun_after_go

    @property
    def touched(self) -> bool:
        """Whether it had begun anything that others can notice."""
        return any(step.stage != "preflight" for step in self.reached)

    @property
    def stopped_at(self) -> dt.datetime | None:
        """When the stop hook was called; None for never."""
        return next(
            (line.at for line in self.lines if (line.event, line.step) == ("intent", "stop")), None
        )

    @property
    def facts_verified(self) -> bool:
        """Whether the old database was found to hold what it held: users may write by now."""
        return any((line.event, line.step) == ("undone", "old facts") for line in self.lines)


def of(work: Path, maintenance: Dsn, target: tuple[str, str]) -> tuple[History, ...]:
    """Return the runs of a target whose folders lie in ``work``, the latest first.

    :param target: the system identifier of its server, and its name.
    """
    return tuple(
        one
        for folder in sorted(work.glob("[0-9]*-*"), reverse=True)
        if (one := read(folder, maintenance)) is not None
        and (one.begun.survey.target.system_identifier, one.begun.survey.live) == target
    )


def read(folder: Path, maintenance: Dsn) -> History | None:
    """Return the run of a folder; None where its journal does not say with what it began."""
    lines = journal.read(folder)
    first = begun.read(lines, maintenance)
    return History(folder, first, lines) if first else None
