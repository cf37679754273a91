"""What did the project declare of a source that is no database: which files, and how they are read?

A source is a PostgreSQL database, a recorded baseline, a folder of files or any other database that
SQLAlchemy reaches.  The last two are staged: copied into PostgreSQL, and compared from there.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from gatepost import dsn as dsns
from gatepost.errors import UsageError
from gatepost.record import Record

FILES = "file:"

Format = Literal["json", "ndjson", "csv"]
# Why something is left out, in words that somebody can weigh.
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]


class SourceCollection(Record):
    """One collection of the source: a file's records, or another database's rows.

    :param file: within the source's folder; what is called like the collection if empty.
    :param format: told by the file's suffix if it is not said.
    :param top: of JSON, the key that holds the array; `""` where the file is the array itself.
        If it is not said: the collection's name, where the file holds an object.
    :param table: of another database, the table that is read; `query` instead asks for its rows.
    :param fields: that have a column though it may be that no record has them; `members[].role` is
        one within a list.
    :param ids: the field whose values are legacy ids, mapped to UUIDs by `staged.ids`.
    :param json: fields that are read as jsonb even where no value says so.
    :param allow_empty: a collection without records is no error.
    :param nul: what becomes of U+0000 in a text, which PostgreSQL cannot hold.
    :param duplicates: what becomes of a key that an object has twice.
    :param bom: what becomes of a byte order mark.
    :param waive: by field, why no query uses it.
    :param unmapped: why the whole collection goes nowhere.
    :param credentials: fields of which no value may be lost.
    """

    model_config = ConfigDict(validate_by_name=True)

    file: str = ""
    format: Format | None = None
    top: str | None = None
    table: str = ""
    query: str = ""
    fields: tuple[str, ...] = ()
    ids: str = ""
    json_fields: tuple[str, ...] = Field(default=(), alias="json")
    allow_empty: bool = False
    nul: Literal["refuse", "remove"] = "refuse"
    duplicates: Literal["refuse", "last"] = "refuse"
    bom: Literal["refuse", "skip"] = "refuse"
    waive: dict[str, Reason] = Field(default_factory=dict)
    unmapped: Reason | None = None
    credentials: tuple[str, ...] = ()


class Source(Record):
    """Where the data comes from.

    :param url: `postgresql://…`, `baseline:FILE`, `file:FOLDER`, or any address of SQLAlchemy's.
    :param scratch: of files: a server on which a database may be made to stage them in; empty for
        one of ours that ends with the run.
    :param collections: of files: what is in them; files that are not named are collections too.
    """

    url: str = Field(default="", repr=False)
    app: str = ""
    media: tuple[str, ...] = ()
    scratch: str = Field(default="", repr=False)
    collections: dict[str, SourceCollection] = Field(default_factory=dict)


class Export(Record):
    """How the target is written back in the shape of a collection.

    :param query: a file of SQL that yields, on the target, `doc`: one JSON object per record.
    :param ordered: the records' order counts: the query yields them as the source had them.
    :param columns: of CSV, the header; that of the source's file if there are none.
    """

    query: str
    ordered: bool = False
    columns: tuple[str, ...] = ()


def is_staged_source(url: str) -> bool:
    """Whether an address is of files or another database, which are staged to be compared.

    :raises UsageError: SQLAlchemy's spelling of a PostgreSQL address, which is read as it stands.
    """
    if url.startswith(FILES):
        return True
    scheme, found, _ = url.partition("://")
    if not found or dsns.baseline(url) or scheme in dsns.SCHEMES:
        return False
    if scheme.partition("+")[0] in dsns.SCHEMES:
        raise UsageError(
            f"source: '{scheme}' is PostgreSQL, and needs no driver's name",
            hint="postgresql://user@host:port/dbname",
        )
    return True
