"""What does the person in front of the screen see?  One line a step, and a verdict."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from typing import TYPE_CHECKING, TextIO

from gatepost.durations import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH = 12
_REPAINT = 0.2  # seconds; only on a terminal
_COLUMNS = 80  # of a terminal that does not say
_HEARTBEAT = 15.0  # seconds between two lines of progress where lines cannot be repainted
_COLOURS = {"green": "32", "red": "31", "yellow": "33", "dim": "2", "bold": "1"}


class Terminal:
    """Lines to a person: repainted and coloured on a terminal, plain and few anywhere else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._repaints = stream.isatty() and os.environ.get("TERM", "") != "dumb"
        self._colours = self._repaints and "NO_COLOR" not in os.environ
        self._progress = ""
        self._said = 0.0
        self._kept: list[str] = []

    def say(self, text: str = "", colour: str = "") -> None:
        """Write one line."""
        self._stream.write(f"{self._painted(text, colour)}\n")
        self._stream.flush()

    @contextlib.contextmanager
    def running(self, name: str) -> Iterator[None]:
        """Show that a step goes on, and for how long, until the block ends."""
        self._progress, self._said = "", time.monotonic()
        if not self._repaints:
            yield
            return
        over = threading.Event()
        painter = threading.Thread(target=self._paint, args=(name, over), daemon=True)
        painter.start()
        try:
            yield
        finally:
            over.set()
            painter.join()
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def progress(self, name: str, text: str) -> None:
        """Say how far the running step is: cheap, so call it often."""
        self._progress = text
        if not self._repaints and text and time.monotonic() - self._said > _HEARTBEAT:
            self._said = time.monotonic()
            self.say(f"  {name:{_WIDTH}} … {text}")

    def keep(self, text: str) -> None:
        """Keep a line of the running step until its own line is written."""
        self._kept.append(text)

    def ended(self, name: str, mark: str, duration: float, detail: str, colour: str = "") -> None:
        """Write the line of a step that has ended."""
        line = f"  {self._painted(f'{mark:6}', colour)} {name:{_WIDTH}} {spoken(duration):>9}"
        self.say(f"{line}   {detail}".rstrip())
        for text in self._kept:
            self.say(f"{'':9}{text}")
        self._kept.clear()

    def _paint(self, name: str, over: threading.Event) -> None:
        began = time.monotonic()
        while not over.wait(_REPAINT):
            width = os.get_terminal_size(self._stream.fileno()).columns or _COLUMNS
            line = f"  {'…':6} {name:{_WIDTH}} {spoken(time.monotonic() - began):>9}"
            self._stream.write(f"\r\x1b[K{f'{line}   {self._progress}'[: width - 1]}")
            self._stream.flush()

    def _painted(self, text: str, colour: str) -> str:
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self._colours and colour else text
