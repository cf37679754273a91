"""Where is a run to be killed?  For tests alone: what a crash leaves must have been seen.

`GATEPOST_CRASH_AT="restore:after"` names a step, or `undo` and a step: `before` (the default) is
when its intent is in the journal, `after` when it is done and the journal does not know.
`GATEPOST_CRASH_BY` says how: KILL (the default), TERM, or STOP, which holds the process still until
it is sent SIGCONT, so that something else may be broken meanwhile.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from gatepost.errors import UsageError
from gatepost.wording import meant

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

AT = "GATEPOST_CRASH_AT"
BY = "GATEPOST_CRASH_BY"
MARKER = "crashed-at"

When = Literal["before", "after"]
_SIGNALS = {"KILL": signal.SIGKILL, "TERM": signal.SIGTERM, "STOP": signal.SIGSTOP}


@dataclass(frozen=True)
class Failpoint:
    """A point of a run; an empty ``act`` is never reached.

    :param act: a step's name, or `undo` and a step's name.
    """

    act: str = ""
    when: When = "before"
    by: signal.Signals = signal.SIGKILL

    def reached(self, act: str, when: When, folder: Path) -> None:
        """Leave a marker and end this process, if this is the point."""
        if (act, when) != (self.act, self.when):
            return
        with (folder / MARKER).open("w", encoding="utf-8") as marker:
            marker.write(f"{act}:{when} {self.by.name}\n")
            marker.flush()
            os.fsync(marker.fileno())
        os.kill(os.getpid(), self.by)


def given(environ: Mapping[str, str], steps: Collection[str]) -> Failpoint:
    """Return the point that the environment names.

    :param steps: the names of the steps that this run has.
    :raises UsageError: it names a point that will not be reached, or an unknown way to end.
    """
    if AT not in environ:
        return Failpoint()
    act, _, when = environ[AT].partition(":")
    if act.removeprefix("undo ") not in steps:
        raise UsageError(
            f"{AT}: this run has no step '{act}'",
            hint=meant(act, steps) or f"it has {', '.join(steps)}",
        )
    by = environ.get(BY, "KILL")
    if by not in _SIGNALS:
        raise UsageError(f"{BY}: '{by}' is none of {', '.join(_SIGNALS)}")
    for known in get_args(When):
        if known == (when or "before"):
            return Failpoint(act, known, _SIGNALS[by])
    raise UsageError(f"{AT}: '{when}' is none of {', '.join(get_args(When))}")
