"""The rights in two databases, as `privileges` reads and compares them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.dsn import Dsn
from gatepost.schema import privileges
from gatepost.schema.declared import Privileges
from gatepost.schema.privileges import Comparison

if TYPE_CHECKING:
    from gatepost.schema.declarations import Object
    from gatepost.schema.differences import Differences

    Facts = tuple[Object, ...]


@dataclass(frozen=True)
class Pair:
    """Two databases, one of PostgreSQL 16 and one of 18."""

    before: Dsn
    after: Dsn

    def compare(self, subject: str, declared: Privileges | None = None) -> Differences:
        return compare(subject, read(self.before), read(self.after), declared)

    def every(self, declared: Privileges | None = None) -> dict[str, Differences]:
        compared = Comparison(read(self.before), read(self.after), declared or Privileges())
        return {subject: compared.of(subject) for subject in compared.subjects}

    @cached_property
    def was(self) -> Facts:
        """What the side before says, which no test changes."""
        return read(self.before)

    def damaged(self, damage: str) -> Facts:
        """Return what the side after says while a damage is done that is taken back then."""
        with (
            contextlib.closing(database.maintenance(self.after)) as conn,
            conn.transaction(force_rollback=True),
        ):
            conn.execute(damage.encode())
            return privileges.read(conn)


def read(dsn: Dsn) -> Facts:
    with contextlib.closing(database.read_only(dsn)) as conn:
        return privileges.read(conn)


def compare(
    subject: str, was: Facts, now: Facts, declared: Privileges | None = None
) -> Differences:
    return Comparison(was, now, declared or Privileges()).of(subject)


def findings(every: dict[str, Differences]) -> list[str]:
    return [line for found in every.values() for line in found.findings]


def notes(every: dict[str, Differences]) -> str:
    return "\n".join(line for found in every.values() for line in found.notes)
