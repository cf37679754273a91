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


_REHEARSED = {
    Exit.GO: "rehearsed: every gate said yes, and the way back led to what was there",
    Exit.REFUSED: "no at preflight of a rehearsal",
    Exit.ROLLED_BACK: "a no in a rehearsal",
    Exit.ROLLBACK_FAILED: "the way back failed in a rehearsal: do not begin",
    Exit.INCONCLUSIVE: "a rehearsal that did not come to its end",
    Exit.INTERNAL: "an error of ours in a rehearsal",
}


def meaning(status: Exit, *, rehearsal: bool) -> str:
    """Return the exit status in words."""
    return f"{_REHEARSED[status]}; nothing was changed" if rehearsal else MEANINGS[status]


def exit_status(failure: BaseException | None, stage: Stage, rollback: Rollback | None) -> Exit:
    """Return the exit status that follows from what went wrong, how far we were, and the way back.

    After the cut nothing is inconclusive: the new database was live and is not any more.
    """
    if rollback == "failed":
        return Exit.ROLLBACK_FAILED
    if failure is None:
        return Exit.GO
    if not isinstance(failure, (GatepostError, Interrupted)):
        return Exit.INTERNAL
    if stage == "cut":
        return Exit.ROLLED_BACK
    if not isinstance(failure, NoGo):
        return Exit.INCONCLUSIVE
    return Exit.REFUSED if stage == "preflight" else Exit.ROLLED_BACK
