"""Which migrations is a release made of, and are they those that another run was made of?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.ledgers import checksums
from gatepost.migrations import chain
from gatepost.verdict import MigrationFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.migrations.chain import File
    from gatepost.settings import Settings

_SHOWN = 12  # of a checksum's digits


def here(settings: Settings) -> tuple[File, ...]:
    """Return the migrations that the project has now; none where it names no folder of them."""
    folder = settings.migrations
    return chain.of(folder).files if folder is not None and folder.is_dir() else ()


def recorded(settings: Settings) -> tuple[MigrationFile, ...]:
    """Return what a verdict keeps of the migrations that the project has now."""
    return tuple(MigrationFile(one.name, one.sha256) for one in here(settings))


def differences(now: Sequence[File], then: Sequence[MigrationFile]) -> Iterator[str]:
    """Yield where the migrations of now are not those of then, each with its name.

    Line ends alone make no difference, as they make none to whoever runs the files.
    """
    known = {one.name: one.sha256 for one in then}
    for one in now:
        digest = known.pop(one.name, "")
        if not digest:
            yield f"{one.name} is a migration here, and was none there"
        elif digest not in checksums.sha256_forms(one.raw):
            was, is_now = digest[:_SHOWN], one.sha256[:_SHOWN]
            yield f"{one.name} is another file: sha256 {was}… there, {is_now}… here"
    for name in known:
        yield f"{name} was a migration there, and is none here"
