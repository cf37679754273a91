"""Where may an export be written, so that it is never written over the only copy?"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gatepost.errors import UsageError
from gatepost.exporting import manifest
from gatepost.origin import FILES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatepost.settings import Settings

_NEW = "an export is written into a new folder, and never over anything"


def sources(settings: Settings) -> Iterator[Path]:
    """Yield the folders in which the source's files lie, or lay."""
    for source in (settings.source, settings.project.source):
        if not source.url.startswith(FILES):
            continue
        folder = settings.path(source.url.removeprefix(FILES).removeprefix("//"))
        yield folder
        for rules in source.collections.values():
            if rules.file:
                yield (folder / rules.file).parent


def new(settings: Settings, given: Path) -> Path:
    """Return the folder to be made, with no link left in its path.

    :raises UsageError: something has that name, or it lies in a folder of the source's, or one of
        these would lie in it; wherever links lead.
    """
    if os.path.lexists(given):
        raise UsageError(f"--to={given}: exists already", hint=_unfinished(given) or _NEW)
    if not given.parent.is_dir():
        raise UsageError(f"--to={given}: no folder {given.parent}", hint="make it first")
    folder = given.parent.resolve() / given.name
    for one in sources(settings):
        held = one.resolve()
        if folder == held or held in folder.parents or folder in held.parents:
            where = "is" if folder == held else "lies in" if held in folder.parents else "holds"
            raise UsageError(
                f"--to={given}: {where} the source's folder {held}",
                hint="what is there may be the only copy: write the export beside it",
            )
    return folder


def _unfinished(folder: Path) -> str:
    """Return what to do with what an export left that was killed; empty for anything else."""
    if not any(folder.rglob("*.part")) or (folder / manifest.FILE).exists():
        return ""
    return f"it holds an export that was never finished: look at it, then remove {folder}"
