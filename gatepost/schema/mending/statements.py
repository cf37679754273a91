"""How are the names and values of a declaration written in a statement that would mend it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from gatepost.names import parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatepost.schema.telling import Difference

# What ALTER and COMMENT ON call each kind; what else there is, is not mended by a statement.
WORDS = {
    "table": "table",
    "partitioned table": "table",
    "foreign table": "foreign table",
    "view": "view",
    "materialized view": "materialized view",
    "sequence": "sequence",
    "enum": "type",
    "composite": "type",
    "range": "type",
    "base type": "type",
    "domain": "domain",
    "function": "function",
    "window function": "function",
    "procedure": "procedure",
    "aggregate": "aggregate",
    "schema": "schema",
    "extension": "extension",
    "event trigger": "event trigger",
    "statistics": "statistics",
    "collation": "collation",
    "conversion": "conversion",
    "language": "language",
    "access method": "access method",
    "publication": "publication",
    "subscription": "subscription",
    "server": "server",
    "foreign data wrapper": "foreign data wrapper",
    "text search configuration": "text search configuration",
    "text search dictionary": "text search dictionary",
    "text search parser": "text search parser",
    "text search template": "text search template",
}
TABLES = frozenset({"table", "partitioned table", "foreign table"})
RELATIONS = TABLES | {"view", "materialized view", "sequence"}


def raw(text: str) -> sql.SQL:
    """Return as SQL what a server deparsed; nothing else may come here."""
    return sql.SQL(text)


def word(kind: str) -> sql.SQL:
    """Return what statements call a kind."""
    return sql.SQL(WORDS[kind])


def target(found: Difference) -> sql.Composable:
    """Return the name of the object that differs, arguments of a function included."""
    if found.kind in RELATIONS:
        return sql.Identifier(*parts(found.identity))
    name, opening, arguments = found.identity.removeprefix(f"{found.kind} ").partition("(")
    return sql.Identifier(*parts(name)) + raw(opening + arguments)


def beside(found: Difference) -> sql.Identifier:
    """Return the name of an index that differs: it lies in its table's schema."""
    return sql.Identifier(parts(found.identity)[0], found.name)


def commented(what: sql.Composable, comment: str | None) -> sql.Composed:
    """Return the statement that says, or takes back, a comment on something."""
    return sql.SQL("comment on {} is {}").format(
        what, sql.SQL("null") if comment is None else sql.Literal(comment)
    )


def options(
    alter: sql.Composable, before: list[str] | None, after: list[str] | None, prefix: str = ""
) -> Iterable[sql.Composed]:
    """Yield the statements that set the options from before and reset those that are only after.

    :param alter: the statement up to the options.
    """
    was, now = (dict(each.partition("=")[::2] for each in side or ()) for side in (before, after))
    if to_set := [key for key in was if was[key] != now.get(key)]:
        values = (
            sql.SQL("{} = {}").format(raw(prefix) + sql.Identifier(key), sql.Literal(was[key]))
            for key in to_set
        )
        yield sql.SQL("{} set ({})").format(alter, sql.SQL(", ").join(values))
    if to_reset := [key for key in now if key not in was]:
        names = (raw(prefix) + sql.Identifier(key) for key in to_reset)
        yield sql.SQL("{} reset ({})").format(alter, sql.SQL(", ").join(names))


def assigned(settings: Iterable[str]) -> Iterable[tuple[sql.Identifier, sql.Composable]]:
    """Yield name and value of `SET`, of each setting as the catalog holds it.

    A list, as search_path is one, is held with its elements quoted, and is written as it is held.
    """
    for setting in settings:
        name, _, value = setting.partition("=")
        in_quotes = name not in _LISTS
        yield (
            sql.Identifier(*name.split(".")),
            sql.Literal(value) if in_quotes else raw(value or "''"),
        )


# The settings whose value is a list of names: quoted as one text, they would be a single name.
_LISTS = frozenset(
    ("search_path", "temp_tablespaces", "session_preload_libraries", "local_preload_libraries")
)
