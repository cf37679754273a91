"""When was a backup last restored in a drill, and how long did it take?"""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from gatepost.durations import spoken
from gatepost.verdict import Word

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "drills"
VERSION: Literal[1] = 1


@dataclass(frozen=True)
class Drill:
    """A drill as it is kept.

    :param word: GO where all was back, as it was recorded, and in time.
    :param why: it is no GO; empty for one.
    :param backup_at: the moment that the backup shows.
    :param back_s: from an empty server to a database that can be used, the comparison apart; None
        where it did not come so far.
    :param allowed_s: `limits.rollback`; 0 for no limit.
    :param swap_s: what the swap drill on the target's own server took; None where there was none.
    :param server: on which it was restored: how fast that is says little of another machine.
    """

    version: Literal[1]
    label: str
    target: str
    at: dt.datetime
    word: Word
    why: str
    backup: str
    backup_at: dt.datetime
    back_s: float | None
    allowed_s: float
    swap_s: float | None
    server: str

    def __str__(self) -> str:
        """Return how it ended, when, and with which backup."""
        took = f", back after {spoken(self.back_s)}" if self.back_s is not None else ""
        return f"{self.word} at {self.at:%Y-%m-%d %H:%M} UTC with {self.backup}{took}"


_DRILL = TypeAdapter(Drill)


def write(made: Drill, work: Path) -> Path:
    """Keep a drill in the folder of runs, with the others; return its file."""
    folder = work / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{made.label}.json"
    part = file.with_suffix(".part")
    with part.open("wb") as opened:
        opened.write(_DRILL.dump_json(made, indent=2) + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(file)
    return file


def findings(drill: Drill | None, newest: str) -> tuple[str, ...]:
    """Return why a backup cannot be relied on, as its own drill has shown.

    :param drill: the last one; that of another backup says nothing of this one.
    :param newest: the name of the backup that would be restored.
    """
    if drill is None or drill.backup != newest or drill.word != "NO-GO":
        return ()
    return (f"{newest}: its drill said no at {drill.at:%Y-%m-%d %H:%M} UTC: {drill.why}",)


def last(work: Path, target: str) -> Drill | None:
    """Return the newest drill for a target, however it ended; None without one that can be read.

    :param work: the folder of runs.
    """
    for file in sorted((work / FOLDER).glob("*.json"), reverse=True):
        try:
            found = _DRILL.validate_json(file.read_bytes())
        except ValidationError:
            continue  # of another version: at worst, an older one is told
        if found.target == target:
            return found
    return None
