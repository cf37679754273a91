"""What can be wrong with media files, and how is it told?"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from gatepost.media import form

if TYPE_CHECKING:
    from collections.abc import Iterable

CULPRITS = 5
KEPT = 20


class Kind(Enum):
    """What is wrong with one file, told of one and of several."""

    FORM = "has a malformed path", "have malformed paths"
    MISSING = "is missing", "are missing"
    CASE = "is there only in another case", "are there only in another case"
    EMPTY = "is empty", "are empty"
    CONTENT = "is not what its extension says", "are not what their extensions say"
    UNSERVED = "is not served", "are not served"
    TYPE = "is served as another type", "are served as another type"
    CHANGED = "is not the file it was", "are not the files they were"
    GONE = "is named no more", "are named no more"
    NEW = "was not named before", "were not named before"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with one file.

    :param detail: what was found instead; may hold parts of the path.
    """

    kind: Kind
    detail: str = ""


@dataclass
class Group:
    """The files with one kind of fault.

    :param rows: how many rows name them.
    :param culprits: the first few, as they are shown.
    """

    files: int = 0
    rows: int = 0
    culprits: list[str] = field(default_factory=list)

    def take(self, path: str, rows: int, fault: Fault) -> None:
        """Count one more file."""
        self.files += 1
        self.rows += rows
        if len(self.culprits) < KEPT:
            name = form.short(path) or "''"
            self.culprits.append(f"{name}: {fault.detail}" if fault.detail else name)


@dataclass
class Survey:
    """What is wrong with the files that one column names.

    :param files: how many different paths the column holds.
    :param rows: how many rows hold one.
    :param inherited: what was wrong at the source already.
    """

    files: int = 0
    rows: int = 0
    faults: dict[Kind, Group] = field(default_factory=dict)
    inherited: dict[Kind, Group] = field(default_factory=dict)

    def take(
        self, path: str, rows: int, faults: Iterable[Fault], inherited: Iterable[Fault] = ()
    ) -> None:
        """Count one path."""
        self.files += 1
        self.rows += rows
        for fault in faults:
            self.faults.setdefault(fault.kind, Group()).take(path, rows, fault)
        for fault in inherited:
            self.inherited.setdefault(fault.kind, Group()).take(path, rows, fault)

    def findings(self, column: str, *, masked: bool = False) -> tuple[str, ...]:
        """Return one line per kind of fault; without a path where the column is masked."""
        return tuple(
            self._told(column, kind, self.faults[kind], masked)
            for kind in Kind
            if kind in self.faults
        )

    def notes(self, column: str, *, masked: bool = False) -> tuple[str, ...]:
        """Return one line per kind of fault that was there before."""
        return tuple(
            f"{self._told(column, kind, self.inherited[kind], masked)}; it was so before"
            for kind in Kind
            if kind in self.inherited
        )

    def facts(self, *, masked: bool = False) -> dict[str, object]:
        """Return what a report may keep: counts, and up to 20 files per kind of fault."""
        return {
            "files": self.files,
            "rows": self.rows,
            "faults": _plain(self.faults, masked),
            "inherited": _plain(self.inherited, masked),
        }

    def _told(self, column: str, kind: Kind, group: Group, masked: bool) -> str:
        told = kind.value[0 if group.files == 1 else 1]
        by = f"{group.rows:,} {'row' if group.rows == 1 else 'rows'}"
        by += " before" if kind is Kind.GONE else ""
        text = f"{column}: {group.files:,} of {self.files:,} files {told}, named by {by}"
        if masked:
            return text
        more = ", …" if group.files > CULPRITS else ""
        return f"{text} ({', '.join(group.culprits[:CULPRITS])}{more})"


def _plain(groups: dict[Kind, Group], masked: bool) -> dict[str, object]:
    return {
        kind.name.lower(): {
            "files": group.files,
            "rows": group.rows,
            "culprits": "masked" if masked else group.culprits,
        }
        for kind, group in groups.items()
    }
