"""How did production come to where it stands?  By its first migrations, recorded as Prisma does.

The rest of the chain is pending: that is what the migration is about.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.errors import UsageError
from gatepost.migrations import chain

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.migrations.chain import File

MIGRATIONS = Path(__file__).parent / "prisma" / "migrations"
APPLIED = 4
_TOOK = dt.timedelta(milliseconds=180)
_LEDGER = """
create table public._prisma_migrations (
    id varchar(36) primary key not null,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
)
"""
_RECORD = """
insert into public._prisma_migrations
    (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
values (%s, %s, %s, %s, %s, 1)
"""


def make(conn: Connection, applied: int = APPLIED, folder: Path = MIGRATIONS) -> tuple[str, ...]:
    """Run the first migrations on an empty database; return the names of those still pending.

    :param conn: of the owner; its search path is `public` afterwards.
    :raises UsageError: the database has tables already; nothing was changed.
    """
    if database.value(
        conn, "select exists (select from pg_catalog.pg_tables where schemaname = 'public')"
    ):
        raise UsageError(
            "the database is not empty: the schema is made from nothing",
            hint="create a new database, or drop what is in this one",
        )
    # The files name no schema: the client's address does, by ?schema=, or public.
    conn.execute("set search_path to public")
    conn.execute(_LEDGER)
    files = chain.of(folder).files
    for file in files[:applied]:
        conn.execute(file.raw)
        _record(conn, file)
    return tuple(file.name for file in files[applied:])


def _record(conn: Connection, file: File) -> None:
    """Record a migration as one of the day that its name says."""
    began = _day(file.name)
    key = uuid.UUID(int=random.Random(file.name).getrandbits(128), version=4)
    conn.execute(_RECORD, (str(key), file.sha256, began + _TOOK, file.name, began))


def _day(name: str) -> dt.datetime:
    stamp = name.partition("_")[0]
    return dt.datetime.strptime(stamp.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
