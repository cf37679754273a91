"""Is there a backup of the target, and could it be restored?

A file's size says nothing: a whole archive may be small, and an empty one is listed with a name and
a date like any other.  So the newest is read through by pg_restore, and its contents are compared
with the tables that should be in it.  One of ours must be what was written, and verified, besides.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from gatepost import rooms, tools
from gatepost.backups import encryption, manifest
from gatepost.backups.manifest import Stored
from gatepost.durations import spoken
from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Backup, Settings

_NAMED = 5
_NOBODY = ("", "")  # of which database a backup is that nobody can tell


@dataclass(frozen=True)
class File:
    """A backup file.

    :param age: seconds since the moment that it shows, or, where nobody noted that, since it was
        last written.
    :param stored: what its manifest makes of it; None where it has none.
    """

    path: Path
    size: int
    age: float
    stored: Stored | None = None


def files(folder: Path, backup: Backup, of: tuple[str, str]) -> tuple[File, ...]:
    """Return the files that the project's pattern names, and our own, newest first.

    What lies in our folder and not in the pattern needs a manifest to count.

    :param of: the system identifier and the name of the database: ours of others are left out.
    """
    own = {one.archive: one for one in manifest.stored(folder / backup.folder)}
    matching = folder.glob(backup.files) if backup.files else ()
    named = {path for path in matching if path.is_file()}
    stored = {
        path: own[path] if path in own and path not in named else manifest.at(path)
        for path in own.keys() | named
    }
    ours = {path: one for path, one in stored.items() if one is None or one.of in (of, _NOBODY)}
    found = (_file(path, one) for path, one in ours.items())
    return tuple(sorted(found, key=lambda one: (one.age, one.path.name)))


def findings(
    settings: Settings, found: tuple[File, ...], catalog: Catalog, pg_bin: str
) -> tuple[str, ...]:
    """Return why the newest backup could not be restored, or does not hold the target's tables.

    It is read from end to end, once for its checksum and once by pg_restore; nothing is written
    anywhere.

    :param catalog: of the target as it is.
    :raises UsageError: there is no pg_restore to read it with.
    """
    backup = settings.project.backup
    assert backup is not None  # or nobody would ask
    if not found:
        return (f"{backup.place}: no file of that name: there is no backup",)
    newest = found[0]
    if newest.stored is not None and not newest.stored.good:
        return (_not_counted(newest.stored, found),)
    empty = sum(1 for file in found if not file.size)
    if not newest.size:
        return (f"{newest.path.name} is empty, and so are {empty} of {len(found)} backups",)
    reader = _Reader(newest, settings.path(backup.identity) if backup.identity else None, pg_bin)
    said = list(_readable(newest, backup, reader))
    if not said:
        said.extend(_complete(newest, catalog, reader))
    return tuple(said)


def _file(path: Path, stored: Stored | None) -> File:
    try:
        stat = path.stat()
    except FileNotFoundError:  # its manifest is there, and says so
        size, written = 0, 0.0
    else:
        size, written = stat.st_size, stat.st_mtime
    moment = stored.at.timestamp() if stored and stored.at else written
    return File(path, size, time.time() - moment, stored)


def _not_counted(newest: Stored, found: tuple[File, ...]) -> str:
    good = next((one.stored for one in found if one.stored and one.stored.good), None)
    last = f"the last that counts is {good.name}" if good else "none of ours counts"
    return f"{newest.archive.name} is no backup yet: {newest.trouble}; {last}"


def _readable(file: File, backup: Backup, reader: _Reader) -> Iterator[str]:
    name = file.path.name
    if backup.max_age is not None and file.age > backup.max_age:
        yield f"{name} is {spoken(file.age)} old, {spoken(backup.max_age)} allowed"
    noted = file.path.with_name(f"{name}.sha256")
    if file.stored is not None:
        if altered := file.stored.altered():
            yield f"{name} {altered}"
            return
    elif noted.exists() and noted.read_text().split()[:1] != [_sha256(file.path)]:
        yield f"{name} is not the file whose checksum stands in {noted.name}"
    if reader.locked:
        yield f"{name} cannot be restored: {reader.locked}"
        return
    # Listing reads no further than the head: only reading it through finds a cut or damaged end.
    done = reader.restore("--file", os.devnull)
    if done.returncode or done.stderr.strip():
        yield f"{name} cannot be restored: {_first_line(done.stderr)}"


def _complete(file: File, catalog: Catalog, reader: _Reader) -> Iterator[str]:
    toc = reader.restore("--list").stdout
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


@dataclass(frozen=True)
class _Reader:
    """Reads one archive with the newest pg_restore that is there, through its key if it has one."""

    file: File
    identity: Path | None
    pg_bin: str

    @property
    def encrypted(self) -> bool:
        """Whether a key is needed."""
        return self.file.path.name.endswith(manifest.ENCRYPTED)

    @property
    def locked(self) -> str:
        """Why it cannot be opened; empty if it can, or need not be."""
        if not self.encrypted:
            return ""
        if self.identity is None:
            return "it is encrypted, and [backup] names no identity"
        try:
            return encryption.opens(self.file.path, self.identity)
        except UsageError as error:
            return error.message

    def restore(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run pg_restore on it, and return what became of that."""
        argv = [str(self._newest() / "pg_restore"), *arguments]
        if not self.encrypted:
            return _run([*argv, str(self.file.path)])
        assert self.identity is not None  # else it is locked
        opening = encryption.command("decrypt", self.file.path, "/dev/stdout", self.identity)
        with subprocess.Popen(
            opening, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=rooms.start_folder()
        ) as opened:
            done = _run([*argv, "--format=custom"], opened.stdout)
        if opened.returncode and "--list" not in arguments and not done.returncode:
            return subprocess.CompletedProcess(argv, 1, "", "it cannot be decrypted to its end")
        return done

    def _newest(self) -> Path:
        clients = tools.candidates(self.pg_bin)
        if not clients:
            raise UsageError(
                "no pg_restore to read the backup with", hint="name its folder as pg_bin, [migrate]"
            )
        return max(clients, key=lambda client: client.major).folder


def _run(argv: list[str], stdin: IO[bytes] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv, check=False, stdin=stdin, capture_output=True, text=True, errors="replace"
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason given")
