"""What is to be said of two sides, and which of it is a finding?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.schema.differences import Differences

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Finding:
    """What is not as it was, and the SQL or the way by which it would be."""

    text: str
    hint: str

    def __str__(self) -> str:
        return f"{self.text}\n  hint: {self.hint}"


@dataclass(frozen=True)
class Note:
    """What is not as it was, and may well be so."""

    text: str


Remark = Finding | Note


def gathered(remarks: Iterable[Remark]) -> Differences:
    """Return remarks as the checks of declarations tell them."""
    said = tuple(remarks)
    return Differences(
        findings=tuple(str(one) for one in said if isinstance(one, Finding)),
        notes=tuple(one.text for one in said if isinstance(one, Note)),
    )
