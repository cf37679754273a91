"""What is to be seen of one media file, on disk and through the application?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost.answers import is_absolute, shown
from gatepost.errors import CannotConnect
from gatepost.http import OK
from gatepost.media import files, form, kinds
from gatepost.media.faults import Fault, Kind

if TYPE_CHECKING:
    from gatepost.http import Client


@dataclass(frozen=True)
class Place:
    """Where a side keeps its media.

    :param folders: None where its files are not on this machine.
    :param bases: URLs that serve it, each of which must serve everything.
    """

    folders: files.Folders | None = None
    bases: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.folders is not None or bool(self.bases)

    def inner(self, path: str) -> str | None:
        """Return ``path`` below this place; None where it is a URL on somebody else's host."""
        if not is_absolute(path):
            return path
        below = (path[len(base) :] for base in self.bases if path.startswith(f"{base}/"))
        return next(below, None)


@dataclass(frozen=True)
class Seen:
    """One file, as it was found.

    :param file: on disk; None where it is not there, or no folder is known.
    :param lengths: in bytes, as each server said; without those that did not say.
    """

    faults: tuple[Fault, ...]
    file: Path | None = None
    size: int | None = None
    lengths: tuple[int, ...] = ()


def look(path: str, where: Place, client: Client) -> Seen:
    """Return what there is of ``path``, on disk first; what is at fault there is not requested.

    :param path: well formed and below ``where``, as `Place.inner` returns it.
    :raises CannotConnect: a server of this place does not answer.
    :raises NotReadable: a file or a folder may not be read.
    """
    found = files.Found(None)
    if where.folders is not None:
        found = where.folders.find(form.file_name(path))
        fault = _on_disk(found, form.extension(path))
        if fault is not None:
            return Seen((fault,), found.file, found.size)
    served = [_served_by(base, path, client) for base in where.bases]
    faults = tuple(fault for fault, _ in served if fault is not None)
    lengths = tuple(length for _, length in served if length is not None)
    return Seen(faults, found.file, found.size if found.file else None, lengths)


def look_elsewhere(url: str, client: Client) -> Seen:
    """Return what somebody else's server says of ``url``; that it does not answer is a fault."""
    try:
        fault, length = _served(url, client)
    except CannotConnect as error:
        reason = error.message.rpartition(": ")[2]
        return Seen((Fault(Kind.UNSERVED, reason),))
    return Seen((fault,) if fault else (), lengths=(length,) if length else ())


def changed(was: Seen, now: Seen) -> Fault | None:
    """Return how a file differs from what it was, as far as both sides let it be seen.

    Files on both disks are compared byte for byte; otherwise only lengths can be.
    """
    if was.file and now.file and not files.same(was.file, now.file):
        sizes = f"{was.size:,} bytes before, {now.size:,} after"
        return Fault(Kind.CHANGED, "" if was.size == now.size else sizes)
    before = was.size if was.size is not None else next(iter(was.lengths), None)
    for length in now.lengths:
        if before is not None and length != before:
            return Fault(Kind.CHANGED, f"{before:,} bytes before, {length:,} served")
    return None


def _on_disk(found: files.Found, extension: str) -> Fault | None:
    if found.file is None:
        return Fault(Kind.CASE, f"the folder holds {found.almost}") if found.almost else _MISSING
    if not found.size:
        return Fault(Kind.EMPTY)
    wrong = files.contradiction(found.file, extension)
    return Fault(Kind.CONTENT, wrong) if wrong else None


def _served_by(base: str, path: str, client: Client) -> tuple[Fault | None, int | None]:
    try:
        return _served(base + path, client)
    except CannotConnect as error:
        # Without the path: its column may be masked.
        reason = error.message.rpartition(": ")[2]
        raise CannotConnect(
            f"cannot fetch media from {shown(base)}: {reason}", hint=error.hint
        ) from None


def _served(url: str, client: Client) -> tuple[Fault | None, int | None]:
    answer = client.head(url)
    if answer.status != OK:
        led = f", redirects to {answer.location}" if answer.location else ""
        return Fault(Kind.UNSERVED, f"status {answer.status}{led}"), None
    if answer.length == 0:
        return Fault(Kind.EMPTY, "served without a byte"), 0
    return _type_fault(answer.content_type, form.extension(url)), answer.length


def _type_fault(content_type: str, extension: str) -> Fault | None:
    kind = kinds.of(extension)
    fits = content_type in kind.types if kind else content_type.startswith(kinds.FAMILIES)
    return None if fits else Fault(Kind.TYPE, content_type or "no content type")


_MISSING = Fault(Kind.MISSING)
