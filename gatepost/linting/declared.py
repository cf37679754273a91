"""What did the project declare about files that are read before they run?"""

from __future__ import annotations

from pydantic import Field

from gatepost.record import Bytes, Record
from gatepost.sizes import size

_USUAL = size("64 MB")


class Lint(Record):
    """How pending migrations are judged.

    :param locks_up_to: the largest table that a statement may lock, or write anew, while it reads
        all of it; what is done to a larger one is a finding, to a smaller one a note.
    """

    locks_up_to: Bytes = Field(default=_USUAL, ge=0)
