"""How is a mapped query asked of some records of a collection only?

A name in its WITH hides the view of that name, so that the query itself stays as its author wrote
it: what is wrong with its rows can be traced to records without a trace of them in the rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
_SOME = sql.SQL("{name} as not materialized (select * from {view} where {key} {some})")
_BETWEEN = sql.SQL("between {} and {}")


@dataclass(frozen=True)
class Query:
    """A query of the project, and the staged views of each collection that it reads.

    :param views: by collection.
    """

    text: str
    views: dict[str, tuple[str, ...]]

    def between(self, collection: str, first: int, last: int) -> sql.Composed:
        """Return a query for the rows that come of some records of a collection."""
        some = _BETWEEN.format(sql.Literal(first), sql.Literal(last))
        return self._hiding(collection, some)

    def without(self, records: dict[str, tuple[int, ...]]) -> sql.Composed:
        """Return a query for the rows that come of all records but some."""
        some = sql.SQL("<> all ({}::pg_catalog.int8[])")
        hidden = [
            self._hidden(view, collection, some.format(sql.Literal(list(numbers))))
            for collection, numbers in records.items()
            for view in self.views[collection]
        ]
        return _HIDING.format(sql.SQL(", ").join(hidden), self._bare)

    def _hiding(self, collection: str, some: sql.Composable) -> sql.Composed:
        hidden = [self._hidden(view, collection, some) for view in self.views[collection]]
        return _HIDING.format(sql.SQL(", ").join(hidden), self._bare)

    @staticmethod
    def _hidden(view: str, collection: str, some: sql.Composable) -> sql.Composed:
        return _SOME.format(
            name=sql.Identifier(view),
            view=sql.Identifier(STAGED, view),
            key=sql.Identifier("record" if view == collection else "parent"),
            some=some,
        )

    @property
    def _bare(self) -> sql.SQL:
        return sql.SQL(unqualified(self.text))


def unqualified(text: str) -> str:
    """Return a query whose staged views are named without their schema, as the path finds them."""
    return _WORDS.sub(lambda found: "" if found["schema"] else found[0], text)
