"""What does a row of a ledger say, whoever has written it, and how are faults of it told?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gatepost.ledgers.declared import Ledger
from gatepost.migrations import chain

if TYPE_CHECKING:
    from gatepost.migrations.chain import Chain

# applied:     it ran, to its end
# marked:      somebody has said that it had been applied; it never ran here
# failed:      it was begun, and the server refused it
# unfinished:  it was begun, and neither an end nor an error is recorded
# rolled back: whatever it did is undone, somebody has said
# taken back:  its way back was run
State = Literal["applied", "marked", "failed", "unfinished", "rolled back", "taken back"]
_GONE: tuple[State, ...] = ("rolled back", "taken back")
_DONE: tuple[State, ...] = ("applied", "marked")
_FORGOTTEN = "is pending, and of no phase: no run runs it"
_NAME_IT = "name it in one under [migrate.phases], or take it out of the folder until it is due"


@dataclass(frozen=True)
class Entry:
    """One row of a ledger.  What the server said of an error is not kept: rows are quoted in it.

    :param id: by which the row is known again, whatever happens to it.
    :param name: of its migration, as files are called.
    :param checksum: None where the ledger keeps none.
    :param said: the state in the ledger's own words, where it has any.
    """

    id: str
    name: str
    checksum: str | None = None
    state: State = "applied"
    said: str = ""
    started: dt.datetime | None = None
    finished: dt.datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it counts: no run would run its migration again."""
        return self.state not in _GONE

    @property
    def done(self) -> bool:
        """Whether what the migration builds is to be there."""
        return self.state in _DONE


@dataclass(frozen=True)
class Told:
    """What is wrong, and what is worth knowing."""

    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __add__(self, other: Told) -> Told:
        return Told(self.findings + other.findings, self.notes + other.notes)


def _always(_name: str) -> bool:
    return True


def _never(_name: str) -> bool:
    return False


@dataclass(frozen=True)
class Asked:
    """A ledger that is to be judged, and all that its judge needs to know.

    :param folder: of the migrations, if the project names one.
    :param pending: those that never ran are about to be: they are noted.
    :param due: whether a migration is one of this run's, and of no other phase.
    :param forgotten: whether it is of no phase at all, and so of nobody's run.
    :param held: who is at work under the lock of those that write it.
    """

    ledger: Ledger
    entries: Sequence[Entry]
    folder: Path | None = None
    pending: bool = False
    due: Callable[[str], bool] = _always
    forgotten: Callable[[str], bool] = _never
    held: tuple[str, ...] = ()

    @cached_property
    def chain(self) -> Chain | None:
        """The migrations, where the project names a folder of them.

        :raises UsageError: there is no such folder.
        """
        return chain.of(self.folder) if self.folder else None

    @property
    def standing(self) -> list[Entry]:
        """The rows that count."""
        return [entry for entry in self.entries if entry.stands]

    def says(self, what: str, *, hint: str = "") -> str:
        """Return a finding about the ledger, and the way out."""
        return told(f"{self.ledger.table}: {what}", hint)

    def waiting(self, names: Sequence[str], what: str, *, hint: str) -> Told:
        """Return what is to be said of migrations that never ran: it depends on what is to come."""
        findings: list[str] = []
        notes: list[str] = []
        for name in names:
            if self.forgotten(name):
                findings.append(self.says(f"{name} {_FORGOTTEN}", hint=_NAME_IT))
            elif not self.due(name):
                notes.append(self.says(f"{name} is of another phase, and waits for it"))
            elif self.pending:
                notes.append(self.says(f"{name} {what}"))
            else:
                findings.append(self.says(f"{name} {what}", hint=hint))
        return Told(tuple(findings), tuple(notes))


def told(what: str, hint: str = "") -> str:
    """Return a finding, and the way out in a line of its own."""
    return f"{what}\n  hint: {hint}" if hint else what
