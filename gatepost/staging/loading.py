"""How do the documents of a collection get into a table, as fast as they are read?"""

from __future__ import annotations

import contextlib
import hashlib
import re
import struct
import threading
from dataclasses import dataclass
from itertools import chain, count, repeat
from queue import Queue
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from gatepost import database
from gatepost.errors import SourceFault
from gatepost.sources import documents
from gatepost.sources.census import Census
from gatepost.sources.collections import Collection
from gatepost.staging.places import documents_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gatepost.dsn import Dsn
    from gatepost.sources.chunk import Chunk

_CREATE = sql.SQL("create table {} (record bigint not null, doc jsonb not null)")
# Rows of a table made in the same transaction need no look at who wrote them, now or later.
_COPY = sql.SQL("copy {} (record, doc) from stdin (format binary, freeze true)")
# Records are asked for by ranges, and lie in their order: of each range of pages its bounds are
# enough, which are found in a third of the time that a key takes.
_RANGES = sql.SQL("create index on {} using brin (record) with (pages_per_range = 16)")
# How many there are is all that a plan takes from it: of a document's fields nobody knows more.
_SAMPLED = sql.SQL("alter table {} alter column record set statistics 1")
_ANALYZE = sql.SQL("analyze {} (record)")

# COPY's binary form: nothing in it is escaped, so nothing in a document can be misread, and the
# server need not look for the end of a line: it takes two thirds of the time of CSV.
_HEAD = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
_END = struct.pack("!h", -1)
# Two columns: the number, eight bytes long, and the document behind its version, 1.
_ROW = struct.Struct("!hiqib")
_VERSION = 1
# Where COPY says that it was.
_LINE = re.compile(r"^COPY .*, line (\d+)", re.MULTILINE)
# What it says then: of a value, of a limit, and of memory that a document of many numbers takes.
_UNFIT = (
    psycopg.DataError,
    psycopg.errors.ProgramLimitExceeded,
    psycopg.errors.InternalError_,
)
# Chunks that were read and are not written yet: enough that neither waits for the other.
_AHEAD = 4


@dataclass(frozen=True)
class Loaded:
    """A collection whose documents are all in their table."""

    collection: Collection
    census: Census


def load(dsn: Dsn, collection: Collection, told: Callable[[int, int], None]) -> Loaded:
    """Copy every document of a collection into its table; it has its index once all are there.

    The server reads what was sent while the next documents are read here; a few chunks are in
    memory, whatever the size of the file.

    :param told: called with the records that were sent and the bytes that were read so far; what
        it raises ends the copy.
    :raises SourceFault: the collection is not what it should be; the table is not made then.
    """
    table = documents_of(collection.name).identifier
    census = Census()
    # Of rows that come from no file: their texts are what there is to be recognised again.
    digest = None if collection.file else hashlib.sha256()
    with contextlib.closing(database.maintenance(dsn, label="staging")) as conn:
        with _told_as_ours(collection), conn.transaction():
            conn.execute(_CREATE.format(table))
            with conn.cursor() as cursor, cursor.copy(_COPY.format(table)) as copy:
                copy.write(_HEAD)
                records = 0
                for chunk in _beside(documents.read(collection, census)):
                    copy.write(packed(chunk.documents, records + 1))
                    records += chunk.records
                    if digest is not None:
                        digest.update(chunk.lines)
                    told(records, chunk.bytes_read)
                copy.write(_END)
            conn.execute(_RANGES.format(table))
            conn.execute(_SAMPLED.format(table))
        conn.execute(_ANALYZE.format(table))
    if digest is not None:
        census.sha256 = digest.hexdigest()
    return Loaded(collection, census)


@contextlib.contextmanager
def _told_as_ours(collection: Collection) -> Iterator[None]:
    """Let what the server will not take of a document be told as what is wrong with the file."""
    try:
        yield
    except _UNFIT as error:
        found = _LINE.search(error.diag.context or "")
        where = f": record {found[1]}" if found else ""
        # Not its detail, which quotes what it could not read.
        raise SourceFault(f"{collection.label}{where}: {error.diag.message_primary}") from None


def packed(documents: Sequence[bytes], first: int) -> bytes:
    """Return documents as rows of COPY's binary form, numbered from ``first``."""
    sizes = (len(document) + 1 for document in documents)
    heads = map(_ROW.pack, repeat(2), repeat(8), count(first), sizes, repeat(_VERSION))
    return b"".join(chain.from_iterable(zip(heads, documents, strict=True)))


def _beside(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Yield chunks that another thread reads, a few of them ahead."""
    ready: Queue[Chunk | BaseException | None] = Queue(_AHEAD)
    enough = threading.Event()

    def read() -> None:
        try:
            for chunk in chunks:
                ready.put(chunk)
                if enough.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - raised again where it can be handled
            ready.put(error)
        else:
            ready.put(None)

    reader = threading.Thread(target=read, name="gatepost-read", daemon=True)
    reader.start()
    try:
        while (found := ready.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        enough.set()
        while reader.is_alive():  # it may wait for room
            with contextlib.suppress(Exception):
                ready.get(timeout=0.05)
        reader.join()
