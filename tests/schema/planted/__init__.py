"""Single differences, a record each: what both sides share, what is damaged, and who must say it.

Each lives in a schema of its own, named after it, which is the search_path while its SQL runs; what
has no schema is named after it too, so that a batch is built at once and each finding has one owner.
"""

# ruff: noqa: E501 - a statement is best read in one line

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One difference.  In all SQL and words `{s}` stands for its name, `{db}` for the database.

    :param question: which must find it.
    :param words: of one finding, all of them.
    :param common: SQL for both sides.
    :param was: SQL for the before side and for the healthy twin.
    :param damage: SQL for the after side.
    :param also: other findings of the same cause: question and words, as above.
    :param cluster: SQL for both servers; ``cluster_damage``: for the damaged one alone.
    :param mine: a pattern by which a finding is this one's although it does not name it.
    :param since: the first major version that can declare it.
    :param note: it must be a note, and no finding.
    """

    name: str
    question: str
    words: tuple[str, ...]
    common: str = ""
    was: str = ""
    damage: str = ""
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()
    cluster: str = ""
    cluster_damage: str = ""
    mine: str = ""
    since: int = 14
    note: bool = False

    def __repr__(self) -> str:
        return self.name

    @property
    def expected(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every finding that must be there, as question and words."""
        first = ((self.question, self.words), *self.also)
        return tuple(
            (question, tuple(self.filled(word) for word in words)) for question, words in first
        )

    def filled(self, text: str, dbname: str = "") -> str:
        """Return text with the names in it."""
        return text.replace("{s}", self.name).replace("{db}", dbname)

    def owns(self, line: str) -> bool:
        """Whether a finding is about this difference."""
        found = re.search(rf"\b{self.name}(__\w+)?\b", line)
        return bool(found or (self.mine and re.search(self.filled(self.mine), line)))
