"""How are many small questions asked at once, without holding all of them or all answers?"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")
Result = TypeVar("Result")

# A slow answer at the head must not leave the other threads without work.
_AHEAD = 8


def in_order(
    ask: Callable[[Item], Result], items: Iterable[Item], *, at_once: int
) -> Iterator[Result]:
    """Yield ``ask(item)`` for every item, in the order of the items.

    :param ask: runs in a thread; what it raises is raised here, and nothing more is begun.
    :param items: read from the caller's thread only, a little ahead of what has been yielded.
    :param at_once: how many run at the same moment.
    """
    with ThreadPoolExecutor(at_once) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(ask, item))
                if len(waiting) >= at_once * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
