"""Which UUID stands for a legacy id?  The same one in every rehearsal, kept in `staged.ids`."""

from __future__ import annotations

import contextlib
import hashlib
import re
import uuid
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.staging.places import IDS, documents_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.database import Connection
    from gatepost.dsn import Dsn
    from gatepost.sources.collections import Collection

_CREATE = sql.SQL(
    "create table {ids} (collection text not null, old text not null, new uuid not null)"
)
_KEY = sql.SQL("alter table {ids} add primary key (collection, old)")
_WAY_BACK = sql.SQL("create index on {ids} (collection, new)")
_COPY = sql.SQL("copy {ids} (collection, old, new) from stdin (freeze true)")
_ANALYZE = sql.SQL("analyze {ids}")
# As COPY writes them, so that COPY reads them: nothing is unescaped that need not be.
_OLD = sql.SQL("""copy (
  select {name}, doc ->> {field}
  from {documents}
  where pg_catalog.jsonb_typeof(doc -> {field}) in ('string', 'number')
  group by 2
) to stdout""")
_UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ESCAPES = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://gatepost.invalid/ids")
# The two highest bits of a UUID's ninth byte are 10.
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
_AT_ONCE = 2000


def fill(dsn: Dsn, project: str, collections: Iterable[Collection]) -> None:
    """Make `staged.ids`: a row for each id, a text or a number, of collections that declare some.

    Ids that come twice have one row: that they do is for the check `ids` to tell, and so is what
    two ids have in common that differ in case alone.
    """
    named = {"ids": IDS.identifier}
    with (
        contextlib.closing(database.maintenance(dsn, label="staging")) as conn,
        contextlib.closing(database.maintenance(dsn, label="staging")) as reading,
    ):
        with conn.transaction():
            conn.execute(_CREATE.format(**named))
            with conn.cursor() as cursor, cursor.copy(_COPY.format(**named)) as copy:
                for one in collections:
                    if one.rules.ids:
                        for lines in _lines(reading, one, space_of(project, one.name)):
                            copy.write(lines)
            conn.execute(_KEY.format(**named))
            conn.execute(_WAY_BACK.format(**named))
        conn.execute(_ANALYZE.format(**named))


def space_of(project: str, collection: str) -> uuid.UUID:
    """Return the namespace in which the ids of a collection become UUIDs."""
    return uuid.uuid5(uuid.uuid5(_SPACE, project), collection)


def new(space: bytes, old: bytes) -> str:
    """Return the UUID of an id: itself if it is one, else the one of its text (RFC 9562, 5).

    A third of the time that the standard library takes for it: there may be millions.
    """
    if _UUID.fullmatch(old):
        return old.decode()
    found = hashlib.sha1(space + old, usedforsecurity=False).hexdigest()
    return f"{found[:12]}5{found[13:16]}{_VARIANT[found[16]]}{found[17:32]}"


def _lines(conn: Connection, one: Collection, space: uuid.UUID) -> Iterator[bytes]:
    """Yield what COPY reads of each id of a collection, some at once."""
    query = _OLD.format(
        name=sql.Literal(one.name),
        field=sql.Literal(one.rules.ids),
        documents=documents_of(one.name).identifier,
    )
    found: list[bytes] = []
    with conn.cursor() as cursor, cursor.copy(query) as copy:
        for row in copy:
            line = bytes(row)[:-1]
            old = line[line.index(b"\t") + 1 :]
            if b"\\" in old:
                old = _ESCAPED.sub(_meant, old)
            found.append(b"%b\t%b\n" % (line, new(space.bytes, old).encode()))
            if len(found) == _AT_ONCE:
                yield b"".join(found)
                found.clear()
    yield b"".join(found)


def _meant(escaped: re.Match[bytes]) -> bytes:
    return _ESCAPES.get(escaped[1], escaped[1])
