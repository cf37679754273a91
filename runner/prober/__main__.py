"""How is a run looked at from outside?  By this process, until it is told to end, or alone.

Its orders come line by line: the first says what to look at, every other where users are now. The
end of the orders is the end of the runner, and of this process, in the middle of whatever it does.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from pathlib import Path
from typing import get_args

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from .look import Sight, State, line, look

END = "end"
_STATES = get_args(State)


@dataclass(frozen=True)
class Order:
    """What to look at, how often, and where to write what was seen.

    :param every: seconds from one look to the next.
    """

    sight: Sight
    state: State
    every: float
    file: Path


ORDER = TypeAdapter(Order)


def main() -> int:
    """Look until told to end."""
    order = ORDER.validate_json(sys.stdin.readline())
    told: queue.SimpleQueue[State | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(told,), daemon=True).start()
    state: State | None = order.state
    with order.file.open("a", encoding="utf-8") as file:
        while state is not None:
            began = time.monotonic()
            file.write(line(look(order.sight, state)))
            file.flush()
            state = _next(told, state, began + order.every)
    return 0


def _listen(told: queue.SimpleQueue[State | None]) -> None:
    for text in sys.stdin:
        word = text.strip()
        told.put(word if word in _STATES else None)  # type: ignore[arg-type]  # looked at
    os._exit(0)  # nobody is left to tell: not even a look that hangs keeps us


def _next(told: queue.SimpleQueue[State | None], state: State | None, until: float) -> State | None:
    """Return the state of the next look, as soon as it is another, or else at its time."""
    while True:
        try:
            new = told.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return state
        if new != state:
            return new


if __name__ == "__main__":
    sys.exit(main())
