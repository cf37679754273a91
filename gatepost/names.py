"""How is a table named, in the file, in a message and in SQL?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from psycopg import sql

from gatepost.errors import UsageError

_PLAIN = re.compile(r"[^\s.\"'\[\]]+")
_PART = re.compile(r'"((?:[^"]|"")+)"|([^."]+)')


@dataclass(frozen=True, order=True)
class Relation:
    """A table, view or materialised view by its schema and name, as the catalog spells them."""

    schema: str
    name: str

    @property
    def identifier(self) -> sql.Identifier:
        """The name as SQL, quoted."""
        return sql.Identifier(self.schema, self.name)

    def __str__(self) -> str:
        return dotted(self.schema, self.name)

    def __repr__(self) -> str:
        # pytest and Allure show a parameter by its repr, and Allure's history hangs on it.
        return str(self)


def dotted(*parts: str) -> str:
    """Return the parts with dots between them, quoted only where reading would go wrong.

    Case needs no quotes here, unlike in SQL: `public.Message` is the table "Message".
    """
    return ".".join(p if _PLAIN.fullmatch(p) else '"' + p.replace('"', '""') + '"' for p in parts)


def parts(text: str) -> tuple[str, ...]:
    """Return the parts of a dotted name: the inverse of `dotted`.

    :raises UsageError: an empty part or an unfinished quote.
    """
    found: list[str] = []
    at = 0
    while True:
        match = _PART.match(text, at)
        if match is None:
            raise UsageError(
                f"'{text}' is no dotted name", hint='write schema.table, or schema."a.b"'
            )
        quoted, plain = match.groups()
        found.append(quoted.replace('""', '"') if quoted is not None else plain)
        at = match.end()
        if at == len(text):
            return tuple(found)
        if text[at] != ".":
            raise UsageError(
                f"'{text}' is no dotted name", hint='write schema.table, or schema."a.b"'
            )
        at += 1


def relation(text: str) -> Relation:
    """Return the relation that `schema.table` names.

    :raises UsageError: not two parts.
    """
    found = parts(text)
    if len(found) != 2:  # noqa: PLR2004 - schema and table
        raise UsageError(f"'{text}' names no table", hint="write schema.table")
    return Relation(*found)


def column(text: str) -> tuple[Relation, str]:
    """Return the relation and the column that `schema.table.column` names.

    :raises UsageError: not three parts.
    """
    found = parts(text)
    if len(found) != 3:  # noqa: PLR2004 - schema, table and column
        raise UsageError(f"'{text}' names no column", hint="write schema.table.column")
    return Relation(found[0], found[1]), found[2]
