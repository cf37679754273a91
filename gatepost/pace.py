"""How fast may other people's servers be asked, and when is one given up?"""

from __future__ import annotations

import threading
import time
from collections import Counter

# After so many failures in a row a server is not asked again: ten thousand paths on a dead host
# would take hours, each waiting for its own time limit.
GIVE_UP = 20


class Pace:
    """Spaces requests evenly; shared by threads.

    :param per_second: 0 for no limit.
    """

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next request may be sent."""
        if not self._gap:
            return
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._gap
        time.sleep(turn - now)


class Failures:
    """Counts, per server, the requests in a row that brought no answer; shared by threads."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, server: str) -> None:
        """One more request brought no answer."""
        with self._lock:
            self._counts[server] += 1

    def forget(self, server: str) -> None:
        """The server answered."""
        with self._lock:
            self._counts.pop(server, None)

    def gave_up(self, server: str) -> bool:
        """Whether the server is not to be asked again."""
        with self._lock:
            return self._counts[server] >= GIVE_UP
