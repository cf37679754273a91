"""Which of the system's types are of one sort?  By `Column.base`, so that domains are of it too."""

from __future__ import annotations

INTEGERS = frozenset({"pg_catalog.int2", "pg_catalog.int4", "pg_catalog.int8"})
NUMERIC = "pg_catalog.numeric"
NUMBERS = INTEGERS | {NUMERIC, "pg_catalog.float4", "pg_catalog.float8"}
MOMENTS = frozenset({"pg_catalog.timestamp", "pg_catalog.timestamptz", "pg_catalog.date"})
TEXTS = frozenset(f"pg_catalog.{name}" for name in ("text", "varchar", "bpchar", "name"))
