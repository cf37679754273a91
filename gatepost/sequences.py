"""Is the next value that a sequence will hand out still free?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import batches, database, names
from gatepost.names import Relation
from gatepost.sql import question

if TYPE_CHECKING:
    from decimal import Decimal

    from gatepost.database import Connection
    from gatepost.schema.catalog import Catalog, Sequence, Table


@dataclass(frozen=True)
class Position:
    """Where a sequence stands.

    :param last: the value handed out last; None if it was never used.
    """

    last: int | None
    readable: bool


@dataclass(frozen=True)
class Reach:
    """How far the values of one column go, in the direction of its sequence; None if empty."""

    column: str
    furthest: int | None


def positions(conn: Connection) -> dict[str, Position]:
    """Return where every sequence stands, by its dotted name.  One query for all of them."""
    return {
        str(Relation(schema, name)): Position(last, readable)
        for schema, name, last, readable in database.rows(conn, question("sequence_values"))
    }


def reach(conn: Connection, sequence: Sequence, catalog: Catalog) -> tuple[Reach, ...]:
    """Return how far the columns go that take their values from ``sequence``.

    One `max` a column, from its index where it has one.
    """
    return tuple(
        Reach(user, _whole(database.value(conn, query)))
        for user, query in _asking(sequence, catalog).items()
    )


def reaches(conn: Connection, catalog: Catalog) -> dict[str, tuple[Reach, ...]]:
    """Return what `reach` returns, by dotted name, of those sequences that can be asked together.

    Missing are those that number a larger table, and those asked together with one that fails.
    """
    asking = {
        str(one.relation): _asking(one, catalog)
        for one in catalog.sequences
        if all(batches.is_small(table) for table, _ in _numbered(one, catalog).values())
    }
    queries = {
        (name, user): query for name, users in asking.items() for user, query in users.items()
    }
    found = batches.asked(conn, queries)
    return {
        name: tuple(Reach(user, _whole(*found[name, user])) for user in users)
        for name, users in asking.items()
        if all((name, user) in found for user in users)
    }


def _asking(sequence: Sequence, catalog: Catalog) -> dict[str, sql.Composed]:
    """Return, by column, the query for its furthest value: numeric, so that all yield one type."""
    query = sql.SQL("select {extreme}({column})::pg_catalog.numeric from {relation}")
    extreme = sql.SQL("pg_catalog.max" if sequence.increment > 0 else "pg_catalog.min")
    return {
        user: query.format(
            extreme=extreme, column=sql.Identifier(column), relation=table.relation.identifier
        )
        for user, (table, column) in _numbered(sequence, catalog).items()
    }


def _numbered(sequence: Sequence, catalog: Catalog) -> dict[str, tuple[Table, str]]:
    """Return the columns that take their values from ``sequence`` and are there."""
    found = {}
    for user in sequence.users:
        relation, column = names.column(user)
        table = catalog.table(relation)
        if table is not None and table.column(column) is not None:
            found[user] = (table, column)
    return found


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def findings(
    sequence: Sequence, was: Position | None, now: Position, reached: tuple[Reach, ...]
) -> tuple[str, ...]:
    """Return what is wrong with a sequence on the after side, in words.  Pure.

    Behind is wrong; ahead is not: sequences are in no snapshot, and gaps are their nature.

    :param was: its position on the before side, None where it has no such sequence.
    """
    name = str(sequence.relation)
    if not now.readable:
        return (f"{name}: may not be read\n  hint: grant usage on the sequence to the role",)
    said = []
    step = sequence.increment
    following = sequence.start if now.last is None else now.last + step
    for one in reached:
        if one.furthest is None or (one.furthest - following) * step < 0:
            continue
        # Only multiples of the step away from it will ever be handed out.
        if (one.furthest - following) % abs(step) == 0 or abs(step) == 1:
            said.append(
                f"{name}: the next value is {following:,},"
                f" and {one.column} goes to {one.furthest:,}"
            )
    if was is not None and was.last is not None and not said:
        behind = now.last is None or (was.last - now.last) * step > 0
        if behind:
            stood = "never used" if now.last is None else f"at {now.last:,}"
            said.append(f"{name}: at {was.last:,} before, {stood} after")
    room = sequence.maximum if step > 0 else sequence.minimum
    if not sequence.cycle and (following - room) * step > 0:
        said.append(f"{name}: exhausted, the next value {following:,} is past its end {room:,}")
    return tuple(said)
