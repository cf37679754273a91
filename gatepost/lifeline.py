"""How does a child process end with us, even if we are killed outright?"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

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
