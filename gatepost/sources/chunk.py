"""What do the readers of all formats hand on?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Chunk:
    """Some documents, in the order of the file.

    :param documents: each one JSON object in UTF-8, and no byte of it is below 0x20: between its
        tokens there are only blanks.
    :param bytes_read: how much of the file was read until now, for who shows progress.
    """

    documents: list[bytes]
    bytes_read: int

    @property
    def records(self) -> int:
        """How many documents these are."""
        return len(self.documents)

    @property
    def lines(self) -> bytes:
        """Each document on a line, ended by its line feed."""
        return b"".join(b"%b\n" % document for document in self.documents)

    @property
    def texts(self) -> list[str]:
        """The documents as text."""
        return [document.decode() for document in self.documents]
