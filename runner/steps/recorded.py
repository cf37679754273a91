"""What do steps leave that fill a database while the baseline of its source is recorded?"""

from __future__ import annotations

from abc import ABC
from typing import TYPE_CHECKING

from ..programs import recording
from .step import Step

if TYPE_CHECKING:
    from ..migration import Migration


class Recorded(Step, ABC):
    """A step beside which the baseline is recorded; what else it did goes with the database."""

    def found(self, run: Migration) -> bool:
        """Whether an unfinished baseline lies there."""
        return bool(recording.unfinished(run))

    def undo(self, run: Migration) -> str:
        """Remove what is no baseline."""
        for part in recording.unfinished(run):
            part.unlink(missing_ok=True)
        return "unfinished baseline removed"
