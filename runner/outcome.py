"""How did the run end, in a number, a word and a file?"""

from __future__ import annotations

import datetime as dt
import enum
import os
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from gatepost.errors import GatepostError
from gatepost.verdict import SideInfo, Word

if TYPE_CHECKING:
    from pathlib import Path

FILE = "run.json"
SCHEMA_VERSION: Literal[1] = 1

State = Literal["done", "failed", "undone", "not reached"]
Rollback = Literal["verified", "failed"]
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


@dataclass(frozen=True)
class StepRecord:
    """What became of one step; ``duration_s`` in seconds."""

    name: str
    state: State
    started: dt.datetime | None = None
    duration_s: float = 0.0
    detail: str = ""


@dataclass(frozen=True)
class GateRecord:
    """What one gate said; its own files lie in ``folder``, below the run's."""

    gate: str
    folder: str
    word: Word


@dataclass(frozen=True)
class Outcome:
    """A whole run, as `run.json` tells it.

    :param downtime_s: from the stop hook to the moment the application was up again; None where
        it was never stopped, or is not up.
    :param rollback: None where there was nothing to roll back.
    """

    schema_version: Literal[1]
    word: Word
    exit_status: Exit
    meaning: str
    label: str
    project: str
    target: str
    started: dt.datetime
    finished: dt.datetime
    duration_s: float
    downtime_s: float | None
    steps: tuple[StepRecord, ...]
    gates: tuple[GateRecord, ...]
    rollback: Rollback | None
    before: SideInfo
    after: SideInfo


_OUTCOME = TypeAdapter(Outcome)


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


def as_json(outcome: Outcome) -> str:
    """Return the outcome as `run.json` holds it."""
    return _OUTCOME.dump_json(outcome, indent=2).decode()


def write(outcome: Outcome, folder: Path) -> None:
    """Replace `run.json`, whole or not at all."""
    part = folder / f"{FILE}.part"
    with part.open("w", encoding="utf-8") as file:
        file.write(as_json(outcome) + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / FILE)
