"""What was measured of the move itself: how long were users out, and did a write of theirs go?

The runner's prober looks from outside, and the runner hands the figures over in a file; the checks
`downtime` and `rollback` hold them against what the project can afford.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from gatepost import handed
from gatepost.durations import spoken
from gatepost.exercised import Exercised

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "measured.json"
CANARIES = "canaries"
_NAMED = 5

Subject = Literal["application", "database"]


@dataclass(frozen=True)
class Measured:
    """The figures of one run.

    :param of: what was looked at from outside.
    :param looks: how many times.
    :param downtime_s: all the time between a look that failed and the next that did not; None
        where none has succeeded since.
    :param gaps: how many such times there were.
    :param canaries: rows that the database acknowledged; None where the project names no table.
    :param lost: which of them are not in the database that is live, each with its moment.
    :param drill_s: how long the swap drill took, there and back; None where there was none.
    :param rollback_s: from the no to the old application being up; None where nobody went back.
    :param exercised: what came of using the application; None where nobody did.
    """

    of: Subject
    looks: int
    downtime_s: float | None
    gaps: int = 0
    canaries: int | None = None
    lost: tuple[str, ...] = ()
    drill_s: float | None = None
    rollback_s: float | None = None
    exercised: Exercised | None = None


_MEASURED = TypeAdapter(Measured)


def write(measured: Measured, folder: Path) -> None:
    """Hand the figures over to the gates that share ``folder``."""
    handed.write(_MEASURED, measured, folder / FILE)


def read(folder: Path | None) -> Measured | None:
    """Return the figures that were handed over; None where nobody measured.

    :raises UsageError: there are some, but they cannot be read.
    """
    return handed.read(_MEASURED, folder / FILE if folder else None)


def downtime_findings(measured: Measured, subject: str, allowed: float) -> Iterator[str]:
    """Yield what is wrong with the downtime, or with the canaries.

    :param allowed: seconds.
    """
    if subject == CANARIES:
        yield from lost(measured)
    elif measured.downtime_s is None:
        yield f"{subject}: has not answered since it failed, in {measured.looks} looks"
    elif is_late(measured.downtime_s, allowed):
        gaps = f", in {measured.gaps} gaps" if measured.gaps > 1 else ""
        yield f"{subject}: down for {spoken(measured.downtime_s)}{gaps}, {spoken(allowed)} allowed"


def rollback_findings(measured: Measured, subject: str, allowed: float) -> Iterator[str]:
    """Yield what is wrong with the time that a way back takes.

    :param subject: `drill`, or `rollback` where somebody went back in earnest.
    :param allowed: seconds.
    """
    took = measured.drill_s if subject == "drill" else measured.rollback_s
    if took is None:
        yield f"{subject}: nobody measured it"
    elif is_late(took, allowed):
        yield f"{subject}: took {spoken(took)}, {spoken(allowed)} allowed"


def is_late(seconds: float, allowed: float) -> bool:
    """Whether it took longer than the project allows; 0 allows any length."""
    return 0 < allowed < seconds


def lost(measured: Measured) -> Iterator[str]:
    """Yield one line about the canaries that are gone, if any are."""
    if measured.lost:
        more = len(measured.lost) - _NAMED
        named = ", ".join(measured.lost[:_NAMED]) + (f", and {more} more" if more > 0 else "")
        yield (
            f"{len(measured.lost)} of {measured.canaries} acknowledged canaries are not in the"
            f" live database: {named}"
        )
