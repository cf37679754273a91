"""How does the runner send the prober out, tell it where users are, and call it back?"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from gatepost import database, rooms
from gatepost.durations import spoken
from gatepost.errors import ToolFailed
from gatepost.served import Health

from . import look
from .__main__ import END, ORDER, Order
from .look import Sight

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatepost.settings import Settings

    from .look import Look, State

FILE = "prober.jsonl"
_WORDS = "prober.txt"
_PAUSE = 0.02  # seconds between two looks at the file
_GRACE = 10.0  # seconds for a process to start or to end


@dataclass(frozen=True)
class Outside:
    """The prober of a run under way.

    :param sight: what it looks at.
    :param file: where what it saw is written.
    """

    sight: Sight
    file: Path
    _process: subprocess.Popen[bytes]
    _orders: IO[bytes]

    @property
    def has_ended(self) -> bool:
        """Whether it looks no more, though nobody called it back."""
        return self._process.poll() is not None

    def tell(self, state: State) -> None:
        """Say where users are now.

        :raises ToolFailed: the prober has ended.
        """
        self._say(state)

    def wait(self, seen: Callable[[list[Look]], bool], timeout: float) -> bool:
        """Wait until what was seen is enough, and return whether it was.

        :param timeout: seconds.
        :raises ToolFailed: the prober has ended.
        """
        deadline = time.monotonic() + timeout
        while not seen(look.read(self.file)):
            if self.has_ended:
                raise self._ended()
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)
        return True

    def end(self) -> None:
        """Call the prober back; one that has ended already is no error."""
        with contextlib.suppress(ToolFailed):
            self._say(END)
        with contextlib.suppress(BrokenPipeError):
            self._orders.close()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _say(self, word: str) -> None:
        try:
            self._orders.write(f"{word}\n".encode())
            self._orders.flush()
        except (BrokenPipeError, ValueError):
            raise self._ended() from None

    def _ended(self) -> ToolFailed:
        text = (self.file.parent / _WORDS).read_text(encoding="utf-8", errors="replace").strip()
        said = text.splitlines()[-1] if text else "it said nothing"
        return ToolFailed(f"the prober has ended (status {self._process.poll()}): {said}")


def sight(settings: Settings) -> Sight:
    """Return what is looked at.

    Before the cut it is the source's database, after it the target's; the application is the one
    that the hooks stop and start, the target's, all the time.
    """
    declared, project = settings.project.prober, settings.project
    is_database = not (settings.staged or settings.to_be_staged)
    addresses: dict[State, str] = {
        "before": declared.source or (settings.source.url if is_database else ""),
        # Our own role is kept out by no fence, and must not stand in the way of the cut.
        "closed": declared.source,
        "after": declared.target or settings.target.url,
    }
    asked = Health(path=declared.health) if declared.health else next(iter(project.health), None)
    base = settings.target.app
    # A canary is written where users write: into files none can be.
    table = declared.table if addresses["before"] else ""
    return Sight(addresses, table, base, asked if base else None, declared.timeout)


def start(settings: Settings, folder: Path, state: State) -> Outside:
    """Send the prober out.  What an earlier one of the run has seen stays in its file.

    :param folder: the run's.
    :raises ToolFailed: it cannot be started.
    """
    order = Order(sight(settings), state, settings.project.prober.every, folder / FILE)
    command = (sys.executable, "-m", f"{rooms.module('runner')}.prober")
    # Its sessions are nobody's of the run: they come and go as users' do.
    environment = {key: value for key, value in os.environ.items() if key != database.OF_RUN}
    with (folder / _WORDS).open("ab") as words:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=words,
                stderr=words,
                env=environment,
                cwd=rooms.start_folder(),
                start_new_session=True,  # a Ctrl-C is the runner's to answer
            )
        except OSError as error:
            raise ToolFailed(f"the prober cannot be started: {error.strerror}") from None
    assert process.stdin is not None  # asked for
    outside = Outside(order.sight, order.file, process, process.stdin)
    # Addresses hold passwords: they go through the pipe, and onto no command line.
    outside._say(ORDER.dump_json(order).decode())  # noqa: SLF001 - our own
    return outside


def began(outside: Outside) -> Look:
    """Wait for the first look, and return it.

    :raises ToolFailed: there is none.
    """
    patience = _GRACE + 3 * outside.sight.timeout
    if not outside.wait(bool, patience):
        raise ToolFailed(f"the prober has not looked within {spoken(patience)}")
    return look.read(outside.file)[0]
