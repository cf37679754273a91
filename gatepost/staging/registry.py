"""What was staged into a database, and was all of it?  Read from the database itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from gatepost import database
from gatepost.sql import question
from gatepost.staging.places import DOCUMENTS, MAPPED, REGISTRY, STAGED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatepost.database import Connection
    from gatepost.staging.loading import Loaded
    from gatepost.staging.views import View

MARK = "gatepost: a source is staged here, all of it"
UNFINISHED = "gatepost: a source is being staged here"

_TABLES = (
    """create table gatepost.files (collection text primary key, file text not null,
         bytes bigint not null, sha256 text not null, records bigint not null)""",
    """create table gatepost.fields (collection text, path text, present bigint not null,
         nulls bigint not null, kinds text[] not null, primary key (collection, path))""",
    """create table gatepost.columns (view text, column_name text, collection text not null,
         path text not null, primary key (view, column_name))""",
)
_FILES = "copy gatepost.files (collection, file, bytes, sha256, records) from stdin"
_FIELDS = "copy gatepost.fields (collection, path, present, nulls, kinds) from stdin"
_COLUMNS = "copy gatepost.columns (view, column_name, collection, path) from stdin"


@dataclass(frozen=True)
class StagedCollection:
    """A collection that was staged.

    :param file: as messages call it; of another database its table.
    :param bytes: that were read; 0 of what is no file.
    :param sha256: of these bytes; of what is no file, of the documents, each with a line's end.
    """

    name: str
    file: str
    bytes: int
    sha256: str
    records: int


def open_up(conn: Connection) -> None:
    """Make the schemas, and the tables of what was found."""
    for schema in (DOCUMENTS, REGISTRY, STAGED, MAPPED):
        conn.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    for table in _TABLES:
        conn.execute(table)


def note(conn: Connection, loaded: Loaded, views: Iterable[View]) -> StagedCollection:
    """Write down a collection, its census, and which column of which view holds which field."""
    collection, census = loaded.collection, loaded.census
    name = collection.name
    one = StagedCollection(name, collection.label, census.bytes_read, census.sha256, census.records)
    with conn.cursor() as cursor:
        with cursor.copy(_FILES) as copy:
            copy.write_row((one.name, one.file, one.bytes, one.sha256, one.records))
        with cursor.copy(_FIELDS) as copy:
            for path, seen in sorted(census.fields.items()):
                copy.write_row((name, path, seen.present, seen.nulls, list(seen.kinds)))
        with cursor.copy(_COLUMNS) as copy:
            for view in views:
                for column in view.columns:
                    copy.write_row((view.relation.name, column.name, name, column.path))
    return one


def finish(conn: Connection) -> None:
    """Mark the database as whole: from now on it may be taken for the source."""
    mark(conn, MARK)


def mark(conn: Connection, text: str) -> None:
    """Write on the database how far it has come."""
    named = sql.Identifier(conn.info.dbname)
    conn.execute(sql.SQL("comment on database {} is {}").format(named, sql.Literal(text)))


def staged(conn: Connection) -> tuple[StagedCollection, ...]:
    """Return what is staged in a database; nothing of one that is no staged source, or half one."""
    if not database.value(conn, question("staged_whole"), {"mark": MARK}):
        return ()
    return tuple(database.records(conn, StagedCollection, question("staged_files")))
