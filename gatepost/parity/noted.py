"""What of a relation was compared in another way than value by value, or not at all?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.equivalence import Ignored, Within
from gatepost.parity.types import MOMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from gatepost.schema.catalog import Column, Table
    from gatepost.settings import TableRule

_SAID = {
    "exact": "compared exactly, the scale of numerics too",
    "value": "compared by value: 1.10 and 1.1 are one",
    "trimmed": "compared without blanks at the end",
    "ci": "compared without regard to case",
}


def declared(rule: TableRule, column: Callable[[str], Column | None]) -> Iterator[str]:
    """Yield, column by column, what the project declared to be the same."""
    for name, one in sorted(rule.compare.items()):
        if isinstance(one, Ignored):
            yield f"{name}: not compared, as declared: {one.ignore}"
        elif isinstance(one, Within):
            known = column(name)
            unit = " s" if known and known.base in MOMENTS else ""
            yield f"{name}: compared within {one.tolerance:g}{unit}, as declared"
        else:
            yield f"{name}: {_SAID[one]}, as declared"


def retyped(before: Table | None, after: Table | None) -> Iterator[str]:
    """Yield the columns that have another type after, with both types."""
    for column in before.columns if before else ():
        other = after.column(column.name) if after else None
        if other is not None and other.base != column.base:
            yield f"{column.name} ({column.type} before, {other.type} after)"


def not_yielded(
    rule: TableRule, before: Table, after: Table, *, new: Collection[str] = ()
) -> Iterator[str]:
    """Yield what the rule's query leaves out of the table, and what it has too much.

    :param new: columns that a migration made, of which the before side has nothing.
    """
    wanted = {one.name for one in after.columns if not one.generated} - {*new}
    ignored = {name for name, one in rule.compare.items() if isinstance(one, Ignored)}
    yielded = {one.name for one in before.columns}
    if names := sorted(wanted - yielded - ignored):
        yield f": not verified: {rule.query} does not yield {', '.join(names)}"
    if names := sorted(yielded - {one.name for one in after.columns}):
        yield f": {rule.query} yields what the table has no column for: {', '.join(names)}"
