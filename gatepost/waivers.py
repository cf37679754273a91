"""Which finding did somebody accept in writing, until when, and in which gate?"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from gatepost.record import Record


class Waiver(Record):
    """A finding accepted in writing.

    :param gate: the only one in which it is accepted: drift that was accepted in front of a
        migration is none of the damage that the gate behind it finds of the same subject.
    """

    check: str
    subject: str
    reason: str = Field(min_length=3)
    until: dt.date
    by: str = Field(min_length=1)
    gate: Literal["pre", "data", "app", ""] = ""
