"""On which records does a query of the project fail?

A cast in a query throws at the first value that it cannot take, and says neither of which record it
is nor how many more there are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from gatepost.mapping.culprits import Culprits, Search

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psycopg import sql

    from gatepost.mapping.within import Query

# What is wrong with a value, and not with the question.
OF_VALUES = (psycopg.DataError, psycopg.errors.CardinalityViolation)

_QUOTED = re.compile(r'".*"', re.DOTALL)
# All that fail are wanted: the rest is looked at without them.
_ALL = 1 << 30


@dataclass(frozen=True)
class Failing:
    """Records on which a query fails.

    :param culprits: None where there is no collection without which it does not fail.
    :param said: by the server, values left out.
    """

    culprits: Culprits | None
    said: str

    @property
    def records(self) -> dict[str, tuple[int, ...]] | None:
        """All of them, by collection; None where they are not known to be all."""
        if self.culprits is None or not self.culprits.complete:
            return None
        return {self.culprits.collection: self.culprits.records}

    def told(self, name: str) -> str:
        """Return it as a finding.

        :param name: of the query's file.
        """
        if self.culprits is None:
            return f"{name}: fails: {self.said}"
        told = f"{name}: fails on {self.culprits.number}: {self.said}: {self.culprits}"
        if self.culprits.complete:
            return told
        return f"{told}\n  hint: what else is wrong can be told when it does not fail any more"


def said(error: psycopg.Error) -> str:
    """Return what the server says, the values that it quotes left out."""
    return _QUOTED.sub('"…"', str(error.diag.message_primary))


def find(
    query: Query,
    records: Mapping[str, int],
    fails: Callable[[sql.Composed], bool],
    message: str,
) -> Failing:
    """Return the records on which a query fails that has failed.

    Of each collection that it reads, the largest first, it is asked without any record; where it
    does not fail then, the culprits are in that one.

    :param records: by collection, how many it has.
    :param fails: whether the server fails on the rows of a query.
    """
    for collection in sorted(records, key=lambda one: (-records[one], one)):
        if fails(query.between(collection, 0, 0)):
            continue
        search = Search(_asking(query, collection, fails), wanted=_ALL).run(records[collection])
        found = search.culprits(0, collection)
        if found.records:
            return Failing(found, message)
    return Failing(None, message)


def _asking(
    query: Query, collection: str, fails: Callable[[sql.Composed], bool]
) -> Callable[[int, int], tuple[int, ...]]:
    return lambda first, last: (int(fails(query.between(collection, first, last))),)
