"""Is there a backup of the target, and could it be restored?

A file's size says nothing: a whole archive may be small, and an empty one is listed with a name and
a date like any other.  So the newest is read through by pg_restore, and its contents are compared
with the tables that should be in it.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost import tools
from gatepost.durations import spoken
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Backup

_NAMED = 5


@dataclass(frozen=True)
class File:
    """A backup file.

    :param age: seconds since it was last written.
    """

    path: Path
    size: int
    age: float


def files(folder: Path, backup: Backup) -> tuple[File, ...]:
    """Return the files that the project's pattern names, newest first."""
    now = time.time()
    found = [path for path in folder.glob(backup.files) if path.is_file()]
    stats = [(path, path.stat()) for path in found]
    stats.sort(key=lambda pair: (-pair[1].st_mtime_ns, pair[0].name))
    return tuple(File(path, stat.st_size, now - stat.st_mtime) for path, stat in stats)


def findings(
    backup: Backup, found: tuple[File, ...], catalog: Catalog, pg_bin: str
) -> tuple[str, ...]:
    """Return why the newest backup could not be restored, or does not hold the target's tables.

    It is read from end to end once; nothing is written anywhere.

    :param catalog: of the target as it is.
    :raises UsageError: there is no pg_restore to read it with.
    """
    if not found:
        return (f"{backup.files}: no file of that name: there is no backup",)
    newest = found[0]
    empty = sum(1 for file in found if not file.size)
    if not newest.size:
        return (f"{newest.path.name} is empty, and so are {empty} of {len(found)} backups",)
    said = list(_readable(newest, backup, pg_bin))
    if not said:
        said.extend(_complete(newest, catalog, pg_bin))
    return tuple(said)


def _readable(file: File, backup: Backup, pg_bin: str) -> Iterator[str]:
    name = file.path.name
    if backup.max_age is not None and file.age > backup.max_age:
        yield f"{name} is {spoken(file.age)} old, {spoken(backup.max_age)} allowed"
    noted = file.path.with_name(f"{name}.sha256")
    if noted.exists() and noted.read_text().split()[:1] != [_sha256(file.path)]:
        yield f"{name} is not the file whose checksum stands in {noted.name}"
    # Listing reads no further than the head: only reading it through finds a cut or damaged end.
    done = _pg_restore(pg_bin, "--file", os.devnull, str(file.path))
    if done.returncode or done.stderr.strip():
        yield f"{name} cannot be restored: {_first_line(done.stderr)}"


def _complete(file: File, catalog: Catalog, pg_bin: str) -> Iterator[str]:
    toc = _pg_restore(pg_bin, "--list", str(file.path)).stdout
    entries = [rest for line in toc.splitlines() if (rest := line.partition(" TABLE DATA ")[2])]
    wanted = [
        table.relation
        for table in catalog.tables
        if table.kind == "table" and table.persistence == "permanent"
    ]
    missing = [
        str(relation)
        for relation in wanted
        if not any(entry.startswith(f"{relation.schema} {relation.name} ") for entry in entries)
    ]
    if missing:
        shown = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
        yield f"{file.path.name} lacks {len(missing)} of {len(wanted)} tables: {shown}"


def _pg_restore(pg_bin: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    clients = tools.candidates(pg_bin)
    if not clients:
        raise UsageError(
            "no pg_restore to read the backup with", hint="name its folder as pg_bin, [migrate]"
        )
    newest = max(clients, key=lambda client: client.major)
    return subprocess.run(
        [str(newest.folder / "pg_restore"), *arguments],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason given")
