"""When is a dump an archive?  When it is whole, on the disk and hashed: then it gets its name."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from gatepost import database
from gatepost.errors import ToolFailed

if TYPE_CHECKING:
    from pathlib import Path

    from gatepost.dsn import Dsn

    from .migration import Migration

_MEGABYTE = 1_000_000


def seal(part: Path, archive: Path) -> str:
    """Make an archive of a finished dump: on the disk first, then hashed, then named."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    digest = _sha256(part)
    sums = _sums(archive)
    sums.write_text(f"{digest}  {archive.name}\n", encoding="ascii")
    part.replace(archive)
    return digest


def verify(archive: Path) -> None:
    """Make sure that an archive is what was written.

    :raises ToolFailed: it is not.
    """
    digest = _sums(archive).read_text(encoding="ascii").split()[0]
    if _sha256(archive) != digest:
        raise ToolFailed(f"{archive.name} is not what was written: its sha256 differs")


def client_environment(run: Migration, dsn: Dsn, phase: str) -> dict[str, str]:
    """Return the environment in which a client finds its server, and speaks English."""
    name = f"{database.APPLICATION} {run.label} {phase}"
    return {**dsn.environment(), "PGAPPNAME": name, "LC_ALL": "C"}


def spoken_size(size: int) -> str:
    """Return a number of bytes as a person says it; -1 where nobody may know."""
    if size < 0:
        return "size unknown"
    return f"{size / 1e6:,.1f} MB" if size >= _MEGABYTE else f"{size / 1e3:.1f} kB"


def _sums(archive: Path) -> Path:
    return archive.with_suffix(".dump.sha256")


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
