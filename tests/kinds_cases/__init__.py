"""Which differences are there, what are they called, and what looks like them but is not?"""

from __future__ import annotations

from tests.kinds_cases import scalars, structures
from tests.kinds_cases.case import Case

__all__ = ["CASES", "Case"]

CASES = (*scalars.CASES, *structures.CASES)
