"""How does a database come to be production's, as it is before the migration?

    python -m examples.poolmanager.generate --database postgresql://…

Four migrations of eight have run; the data are of the third week of a season.  The same seed gives
the same bytes.  `--scale 2000` gives two thousand copies of the pools, a million rows in all; teams
and games are the season's, and stay as many as they are.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.types.json import Jsonb

from examples import generating
from examples.poolmanager import pools, season
from examples.poolmanager.world import SEED, World
from gatepost import database, dsn
from gatepost.errors import UsageError
from gatepost.migrations import chain, prisma

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gatepost.database import Connection
    from gatepost.dsn import Dsn

Row = dict[str, Any]

MIGRATIONS = Path(__file__).parent / "prisma" / "migrations"
APPLIED = 4  # of eight: the rest is what the migration is about

# Parents before children.
SHARED: dict[str, Callable[[World], Iterator[Row]]] = {
    "teams": season.teams,
    "games": season.games,
    "results": season.results,
    "mapping_profiles": season.mapping_profiles,
    "model_weights": season.model_weights,
    "lines": season.lines,
}
COPIED: dict[str, Callable[[World], Iterator[Row]]] = {
    "pools": pools.pools,
    "entries": pools.entries,
    "uploads": pools.uploads,
    "picks": pools.picks,
    "grades": pools.grades,
    "grade_overrides": pools.grade_overrides,
    "survivor_entries": pools.survivor_entries,
    "survivor_picks": pools.survivor_picks,
    "survivor_week_data": pools.survivor_week_data,
}


def generate(address: Dsn, scale: int = 1, seed: int = SEED) -> dict[str, int]:
    """Give an empty database its history, recorded as Prisma records it, and its data.

    :param scale: how many copies of the pools.
    :return: the number of rows by table.
    :raises UsageError: the database is not empty; nothing was changed.
    """
    _refuse_what_is_there(address)
    first = {file.name for file in chain.of(MIGRATIONS).files[:APPLIED]}
    prisma.deploy(address, MIGRATIONS, only=first)
    with contextlib.closing(database.maintenance(address, label="generate")) as conn:
        with conn.transaction():
            counts = {
                name: _copied(conn, name, [make(World(seed, 0))]) for name, make in SHARED.items()
            }
            for name, make in COPIED.items():
                worlds = (World(seed, copy) for copy in range(scale))
                counts[name] = _copied(conn, name, map(make, worlds))
        conn.execute("analyze")
    return counts


def _refuse_what_is_there(address: Dsn) -> None:
    with contextlib.closing(database.maintenance(address, label="generate")) as conn:
        if database.value(
            conn, "select exists (select from pg_catalog.pg_tables where schemaname = 'public')"
        ):
            raise UsageError(
                "the database is not empty: its history is made from nothing",
                hint="create a new database, or drop what is in this one",
            )


def _copied(conn: Connection, name: str, copies: Iterable[Iterator[Row]]) -> int:
    """Send the rows of one table; columns that no row names keep their default."""
    rows = itertools.chain.from_iterable(copies)
    first = next(rows)
    columns = list(first)
    copy = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier("public", name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    with conn.cursor() as cursor, cursor.copy(copy) as sent:
        for count, row in enumerate(itertools.chain([first], rows), start=1):  # noqa: B007 - the sum
            sent.write_row([_sent(row[column]) for column in columns])
    return count


def _sent(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, generate, and say what there is."""
    parser = generating.parser(__doc__, SEED)
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL", ""), metavar="URL")

    def made(given: argparse.Namespace) -> Mapping[str, int]:
        return generate(dsn.parse(given.database, of="--database"), given.scale, given.seed)

    return generating.run(parser, made, arguments)


if __name__ == "__main__":
    sys.exit(main())
