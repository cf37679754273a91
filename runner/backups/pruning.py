"""Which backups would go, and is what is kept in their place whole?"""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost.backups import manifest, retention
from gatepost.backups.retention import Decision

if TYPE_CHECKING:
    from gatepost.backups.manifest import Stored
    from gatepost.settings import Keep

_DAY = 86400.0  # seconds, after which what is unfinished is nobody's any more
UNDER_WAY = "it may be under way to be verified"


@dataclass(frozen=True)
class Pruning:
    """What becomes of what lies in a folder.

    :param left: what was begun more than a day ago, and never finished.
    """

    decisions: tuple[Decision, ...]
    left: tuple[Path, ...]

    @property
    def going(self) -> tuple[Decision, ...]:
        """The backups that go."""
        return tuple(one for one in self.decisions if not one.kept)


def look(folder: Path, keep: Keep) -> Pruning:
    """Return what would become of each.

    What is to be kept in the place of another is read whole first: where it was altered, it takes
    nobody's place.  That is two or three archives a day, and all of them where many go at once.
    """
    stored = {one.name: one for one in manifest.stored(folder)}
    read: set[str] = set()
    while True:
        decisions = tuple(_patient(one) for one in retention.decide(stored.values(), keep))
        unread = {other.name for one in decisions if not one.kept for other in one.instead} - read
        if not unread:
            return Pruning(decisions, _left(folder))
        read |= unread
        for name in unread:
            if altered := stored[name].altered():
                trouble = f"{stored[name].archive.name} {altered}"
                stored[name] = dataclasses.replace(stored[name], trouble=trouble)


def execute(pruning: Pruning) -> None:
    """Remove what goes."""
    for one in pruning.going:
        for file in one.backup.parts:
            file.unlink(missing_ok=True)  # somebody else may prune at the same time
    for file in pruning.left:
        file.unlink(missing_ok=True)


def size(backup: Stored) -> int:
    """Return the bytes of all that belongs to a backup."""
    return sum(file.stat().st_size for file in backup.parts)


def _patient(decision: Decision) -> Decision:
    """Return the decision, another one for a backup that somebody may be verifying just now."""
    known = decision.backup.manifest
    if decision.kept or known is None or known.verified is not None:
        return decision
    age = (dt.datetime.now(dt.UTC) - known.finished).total_seconds()
    if age > _DAY:
        return decision
    return dataclasses.replace(decision, kept=(UNDER_WAY,), goes="", instead=())


def _left(folder: Path) -> tuple[Path, ...]:
    now = time.time()
    found = {*folder.glob("*.part"), *manifest.strays(folder)}
    return tuple(sorted(file for file in found if now - file.stat().st_mtime > _DAY))
