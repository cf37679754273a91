"""How is a target written back?  One moment of it, into a new folder, whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

from psycopg import sql

import gatepost
from gatepost import database
from gatepost.errors import UsageError
from gatepost.exporting import manifest, queries, shapes
from gatepost.exporting.manifest import Manifest, Written
from gatepost.sql import question

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from gatepost.database import Connection
    from gatepost.exporting.outline import Outline, Part
    from gatepost.settings import Settings

# Told of the file that is written, and how many bytes of it are.
Told = Callable[[str, int], None]

_AT_ONCE = 2_000
_DOCUMENTS = sql.SQL("select q.doc::pg_catalog.text from ({query}) as q")
_CELLS = sql.SQL(
    "select (q.doc - {columns}::pg_catalog.text[])::pg_catalog.text, {cells} from ({query}) as q"
)
_CELL = sql.SQL("q.doc ->> {}")
_PIECE = 1 << 20  # bytes that are gathered before they are written


def write(settings: Settings, outlines: Sequence[Outline], folder: Path, told: Told) -> Manifest:
    """Write every file into ``folder``, which is made here; return what was written.

    All files show one moment.  Each is a `.part` until it is whole and on the disk; the manifest
    comes last.  Of an export that fails nothing is left.  Constant memory.

    :param folder: from `gatepost.exporting.folder.new`.
    :raises UsageError: a query that yields no documents, a field that no column takes; somebody
        else made the folder meanwhile.
    """
    with _checked(settings, outlines) as conn:
        try:
            folder.mkdir(mode=0o700)  # all the data will be in it
        except FileExistsError:
            raise UsageError(f"{folder}: somebody else has just made it") from None
        try:
            files = tuple(_written(conn, outline, folder, told) for outline in outlines)
            found = _manifest(conn, settings, files)
            _Sink(folder / manifest.FILE).take([manifest.MANIFEST.dump_json(found, indent=2)])
        except BaseException:
            shutil.rmtree(folder)
            raise
    return found


def refuse(settings: Settings, outlines: Sequence[Outline]) -> None:
    """Refuse what could not be written; no document is read.

    :raises UsageError: a query that yields no documents, or that the server refuses.
    """
    with _checked(settings, outlines):
        pass


@contextlib.contextmanager
def _checked(settings: Settings, outlines: Sequence[Outline]) -> Iterator[Connection]:
    """Yield a connection to the target whose queries all yield documents."""
    with contextlib.closing(database.read_only(settings.after, label="export")) as conn:
        for outline in outlines:
            for part in outline.parts:
                queries.check(conn, part.name, part.query)
        yield conn


def _written(conn: Connection, outline: Outline, folder: Path, told: Told) -> Written:
    """Write one file."""
    file = folder / outline.file
    file.parent.mkdir(parents=True, exist_ok=True)
    records = {part.collection: 0 for part in outline.parts}
    sink = _Sink(file)
    sink.take(_encoded(conn, outline, records), lambda size: told(outline.file, size))
    return Written(outline.file, records, sink.size, sink.digest.hexdigest())


def _encoded(conn: Connection, outline: Outline, records: dict[str, int]) -> Iterator[bytes]:
    """Yield a file in pieces, counting its records."""
    gathered, size = [], 0
    for text in _text(conn, outline, records):
        gathered.append(text.encode())
        size += len(gathered[-1])
        if size >= _PIECE:
            yield b"".join(gathered)
            gathered, size = [], 0
    yield b"".join(gathered)


def _text(conn: Connection, outline: Outline, records: dict[str, int]) -> Iterator[str]:
    first = outline.parts[0]
    if outline.format == "csv":
        rows = _counted(_cells(conn, first, outline.columns), first, records)
        return shapes.table(rows, outline.columns, first.collection)
    if outline.format == "ndjson":
        return shapes.lines(_documents(conn, first, records))
    if not first.top:
        return itertools.chain(shapes.array(_documents(conn, first, records)), ("\n",))
    return shapes.under_keys((part.top, _documents(conn, part, records)) for part in outline.parts)


def _documents(conn: Connection, part: Part, records: dict[str, int]) -> Iterator[str]:
    query = _DOCUMENTS.format(query=sql.SQL(part.query))
    for (text,) in _counted(_rows(conn, part, query), part, records):
        assert text is not None  # such a one is not counted
        yield text


def _cells(
    conn: Connection, part: Part, columns: Sequence[str]
) -> Iterator[tuple[str | None, ...]]:
    query = _CELLS.format(
        columns=sql.Literal(list(columns)),
        cells=sql.SQL(", ").join(_CELL.format(sql.Literal(column)) for column in columns),
        query=sql.SQL(part.query),
    )
    return _rows(conn, part, query)


def _rows(conn: Connection, part: Part, query: sql.Composed) -> Iterator[tuple[str | None, ...]]:
    with queries.blamed(part.name), database.as_written(conn):
        yield from database.stream(conn, query, at_once=_AT_ONCE)


def _counted(
    rows: Iterable[tuple[str | None, ...]], part: Part, records: dict[str, int]
) -> Iterator[tuple[str | None, ...]]:
    for row in rows:
        records[part.collection] += 1
        # Of CSV it is what no column takes: an object as well.
        if row[0] is None or not row[0].startswith("{"):
            number = records[part.collection]
            what = "NULL" if row[0] is None else "no object"
            raise UsageError(f"{part.name}: yields {what} where record {number:,} should be")
        yield row


class _Sink:
    """A new file, a `.part` until all of it is on the disk."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def take(self, pieces: Iterable[bytes], told: Callable[[int], None] | None = None) -> None:
        """Write all of it, and give it its name."""
        part = self.file.with_name(f"{self.file.name}.part")
        with part.open("xb") as opened:  # never one that is there
            for piece in pieces:
                opened.write(piece)
                self.digest.update(piece)
                self.size += len(piece)
                if told is not None:
                    told(self.size)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(self.file)
        _sync(self.file.parent)


def _sync(folder: Path) -> None:
    """Bring to the disk which names there are."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _manifest(conn: Connection, settings: Settings, files: tuple[Written, ...]) -> Manifest:
    ((version, identifier, name),) = database.rows(conn, question("identity"))
    # When the transaction began, which is no later than the moment that its snapshot shows.
    at: dt.datetime = database.value(conn, "select pg_catalog.now()")
    given = settings.after.parameters
    return Manifest(
        version=manifest.VERSION,
        gatepost=gatepost.__version__,
        project=settings.project.name,
        target=settings.target_name,
        database=name,
        server=f"{given.get('host', given.get('service', 'local'))}:{given.get('port', '5432')}",
        system_identifier=identifier,
        server_version=version,
        at=at,
        files=files,
    )
