"""What becomes of a Ctrl-C, or of a polite request to end?"""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING

from .outcome import Interrupted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """Turns the first signal into `Interrupted`; the way back is not interrupted by another."""

    def __init__(self) -> None:
        self.deaf = False

    @contextlib.contextmanager
    def heeded(self) -> Iterator[Signals]:
        """Listen until the block ends."""
        before = {number: signal.signal(number, self._heard) for number in _HEEDED}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if not self.deaf:
            self.deaf = True
            raise Interrupted(signal.Signals(number).name)
