"""What are the documents of a collection, as texts that PostgreSQL reads as jsonb?

A document of a JSON file is passed on as it is written there: no number becomes a float on the way,
and nothing is written anew.  Those of a CSV file or a table are written by us.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.sources import faults, separated, tables
from gatepost.sources.arrays import Array
from gatepost.sources.census import Census, Field
from gatepost.sources.chunk import Chunk
from gatepost.sources.lines import batches
from gatepost.sources.paths import FILE, under
from gatepost.sources.reading import Reading
from gatepost.sources.window import opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.sources.batch import Batch
    from gatepost.sources.collections import Collection


def read(collection: Collection, census: Census | None = None) -> Iterator[Chunk]:
    """Yield every document of ``collection``; fill ``census`` when the last one was given.

    :raises SourceFault: what is damaged, with line, column and record; what came before was
        yielded already, so that a caller drops it.
    :raises CannotConnect: the other database cannot be reached.

    In memory is about a megabyte of the file, or its longest record; of the census one entry for
    each field and shape.  The server takes as long to store a document as it takes to be read.
    """
    found = Census() if census is None else census
    formats = {"csv": separated.chunks, "table": tables.chunks}
    yield from formats.get(collection.format, _json)(collection, found)
    if not found.records and not collection.rules.allow_empty:
        raise faults.of(
            collection,
            "there is no record",
            hint=f"allow_empty = true in [source.collections.{collection.name}]",
        )


def _json(collection: Collection, census: Census) -> Iterator[Chunk]:
    reading = Reading(collection)
    with opened(collection) as window:
        array = Array(collection, window) if collection.format == "json" else None
        some: Iterable[Batch] = array.batches() if array else batches(window)
        for batch in some:
            yield Chunk(reading.documents(batch), window.offset)
        census.bytes_read, census.sha256 = window.close()
    census.records = reading.records
    beside = array.beside if array else {}
    fields = reading.fields() | {
        under(FILE, key): Field(1, int(kind == "null"), (kind,)) for key, kind in beside.items()
    }
    census.fields = dict(sorted(fields.items()))
