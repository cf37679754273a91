"""How long does something take, by the wall and by the processor, and how much do times differ?"""

from __future__ import annotations

import math
import os
import statistics
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Result = TypeVar("Result")

_NANO = 1e-9


@dataclass(frozen=True)
class Spread:
    """One number per round, in the order of the rounds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def least(self) -> float:
        """The smallest."""
        return min(self.values)

    @property
    def most(self) -> float:
        """The largest."""
        return max(self.values)

    def over(self, other: Spread) -> Spread:
        """Return the ratios, round by round: what slows a whole round falls out of them."""
        return spread(a / b for a, b in zip(self.values, other.values, strict=True))

    def minus(self, other: Spread) -> Spread:
        """Return the differences, round by round."""
        return spread(a - b for a, b in zip(self.values, other.values, strict=True))

    def times(self, factor: float) -> Spread:
        """Return each multiplied by ``factor``."""
        return spread(value * factor for value in self.values)

    def __str__(self) -> str:
        if len(self.values) == 1:
            return short(self.median)
        return f"{short(self.median)} ({short(self.least)} to {short(self.most)})"


@dataclass(frozen=True)
class Taken:
    """What one thing took, in seconds per round.

    :param cpu: of the one process that was watched.
    """

    wall: Spread
    cpu: Spread


def in_turns(of: Mapping[str, Callable[[], Result]], rounds: int) -> dict[str, list[Result]]:
    """Return what each gave: all called once to warm up, then in turns, ``rounds`` times.

    In turns, so that a machine that slows down does so for all of them.
    """
    for run in of.values():
        run()
    found: dict[str, list[Result]] = {name: [] for name in of}
    for _ in range(rounds):
        for name, run in of.items():
            found[name].append(run())
    return found


def spread(values: Iterable[float]) -> Spread:
    """Return the numbers of all rounds as one."""
    return Spread(tuple(values))


def wall(of: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Spread]:
    """Return how many seconds each took, in turns."""
    return {name: one.wall for name, one in taken(of, rounds, pid=os.getpid()).items()}


def taken(of: Mapping[str, Callable[[], object]], rounds: int, *, pid: int) -> dict[str, Taken]:
    """Return the same with the processor time of process ``pid``, a server's backend perhaps."""
    found = in_turns({name: partial(_once, run, pid) for name, run in of.items()}, rounds)
    return {
        name: Taken(spread(w for w, _ in both), spread(c for _, c in both))
        for name, both in found.items()
    }


def cpu(pid: int) -> float:
    """Return the seconds that a process has spent on a processor, to the nanosecond.

    Its first thread alone: a PostgreSQL backend has no other.
    """
    folder = Path("/proc") / str(pid)
    try:
        spent = int((folder / "schedstat").read_text().split()[0])
    except FileNotFoundError:  # a kernel without scheduler statistics counts in ticks
        # The program's name comes second, in brackets, and may itself hold blanks and brackets.
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent * _NANO


def _once(run: Callable[[], object], pid: int) -> tuple[float, float]:
    spent, began = cpu(pid), time.perf_counter()
    run()
    return time.perf_counter() - began, cpu(pid) - spent


def short(value: float) -> str:
    """Return three figures: what comes behind them is noise."""
    places = 2 - math.floor(math.log10(abs(value))) if value else 0
    return f"{value:,.{max(places, 0)}f}"
