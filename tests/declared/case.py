"""One difference between two declarations, and the place where it is to be told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """What both sides share, what each has alone, and where they are to differ.

    :param common: SQL with {s} for the schema that the case lives in, as are ``before`` and
        ``after``: names outside of schemas begin with it.
    :param places: a line for each: the identity of the object, which of its parts, which attribute.
    :param since: the version that the SQL takes on both sides.
    """

    name: str
    common: str
    before: str
    after: str
    places: str
    since: int = 16

    def __repr__(self) -> str:
        return self.name
