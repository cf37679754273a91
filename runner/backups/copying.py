"""What does a run hold that makes a backup, or restores one?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from gatepost import rooms
from gatepost.backups import encryption, manifest

from ..children import Command
from ..migration import Migration


@dataclass(kw_only=True)
class Copying(Migration):
    """A run under way that makes or restores a backup.

    :param store: the folder of the backups.
    :param name: the backup's.
    :param encrypt_to: public keys; none for an archive that is not encrypted.
    :param identity: the file of the private key that opens it.
    :param restored_s: seconds that the restore took, once it was done.
    """

    store: Path
    name: str
    encrypt_to: tuple[str, ...] = ()
    identity: Path | None = None
    restored_s: float = 0.0

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
        assert self.identity is not None  # refused before, without one
        return self._key("decrypt", self.archive, pipe, self.identity)

    def _key(self, what: str, *arguments: str | Path) -> Command:
        return Command(
            what,
            encryption.command(what, *arguments),
            self.folder / f"{what}.txt",
            self.folder / f"{what}.errors.txt",
            cwd=rooms.start_folder(),
        )
