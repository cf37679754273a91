"""What becomes of a Ctrl-C, or of a polite request to end?"""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING

from ..outcome import Interrupted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """Turns the first signal into `Interrupted`; the way back is not interrupted by another.

    :param deaf: whether none does any more; ``heard`` tells all the same if there was one.
    """

    def __init__(self) -> None:
        self.deaf = False
        self.heard = False
        self._interrupted = False

    @contextlib.contextmanager
    def heeded(self) -> Iterator[Signals]:
        """Listen until the block ends.

        Once one was heard, whoever sent it may send more: none of them may end us between the way
        back and our exit status, so they are ignored from then on.
        """
        before = {number: signal.signal(number, self._heard) for number in _HEEDED}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, signal.SIG_IGN if self._interrupted else handler)

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        self.heard = True
        if not self.deaf:
            self.deaf = self._interrupted = True
            raise Interrupted(signal.Signals(number).name)
