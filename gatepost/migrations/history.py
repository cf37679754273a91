"""Do a folder of migrations and the record of those that ran tell one history?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.migrations.files import Migration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.migrations.ledger import Row


@dataclass(frozen=True)
class History:
    """What ran, what is still to run, and where files and record contradict each other.

    :param faults: one line each, with the name of the migration.
    """

    applied: tuple[Migration, ...]
    pending: tuple[Migration, ...]
    faults: tuple[str, ...]


def compare(migrations: Sequence[Migration], rows: Sequence[Row]) -> History:
    """Return the history that files and record tell together.  Pure.

    :param migrations: in the order of their versions.
    """
    recorded = {row.version: row for row in rows}
    there = {one.version for one in migrations}
    return History(
        applied=tuple(one for one in migrations if one.version in recorded),
        pending=tuple(one for one in migrations if one.version not in recorded),
        faults=(
            *(
                f"{row.name}: it was applied, and has no file"
                for row in rows
                if row.version not in there
            ),
            *_otherwise(migrations, recorded),
            *_too_late(migrations, recorded),
        ),
    )


def _otherwise(migrations: Sequence[Migration], recorded: dict[str, Row]) -> Iterator[str]:
    for one in migrations:
        row = recorded.get(one.version)
        if row is None:
            continue
        if row.name != one.name:
            yield f"{one.name}: it was applied as {row.name}, and renamed since"
        if row.sha256 != one.sha256:
            yield f"{one.name}: it was edited after it was applied"


def _too_late(migrations: Sequence[Migration], recorded: dict[str, Row]) -> Iterator[str]:
    last = max((one.number for one in migrations if one.version in recorded), default=-1)
    for one in migrations:
        if one.version not in recorded and one.number < last:
            yield (
                f"{one.name}: it was never applied, and a later one was"
                "\n  hint: give it the next version"
            )
