"""Is an application running, and how is it stopped and started?  What PM2 is to a real one.

    python control.py stop|start|status STATE.json [STATE.json …]

Several are stopped and started together.  The state file, readable by its owner only, holds what
the application needs: no secret is ever on a command line.  Nothing but the standard library, so
that a hook can call it from any folder.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SYSTEM = "GATEPOST_SYSTEM"  # by which the runner tells a hook which system is meant
PATIENCE = 30.0  # seconds
NOT_RUNNING = 3  # what service managers answer to `status`
NEITHER = 75  # to the runner: ask again


@dataclass(frozen=True)
class State:
    """How one application is run.

    :param modules: by system, `old` and `new`: the module to run and its arguments.
    :param environ: variables of its own, secrets among them.
    :param log: where what it prints goes.
    :param system: which one is started unless the environment says which.
    """

    modules: dict[str, list[str]]
    environ: dict[str, str] = field(repr=False)
    port: int
    log: str
    system: str = "old"

    def write(self, file: Path) -> None:
        """Keep this in a file of its owner's alone."""
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
            json.dump(asdict(self), opened)


def read(file: Path) -> State:
    """Return what `State.write` kept."""
    return State(**json.loads(file.read_text(encoding="utf-8")))


def start(file: Path) -> int:
    """Start the application unless it runs, and wait until its port answers.

    Any answer will do: that its database is away for a moment is no reason not to start.
    """
    state = read(file)
    state = replace(state, system=os.environ.get(SYSTEM) or state.system)
    lock = os.open(_pid_file(file), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _lock(lock):
            return 0
        # The child inherits the lock and drops it by ending, however it ends: a process number
        # alone may be another's by then, and a zombie still has one.
        child = _spawn(state, lock)
        state.write(file)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(child.pid).encode(), 0)
    finally:
        os.close(lock)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if child.poll() is not None:
            return _failed(f"the application ended with status {child.returncode}: see {state.log}")
        if _answers(state.port):
            return 0
        time.sleep(0.05)
    child.terminate()
    return _failed(f"port {state.port} does not answer after {PATIENCE:g} s: see {state.log}")


def stop(file: Path) -> int:
    """Tell the application to finish, and wait until it has; one that does not run is no error."""
    deadline = time.monotonic() + PATIENCE
    told = False
    while running(file):
        if time.monotonic() > deadline:
            return _failed(f"the application has not ended after {PATIENCE:g} s")
        if not told:
            with contextlib.suppress(ProcessLookupError):  # it ended by itself just now
                os.kill(int(_pid_file(file).read_text()), signal.SIGTERM)
            told = True
        time.sleep(0.02)
    return 0


def status(file: Path) -> int:
    """Return 0 if the application runs and its port answers."""
    if running(file) and _answers(read(file).port):
        return 0
    print("not running", file=sys.stderr)  # noqa: T201 - a command speaks
    return NOT_RUNNING


def running(file: Path) -> bool:
    """Whether the process that `start` started is still there."""
    if not _pid_file(file).exists():
        return False
    lock = os.open(_pid_file(file), os.O_RDONLY)
    try:
        return not _lock(lock)
    finally:
        os.close(lock)


def _spawn(state: State, lock: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", *state.modules[state.system]]
    with Path(state.log).open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **state.environ},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(lock,),
            start_new_session=True,
        )


def _lock(descriptor: int) -> bool:
    """Take the lock if nobody has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/api/health")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _pid_file(file: Path) -> Path:
    return file.with_suffix(".pid")


def _failed(message: str) -> int:
    print(message, file=sys.stderr)  # noqa: T201 - a command speaks
    return 1


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="control", description="Control the application.")
    parser.add_argument("action", choices=("start", "stop", "status"))
    parser.add_argument("states", type=Path, nargs="+", metavar="STATE.json")
    given = parser.parse_args(arguments)
    actions = {"start": start, "stop": stop, "status": status}
    said = {actions[given.action](state) for state in given.states}
    if len(said) == 1:
        return said.pop()
    return NEITHER if given.action == "status" else max(said)


if __name__ == "__main__":
    sys.exit(main())
