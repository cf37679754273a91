"""How does a program run against a scratch database, end with us, and tell no secret?"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost.dsn import Dsn
from gatepost.errors import ToolFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

# Seconds: a build that takes longer waits for something.
_PATIENCE = 900.0
_GRACE = 5.0
# Variables that say to which database a program connects.
_PLACES = frozenset({"PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE"})
# Lines and characters of a program's words that a message holds.
_LINES = 20
_QUOTED = 4_000


@dataclass(frozen=True)
class Program:
    """A program to run.

    :param database: what it connects to by its PG* variables: no secret is in ``argv``.
    :param url: it is told the address as DATABASE_URL, too.
    """

    name: str
    argv: tuple[str, ...]
    database: Dsn
    folder: Path | None = None
    url: bool = False


@dataclass(frozen=True)
class Done:
    """How a program ended.

    :param said: all that it said, without the password.
    """

    status: int
    said: str

    @property
    def told(self) -> str:
        """How it ended and what it said last."""
        last = "\n".join(self.said.strip().splitlines()[-_LINES:])[-_QUOTED:]
        how = (
            f"ended by {signal.Signals(-self.status).name}"
            if self.status < 0
            else f"exit status {self.status}"
        )
        return f"{how}: {last}" if last else how


def run(program: Program) -> Done:
    """Run a program until it has ended.

    :raises ToolFailed: it cannot be started, or takes longer than a quarter of an hour.
    """
    # A file, not a pipe: what the program leaves running would hold a pipe open.
    with tempfile.TemporaryFile() as output:
        with _started(program, output.fileno()) as child:
            try:
                status = child.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                raise ToolFailed(f"{program.name}: not done within {_PATIENCE:g} s") from None
        output.seek(0)
        said = output.read().decode(errors="replace")
    return Done(status, program.database.masked(said))


def check(program: Program) -> None:
    """Run a program that must do its work.

    :raises ToolFailed: it did not; with its first complaint.
    """
    done = run(program)
    if done.status:
        lines = done.said.strip().splitlines()
        complaints = [line for line in lines if "error:" in line] or lines[-1:]
        why = complaints[0] if complaints else f"exit status {done.status}"
        raise ToolFailed(f"{program.name}: {why}")


@contextlib.contextmanager
def _started(program: Program, output: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program at the head of a process group of its own, which ends with the block."""
    try:
        child = subprocess.Popen(
            program.argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=_environment(program),
            cwd=program.folder,
            start_new_session=True,
        )
    except OSError as error:
        raise ToolFailed(f"{program.name}: cannot be started: {error.strerror}") from None
    try:
        yield child
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_GRACE)


def _environment(program: Program) -> dict[str, str]:
    given = program.database.environment()
    # A service, or an address in numbers, would come before the host that is given.
    strange = _PLACES - given.keys() if "PGHOST" in given else frozenset()
    kept = {key: value for key, value in os.environ.items() if key not in strange}
    address = {"DATABASE_URL": program.database.url} if program.url else {}
    return kept | given | {"PGCLIENTENCODING": "UTF8"} | address
