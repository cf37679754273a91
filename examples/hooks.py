"""How are an example's applications and servers told to stop and start, by whoever put them up?"""

from __future__ import annotations

import contextlib
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from examples import control
from gatepost import embedded
from gatepost.errors import ToolFailed

# Below an example's folder: the states of its applications, the data of its servers.
APPLICATIONS = "apps"
SERVERS = "servers"


def hook(action: str, *states: Path) -> str:
    """Return what stops, starts or looks at applications, as a line for a shell."""
    return shlex.join(_command(action, *states))


def tell(action: str, state: Path) -> None:
    """Stop or start an application, as a hook does, and wait until that is done.

    :raises ToolFailed: it could not be done; what was printed is in the message.
    """
    # A child of its own: the application must not be a child of whoever asked for it.
    command = _command(action, state)
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise ToolFailed(f"{action} {state.stem}: {done.stderr.strip()}")


def take_down(folder: Path) -> None:
    """Stop every application and server below ``folder``, whoever put it up.

    The servers' data and the files with their passwords go as well; what was migrated, media, logs
    and whatever a run wrote there stay.  What is down already is no error.
    """
    with contextlib.ExitStack() as last:  # one that will not stop does not spare the others
        for data in sorted(folder.glob(f"{SERVERS}/pg*")):
            last.callback(_remove, data)
        for state in sorted(folder.glob(f"{APPLICATIONS}/*.json")):
            last.callback(state.unlink)
            last.callback(tell, "stop", state)


def _remove(data: Path) -> None:
    embedded.stop(data)
    shutil.rmtree(data)


def _command(action: str, *states: Path) -> list[str]:
    return [sys.executable, str(Path(control.__file__)), action, *map(str, states)]
