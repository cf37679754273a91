"""What is a step?  A named act that can be done, undone, and looked for where it left its mark."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from ..migration import Migration
    from ..outcome import Stage
    from ..plan import Plan


class Step(abc.ABC):
    """One act of a run.  It holds nothing itself: what it did is on the servers and on the disk.

    :param name: as the journal, the screen and the report call it.
    :param stage: how far a run has come once this step has begun.
    """

    name: ClassVar[str]
    stage: ClassVar[Stage]

    def applies(self, plan: Plan) -> bool:  # noqa: ARG002 - most steps always do
        """Whether this run has it."""
        return True

    @abc.abstractmethod
    def says(self, plan: Plan) -> str:
        """Return what it will do, to what, with the actual names."""

    @abc.abstractmethod
    def do(self, run: Migration) -> str:
        """Do it, and return what is worth telling.

        :raises NoGo: the answer is no.
        :raises GatepostError: it could not be done.
        """

    def found(self, run: Migration) -> bool:  # noqa: ARG002 - most steps leave nothing
        """Whether its work, or a part of it, is really there: asked where it would be."""
        return False

    def undo(self, run: Migration) -> str:  # noqa: ARG002 - the same
        """Take back what `found` found; may be repeated."""
        return ""
