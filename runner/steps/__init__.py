"""Which steps does a run have, in order?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .before import Drill, PreGate
from .change import Change, ChangeGate, CloseCopy, Keep
from .clone import Clone, DropClone, Trial, TrialGate
from .command import FillByCommand
from .cut import AppGate, Start, Swap
from .dump import Dump
from .fence import Fence, FenceDrill, LetIn
from .go import Go
from .load import Load
from .look import Look
from .migrations import CloneWaysBack, Migrations, WaysBack
from .outside import Exercise, Measure, Prober
from .proof import Proof
from .restore import Restore
from .stage import Stage, StageAgain
from .target import Analyze, Carry, Create, DataGate, Filled
from .window import Hold, OldFacts, Stop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..plan import Plan
    from .step import Step

# One order for both strategies: each step knows whether a plan has it.
ALL: tuple[Step, ...] = (
    Stage(),
    PreGate(),
    Drill(),
    FenceDrill(),
    Proof(),
    Clone(),
    CloneWaysBack(),
    Trial(),
    TrialGate(),
    DropClone(),
    Prober(),
    Stop(),
    Fence(),
    StageAgain(),
    OldFacts(),
    Hold(),
    Dump(),
    Create(),
    Restore(),
    FillByCommand(),
    WaysBack(),
    Migrations(),
    Load(),
    Filled(),
    Carry(),
    Analyze(),
    DataGate(),
    Swap(),
    Keep(),
    Change(),
    ChangeGate(),
    LetIn(),
    Start(),
    Measure(),
    Exercise(),
    AppGate(),
    CloseCopy(),
    Go(),
)


# What a rehearsal may do: none of them touches the source, the application or its users.
_REHEARSED = (
    *(Stage, PreGate, Drill, Proof, StageAgain, OldFacts, Hold, Dump, Create, Restore),
    *(FillByCommand, WaysBack, Migrations, Load, Filled, Carry, Analyze, DataGate, Swap),
    *(Clone, Trial, TrialGate, DropClone, Keep, Change, ChangeGate, CloseCopy),
)


def of(plan: Plan) -> tuple[Step, ...]:
    """Return the steps of this run."""
    todo = (step for step in ALL if step.applies(plan))
    return _rehearsed(todo) if plan.rehearsal else tuple(todo)


def _rehearsed(todo: Iterable[Step]) -> tuple[Step, ...]:
    kept = (step for step in todo if isinstance(step, _REHEARSED))
    return tuple(Look() if isinstance(step, Hold) else step for step in kept)
