"""What did the server refuse of a row, and where, in words that hold no value of it?"""

from __future__ import annotations

import re

import psycopg

# What is quoted of data that does not fit is the data; of a rule, the names of what is declared.
_QUOTED = re.compile(r':? ".*"', re.DOTALL)
_FUNCTION = "PL/pgSQL function "


def told(error: psycopg.Error, rows: int = 0) -> str:
    """Return the rule that is broken, and where; never a value.

    :param rows: that were sent until then, where the server does not name one.
    """
    diag = error.diag
    context = (diag.context or "").splitlines()
    column = f", column {diag.column_name}" if diag.column_name else ""
    place = _place(context) or (f"row {rows:,} or soon after it" if rows else "")
    return f"{_rule(error, context)}{column}" + (f" ({place})" if place else "")


def _rule(error: psycopg.Error, context: list[str]) -> str:
    """Return what is broken; what a function of the project's says of it may hold values."""
    if isinstance(error, psycopg.errors.RaiseException):
        raised = next((line for line in context if line.startswith(_FUNCTION)), "a function")
        return f"{raised.partition(' at ')[0]} refuses a row"
    said = error.diag.message_primary or type(error).__name__
    return _QUOTED.sub("", said) if isinstance(error, psycopg.DataError) else said


def _place(context: list[str]) -> str:
    """Return the line and the column of a COPY that the server names, without the value."""
    copy = next((line for line in context if line.startswith("COPY ")), "")
    _, found, rest = copy.partition(", line ")
    if not found:
        return ""
    line, _, more = rest.partition(", column ")
    number, column = line.partition(":")[0], more.partition(":")[0]
    return f"row {number} of its query" + (f", column {column}" if column else "")
