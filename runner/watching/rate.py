"""What share of the last requests failed?"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Requests:
    """How many requests there were, and how many of them failed."""

    all: int = 0
    failed: int = 0

    def __add__(self, other: Requests) -> Requests:
        return Requests(self.all + other.all, self.failed + other.failed)

    def __str__(self) -> str:
        return f"{self.failed} of {self.all} requests failed"


class Window:
    """The requests of the last seconds.

    :param seconds: how far it reaches back.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: deque[tuple[float, Requests]] = deque()

    def add(self, moment: float, new: Requests) -> Requests:
        """Add what came since the last time, and return what is in the window now.

        :param moment: monotonic seconds.
        """
        self._kept.append((moment, new))
        while self._kept[0][0] <= moment - self._seconds:
            self._kept.popleft()
        return sum((one for _, one in self._kept), Requests())
