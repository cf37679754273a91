"""How does a database come to hold the platform's schema and data?

    python -m examples.fonana.generate --database postgresql://… --media public

The same seed gives the same bytes.  `--scale 50` gives fifty copies of everything but tags, one
after the other: neither a table nor a tree of files is ever in memory.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psycopg import sql

from examples import generating
from examples.fonana import content, dealings, media, people
from examples.fonana.inventory import SOURCE, Inventory
from examples.fonana.world import World
from gatepost import database, dsn
from gatepost.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gatepost.database import Connection
    from gatepost.dsn import Dsn

Row = dict[str, Any]

MIGRATIONS = Path(__file__).parent / "migrations"
SEED = 20250701

# Parents before children.
TABLES: dict[str, Callable[[World], Iterator[Row]]] = {
    "users": people.users,
    "accounts": people.accounts,
    "sessions": people.sessions,
    "user_settings": people.user_settings,
    "creator_tier_settings": people.creator_tier_settings,
    "follows": people.follows,
    "posts": content.posts,
    "tags": content.tags,
    "post_tags": content.post_tags,
    "comments": content.comments,
    "likes": dealings.none,
    "subscriptions": dealings.subscriptions,
    "post_purchases": dealings.post_purchases,
    "transactions": dealings.transactions,
    "flash_sales": content.flash_sales,
    "flash_sale_redemptions": dealings.none,
    "auction_bids": dealings.none,
    "auction_deposits": dealings.none,
    "auction_payments": dealings.none,
    "Conversation": dealings.conversations,
    "Message": dealings.messages,
    "MessagePurchase": dealings.message_purchases,
    "notifications": dealings.notifications,
}


def generate(
    address: Dsn,
    media_folder: Path,
    scale: int = 1,
    seed: int = SEED,
    *,
    missing: bool = False,
    inventory: Inventory = SOURCE,
) -> dict[str, int]:
    """Give an empty database the schema and the data, and a folder the files that it names.

    :param scale: how many copies.
    :param missing: leave out the files that the real platform missed.
    :return: the number of rows by table.
    :raises UsageError: the database is not empty; nothing was changed.

    One transaction: a database that was not finished is as empty as before.
    """

    def worlds() -> Iterator[World]:
        # Anew for each table: what a world has worked out is forgotten with it.
        return (World(inventory, seed, copy) for copy in range(scale))

    conn = database.maintenance(address, label="generate")
    try:
        with conn.transaction():
            migrate(conn)
            counts = {
                name: _copied(conn, name, map(make, worlds())) for name, make in TABLES.items()
            }
        conn.execute("analyze")
    finally:
        conn.close()
    for world in worlds():
        media.write(media_folder, world, missing=missing)
    return counts


def migrate(conn: Connection) -> None:
    """Apply the migrations, in order of their names, to a database without a table."""
    if database.value(
        conn, "select exists (select from pg_catalog.pg_tables where schemaname = 'public')"
    ):
        raise UsageError(
            "the database is not empty: the schema is made from nothing",
            hint="create a new database, or drop what is in this one",
        )
    # The files name no schema: whoever applies them says where.
    conn.execute("set search_path to public")
    for file in sorted(MIGRATIONS.glob("*.sql")):
        conn.execute(file.read_bytes())


def _copied(conn: Connection, name: str, copies: Iterable[Iterator[Row]]) -> int:
    """Send the rows of one table; columns that no row names keep their default."""
    rows = itertools.chain.from_iterable(copies)
    first = next(rows, None)
    if first is None:
        return 0
    columns = list(first)
    copy = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier("public", name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    with conn.cursor() as cursor, cursor.copy(copy) as sent:
        for count, row in enumerate(itertools.chain([first], rows), start=1):  # noqa: B007 - the sum
            sent.write_row([row[column] for column in columns])
    return count


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, generate, and say what there is."""
    parser = generating.parser(__doc__, SEED)
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL", ""), metavar="URL")
    parser.add_argument("--media", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--missing-media", action="store_true")

    def made(given: argparse.Namespace) -> Mapping[str, int]:
        address, missing = dsn.parse(given.database, of="--database"), given.missing_media
        return generate(address, given.media, given.scale, given.seed, missing=missing)

    return generating.run(parser, made, arguments)


if __name__ == "__main__":
    sys.exit(main())
