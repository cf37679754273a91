"""Which part of a file is in memory, and what must be known of the whole once it went by?"""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import TYPE_CHECKING, BinaryIO

from gatepost.sources import faults
from gatepost.wording import sized

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.sources.collections import Collection

BLOCK = 1 << 19
# Of one record, which must be held as a whole; PostgreSQL's jsonb ends at 255 MB.
LARGEST = 64 << 20

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@contextlib.contextmanager
def opened(collection: Collection) -> Iterator[Window]:
    """Yield the window at the beginning of a collection's file.

    :raises SourceFault: the file cannot be opened, or not be read to its end.
    """
    assert collection.file is not None
    try:
        with collection.file.open("rb") as stream:
            yield Window(collection, stream)
    except OSError as error:
        raise faults.of(collection, f"cannot be read: {error.strerror}") from None


class Window:
    """The bytes of a file that were read and are not dealt with yet, its byte order mark aside.

    :ivar held: these bytes, of which the first is at `offset` of the file.
    :ivar ended: whether there are no more to come.
    """

    def __init__(self, collection: Collection, stream: BinaryIO) -> None:
        self.collection = collection
        self.held = b""
        self.offset = 0
        self.ended = False
        self._stream = stream
        self._hash = hashlib.sha256()
        self._read = 0
        self._began = os.fstat(stream.fileno())
        self.more()
        self._begin()

    def more(self) -> bool:
        """Read on; return whether there was anything.  Each time the window grows, it doubles.

        :raises SourceFault: what is held already is as large as a record may be.
        """
        if self.ended:
            return False
        if len(self.held) > LARGEST:
            raise faults.at(
                self.collection, self.offset, f"no record ends within {sized(LARGEST)} from here"
            )
        block = self._stream.read(max(BLOCK, len(self.held)))
        self._hash.update(block)
        self._read += len(block)
        self.held += block
        self.ended = not block
        return bool(block)

    def fill(self) -> None:
        """Read on where little is held: much is dealt with at the price of little."""
        if len(self.held) < BLOCK:
            self.more()

    def drop(self, size: int) -> None:
        """Let the first ``size`` bytes go."""
        self.held = self.held[size:]
        self.offset += size

    def close(self) -> tuple[int, str]:
        """Return the file's size and its SHA-256, once it was read to its end.

        :raises SourceFault: somebody wrote to it meanwhile: what was read never was in it as such.
        """
        began, now = self._began, os.fstat(self._stream.fileno())
        if (began.st_size, began.st_mtime_ns) != (now.st_size, now.st_mtime_ns):
            raise faults.of(
                self.collection, "was changed while it was read", hint="stop what writes to it"
            )
        return self._read, self._hash.hexdigest()

    def _begin(self) -> None:
        if not self._read:
            raise faults.of(self.collection, "the file is empty: 0 bytes")
        if self.held.startswith(_UTF16):
            raise faults.at(
                self.collection, 0, "this is UTF-16, not UTF-8", hint="iconv -f utf-16 -t utf-8"
            )
        if self.held.startswith(_BOM):
            if self.collection.rules.bom == "refuse":
                raise faults.at(
                    self.collection,
                    0,
                    "begins with a byte order mark",
                    hint=f'bom = "skip" in [source.collections.{self.collection.name}]',
                )
            self.drop(len(_BOM))
