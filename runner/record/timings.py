"""What did each step take when a target was last migrated?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import run_file
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.run_file import Run


def last(work: Path, target: str) -> dict[str, float]:
    """Return the seconds of each step of the last run that was a GO, in their order.

    :param work: the folder of all runs.
    :return: empty where no run was.
    """
    for folder in sorted(work.glob("2*"), reverse=True):
        ended = _read(folder)
        if ended and (ended.target, ended.word) == (target, "GO"):
            return {one.name: one.duration_s for one in ended.steps if one.state == "done"}
    return {}


def _read(folder: Path) -> Run | None:
    try:
        return run_file.read(folder)
    except UsageError:  # of another version: at worst, nothing is said of time
        return None
