"""How does a program run beside us, so that it ends when we do and its words are kept?

Each child leads a process group of its own: a Ctrl-C at the terminal reaches us alone, and what a
child has started ends with it.  On Linux a child is asked to end even if we are killed outright.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import lifeline
from gatepost.durations import spoken
from gatepost.errors import ToolFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LOOK = 0.1  # seconds between two looks at the children
_GRACE = 5.0  # seconds between asking a child to end and ending it
_QUOTED = 300  # characters of a child's words in a message
_HEEDED: ContextVar[Callable[[], None] | None] = ContextVar("heeded", default=None)


@dataclass(frozen=True)
class Command:
    """A program to run.

    :param name: what it is called in messages.
    :param environment: added to ours; secrets go here and never into ``argv``.
    :param output: where its words go; ``errors`` too, unless they have a file of their own.
    """

    name: str
    argv: tuple[str, ...]
    output: Path
    errors: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    cwd: Path | None = None


@contextlib.contextmanager
def heeding(heed: Callable[[], None]) -> Iterator[None]:
    """Call ``heed`` several times a second beside every child of the block; it raises to end it."""
    token = _HEEDED.set(heed)
    try:
        yield
    finally:
        _HEEDED.reset(token)


def run(
    *commands: Command,
    watch: Callable[[], None] | None = None,
    first_done: Callable[[], None] | None = None,
    timeout: float = 0,
) -> tuple[int, ...]:
    """Run programs side by side until all have ended, and return their exit statuses.

    If one fails, the others are ended: what they do would be for nothing.  If we are interrupted,
    all are.

    :param watch: called several times a second meanwhile.
    :param first_done: called as soon as the first of them has done its work before the others.
    :param timeout: seconds; 0 for no limit.
    :raises ToolFailed: not done within ``timeout``, or a program could not be started.
    """
    deadline = time.monotonic() + timeout if timeout else float("inf")
    heed = _HEEDED.get()
    with _started(commands) as started:
        while True:
            states = [child.poll() for child in started]
            if None not in states or any(states):
                break
            if states[0] == 0 and first_done:
                first_done()
                first_done = None
            if time.monotonic() > deadline:
                names = " and ".join(command.name for command in commands)
                raise ToolFailed(f"{names}: not done within {spoken(timeout)}")
            if watch:
                watch()
            if heed:
                heed()
            time.sleep(_LOOK)
    return tuple(child.returncode for child in started)


def check(command: Command, status: int, *, silent: bool = False) -> None:
    """Make sure that a program did its work.

    :param silent: a word on its error stream is a failure, whatever its exit status says.
    :raises ToolFailed: with what it said: its complaint, or else its last line.
    """
    said = _words(command)
    if status < 0:
        raise ToolFailed(f"{command.name}: ended by {signal.Signals(-status).name}{_after(said)}")
    if status:
        raise ToolFailed(f"{command.name}: exit status {status}{_after(said)}")
    if silent and said:
        raise ToolFailed(f"{command.name}: exit status 0, and yet it complained{_after(said)}")


def _after(said: str) -> str:
    return f": {said}" if said else ""


def _words(command: Command) -> str:
    file = command.errors or command.output
    lines = file.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    # pg_restore says what is wrong first, and what it was doing last.
    complaints = [line for line in lines if "error:" in line.lower()] or lines[-1:]
    return complaints[0].strip()[:_QUOTED] if complaints else ""


@contextlib.contextmanager
def _started(commands: Sequence[Command]) -> Iterator[list[subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            started.append(_start(command))  # noqa: PERF401 - those that did start must be known
        yield started
    except BaseException:
        _end(started)
        raise
    _end(started)


def _start(command: Command) -> subprocess.Popen[bytes]:
    try:
        with contextlib.ExitStack() as files:
            output = files.enter_context(command.output.open("wb"))
            errors = files.enter_context(command.errors.open("wb")) if command.errors else output
            return subprocess.Popen(
                command.argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env={**os.environ, **command.environment},
                cwd=command.cwd,
                start_new_session=True,
                # A thread that another holds a lock of could hang here; this one takes none.
                preexec_fn=lifeline.die_with(os.getpid()),  # noqa: PLW1509 - as said above
            )
    except OSError as error:
        raise ToolFailed(f"{command.name}: cannot be started: {error.strerror}") from None


def _end(started: list[subprocess.Popen[bytes]]) -> None:
    """End those that still run; a group whose leader has ended on its own is left alone."""
    running = [child for child in started if child.poll() is None]
    for child in running:
        _signal(child, signal.SIGTERM)
    deadline = time.monotonic() + _GRACE
    for child in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, deadline - time.monotonic()))
    for child in running:
        if child.poll() is None:
            _signal(child, signal.SIGKILL)
            child.wait()


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)
