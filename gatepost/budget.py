"""How long may a gate take, and is that time over?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.durations import seconds, spoken
from gatepost.errors import LimitReached, UsageError

if TYPE_CHECKING:
    from gatepost.settings import Settings


@dataclass(frozen=True)
class Budget:
    """The time that a gate has from its start, the same in every process of a run.

    What is being asked when the time runs out may finish: an answer that is nearly there is worth
    more than none.  What has not been asked by then is not asked any more.

    :param seconds: 0 for no limit.
    :param started: by the clock of the machine, which all processes of a run share.
    """

    seconds: float
    started: dt.datetime

    @property
    def spent(self) -> bool:
        """Whether the time has run out."""
        if not self.seconds:
            return False
        return (dt.datetime.now(dt.UTC) - self.started).total_seconds() >= self.seconds

    def check(self) -> None:
        """Return at once while there is time; to be called before each piece of work.

        :raises LimitReached: there is none left.
        """
        if self.spent:
            raise LimitReached(self.reason)

    @property
    def reason(self) -> str:
        """Why nothing more is asked, once it is spent."""
        return f"the {self} had run out"

    def __str__(self) -> str:
        return f"budget of {spoken(self.seconds).removesuffix(' 00 s')}"


def with_budget(settings: Settings, text: str) -> Settings:
    """Return settings in which ``text``, a duration, is the budget.

    :raises UsageError: it is none.
    """
    try:
        budget = seconds(text)
    except ValueError as error:
        raise UsageError(f"--budget: {error}") from None
    limits = settings.project.limits.model_copy(update={"budget": budget})
    project = settings.project.model_copy(update={"limits": limits})
    return settings.model_copy(update={"project": project})
