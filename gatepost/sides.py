"""How are two sides asked at the same moment?  Each is its own server's work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.side import Side

Answer = TypeVar("Answer")


class Sides:
    """The before side and the after side."""

    def __init__(self, before: Side, after: Side) -> None:
        self.before = before
        self.after = after

    def ask(self, question: Callable[[int, Side], Answer]) -> tuple[Answer, Answer]:
        """Return ``question(0, before)`` and ``question(1, after)``, asked side by side."""
        was = self._beside.submit(question, 0, self.before)
        try:
            now = question(1, self.after)
        finally:
            # An error on one side must not leave the other's connection busy.
            was.exception()
        return was.result(), now

    def close(self) -> None:
        """End the thread, then both sides."""
        self.before.close()
        self.after.close()
        self._beside.shutdown()

    @cached_property
    def _beside(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="gatepost")
