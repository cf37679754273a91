"""Which statements would make the after side declare what the before side does?

None that would lose data: nothing that holds rows is dropped, no type is narrowed.  What cannot be
mended so gets a hint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.schema.mending import of_columns, of_objects, of_parts
from gatepost.schema.mending.statements import RELATIONS, TABLES
from gatepost.schema.telling import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import sql

    from gatepost.schema.declarations import Object
    from gatepost.schema.telling import Difference

# Statements of more characters are shown in part; the script has them whole.
SHOWN = 300
_BODIES = frozenset({"body", "statements", "arguments", "returns", "language", "library"})
_FROM_ARCHIVE = "restore it from the archive: pg_restore --list, keep its lines, --use-list"


@dataclass(frozen=True)
class Remedy:
    """What would mend a finding.

    :param statements: without a semicolon at the end, in the order in which they are to run.
    :param hint: what no statement can do, or does not do alone.
    """

    statements: tuple[str, ...] = ()
    hint: str = ""

    @property
    def lines(self) -> list[str]:
        """The lines below a finding: the first statements, in one line each."""
        told = [f"  mend: {_in_one_line(each)};" for each in self.statements[:NAMED]]
        more = len(self.statements) - NAMED
        told += [f"  mend: … and {more:,} more of the kind"] if more > 0 else []
        return [*told, f"  hint: {self.hint}"] if self.hint else told


def remedy(places: tuple[Difference, ...], before: Object | None, after: Object | None) -> Remedy:
    """Return what would mend a finding, without losing data."""
    statements = [
        statement.as_string(None)
        for found in places
        for statement in _statements(found, before, after)
    ]
    if (
        before
        and after
        and places[0].part
        and not statements
        and of_columns.of_parent(before, after)
    ):
        return Remedy(hint="mend it in the table that this one is a partition of")
    return Remedy(tuple(dict.fromkeys(statements)), _hint(places[0], bool(statements)))


def _statements(
    found: Difference, before: Object | None, after: Object | None
) -> Iterator[sql.Composable]:
    if before is None or after is None:
        yield from of_objects.made(found) if before else ()
    elif found.part == "columns":
        yield from _column(found, before, after)
    elif mend := _mend(found):
        yield from mend(found, before, after)


def _column(found: Difference, before: Object, after: Object) -> Iterator[sql.Composable]:
    if not found.key:
        yield from of_columns.gone(found, before, after) if found.after is None else ()
    elif mend := of_columns.ATTRIBUTES.get(found.key[0]):
        yield from mend(found, before, after)


def _mend(found: Difference) -> of_parts.Mend | None:
    attribute = found.key[0] if found.key else ""
    if found.part:
        return of_parts.ATTRIBUTES.get((found.part, attribute))
    known = of_objects.ATTRIBUTES
    return known.get((found.kind, attribute)) or known.get(("", attribute))


def _hint(found: Difference, mended: bool) -> str:
    """Return what a statement does not do, or what to do where there is none."""
    if found.part == "columns" and not found.key:
        return "its values are only in the archive" if found.after is None else ""
    if found.part == "columns" and mended:
        return of_columns.hint(found)
    if found.part or found.before is None or mended:
        return ""
    if not found.key:
        return _restored(found)
    if found.key[0] in _BODIES:
        return "create or replace it with its text from the archive: pg_restore --function"
    return ""


def _restored(found: Difference) -> str:
    """Return how a whole object comes back."""
    if found.kind == "schema":
        return "restore it with what is in it: pg_restore --schema"
    if found.kind in TABLES or found.kind not in RELATIONS:
        return _FROM_ARCHIVE
    return f"{_FROM_ARCHIVE}; what it depends on first"


def _in_one_line(statement: str) -> str:
    line = " ".join(statement.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
