"""How is a mapped query asked of some records of a collection only?

A name in its WITH hides the view of that name, so that the query itself stays as its author wrote
it: what is wrong with its rows can be traced to records without a trace of them in the rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from psycopg import sql

from gatepost.staging.places import STAGED

# A schema's name, and what it must not be looked for in: strings, comments, other names.
_WORDS = re.compile(
    r"""[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*'
      | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$
      | --[^\n]* | /\*.*?\*/
      | \.\s*(?:staged\b|"staged")
      | (?P<schema>\bstaged\s*\.\s*(?=["\w]) | "staged"\s*\.\s*(?=["\w]))
      | "(?:[^"]|"")*" """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_HIDING = sql.SQL("with {} select t.* from ({}) as t")
_SOME = sql.SQL("{name} as not materialized (select * from {view} where {conditions})")
_BETWEEN = sql.SQL("{} between {} and {}")
_NONE_OF = sql.SQL("{} <> all ({}::pg_catalog.int8[])")


@dataclass(frozen=True)
class Query:
    """A query of the project, and the staged views that it reads.

    :param views: by collection.
    :param left_out: by collection, records that are not to be read.
    """

    text: str
    views: dict[str, tuple[str, ...]]
    left_out: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def between(self, collection: str, first: int, last: int) -> sql.Composed:
        """Return a query for the rows that come of some records of a collection."""
        return self._hiding({collection: (first, last)})

    def without(self, records: dict[str, tuple[int, ...]]) -> Query:
        """Return the query of all records but some."""
        return replace(self, left_out=records)

    @property
    def rows(self) -> sql.Composed:
        """A query for the rows of all records that are not left out, of which there are some."""
        return self._hiding({})

    def _hiding(self, between: dict[str, tuple[int, int]]) -> sql.Composed:
        hidden = [
            self._hidden(view, collection, between.get(collection))
            for collection in sorted({*between, *self.left_out})
            for view in self.views[collection]
        ]
        return _HIDING.format(sql.SQL(", ").join(hidden), sql.SQL(unqualified(self.text)))

    def _hidden(self, view: str, collection: str, between: tuple[int, int] | None) -> sql.Composed:
        key = sql.Identifier("record" if view == collection else "parent")
        conditions = []
        if between is not None:
            conditions.append(_BETWEEN.format(key, *map(sql.Literal, between)))
        if collection in self.left_out:
            left_out = sql.Literal(list(self.left_out[collection]))
            conditions.append(_NONE_OF.format(key, left_out))
        return _SOME.format(
            name=sql.Identifier(view),
            view=sql.Identifier(STAGED, view),
            conditions=sql.SQL(" and ").join(conditions),
        )


def unqualified(text: str) -> str:
    """Return a query whose staged views are named without their schema, as the path finds them."""
    return _WORDS.sub(lambda found: "" if found["schema"] else found[0], text)
