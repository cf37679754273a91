"""What of a run still lives: its processes here, its sessions there?  And how is it ended?

A runner that was killed may leave both.  A session says whose it is in its application name, a
process in its environment; only what bears the run's own label is ended.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.errors import ToolFailed
from gatepost.sql import question

from . import databases
from .databases import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.database import Connection

_PATIENCE = 30.0  # seconds
_PAUSE = 0.1
_PROC = Path("/proc")


@contextlib.contextmanager
def marked(label: str) -> Iterator[None]:
    """Let every session and child process that begins in the block bear the run's label."""
    before = os.environ.get(database.OF_RUN)
    os.environ[database.OF_RUN] = label
    try:
        yield
    finally:
        if before is None:
            del os.environ[database.OF_RUN]
        else:
            os.environ[database.OF_RUN] = before


def sessions(conn: Connection, label: str) -> list[Session]:
    """Return the sessions of run ``label`` on the connection's server, its own excepted."""
    return database.records(conn, Session, question("runner_backends"), {"label": label})


def end_sessions(conn: Connection, label: str) -> int:
    """End the sessions of a run that is dead, wait until they are gone, and return how many.

    :raises ToolFailed: some are still there.
    """
    first = sessions(conn, label)

    def left() -> list[Session]:
        found = sessions(conn, label)
        databases.terminate(conn, found)
        return found

    _until_none(left, f"sessions of run {label} do not end")
    return len(first)


def processes(label: str) -> list[int]:
    """Return the processes of run ``label`` on this machine, ours excepted; Linux alone can tell.

    What a stop or start hook has started bears no label: it is meant to outlive the run.
    """
    wanted = f"{database.OF_RUN}={label}".encode()
    found = []
    for folder in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # of somebody else, or gone by now
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return sorted(set(found) - {os.getpid()})


def end_processes(label: str) -> int:
    """End the processes of a run that is dead, wait until they are gone, and return how many.

    :raises ToolFailed: some are still there.
    """
    first = processes(label)

    def left() -> list[int]:
        found = processes(label)
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return found

    _until_none(left, f"processes of run {label} do not end")
    return len(first)


def _until_none(left: Callable[[], list[Session] | list[int]], what: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while found := left():
        if time.monotonic() > deadline:
            raise ToolFailed(f"{what}: {', '.join(map(str, found))}")
        time.sleep(_PAUSE)
