"""What does a pending migration demand of the rows that are there?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from psycopg import sql

from gatepost.linting.blocks import Place
from gatepost.violations.shapes import Shape

Kind = Literal["not null", "unique", "check", "foreign key", "exclusion", "type", "partition"]


@dataclass(frozen=True)
class Against:
    """Each row by itself is to meet a condition.

    :param broken: on which a row breaks it; over the columns of the shape.
    :param words: what is said of the rows that do, `{rows}` being their number.
    """

    broken: sql.Composable
    words: str


@dataclass(frozen=True)
class Shared:
    """No two rows may have the same key.

    :param keys: expressions; ``given``: the condition on which a row is asked at all.
    :param plain: the columns among them, whose values reports may show where the project allows.
    """

    keys: tuple[sql.Composable, ...]
    given: sql.Composable | None = None
    nulls_are_one: bool = False
    plain: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pointing:
    """What a row points to is to be there.

    :param full: all columns are NULL, or none is.
    """

    columns: tuple[str, ...]
    parent: Shape
    parent_columns: tuple[str, ...]
    full: bool = False


@dataclass(frozen=True)
class Excluding:
    """No two rows may be alike by all of some operators.

    :param pairs: expressions and their operators.
    """

    pairs: tuple[tuple[sql.Composable, sql.Composable], ...]
    given: sql.Composable | None = None


@dataclass(frozen=True)
class Becoming:
    """What becomes of a value is to be a value.

    :param expression: what the server computes for every row; ``type``: which it is to be.
    """

    expression: sql.Composable
    type: str


Test = Against | Shared | Pointing | Excluding | Becoming


@dataclass(frozen=True, repr=False)
class Claim:
    """One thing that a pending migration demands.

    :param said: what stands in the subject behind the table: columns, or a name.
    :param shape: the rows as they are when it is demanded.
    :param test: None where it is not known here what would break it.
    :param path: the schemas in which names without one are looked for.
    :param missing: what it names and is not there, in words.
    :param kept: why the server leaves as it is what is there already.
    :param doubt: why rows that break it now need not break it then.
    """

    kind: Kind
    said: str
    shape: Shape
    test: Test | None
    place: Place
    path: tuple[str, ...] = ("public",)
    missing: tuple[str, ...] = ()
    kept: str = ""
    doubt: str = ""

    def __repr__(self) -> str:
        return self.subject

    @property
    def leaves_nulls(self) -> bool:
        """Whether a column that is there already stays without the NOT NULL that is written."""
        return bool(self.kept) and self.kind == "not null"

    @property
    def subject(self) -> str:
        """Its name in the plan."""
        return f"{self.kind} {self.shape.relation} ({self.said})"
