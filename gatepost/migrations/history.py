"""Do a folder of migrations and the record of those that ran tell one history?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.errors import UsageError
from gatepost.migrations.files import Migration
from gatepost.wording import meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.migrations.ledger import Row

_NONE = "0"


@dataclass(frozen=True)
class History:
    """What ran, what is still to run, and where files and record contradict each other.

    :param faults: one line each, with the name of the migration.
    """

    applied: tuple[Migration, ...]
    pending: tuple[Migration, ...]
    faults: tuple[str, ...]

    def to_run(self, to: str = "") -> tuple[Migration, ...]:
        """Return what is to run, in its order.

        :param to: the version of the last one; all that is pending if empty.
        :raises UsageError: there is no such version.
        """
        last = self._number(to) if to else None
        return tuple(one for one in self.pending if last is None or one.number <= last)

    def to_take_back(self, to: str = "") -> tuple[Migration, ...]:
        """Return what is to be taken back, the last one first.

        :param to: the version of the last one that stays, `0` for none; one is taken back if empty.
        :raises UsageError: there is no such version, or one of them has no way back.
        """
        found = tuple(reversed(self.applied))
        if to == _NONE:
            todo = found
        elif to:
            todo = tuple(one for one in found if one.number > self._number(to))
        else:
            todo = found[:1]
        stuck = next((one for one in todo if one.down is None), None)
        if stuck is not None:
            raise UsageError(
                f"{stuck.name}: nothing takes it back",
                hint=f"{stuck.name}.down.sql beside {stuck.name}.sql",
            )
        return todo

    def _number(self, version: str) -> int:
        known = [one.version for one in (*self.applied, *self.pending)]
        if version not in known:
            raise UsageError(f"no migration has the version {version}", hint=meant(version, known))
        return int(version)


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
