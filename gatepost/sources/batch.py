"""What do the readers of JSON hand on: some records of a file, and where each of them is?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Batch:
    """Some records in a row.

    :param region: the part of the file that they are in, with what separates them.
    :param offset: of the region's first byte.
    :param pieces: the bytes of each record; what they are is not looked at yet.
    :param values: what each was found to be, where the judge had to find its end.
    """

    region: bytes
    offset: int
    pieces: list[bytes]
    values: list[Any] | None = None

    def starts(self) -> list[int]:
        """Return where in the file each record begins."""
        found, end = [], 0
        for piece in self.pieces:
            begin = self.region.index(piece, end)
            found.append(self.offset + begin)
            end = begin + len(piece)
        return found
