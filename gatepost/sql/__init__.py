"""The fixed questions: one `.sql` file each, to be read, run in psql and diffed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import LiteralString


@cache
def question(name: str) -> LiteralString:
    """Return the text of `NAME.sql`.

    It counts as a literal, which psycopg's types ask of SQL: it was written here, not composed.
    """
    return files(__name__).joinpath(f"{name}.sql").read_text("utf-8")
