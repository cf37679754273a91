"""Which columns did the project say point to others, and which hold a count?"""

from __future__ import annotations

from typing import Literal

from gatepost.record import Record


class Reference(Record):
    """A foreign key that the catalog does not know."""

    child: str
    parent: str


class Counter(Record):
    """A column that holds what could be counted.

    :param column: `schema.table.column`.
    :param equals: a query that yields the table's key and the count, for every row.
    :param warn: a difference is a note, no finding: such columns drift while the data is right.
    """

    column: str
    equals: str
    warn: bool = True
    priority: Literal["critical", "important", "optional"] = "optional"
