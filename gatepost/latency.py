"""How long does an answer take, and is that within the budget?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.durations import spoken
from gatepost.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gatepost.answers import Answer

SAMPLES = 5


@dataclass(frozen=True)
class Latency:
    """Half of the answers came within ``p50`` seconds, 95 of 100 within ``p95``."""

    p50: float
    p95: float
    asked: int


def measure(ask: Callable[[], Answer], budget: float) -> Latency:
    """Return the latency of ``ask``, which has been asked before: caches are warm.

    A run over the budget is repeated once and the better of the two counts: a busy machine is
    slow now and then, a slow application always is.

    :param budget: seconds.
    """
    first = _run(ask)
    if first.p95 <= budget:
        return first
    second = _run(ask)
    return min(first, second, key=lambda one: one.p95)


def told(latency: Latency | None, budget: float | None) -> tuple[str, ...]:
    """Return the figures as a person says them; nothing without a budget.

    :param budget: seconds.
    """
    if latency is None or budget is None:
        return ()
    figures = f"p50 {spoken(latency.p50)}, p95 {spoken(latency.p95)}"
    return (f"{figures} of {counted(latency.asked, 'answer')}; {spoken(budget)} allowed",)


def finding(what: str, latency: Latency | None, budget: float | None) -> tuple[str, ...]:
    """Return what is wrong with ``latency``; nothing without a budget."""
    if latency is None or budget is None or latency.p95 <= budget:
        return ()
    return (f"{what}: p95 {spoken(latency.p95)}, budget {spoken(budget)}",)


def of(took: Iterable[float]) -> Latency:
    """Return the latency of what took so many seconds, once at least."""
    ordered = sorted(took)
    return Latency(_percentile(ordered, 0.50), _percentile(ordered, 0.95), len(ordered))


def _run(ask: Callable[[], Answer]) -> Latency:
    return of(ask().seconds for _ in range(SAMPLES))


def _percentile(ordered: list[float], part: float) -> float:
    """Return the nearest-rank percentile: a value that was measured, not one in between."""
    return ordered[math.ceil(part * len(ordered)) - 1]
