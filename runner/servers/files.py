"""Which files is a source of files, and are they still what was staged?

Files know no snapshot and no lock.  What was copied is what their bytes hash to; that they hash to
the same at the end is the proof that nothing was written meanwhile.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from gatepost.errors import UsageError
from gatepost.origin import FILES
from gatepost.run_file import SourceFile
from gatepost.sources import collections, documents, foreign
from gatepost.wording import counted, sized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from gatepost.settings import Settings
    from gatepost.sources.collections import Collection

FILE = "staged.json"
_AT_ONCE = 1 << 20  # bytes of a file in memory while it is hashed
_NAMED = 5
_FILES = TypeAdapter(tuple[SourceFile, ...])


def called(settings: Settings) -> str:
    """Return what a person calls the source; no password is in it."""
    url = settings.source.url
    return url.removeprefix(FILES) or "." if url.startswith(FILES) else foreign.shown(url)


def size(settings: Settings) -> int:
    """Return the bytes of all files; 0 where there are none to be measured."""
    return sum({one.file: one.size for one in collections.of(settings)}.values())


def told(settings: Settings) -> str:
    """Return in words what there is to be read now: `3 files of data/: channels.json 12 MB, …`."""
    found = collections.of(settings)
    largest = sorted(found, key=lambda one: -one.size)
    named = ", ".join(f"{_name(one)} {sized(one.size)}" for one in largest[:_NAMED] if one.file)
    more = f" and {len(found) - _NAMED} more" if named and len(found) > _NAMED else ""
    count = counted(len(found), "collection")
    return f"{count} of {called(settings)}" + (f" ({named}{more})" if named else "")


def changed(
    settings: Settings, was: Sequence[SourceFile], progress: Callable[[int, int], None]
) -> list[str]:
    """Return in words what is not as it was when it was staged; every byte is read again.

    :param settings: of the source as it was declared, unstaged.
    :param progress: told the bytes that were read, and how many there are.
    """
    now = {one.name: one for one in collections.of(settings)}
    known = {one.collection: one for one in was}
    total = sum(one.size for one in now.values())
    said = [f"{name} is new" for name in sorted(now.keys() - known.keys())]
    said += [f"{known[name].file or name} is gone" for name in sorted(known.keys() - now.keys())]
    read = 0
    for name in sorted(now.keys() & known.keys()):
        digest = hashlib.sha256() if now[name].file else None
        for piece in _pieces(now[name]):
            if digest is not None:
                digest.update(piece)
            read += len(piece)
            progress(read, total)
        found = digest.hexdigest() if digest is not None else _of_documents(now[name])
        if found != known[name].sha256:
            said.append(f"{now[name].label} is not what was staged")
    return said


def _pieces(collection: Collection) -> Iterator[bytes]:
    if collection.file is None:
        return
    with collection.file.open("rb") as file:
        while piece := file.read(_AT_ONCE):
            yield piece


def _of_documents(collection: Collection) -> str:
    """Return the hash of what another database says, which is read once more for it."""
    digest = hashlib.sha256()
    for chunk in documents.read(collection):
        digest.update("".join(f"{text}\n" for text in chunk.texts).encode())
    return digest.hexdigest()


def _name(collection: Collection) -> str:
    return collection.file.name if collection.file else collection.label


def write(files: Sequence[SourceFile], folder: Path) -> None:
    """Keep what was staged in a run's folder, on the disk when this returns."""
    with (folder / FILE).open("wb") as file:
        file.write(_FILES.dump_json(tuple(files), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> tuple[SourceFile, ...]:
    """Return what a run has staged; nothing where it came to no end of it.

    :raises UsageError: it was noted, and cannot be read.
    """
    if not (folder / FILE).exists():
        return ()
    try:
        return _FILES.validate_json((folder / FILE).read_bytes())
    except ValidationError:
        raise UsageError(f"{folder / FILE}: cannot be read: what was staged is not known") from None
