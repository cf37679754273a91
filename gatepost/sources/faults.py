"""Where in a file is a fault, and how is that said?

Readers know places as offsets alone, in bytes: lines and columns are counted once, when somebody is
to be told, by reading the file again up to there.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from gatepost.errors import SourceFault
from gatepost.sources.judge import Incomplete

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.sources.collections import Collection
    from gatepost.sources.judge import Refused

CUT_OFF = "it was cut off: compare its size with the original's, and copy it again"

_BLOCK = 1 << 20


def at(
    collection: Collection, offset: int, what: str, *, record: int = 0, hint: str = ""
) -> SourceFault:
    """Return the fault as `data/users.json:12:7: record 3: …`.

    :param offset: in bytes from the beginning of the file, from 0; told as line and column, both
        from 1, the column in characters, and as it is, for lines may be very long.
    :param record: from 1; 0 where the fault is in none.
    """
    if collection.file is None:
        return of(collection, what, record=record, hint=hint)
    line, column = position(collection.file, offset)
    which = f"record {record:,}: " if record else ""
    return SourceFault(
        f"{collection.label}:{line}:{column}: {which}{what} (byte {offset:,})", hint=hint
    )


def on_line(
    collection: Collection, line: int, what: str, *, record: int = 0, hint: str = ""
) -> SourceFault:
    """Return the fault as `data/zones.csv:12: record 11: …`."""
    which = f"record {record:,}: " if record else ""
    return SourceFault(f"{collection.label}:{line}: {which}{what}", hint=hint)


def of(collection: Collection, what: str, *, record: int = 0, hint: str = "") -> SourceFault:
    """Return a fault that is at no place of a file."""
    which = f"record {record:,}: " if record else ""
    return SourceFault(f"{collection.label}: {which}{what}", hint=hint)


def refused(
    collection: Collection, offset: int, text: str, found: Refused, *, record: int, ended: bool
) -> SourceFault:
    """Return the fault that was found in ``text``, which begins at ``offset``.

    :param ended: whether the file ends with the text.
    """
    cut_off = ended and isinstance(found, Incomplete) and found.cut_off
    return at(
        collection,
        offset + len(text[: found.index].encode()),
        f"the file ends within this: {found.what}" if cut_off else found.what,
        record=record,
        hint=CUT_OFF if cut_off else found.hint,
    )


def not_utf8(
    collection: Collection, offset: int, error: UnicodeDecodeError, *, record: int = 0
) -> SourceFault:
    """Return the fault of bytes that are no text, the first of them at ``offset``."""
    byte = error.object[error.start]
    return at(
        collection,
        offset + error.start,
        f"byte 0x{byte:02X} is no UTF-8 here",
        record=record,
        hint="convert the file: iconv -f latin1 -t utf-8, if it is Latin 1",
    )


def unclear(collection: Collection, key: str, within: str) -> SourceFault:
    """Return the fault of a key that cannot be told from what lies within another."""
    return of(
        collection,
        f"key '{key}' cannot be told from what lies within '{within}', which some records have",
        hint="give it another name: what is said of one would be said of both",
    )


def position(file: Path, offset: int) -> tuple[int, int]:
    """Return line and column, from 1, of a byte; what is no UTF-8 counts as one character."""
    decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
    line = column = 1
    with file.open("rb") as stream:
        while offset > 0 and (block := stream.read(min(_BLOCK, offset))):
            offset -= len(block)
            text = decode(block)
            lines = text.count("\n")
            line += lines
            column = len(text) - text.rfind("\n") if lines else column + len(text)
    return line, column
