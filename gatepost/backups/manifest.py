"""What is known of a backup?  What lies beside it in a manifest, and nothing that is not there.

A backup of ours is an archive and, beside it, `NAME.manifest.json`, the sums of its bytes and the
baseline of what it was made of.  It counts once its manifest says by what it was verified.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from gatepost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION: Literal[1] = 1
PLAIN = ".dump"
ENCRYPTED = ".dump.age"
_SUFFIX = ".manifest.json"
# All that belongs to a backup, the manifest last: a removal that is cut short leaves one that says
# what is gone.
_PARTS = (
    *(PLAIN, ENCRYPTED, f"{PLAIN}.sha256", f"{ENCRYPTED}.sha256"),
    *(".baseline.json", ".baseline.bin", ".verdict.json", _SUFFIX),
)


@dataclass(frozen=True)
class Verified:
    """When a backup was restored and compared, and by what.

    :param by: the headline of the gate that said GO.
    :param server: on which it was restored.
    :param restore_s: what the restore took.
    """

    at: dt.datetime
    by: str
    server: str
    restore_s: float


@dataclass(frozen=True)
class Manifest:
    """A `NAME.manifest.json`, field by field.

    :param server: its address, without role and password.
    :param started: a moment before that which the backup shows.
    :param archive: the name of the file, in the manifest's own folder.
    :param sha256: of the bytes that lie there, encrypted ones as they are.
    :param rows: in all relations together, as the baseline has them.
    :param like: how the database was made, which is in no archive; ``belongings``: its settings,
        grants and limits, which are not there either.
    :param verified: None until it was.
    """

    version: Literal[1]
    gatepost: str
    project: str
    label: str
    database: str
    server: str
    system_identifier: str
    server_version: str
    pg_dump: str
    pg_restore: str
    snapshot: str
    started: dt.datetime
    finished: dt.datetime
    archive: str
    bytes: int
    sha256: str
    encrypted_to: tuple[str, ...]
    baseline: str
    relations: int
    rows: int
    like: dict[str, Any]
    belongings: dict[str, Any]
    verified: Verified | None = None


_MANIFEST = TypeAdapter(Manifest)


@dataclass(frozen=True)
class Stored:
    """A backup as it lies in a folder.

    :param of: the system identifier and the name of the database that it was made of.
    :param at: the moment that it shows; None where nobody can tell.
    :param trouble: why it does not count; empty for a good one.
    """

    name: str
    folder: Path
    of: tuple[str, str] = ("", "")
    at: dt.datetime | None = None
    trouble: str = ""
    manifest: Manifest | None = None

    @property
    def good(self) -> bool:
        """Whether it counts, as far as can be told without reading all of it."""
        return not self.trouble

    @property
    def archive(self) -> Path:
        """The file."""
        if self.manifest is not None:
            return self.folder / self.manifest.archive
        locked = self.folder / f"{self.name}{ENCRYPTED}"
        return locked if locked.exists() else self.folder / f"{self.name}{PLAIN}"

    @property
    def parts(self) -> tuple[Path, ...]:
        """All files that belong to it and are there, in the order in which they can be removed."""
        known = (self.folder / f"{self.name}{suffix}" for suffix in _PARTS)
        return tuple(file for file in known if file.exists())

    def altered(self) -> str:
        """Return how the archive differs from what was written; empty if it does not."""
        assert self.manifest is not None  # asked of those that have one
        return altered(self.archive, self.manifest)


def named(database: str, label: str) -> str:
    """Return what a backup is called; a name may hold what a file's may not."""
    return f"{quote(database, safe=' ')}-{label}"


def place(folder: Path, name: str) -> Path:
    """Return the manifest's file."""
    return folder / f"{name}{_SUFFIX}"


def write(manifest: Manifest, folder: Path, name: str) -> Path:
    """Put a manifest in its place, whole or not at all; return its file."""
    file = place(folder, name)
    part = file.with_name(f"{file.name}.part")
    with part.open("wb") as opened:
        opened.write(_MANIFEST.dump_json(manifest, indent=2) + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(file)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return file


def read(file: Path) -> Manifest:
    """Return a manifest.

    :raises UsageError: there is none, or it is none that this gatepost can read.
    """
    try:
        return _MANIFEST.validate_json(file.read_bytes())
    except OSError as error:
        raise UsageError(f"{file.name} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{file.name} is no manifest: {where or 'it'}: {first['msg']}") from None


def stored(folder: Path) -> tuple[Stored, ...]:
    """Return the backups of a folder, newest first, then those that nobody can tell the age of.

    No archive is read: what was altered without a change of its size, `Stored.altered` finds.
    """
    found = sorted(_stored(folder), key=lambda one: one.name)
    return tuple(sorted(found, key=lambda one: -one.at.timestamp() if one.at else 0.0))


def at(file: Path) -> Stored | None:
    """Return the backup that an archive is; None for one without a manifest."""
    name = _bare(file)
    return _one(file.parent, name) if place(file.parent, name).exists() else None


def newest_good(folder: Path, of: tuple[str, str] | None = None) -> Stored | None:
    """Return the newest backup that counts; None without one.

    :param of: the system identifier and the name of a database; of any where it is None.
    """
    return next((one for one in stored(folder) if one.good and of in (None, one.of)), None)


def strays(folder: Path) -> tuple[Path, ...]:
    """Return what belongs to no backup any more, or not yet: parts without archive and manifest."""
    known = {one.name for one in stored(folder)}
    return tuple(
        file
        for suffix in _PARTS
        for file in sorted(folder.glob(f"*{suffix}"))
        if file.name.removesuffix(suffix) not in known
    )


def altered(archive: Path, known: Manifest) -> str:
    """Return how an archive differs from what was written; empty if it does not.  Reads it all."""
    try:
        with archive.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if found == known.sha256 else "is not what was written: its sha256 differs"


def _stored(folder: Path) -> Iterator[Stored]:
    known = {file.name.removesuffix(_SUFFIX) for file in folder.glob(f"*{_SUFFIX}")}
    for name in known:
        yield _one(folder, name)
    archives = (file for suffix in (PLAIN, ENCRYPTED) for file in folder.glob(f"*{suffix}"))
    for name in {_bare(file) for file in archives} - known:
        yield Stored(name, folder, trouble="it has no manifest")


def _one(folder: Path, name: str) -> Stored:
    try:
        manifest = read(place(folder, name))
    except UsageError as error:
        return Stored(name, folder, trouble=error.message)
    return Stored(
        name,
        folder,
        of=(manifest.system_identifier, manifest.database),
        at=manifest.started,
        trouble=_trouble(folder, manifest),
        manifest=manifest,
    )


def _trouble(folder: Path, manifest: Manifest) -> str:
    try:
        size = (folder / manifest.archive).stat().st_size
    except OSError as error:
        return f"{manifest.archive} cannot be read: {error.strerror}"
    if not size:
        return f"{manifest.archive} is empty"
    if size != manifest.bytes:
        return f"{manifest.archive} has {size:,} bytes, and {manifest.bytes:,} were written"
    if manifest.verified is None:
        return "it was never restored and compared"
    return ""


def _bare(file: Path) -> str:
    return file.name.removesuffix(".age").removesuffix(PLAIN)
