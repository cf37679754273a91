"""Which pending migrations are to be read before they run?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.linting import parsing
from gatepost.migrations.chain import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.ledgers.standing import Standing
    from gatepost.settings import Priority

    Found = tuple[object, str, Priority]

NOTHING = "no migration is pending"
NO_CHAIN = "no pending migrations meet rows that are there: `strategy` and `[migrate] migrations`"
NO_GRAMMAR = "pglast, which reads migrations, is not installed: pip install 'gatepost[lint]'"


@dataclass(frozen=True)
class Pending:
    """A pending migration, and all that will have run by then or be run after it.

    :param files: all pending ones, in order.
    """

    file: File
    files: tuple[File, ...]

    def __str__(self) -> str:
        return self.file.name

    def __repr__(self) -> str:
        return self.file.name


def readable(standing: Standing | None) -> tuple[File, ...] | str:
    """Return the pending migrations, or why they cannot be read."""
    if standing is None:
        return NO_CHAIN
    return standing.pending if parsing.installed() or not standing.pending else NO_GRAMMAR


def lint(pending: tuple[File, ...]) -> Iterator[Found]:
    """Yield a check for each pending migration."""
    for one in pending:
        yield Pending(one, pending), one.name, "critical"
