"""What do the readers of all formats hand on?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Chunk:
    """Some documents, in the order of the file.

    :param lines: each document one line, ended by its line feed, in UTF-8: between the tokens of a
        document there are only blanks, and no text holds a byte below 0x20.
    :param bytes_read: how much of the file was read until now, for who shows progress.
    """

    lines: bytes
    records: int
    bytes_read: int

    @property
    def texts(self) -> list[str]:
        """The documents one by one."""
        return self.lines.decode().split("\n")[:-1]
