"""One difference between two values, and its healthy neighbour."""

from __future__ import annotations

from dataclasses import dataclass

PG = "pg_catalog."


@dataclass(frozen=True)
class Case:
    """One difference, and its healthy neighbour: another value after, which has another name."""

    base: str
    before: str | None
    after: str | None
    kind: str
    place: str
    neighbour: str | None
    typtype: str = "b"

    def __repr__(self) -> str:
        return f"{self.base}: {self.kind}"


def of(base: str, *rows: tuple[str | None, str | None, str, str, str | None]) -> list[Case]:
    """Return the cases of one built-in type: before, after, kind, place, neighbour."""
    return [Case(PG + base, *row) for row in rows]
