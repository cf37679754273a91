"""What did the project declare about what a migration makes, moves and drops, and of old tables?"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from gatepost import names
from gatepost.names import Relation
from gatepost.record import Record

# What a column may hold, as TOML has it.
Value = bool | int | float | dt.datetime | dt.date | dt.time | str
REST = "rest"
_SHARE = re.compile(r"\d{1,3}(\.\d+)?\s*%")

_OF_ROWS = frozenset({"rows"})
_OF_VALUES = frozenset(
    {"not_null", "nulls", "allowed", "complete", "distribution", "min", "max"},
)


def _share(given: int | str) -> int | str:
    if isinstance(given, str) and not _SHARE.fullmatch(given):
        raise ValueError(f"'{given}' is neither a number of rows nor a share of them, as \"5 %\"")
    return given


def _distribution(given: dict[str, int | str]) -> dict[str, int | str]:
    for one in given.values():
        if one != REST:
            _share(one)
    if sum(one == REST for one in given.values()) > 1:
        raise ValueError(f'only one value can be the "{REST}"')
    return given


Rows = Annotated[int, Field(ge=0)]
# So many rows, or such a share of them: "98.5 %" is as exact as it is written.
Share = Annotated[Rows | str, AfterValidator(_share)]
Distribution = Annotated[dict[str, Rows | str], AfterValidator(_distribution)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]


class Subject(Record):
    """A column or a table, one of both.

    :param column: `schema.table.column`.
    :param table: `schema.table`.
    """

    column: str = ""
    table: str = ""

    @property
    def name(self) -> str:
        """Whichever it is."""
        return self.column or self.table

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if bool(self.column) == bool(self.table):
            raise ValueError("names a `column` or a `table`, one of both")
        return self


class Expectation(Subject):
    """What a column or a table must hold.

    :param not_null: no row is NULL there.
    :param nulls: so many are, or such a share.
    :param allowed: nothing else is there; NULL is a question of its own.
    :param complete: each of ``allowed`` is there.
    :param distribution: how many rows hold which value, or what share of them, or that it is
        the "rest"; nothing else is there, no NULL either unless ``nulls`` says so.
    :param min: the least there may be; of a moment, the first.
    :param max: the most there may be; a day ends when it is over.
    :param rows: how many rows the table holds.
    :param query: yields the rows that are wrong, and must yield none.
    """

    not_null: bool = False
    nulls: Share | None = None
    allowed: tuple[Value, ...] = ()
    complete: bool = False
    distribution: Distribution = Field(default_factory=dict)
    min: Value | None = None
    max: Value | None = None
    rows: Rows | None = None
    query: str = ""

    @property
    def of_values(self) -> bool:
        """Whether a column's values must be counted for it."""
        return bool(self.column) and bool(self.model_fields_set & _OF_VALUES)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        said = self.model_fields_set - {"column", "table"}
        if not said:
            raise ValueError(f"{self.name}: says nothing of what it must hold")
        if wrong := said & (_OF_ROWS if self.column else _OF_VALUES):
            other = "table" if self.column else "column"
            raise ValueError(f"{self.name}: `{min(wrong)}` is said of a {other}")
        if self.complete and not self.allowed:
            raise ValueError(f"{self.name}: `complete` speaks of what is `allowed`")
        return self


class Dropped(Subject):
    """A column or a table that a migration drops, with what it holds, and why that is right."""

    because: Reason


class Renamed(Subject):
    """A column or a table that has another name after, under which it must hold what it held.

    :param to: its name after, without what does not change: a table may not change its schema.
    """

    to: str = Field(min_length=1)

    @property
    def names(self) -> tuple[Relation, str, str]:
        """The table, the column if it is one, and its name after: of a table, with its schema.

        :raises UsageError: it names no table and no column.
        """
        if self.column:
            return (*names.column(self.column), self.to)
        relation = names.relation(self.table)
        return relation, "", str(Relation(relation.schema, self.to))
