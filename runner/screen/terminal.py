"""What does the person in front of the screen see?  One line a step, and a verdict."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from gatepost.durations import spoken

from .progress import Progress, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WIDTH = 13
_BAR = 20  # columns
_REPAINTS = 5  # a second; only on a terminal
# Seconds between two lines of progress where lines cannot be repainted: nobody waits long for the
# first, and an hour is not four hundred lines.
_FIRST, _SHORTEST, _SHARE = 2.0, 15.0, 0.2


class Terminal:
    """Lines to a person: repainted and coloured on a terminal, plain and few anywhere else."""

    def __init__(self, stream: TextIO) -> None:
        self._repaints = stream.isatty() and os.environ.get("TERM", "") != "dumb"
        # What the environment says of colours is for terminals: in a file they are dirt.
        self._console = Console(
            file=stream,
            force_terminal=self._repaints,
            force_jupyter=False,
            color_system="auto" if self._repaints else None,
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=True,
        )
        self._running: Progress | None = None
        self._expected: dict[str, float] = {}
        self._kept: list[str] = []

    def say(self, text: str = "", colour: str = "") -> None:
        """Write one line."""
        self._console.print(Text(text, style=colour))
        self._console.file.flush()

    def expect(self, seconds: Mapping[str, float]) -> None:
        """Take over what the steps to come took when they were last done, in their order."""
        self._expected = dict(seconds)

    @contextlib.contextmanager
    def running(self, name: str) -> Iterator[None]:
        """Show that a step goes on, how far it is and how long it will take, until the block ends.

        One that is within another has no line of its own.
        """
        if self._running is not None:
            yield
            return
        self._running = progress = Progress(name, self._expected.get(name), self._after(name))
        try:
            with self._repainted(progress) if self._repaints else self._repeated(progress):
                yield
        finally:
            self._running = None

    def progress(self, name: str, text: str) -> None:
        """Say how far the running step is: cheap, so call it often."""
        if self._running is not None and self._running.name == name:
            self._running.say(text)

    def advance(self, done: float, total: float = 0, unit: Unit = "bytes") -> None:
        """Say how much of the running step is done, from which its rate follows: as cheap.

        :param total: 0 where nobody knows.
        """
        if self._running is not None:
            self._running.advance(done, total, unit)

    def keep(self, text: str) -> None:
        """Keep a line of the running step until its own line is written."""
        self._kept.append(text)

    def ended(self, name: str, mark: str, duration: float, detail: str, colour: str = "") -> None:
        """Write the line of a step that has ended."""
        line = Text("  ")
        line.append(f"{mark:6}", style=colour)
        line.append(f" {name:{_WIDTH}} {spoken(duration):>9}   {detail}")
        line.rstrip()
        self._console.print(line)
        for text in self._kept:
            self.say(f"{'':9}{text}")
        self._kept.clear()

    def _after(self, name: str) -> float:
        """Return what all steps after this one took; 0 where nobody knows."""
        names = list(self._expected)
        if name not in names:
            return 0
        return sum(self._expected[one] for one in names[names.index(name) + 1 :])

    @contextlib.contextmanager
    def _repainted(self, progress: Progress) -> Iterator[None]:
        with Live(
            console=self._console,
            get_renderable=lambda: _painted(progress, self._console.width),
            refresh_per_second=_REPAINTS,
            transient=True,
            # The one may hold JSON for a program, the other is not ours.
            redirect_stdout=False,
            redirect_stderr=False,
        ):
            yield

    @contextlib.contextmanager
    def _repeated(self, progress: Progress) -> Iterator[None]:
        over = threading.Event()
        teller = threading.Thread(target=self._repeat, args=(progress, over), daemon=True)
        teller.start()
        try:
            yield
        finally:
            over.set()
            teller.join()

    def _repeat(self, progress: Progress, over: threading.Event) -> None:
        pause = _FIRST
        while not over.wait(pause):
            self.say(f"{_head(progress)}   {progress.told}".rstrip())
            pause = max(_SHORTEST, _SHARE * progress.elapsed)


def _head(progress: Progress) -> str:
    return f"  {'…':6} {progress.name:{_WIDTH}} {spoken(progress.elapsed):>9}"


def _painted(progress: Progress, width: int) -> Table:
    """Return a step under way as one line; its words come before its bar where room is short."""
    head, told, share = _head(progress), progress.told, progress.share
    line = Table.grid(padding=(0, 3, 0, 0))
    line.add_column(no_wrap=True, min_width=len(head))
    cells: list[Text | ProgressBar] = [Text(head)]
    if share is not None and len(head) + _BAR + len(told) + 6 <= width:
        line.add_column(width=_BAR)
        bar = ProgressBar(total=1.0, completed=share, width=_BAR, complete_style="green")
        cells.append(bar)
    line.add_column(no_wrap=True, overflow="ellipsis")
    line.add_row(*cells, Text(told))
    return line
