"""What can go wrong before a question can be asked, one class per thing a caller can do about it.

GatepostError
├── UsageError        an option, a file or a key is wrong: correct it and call again
├── CannotConnect     a side cannot be reached or refuses us: host, password, rights
├── NotReadable       the role may not read what must be compared: grant it
├── NotRecorded      the baseline that stands for the source does not tell it: ask the source itself
├── SnapshotGone      the session that held the snapshot has ended: begin again
├── SourceFault       a record of a file or foreign table is damaged: mend it, or declare a rule
├── LimitReached      a declared limit was used up before all was read: raise it, or come later
├── NotMigrated       the server, or a rule of ours, stopped a migration: correct it, run it again
└── ToolFailed        pg_dump, pg_restore or a hook did not do its work
"""

from __future__ import annotations


class GatepostError(Exception):
    """An error with, at most, one line that says the way out."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class UsageError(GatepostError):
    """An option, a file or a key is wrong."""


class CannotConnect(GatepostError):
    """A side cannot be reached, or refuses us."""


class NotReadable(GatepostError):
    """The role may not read what must be compared."""


class NotRecorded(GatepostError):
    """The baseline that stands for the source does not tell it."""


class SnapshotGone(GatepostError):
    """The session that held the snapshot has ended."""


class LimitReached(GatepostError):
    """What the project allows a run to take, or to wait for, was used up."""


class SourceFault(GatepostError):
    """What the data comes from is not what it should be; the message says which and where."""


class NotMigrated(GatepostError):
    """The server, or a rule of ours, stopped a migration."""


class ToolFailed(GatepostError):
    """A program that we ran did not do its work."""
