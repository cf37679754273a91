"""Is somebody at work under the lock that guards a ledger?"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.sql import question

if TYPE_CHECKING:
    from gatepost.database import Connection
    from gatepost.names import Relation

# What others ask `pg_advisory_lock` for; none may be changed here.
_FLYWAY = 77431708279161
_MIGRATE = 1486364155
_LOW = 0xFFFFFFFF


def flyway(table: Relation) -> int:
    """Return Flyway's key for a table: a number of its own, and Java's hash of the quoted name."""
    found = 0
    for character in f'"{table.schema}"."{table.name}"':
        found = (31 * found + ord(character)) & _LOW
    return _FLYWAY + (found - (1 << 32) if found >> 31 else found)


def golang_migrate(table: Relation, dbname: str) -> tuple[int, int]:
    """Return the keys of golang-migrate: by a URL it takes the path with its slash for the name."""

    def key(name: str) -> int:
        text = f"{name}\0{table.schema}\0{table.name}".encode()
        return (zlib.crc32(text) * _MIGRATE) & _LOW

    return key(dbname), key(f"/{dbname}")


def holders(conn: Connection, *keys: int) -> tuple[str, ...]:
    """Return who holds an advisory lock of one of these keys in this database.

    Locks are of no snapshot: it is this moment's answer.
    """
    found = [
        row
        for key in keys
        for row in database.rows(conn, question("migrations_lock_holder"), {"key": key})
    ]
    return tuple(f"pid {pid} ({name})" if name else f"pid {pid}" for pid, name in found)
