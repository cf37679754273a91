"""How did the run end, in a number and a word?"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Literal

from gatepost.errors import GatepostError

if TYPE_CHECKING:
    from gatepost.run_file import Rollback
    from gatepost.verdict import Word

# How far a run had come: only looked, the application stopped, the new database in its place.
Stage = Literal["preflight", "window", "cut"]


class NoGo(GatepostError):
    """The answer is no: a gate said so, or what must be possible is not."""


class Interrupted(KeyboardInterrupt):
    """Somebody asked us to stop."""


class Exit(enum.IntEnum):
    """The runner's exit statuses."""

    GO = 0
    REFUSED = 10
    ROLLED_BACK = 20
    ROLLBACK_FAILED = 21
    INCONCLUSIVE = 30
    LOCKED = 40
    UNFINISHED = 50
    USAGE = 64
    INTERNAL = 70


WORDS: dict[Exit, Word] = {
    Exit.GO: "GO",
    Exit.REFUSED: "NO-GO",
    Exit.ROLLED_BACK: "NO-GO",
    Exit.ROLLBACK_FAILED: "NO-GO",
    Exit.INCONCLUSIVE: "INCOMPLETE",
    Exit.INTERNAL: "INCOMPLETE",
}
MEANINGS = {
    Exit.GO: "every gate said yes, and the target is live with what the source held",
    Exit.REFUSED: "no at preflight: nothing was changed",
    Exit.ROLLED_BACK: "rolled back, and the rollback is verified: the old system is live",
    Exit.ROLLBACK_FAILED: "the rollback failed or is not verified: call a human",
    Exit.INCONCLUSIVE: "inconclusive, stopped before the cut: the old system is live",
    Exit.INTERNAL: "an error of ours, stopped: the old system is live",
}


def exit_status(failure: BaseException | None, stage: Stage, rollback: Rollback | None) -> Exit:
    """Return the exit status that follows from what went wrong, how far we were, and the way back.

    After the cut nothing is inconclusive: the new database was live and is not any more.
    """
    if failure is None:
        return Exit.GO
    if rollback == "failed":
        return Exit.ROLLBACK_FAILED
    if not isinstance(failure, (GatepostError, Interrupted)):
        return Exit.INTERNAL
    if stage == "cut":
        return Exit.ROLLED_BACK
    if not isinstance(failure, NoGo):
        return Exit.INCONCLUSIVE
    return Exit.REFUSED if stage == "preflight" else Exit.ROLLED_BACK
