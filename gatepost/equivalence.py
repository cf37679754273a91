"""What counts as the same, where a project says that not only what is equal does?"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import Discriminator, Field, StringConstraints, Tag

from gatepost.record import Record


class Within(Record):
    """Two numbers, or two moments in seconds, that are this close count as one."""

    tolerance: float = Field(gt=0, allow_inf_nan=False)


class Ignored(Record):
    """A column that is not compared, and why that is right."""

    ignore: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]


_Word = Literal["exact", "value", "trimmed", "ci"]
EQUIVALENCES = (*get_args(_Word), "tolerance", "ignore")
NO_EQUIVALENCE = "no_equivalence"


def _shape(given: Any) -> str | None:
    """Return which of the three an equivalence is, so that an error speaks of that one alone."""
    if isinstance(given, str):
        return "word" if given in get_args(_Word) else None
    for name, record in (("tolerance", Within), ("ignore", Ignored)):
        if isinstance(given, record) or (isinstance(given, dict) and name in given):
            return name
    return None


Equivalence = Annotated[
    Annotated[_Word, Tag("word")]
    | Annotated[Within, Tag("tolerance")]
    | Annotated[Ignored, Tag("ignore")],
    Discriminator(
        _shape,
        custom_error_type=NO_EQUIVALENCE,
        custom_error_message='none of "exact", "value", "trimmed", "ci", {tolerance = 0.01} and'
        ' {ignore = "why"}',
    ),
]
