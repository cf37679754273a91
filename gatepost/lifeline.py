"""How does what we have started end with us, even if we are killed outright?"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PR_SET_PDEATHSIG = 1  # of linux/prctl.h
# Loaded before any fork: a child of several threads may not load anything.
_PRCTL = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def die_with(parent: int) -> Callable[[], None] | None:
    """Return what a child does first so that it ends when its parent does; None but on Linux.

    SIGTERM and not SIGKILL, since pg_dump and pg_restore end their own workers and their
    statements on it, as ssh does its forwarding.  It is sent when the thread that started the
    child ends.

    :param parent: our process id.
    """
    if _PRCTL is None:
        return None
    prctl = _PRCTL

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
        if os.getppid() != parent:  # it was killed before we could ask
            os.kill(os.getpid(), signal.SIGTERM)

    return ask


@contextlib.contextmanager
def heir(script: str, *arguments: str) -> Iterator[None]:
    """Have a shell run ``script`` if we die within the block, in whatever way.

    For what is no child of ours, as a server that has cut itself loose: a shell waits at the end of
    a pipe that closes with this process.

    :param arguments: what the script calls $1, $2, …
    """
    waiting = f"if read -r _; then exit 0; fi\n{script}"
    with subprocess.Popen(
        ("/bin/sh", "-c", waiting, "heir", *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # whoever ends our group leaves it alive
        cwd="/",
        # And nothing of ours in it, by which those are found that have to go.
        env={"PATH": os.environ.get("PATH", os.defpath)},
    ) as shell:
        assert shell.stdin is not None  # asked for
        try:
            yield
        finally:
            with contextlib.suppress(BrokenPipeError):
                shell.stdin.write(b"all is in order\n")
                shell.stdin.close()
