"""How does a source that is no database become the before side?  It is copied into one.

Each collection becomes a table of documents, views name its fields, and the project's queries stand
over these views: from then on the database made here *is* the source.  It is taken for nothing of
the kind before a mark says that all of it is there.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatepost.dsn import Dsn
from gatepost.names import Relation
from gatepost.origin import is_staged_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.settings import Settings

__all__ = [
    "DOCUMENTS",
    "MAPPED",
    "OURS",
    "REGISTRY",
    "STAGED",
    "Progress",
    "Staged",
    "StagedCollection",
    "into",
    "is_staged_source",
    "server",
    "settings_for",
    "view_of",
]

# Tables `fields`, `files` and `columns`: what was found, and where it went.
REGISTRY = "gatepost"
# A table for each collection, of its own name: `record bigint primary key, doc jsonb`.  In a schema
# of their own, since a collection may be called `files` too.
DOCUMENTS = "documents"
# A view for each collection with a column for each field, one for what is nested; the table `ids`.
STAGED = "staged"
# A view for each `[tables."public.users"] from`, named `public.users`.
MAPPED = "mapped"
OURS = (DOCUMENTS, REGISTRY, MAPPED, STAGED)


@dataclass(frozen=True)
class StagedCollection:
    """A collection that was staged.

    :param file: within the source's folder; empty where it was no file.
    :param sha256: of the file's bytes as they were read; of the documents where it was no file.
    """

    name: str
    file: str
    bytes: int
    sha256: str
    records: int


@dataclass(frozen=True)
class Staged:
    """A database in which a source lies, marked as whole.

    :param dsn: without a secret in it: a file that only this account may read holds that.
    """

    dsn: Dsn
    collections: tuple[StagedCollection, ...]
    seconds: float


@dataclass(frozen=True)
class Progress:
    """How far staging has come.

    :param records: of this collection that are in the database.
    :param bytes: of all collections that were read; `bytes_in_all` of all there are, 0 if that is
        not known.
    :param seconds: since it began.
    """

    collection: str
    records: int
    bytes: int
    bytes_in_all: int
    seconds: float

    @property
    def rate(self) -> float:
        """Bytes per second."""
        return self.bytes / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """An estimate; None while there is nothing to make one of."""
        if not self.bytes or not self.bytes_in_all:
            return None
        return max(0.0, self.bytes_in_all - self.bytes) / self.rate


def into(
    settings: Settings,
    server: Dsn,
    progress: Callable[[Progress], None] | None = None,
    migrate: Callable[[Dsn], None] | None = None,
) -> Staged:
    """Make a database on ``server`` and copy the source of ``settings`` into it.

    :param server: an address of a server on which databases may be made.
    :param progress: called about four times a second, and at the end of each collection.
    :param migrate: builds the target's tables, in an empty database of that address.
    :raises SourceFault: a file is not what it should be; nothing of it is left.
    :raises UsageError: a query of the project that the server refuses.
    """


@contextlib.contextmanager
def server(settings: Settings) -> Iterator[Dsn]:
    """Yield a server to stage on: that of `[source] scratch`, else one of ours that ends with it.

    :raises UsageError: there is none, or it is the target's.
    """


def settings_for(settings: Settings, staged: Staged | Dsn) -> Settings:
    """Return the settings with the database in which the source lies in the source's place."""
    dsn = staged.dsn if isinstance(staged, Staged) else staged
    source = settings.source.model_copy(update={"url": dsn.raw})
    return settings.model_copy(update={"source": source, "staged": True})


def view_of(relation: Relation) -> Relation:
    """Return the view that stands for what a table should hold."""
    return Relation(MAPPED, str(relation))
