"""When is a dump an archive?  When it is whole, on the disk and hashed: then it gets its name."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING, Literal

from gatepost import database
from gatepost.errors import ToolFailed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gatepost.dsn import Dsn

    from ..migration import Migration
    from ..plan import Plan

_MEGABYTE = 1_000_000
# Bytes of a table that is worth a job of its own.
_LARGE = 32 * _MEGABYTE
# Up to so many, the baseline and one job leave none to another.
_CORES = 2
# Bytes: a disk with less is full, to whoever writes an archive.
_ROOM = 256 * 1024


def format_of(plan: Plan) -> Literal["custom", "directory"]:
    """Return the format that the project chose, or the one that is written faster.

    Jobs share a dump table by table: where less than two tables are large, one of them would do
    all of it, and one file is easier to keep than many.  What they share is the work of gzip, on
    this machine, and the baseline beside them takes a core: of two tables on two cores, two jobs
    took 0.93 of the time of one file, and the restore took as long.
    """
    declared = plan.settings.project.migrate
    if declared.format != "auto":
        return declared.format
    large = sum(table.bytes >= _LARGE for table in plan.survey.tables)
    several = min(declared.jobs, large) > 1 and (os.cpu_count() or 1) > _CORES
    return "directory" if several else "custom"


def seal(part: Path, archive: Path) -> str:
    """Make an archive of a finished dump, a file or a folder, and return the hash of its sums.

    All of it is on the disk, then hashed, and its sums are on the disk, before it gets its name:
    what has the name and no sums, or the sums and no name, is none.

    :raises ToolFailed: there is nothing.
    """
    if not part.exists():
        raise ToolFailed("pg_dump said that all went well, and left no archive")
    files = _files(part)
    for file in files:
        _to_disk(file)
    if part.is_dir():
        _to_disk(part)
    sums = "".join(f"{_sha256(file)}  {_name(file, part, archive)}\n" for file in files)
    listed = sums_of(archive)
    listed.write_text(sums, encoding="utf-8")
    _to_disk(listed)
    part.replace(archive)
    _to_disk(archive.parent)
    return hashlib.sha256(sums.encode()).hexdigest()


def verify(archive: Path) -> None:
    """Make sure that an archive is what was written: each file of it, and no other.

    :raises ToolFailed: it is not; the file is named.
    """
    try:
        lines = sums_of(archive).read_text(encoding="utf-8").splitlines()
        there = {_name(file, archive, archive): file for file in _files(archive)}
    except OSError as error:
        raise ToolFailed(f"{archive.name} cannot be verified: {error.strerror}") from None
    written = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in sorted(written.keys() | there.keys()):
        if name not in there:
            raise ToolFailed(f"{name} is not what was written: it is gone")
        if name not in written:
            raise ToolFailed(f"{name} was not written by the dump")
        if _sha256(there[name]) != written[name]:
            raise ToolFailed(f"{name} is not what was written: its sha256 differs")


def sums_of(archive: Path) -> Path:
    """Return the file with the hashes of an archive, as `sha256sum --check` reads it beside it."""
    return archive.with_name(f"{archive.name}.sha256")


def size(archive: Path) -> int:
    """Return the bytes of an archive, of an unfinished one too; 0 where there is none."""
    try:
        return sum(file.stat().st_size for file in _files(archive))
    except FileNotFoundError:  # pg_dump renames and removes while we look
        return 0


def remove(archive: Path) -> None:
    """Remove an archive, or what was to become one."""
    if archive.is_dir():
        shutil.rmtree(archive)
    else:
        archive.unlink(missing_ok=True)


def explained(error: ToolFailed, folder: Path) -> ToolFailed:
    """Return what a program failed with, and that the disk is full, which it had no room to say."""
    if shutil.disk_usage(folder).free > _ROOM:
        return error
    return ToolFailed(
        f"{error.message}: no room is left in {folder}",
        hint="make room, or name another folder as work under [migrate]",
    )


def client_environment(run: Migration, dsn: Dsn, phase: str) -> dict[str, str]:
    """Return the environment in which a client finds its server, and speaks English."""
    there, told = run.plan.survey, dsn.environment()
    server = there.source if dsn == run.plan.settings.before else there.target
    if server.sees_clients:  # or its backend would work on for nobody, should the client be killed
        options = told.get("PGOPTIONS", os.environ.get("PGOPTIONS", ""))
        told["PGOPTIONS"] = f"{options} -c client_connection_check_interval=1000".strip()
    name = f"{database.APPLICATION} {run.label} {phase}"
    return {**told, "PGAPPNAME": name, "LC_ALL": "C"}


def spoken_size(size: int) -> str:
    """Return a number of bytes as a person says it; -1 where nobody may know."""
    if size < 0:
        return "size unknown"
    return f"{size / 1e6:,.1f} MB" if size >= _MEGABYTE else f"{size / 1e3:.1f} kB"


def _files(archive: Path) -> Sequence[Path]:
    return sorted(archive.iterdir()) if archive.is_dir() else (archive,)


def _name(file: Path, root: Path, archive: Path) -> str:
    """Return the name under which a file of an archive is listed, seen from where that lies."""
    return f"{archive.name}/{file.name}" if file != root else archive.name


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
