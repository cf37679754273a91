"""Which steps does a run have, in order?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .before import Drill, PreGate
from .command import FillByCommand
from .cut import AppGate, Start, Swap
from .dump import Dump
from .go import Go
from .outside import Measure, Prober
from .restore import Restore
from .target import Analyze, Carry, Create, DataGate, Filled
from .window import Hold, OldFacts, Stop

if TYPE_CHECKING:
    from ..plan import Plan
    from .step import Step

ALL: tuple[Step, ...] = (
    PreGate(),
    Drill(),
    Prober(),
    Stop(),
    OldFacts(),
    Hold(),
    Dump(),
    Create(),
    Restore(),
    FillByCommand(),
    Filled(),
    Carry(),
    Analyze(),
    DataGate(),
    Swap(),
    Start(),
    Measure(),
    AppGate(),
    Go(),
)


def of(plan: Plan) -> tuple[Step, ...]:
    """Return the steps of this run."""
    return tuple(step for step in ALL if step.applies(plan))
