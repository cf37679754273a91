"""How long did each step take in the last rehearsal, and how long will the window be?"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from gatepost.durations import spoken
from gatepost.verdict import Word

from .. import steps
from ..outcome import NoGo
from ..steps.change import ChangeGate
from ..steps.cut import Start, Swap
from ..steps.window import Stop

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gatepost.run_file import Run

    from ..plan import Plan
    from ..steps.step import Step

FOLDER = "rehearsals"
MARGIN = 1.5
# Beyond it nothing can be said of the time by what another size of data took.
_OTHER_DATA = 3.0
# They take as long with much data as with little.
_STEADY = frozenset({"swap drill", "snapshot", "create", "carry over", "swap"})


@dataclass(frozen=True)
class Timing:
    """What one step, or one migration, took, in seconds."""

    step: str
    seconds: float


@dataclass(frozen=True)
class Rehearsal:
    """A rehearsal as it is kept.

    :param server: where it was: how fast that is says little of another machine.
    :param source_bytes: -1 where our role may not ask.
    :param rollback_s: the way back, verification included.
    :param phase: empty for all migrations.
    :param migrations: what each that was run took by itself.
    """

    schema_version: Literal[1]
    label: str
    project: str
    target: str
    strategy: str
    fill: str
    at: dt.datetime
    word: Word
    source: str
    server: str
    source_bytes: int
    steps: tuple[Timing, ...]
    rollback_s: float | None
    phase: str = ""
    migrations: tuple[Timing, ...] = ()


@dataclass(frozen=True)
class Expected:
    """What a run will take, after its last rehearsal.

    :param steps: seconds by the name of a step; one that no rehearsal calls is not in it.
    :param window: seconds from the step that stops the application to that which starts it again,
        with the margin.
    :param unknown: the steps of the window that are not in it.
    :param growth: by what the source has grown since.
    :param allowed: seconds; 0 for no limit.
    :param migrations: seconds by the name of a migration that was run.
    """

    at: dt.datetime
    server: str
    steps: dict[str, float]
    window: float
    unknown: tuple[str, ...]
    growth: float
    allowed: float
    migrations: dict[str, float] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Whether the window is one that the project allows."""
        return not self.allowed or self.window <= self.allowed

    @property
    def told(self) -> str:
        """The window in words."""
        allowed = f", {spoken(self.allowed)} allowed" if self.allowed else ""
        without = f", without {_listed(self.unknown)}" if self.unknown else ""
        grown = f"; {self._grown} since" if self.growth > 1 else ""
        return (
            f"{spoken(self.window)} expected{without}{allowed}: the rehearsal of"
            f" {self.at:%Y-%m-%d %H:%M} UTC, and half as much again{grown}"
        )

    @property
    def _grown(self) -> str:
        if self.growth > _OTHER_DATA:
            return f"the source is {self.growth:,.0f} times as large"
        return f"the source has grown by {self.growth - 1:.0%}"

    def refuse(self) -> None:
        """Make sure that the window fits.

        :raises NoGo: it does not.
        """
        if not self.fits:
            raise NoGo(
                f"the window does not fit: {self.told}",
                hint="rehearse it with the data of today: gatepost rehearse"
                if self.growth > _OTHER_DATA
                else "raise limits.downtime, or accept it: --accept-window",
            )


_REHEARSAL = TypeAdapter(Rehearsal)


def kept(plan: Plan, ended: Run, rollback_s: float | None) -> Rehearsal:
    """Return what is kept of a rehearsal."""
    after = plan.after()
    return Rehearsal(
        schema_version=1,
        label=ended.label,
        project=ended.project,
        target=ended.target,
        strategy=plan.settings.target.strategy,
        fill=plan.settings.project.migrate.fill,
        at=ended.started,
        word=ended.word,
        source=plan.before().version,
        server=f"PostgreSQL {after.version} on {after.server}",
        source_bytes=plan.survey.source_bytes,
        steps=tuple(
            Timing(step.name, step.duration_s)
            for step in ended.steps
            if step.state != "not reached"
        ),
        rollback_s=rollback_s,
        phase=plan.settings.phase,
        migrations=tuple(Timing(one.name, round(one.seconds, 3)) for one in ended.migrations),
    )


def write(made: Rehearsal, folder: Path) -> Path:
    """Keep a rehearsal in the folder of them all; return its file."""
    file = folder / f"{made.label}.json"
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8") as opened:
        opened.write(_REHEARSAL.dump_json(made, indent=2).decode() + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(file)
    return file


def as_data(made: Rehearsal) -> dict[str, Any]:
    """Return a rehearsal for a program."""
    told: dict[str, Any] = _REHEARSAL.dump_python(made, mode="json")
    return told


def last(plan: Plan) -> Rehearsal | None:
    """Return the newest rehearsal of this migration that went through; None without one.

    A file that cannot be read is none: at worst, the plan says nothing of time.
    """
    chosen = plan.settings
    for file in sorted((plan.work / FOLDER).glob("2*.json"), reverse=True):
        try:
            found = _REHEARSAL.validate_json(file.read_bytes())
        except ValidationError:
            continue
        same = (found.target, found.strategy, found.fill, found.phase) == (
            chosen.target_name,
            chosen.target.strategy,
            chosen.project.migrate.fill,
            chosen.phase,
        )
        if same and found.word == "GO":
            return found
    return None


def expect(plan: Plan) -> Expected | None:
    """Return what the run will take; None where it was never rehearsed."""
    found = last(plan)
    if found is None:
        return None
    growth = 1.0
    if found.source_bytes > 0:
        growth = max(1.0, plan.survey.source_bytes / found.source_bytes)
    took = {one.step: one.seconds * (1.0 if one.step in _STEADY else growth) for one in found.steps}
    window = [step.name for step in _window(steps.of(plan))]
    return Expected(
        at=found.at,
        server=found.server,
        steps=took,
        window=MARGIN * sum(took.get(name, 0.0) for name in window),
        unknown=tuple(name for name in window if name not in took),
        growth=growth,
        allowed=plan.settings.project.limits.downtime,
        migrations={one.step: one.seconds * growth for one in found.migrations},
    )


def _window(todo: Iterable[Step]) -> list[Step]:
    """Return the steps during which the application is down: from its stop to its start."""
    found = list(todo)
    first = next(at for at, step in enumerate(found) if isinstance(step, Stop))
    ends = [at for at, step in enumerate(found) if isinstance(step, (Start, Swap, ChangeGate))]
    return found[first : max(ends, default=len(found) - 1) + 1]


def _listed(names: tuple[str, ...]) -> str:
    *first, end = names
    return f"{', '.join(first)} and {end}" if first else end
