"""How do documents become a file of the source's shape?  As a stream, one at a time."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from gatepost.errors import UsageError
from gatepost.wording import meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def array(documents: Iterable[str]) -> Iterator[str]:
    """Yield a JSON array, a document on each line."""
    before = "[\n"
    for document in documents:
        yield f"{before}{document}"
        before = ",\n"
    yield "[]" if before == "[\n" else "\n]"


def under_keys(arrays: Iterable[tuple[str, Iterable[str]]]) -> Iterator[str]:
    """Yield a JSON object with an array of documents under each key."""
    before = "{"
    for key, documents in arrays:
        yield f"{before}{json.dumps(key, ensure_ascii=False)}: "
        yield from array(documents)
        before = ",\n"
    yield "}\n"


def lines(documents: Iterable[str]) -> Iterator[str]:
    """Yield NDJSON: jsonb spells a document in one line."""
    for document in documents:
        yield f"{document}\n"


def table(rows: Iterable[Sequence[str | None]], columns: Sequence[str], of: str) -> Iterator[str]:
    """Yield CSV with a header; null, and a field that is not there, as an empty cell.

    :param rows: of each document what is in no column, `{}` if that is nothing, then its cells.
    :param of: what is written, for messages.
    :raises UsageError: a document has a field that is no column: it would be lost.
    """
    buffer = io.StringIO(newline="")
    # With these ends, of RFC 4180, a cell is quoted that holds either of their characters.
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    for number, (rest, *cells) in enumerate(rows, start=1):
        if rest != "{}":
            unknown = sorted(json.loads(rest or "{}"))
            raise UsageError(
                f"{of}: record {number:,} has the field '{unknown[0]}', which is no column",
                hint=meant(unknown[0], columns) or 'name them all: columns = ["…"]',
            )
        writer.writerow(cells)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()  # the header, where no document took it along
