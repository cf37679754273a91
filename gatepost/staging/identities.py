"""Which UUID stands for a legacy id?  The same one in every rehearsal, kept in `staged.ids`."""

from __future__ import annotations

import contextlib
import re
import uuid
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.staging.places import IDS, documents_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatepost.dsn import Dsn
    from gatepost.sources.collections import Collection

_CREATE = sql.SQL(
    "create table {ids} (collection text not null, old text not null, new uuid not null)"
)
_KEY = sql.SQL("alter table {ids} add primary key (collection, old)")
_WAY_BACK = sql.SQL("create index on {ids} (collection, new)")
_COPY = sql.SQL("copy {ids} (collection, old, new) from stdin (freeze true)")
_OLD = sql.SQL(
    "select doc ->> {field} as old from {documents}"
    " where pg_catalog.jsonb_typeof(doc -> {field}) in ('string', 'number')"
    " group by 1"
)
_ANALYZE = sql.SQL("analyze {ids}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://gatepost.invalid/ids")
_AT_ONCE = 5000


def fill(dsn: Dsn, project: str, collections: Iterable[Collection]) -> None:
    """Make `staged.ids`: a row for each id, a text or a number, of collections that declare some.

    Ids that come twice have one row: that they do is for the check `ids` to tell, and so is what
    two ids have in common that differ in case alone.
    """
    named = {"ids": IDS.identifier}
    with (
        contextlib.closing(database.maintenance(dsn, label="staging")) as conn,
        contextlib.closing(database.maintenance(dsn, label="staging")) as reading,
        conn.transaction(),
    ):
        conn.execute(_CREATE.format(**named))
        with conn.cursor() as cursor, cursor.copy(_COPY.format(**named)) as copy:
            for one in collections:
                if not one.rules.ids:
                    continue
                space = space_of(project, one.name)
                query = _OLD.format(
                    field=sql.Literal(one.rules.ids),
                    documents=documents_of(one.name).identifier,
                )
                for (old,) in database.stream(reading, query, at_once=_AT_ONCE):
                    copy.write_row((one.name, old, new(space, old)))
        conn.execute(_KEY.format(**named))
        conn.execute(_WAY_BACK.format(**named))
        conn.execute(_ANALYZE.format(**named))


def space_of(project: str, collection: str) -> uuid.UUID:
    """Return the namespace in which the ids of a collection become UUIDs."""
    return uuid.uuid5(uuid.uuid5(_SPACE, project), collection)


def new(space: uuid.UUID, old: str) -> uuid.UUID:
    """Return the UUID of an id: itself if it is one, else the one of its text (RFC 9562, 5)."""
    return uuid.UUID(old) if _UUID.fullmatch(old) else uuid.uuid5(space, old)
