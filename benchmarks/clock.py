"""How long does something take, and how much do two times of it differ?"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Times:
    """Seconds of several runs."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:.2f} s ({self.least:.2f} to {self.most:.2f})"


def times(of: Callable[[], object], times: int) -> Times:
    """Return how long ``of`` took, called once to warm up and then ``times`` times."""
    of()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        of()
        taken.append(time.perf_counter() - began)
    return Times(statistics.median(taken), min(taken), max(taken))
