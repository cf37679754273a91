"""What is known of a thing that a pending migration takes away, or calls otherwise?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gatepost.linting.blocks import Place
from gatepost.names import Relation, dotted

Act = Literal["drops", "renames", "moves", "retypes"]


@dataclass(frozen=True)
class Routine:
    """A function or procedure, by its name and the number of its arguments; None for any number."""

    relation: Relation
    number: int | None = None


@dataclass(frozen=True)
class Taken:
    """Something that is there, and will not be, or not as it was.

    :param kind: `table`, `column`, `function` and so on.
    :param relation: its schema and name; of a column, its table's.
    :param cascade: what depends on it goes with it.
    :param before: what the statements before have dropped or made anew, as `names` has it.
    :param also: what tells it apart from another of the same name.
    :param is_back: there is something of that name again, after all of them.
    :param replaced: the functions that they make anew, with their new definitions.
    :param without: those that are gone after all of them.
    """

    kind: str
    relation: Relation
    column: str
    act: Act
    cascade: bool
    place: Place
    before: frozenset[tuple[str, ...]] = frozenset()
    also: str = ""
    is_back: bool = False
    replaced: Mapping[Routine, str] = field(default_factory=dict)
    without: frozenset[Routine] = frozenset()

    def __repr__(self) -> str:
        return self.subject

    @property
    def name(self) -> str:
        """Its name, quoted where reading would go wrong."""
        parts = (self.relation.schema, self.relation.name, self.column)
        return dotted(*(one for one in parts if one))

    @property
    def names(self) -> tuple[str, ...]:
        """Its name in parts, as what is gone is known by."""
        parts = (self.relation.schema, self.relation.name, self.column)
        return tuple(one for one in parts if one)

    @property
    def subject(self) -> str:
        """Its name in the plan."""
        kind = f"type of {self.kind}" if self.act == "retypes" else self.kind
        return f"{kind} {self.name}{self.also}"
