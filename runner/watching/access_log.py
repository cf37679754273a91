"""Which requests does an access log tell of, while it grows and is rotated?"""

from __future__ import annotations

import json
import os
import re
from typing import IO, TYPE_CHECKING

from gatepost.errors import UsageError

from .rate import Requests

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FAILED = 500  # and above: what the server could not do; below it, what the client did
_CHUNK = 1 << 20
_LONGEST = 1 << 16  # bytes of a line that is still waited for
# Common and combined: the quoted request, then the status.
_COMMON = re.compile(rb'"(?:[^"\\]|\\.)*" (\d{3})(?: |$)')
_PAIR = re.compile(rb'(?:^|[\s,])(?:status|status_code|statusCode)="?(\d{3})\b')
_KEYS = ("status", "status_code", "statusCode")


def status(line: bytes) -> int | None:
    """Return the status that a line tells; None where it tells none."""
    if line.lstrip().startswith(b"{"):
        return _of_json(line)
    found = _COMMON.search(line) or _PAIR.search(line)
    return int(found[1]) if found else None


class Log:
    """An access log from now on; who turns it meanwhile loses us no line.

    :raises UsageError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rest = b""
        try:
            self._file: IO[bytes] = path.open("rb")
        except OSError as error:
            raise UsageError(f"watch.log: {path}: {error.strerror}") from None
        self._file.seek(0, os.SEEK_END)

    def new(self) -> Requests:
        """Return the requests that were added since the last time."""
        found = Requests()
        for line in self._lines():
            said = status(line)
            if said is not None:
                found += Requests(1, int(said >= _FAILED))
        return found

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _lines(self) -> Iterator[bytes]:
        yield from self._grown()
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return  # it was moved away, and the next one is not there yet
        ours = os.fstat(self._file.fileno())
        if (there.st_ino, there.st_dev) != (ours.st_ino, ours.st_dev):
            following = self._path.open("rb")
            yield from self._grown()  # what was written between our reading and its being moved
            self._file.close()
            self._file, self._rest = following, b""
            yield from self._grown()
        elif there.st_size < self._file.tell():  # copied and emptied
            self._file.seek(0)
            self._rest = b""
            yield from self._grown()

    def _grown(self) -> Iterator[bytes]:
        while chunk := self._file.read(_CHUNK):
            *whole, self._rest = (self._rest + chunk).split(b"\n")
            yield from whole
            if len(self._rest) > _LONGEST:
                self._rest = b""


def _of_json(line: bytes) -> int | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    for key in _KEYS if isinstance(said, dict) else ():
        if str(said.get(key, "")).isdecimal():
            return int(said[key])
    return None
