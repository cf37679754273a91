"""Which functions name what the server does not know them to need?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.names import Relation
from gatepost.sql import question
from gatepost.uses.mentions import Mentions, Reader
from gatepost.uses.taken import Routine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.database import Connection
    from gatepost.schema.catalog import Catalog
    from gatepost.uses.taken import Taken

_PLPGSQL = "plpgsql"
_PUBLIC = ("public",)


@dataclass(frozen=True)
class Body:
    """A function whose body is kept as text.

    :param number: of its arguments.
    :param definition: the statement that creates it; ``body`` what it runs.
    :param path: the search_path that it sets for itself; empty where it takes the caller's.
    :param tables: whose triggers call it.
    """

    relation: Relation
    arguments: str
    number: int
    language: str
    body: str
    definition: str
    path: tuple[str, ...]
    tables: tuple[Relation, ...]

    def __str__(self) -> str:
        return f"function {self.relation}({self.arguments})"


def read(conn: Connection) -> tuple[Body, ...]:
    """Return every function in SQL or PL/pgSQL, in the order of names."""
    return tuple(
        Body(
            Relation(row["schema"], row["name"]),
            row["arguments"],
            row["number"],
            row["language"],
            row["body"],
            row["definition"],
            _schemas(row["path"] or ""),
            tuple(Relation(*one) for one in row["tables"]),
        )
        for row in database.mappings(conn, question("uses_bodies"))
    )


def naming(found: tuple[Body, ...], taken: Taken, catalog: Catalog) -> Iterator[Body]:
    """Yield the functions that name something, as they are after all pending migrations."""
    for one in found:
        if not _goes(one, taken) and names(_mentions(one, taken, catalog), taken):
            yield one


def _goes(one: Body, taken: Taken) -> bool:
    """Whether a function is what is taken, or in it."""
    if taken.kind == "schema":
        return one.relation.schema == taken.relation.schema
    return one.relation == taken.relation and not taken.column


def names(mentions: Mentions, taken: Taken) -> bool:
    """Whether a text names what is taken."""
    if taken.kind == "column":
        whole = taken.act == "drops" and taken.relation in mentions.whole
        return whole or mentions.column(taken.relation, taken.column)
    if taken.kind in ("function", "procedure", "routine"):
        return mentions.function(taken.relation.name)
    if taken.kind in ("type", "domain"):
        return mentions.type(taken.relation.name)
    if taken.kind == "schema":
        return any(one.schema == taken.relation.schema for one in mentions.relations)
    return mentions.relation(taken.relation)


def _mentions(one: Body, taken: Taken, catalog: Catalog) -> Mentions:
    routine = Routine(one.relation, one.number)
    if routine in taken.replaced:
        return _of_definition(taken.replaced[routine], one, catalog)
    if routine in taken.without or Routine(one.relation) in taken.without:
        return Mentions()
    reader = Reader(catalog, one.path or _PUBLIC, one.tables)
    if one.language == _PLPGSQL:
        return reader.plpgsql(one.definition)
    return reader.sql(one.body)


def _of_definition(text: str, one: Body, catalog: Catalog) -> Mentions:
    """Return what a function names as a pending migration makes it anew."""
    reader = Reader(catalog, one.path or _PUBLIC, one.tables)
    if one.language == _PLPGSQL:
        return reader.plpgsql(text)
    return reader.body_of(text)


def _schemas(path: str) -> tuple[str, ...]:
    parts = (one.strip().strip('"') for one in path.split(","))
    return tuple(one for one in parts if one and one != "$user")
