"""How far is the running step, how fast does it go, and how long will it take yet?"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Literal

from gatepost.wording import about, counted, sized

if TYPE_CHECKING:
    from collections.abc import Callable

Unit = Literal["bytes", "percent", "rows"]

_WINDOW = 10.0  # seconds over which a rate is told
_SHORTEST = 1.0  # seconds below which none is
_ALL = 100


class Progress:
    """What is known of a step under way; told from another thread, too.

    :param expected: seconds that it took when it was last done; None where nobody knows.
    :param after: seconds that all steps after it took; 0 where nobody knows.
    """

    def __init__(
        self,
        name: str,
        expected: float | None = None,
        after: float = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._expected = expected
        self._after = after
        self._clock = clock
        self._began = clock()
        self._text = ""
        self._unit: Unit = "bytes"
        self._total = 0.0
        # When it was seen to have come how far, the first of them at least as long ago as a rate
        # looks back.
        self._seen: deque[tuple[float, float]] = deque()

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return self._clock() - self._began

    @property
    def share(self) -> float | None:
        """What is done, from 0 to 1; None where nobody knows of how much."""
        if not self._total or not self._seen:
            return None
        return min(1.0, self._seen[-1][1] / self._total)

    def say(self, text: str) -> None:
        """Tell what it is about, where it cannot be measured."""
        self._text = text

    def advance(self, done: float, total: float, unit: Unit) -> None:
        """Tell how much is done; of how much, unless ``total`` is 0."""
        self._unit, self._total = unit, total
        now = self._clock()
        self._seen.append((now, done))
        while len(self._seen) > 1 and now - self._seen[1][0] >= _WINDOW:
            self._seen.popleft()

    @property
    def told(self) -> str:
        """All of it in one line."""
        parts = [self._text, self._amount(), self._rate(), self._left()]
        return ", ".join(part for part in parts if part)

    def _amount(self) -> str:
        if not self._seen:
            return ""
        done = self._seen[-1][1]
        if self._unit == "percent":
            return f"{done:.0f}%"
        if self._unit == "rows":
            return f"{round(done):,} of about {counted(round(self._total), 'row')}"
        return f"{sized(done)} of {sized(self._total)}" if self._total else sized(done)

    def _speed(self) -> float | None:
        """Return how much is done in a second, of late; None where it was not seen for long."""
        if not self._seen:
            return None
        (began, before), (_, done) = self._seen[0], self._seen[-1]
        took = self._clock() - began
        return (done - before) / took if took >= _SHORTEST else None

    def _rate(self) -> str:
        speed = self._speed()
        if speed is None or self._unit == "percent":
            return ""
        return f"{speed:,.0f} rows/s" if self._unit == "rows" else f"{sized(speed)}/s"

    def _left(self) -> str:
        speed, last_time = self._speed(), self._expected
        if last_time is not None and self.elapsed < last_time:
            left = last_time - self.elapsed
            to_end = f", {about(left + self._after)} to the end" if self._after else ""
            return f"about {about(left)} left{to_end}"
        if speed and self._total:
            return f"about {about(max(0.0, self._total - self._seen[-1][1]) / speed)} left"
        return "" if last_time is None else f"longer than the {about(last_time)} of last time"
