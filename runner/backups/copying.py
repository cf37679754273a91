"""What does a run hold that makes a backup, or restores one?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost import rooms
from gatepost.backups import encryption, manifest
from gatepost.backups.manifest import Stored
from gatepost.settings import Backup, Settings

from ..migration import Migration
from ..programs.children import Command
from .alone import Side

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "backups"
OWN = "own"


@dataclass(frozen=True)
class Wanted:
    """What is to be backed up.

    :param of: which of the project's databases.
    :param scratch: where it is restored: an address, `own` for its own server, empty for one of
        ours.
    """

    settings: Settings
    of: Side = "target"
    scratch: str = ""

    @property
    def declared(self) -> Backup:
        """What the project says of backups."""
        return self.settings.project.backup or Backup()

    @property
    def store(self) -> Path:
        """The folder in which they lie."""
        return self.settings.path(self.declared.folder)

    @property
    def work(self) -> Path:
        """The folder of the runs that make them."""
        return self.settings.path(self.settings.project.migrate.work) / FOLDER

    @property
    def identity(self) -> Path:
        """The file of the key that opens them; to be read only where it is declared."""
        return self.settings.path(self.declared.identity)

    @property
    def where(self) -> str:
        """Where it is restored."""
        return self.scratch or self.declared.scratch


@dataclass(kw_only=True)
class Copying(Migration):
    """A run under way that makes or restores a backup.

    :param backup: the one that is made, or restored.
    :param restored_s: seconds that the restore took, once it was done.
    """

    wanted: Wanted
    backup: Stored
    restored_s: float = 0.0

    @property
    def name(self) -> str:
        """The backup's name."""
        return self.backup.name

    @property
    def store(self) -> Path:
        """The folder in which it lies."""
        return self.backup.folder

    @property
    def encrypt_to(self) -> tuple[str, ...]:
        """Public keys, any of which opens it; none where it is not encrypted."""
        known = self.backup.manifest
        return known.encrypted_to if known else self.wanted.declared.encrypt_to

    @property
    def archive(self) -> Path:
        """The backup's archive."""
        suffix = manifest.ENCRYPTED if self.encrypt_to else manifest.PLAIN
        return self.store / f"{self.name}{suffix}"

    @property
    def part(self) -> Path:
        """The archive while it is written."""
        return self.archive.with_name(f"{self.archive.name}.part")

    @property
    def baseline(self) -> Path:
        """What the database held under the dump's snapshot."""
        return self.store / f"{self.name}.baseline.json"

    def pipe(self) -> Path:
        """Return a pipe with a name, for what may not come to the disk."""
        pipe = self.folder / "plain"
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe, 0o600)
        return pipe

    def encrypting(self, pipe: Path) -> Command:
        """Return what writes the archive from what comes out of the pipe."""
        return self._key("encrypt", pipe, self.part, *self.encrypt_to)

    def decrypting(self, pipe: Path) -> Command:
        """Return what writes what the archive holds into the pipe."""
        return self._key("decrypt", self.archive, pipe, self.wanted.identity)

    def _key(self, what: str, *arguments: str | Path) -> Command:
        return Command(
            what,
            encryption.command(what, *arguments),
            self.folder / f"{what}.txt",
            self.folder / f"{what}.errors.txt",
            cwd=rooms.start_folder(),
        )
