"""One difference at a time, and pairs that only look different: a table for the schema's tests."""

from __future__ import annotations

from tests.schema_cases import objects, tables
from tests.schema_cases.case import FIRES, Case, T
from tests.schema_cases.twins import ALIKE

__all__ = ["ALIKE", "DIFFERENT", "FIRES", "Case", "T"]

DIFFERENT = (*tables.CASES, *objects.CASES)
