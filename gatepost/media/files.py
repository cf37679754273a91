"""Is a file there, under exactly that name, and is it what its extension says?"""

from __future__ import annotations

import contextlib
import filecmp
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost.errors import NotReadable, UsageError
from gatepost.media import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = 64


@dataclass(frozen=True)
class Found:
    """Where a name led.

    :param file: None where there is no such file.
    :param size: in bytes.
    :param almost: the name of a file that differs from the one asked for in case alone.
    """

    file: Path | None
    size: int = 0
    almost: str = ""


class Folders:
    """Looks names up below some folders; the first that has a name counts.

    Names are compared with what listing a folder yields, so that `a.JPG` is not `a.jpg` on a file
    system that would open the one for the other: the server it moves to may not.

    :param roots: absolute folders.
    :raises UsageError: one of them is no folder on this machine.
    """

    def __init__(self, roots: tuple[Path, ...]) -> None:
        for root in roots:
            if not root.is_dir():
                raise UsageError(
                    f"media folder '{root.name}' is no folder on this machine",
                    hint="give the URL that serves it, or run the gate where the files are",
                )
        self.roots = roots
        self._listings: dict[Path, frozenset[str]] = {}

    def find(self, name: str) -> Found:
        """Return the file that ``name`` means, a path with `/` below one of the folders.

        :raises NotReadable: a folder on the way may not be listed.
        """
        parts = name.split("/")
        if not {"", ".", ".."}.isdisjoint(parts):
            return Found(None)  # a name that leaves the folder is the name of none of its files
        for root in self.roots:
            file = self._exactly(root, parts)
            if file is not None:
                return Found(file, file.stat().st_size)
        near = (self._almost(root, parts) for root in self.roots)
        return Found(None, almost=next((one for one in near if one), ""))

    def _exactly(self, root: Path, parts: list[str]) -> Path | None:
        at = root
        for part in parts:
            if part not in self._names(at):
                return None
            at = at / part
        return at if at.is_file() else None

    def _almost(self, root: Path, parts: list[str]) -> str:
        at = root
        for part in parts:
            same = (one for one in sorted(self._names(at)) if one.casefold() == part.casefold())
            name = part if part in self._names(at) else next(same, "")
            if not name:
                return ""
            at = at / name
        return at.relative_to(root).as_posix() if at.is_file() else ""

    def _names(self, folder: Path) -> frozenset[str]:
        # Two threads may list one folder at once: both get the same answer.
        if folder not in self._listings:
            self._listings[folder] = _listed(folder)
        return self._listings[folder]


def contradiction(file: Path, extension: str) -> str:
    """Return how the first bytes of ``file`` contradict its extension; empty where they fit."""
    kind = kinds.of(extension)
    if kind is None or kind.begins(_first(file)):
        return ""
    return f"does not begin as {kind.name} does"


def same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes, by comparing their bytes; memory does not grow."""
    with _readable(one), _readable(other):
        return filecmp.cmp(one, other, shallow=False)


def _listed(folder: Path) -> frozenset[str]:
    try:
        with _readable(folder):
            return frozenset(one.name for one in folder.iterdir())
    except (NotADirectoryError, FileNotFoundError):
        return frozenset()


def _first(file: Path) -> bytes:
    with _readable(file), file.open("rb") as opened:
        return opened.read(FIRST)


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say in our words that something may not be read, without its name, which may be masked."""
    try:
        yield
    except PermissionError:
        kind = "folder" if path.is_dir() else "file"
        raise NotReadable(
            f"a media {kind} may not be read", hint="give this account the right to read it"
        ) from None
