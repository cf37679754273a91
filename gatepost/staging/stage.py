"""How does a source that is no database become the before side?  It is copied into one.

Each collection becomes a table of documents, views name its fields, and the project's queries stand
over these views: from then on the database made here *is* the source.  It is taken for nothing of
the kind before a mark says that all of it is there.
"""

from __future__ import annotations

import contextlib
import functools
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from gatepost import origin
from gatepost.dsn import Dsn
from gatepost.errors import UsageError
from gatepost.sources import collections
from gatepost.staging import identities, mapped, registry, room, views
from gatepost.staging.building import build
from gatepost.staging.loading import Loaded, load
from gatepost.staging.places import IDS, view_of
from gatepost.staging.progress import Progress, Report
from gatepost.staging.registry import StagedCollection
from gatepost.staging.room import server
from gatepost.wording import meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatepost.database import Connection
    from gatepost.settings import Settings
    from gatepost.sources.collections import Collection
    from gatepost.staging.views import View

__all__ = [
    "Progress",
    "Staged",
    "StagedCollection",
    "build",
    "drop",
    "into",
    "is_staged_source",
    "opened",
    "server",
    "settings_for",
    "view_of",
]

is_staged_source = origin.is_staged_source

# Collections that are read and sent at the same time.
_BESIDE = 2


@dataclass(frozen=True)
class Staged:
    """A database in which a source lies, marked as whole."""

    dsn: Dsn
    collections: tuple[StagedCollection, ...]
    seconds: float


def into(
    settings: Settings,
    server: Dsn,
    progress: Callable[[Progress], None] | None = None,
    migrate: Callable[[Dsn], None] | None = None,
) -> Staged:
    """Make a database on ``server`` and copy the source of ``settings`` into it.

    All or nothing: on any error the database is dropped, and one whose maker was killed has no mark
    and is dropped by the next who stages there.  Large collections are begun first, two at a time.

    :param server: an address of a server on which databases may be made.
    :param progress: called about four times a second, and at the end of each collection.
    :param migrate: builds the target's tables in the empty database of that address: `build`.
    :raises SourceFault: a file is not what it should be.
    :raises UsageError: a query that the server refuses, a declared field that no record has, or
        collections that would have one view.
    """
    began = time.monotonic()
    found = collections.of(settings)
    _refuse_names(found)
    with room.made(server) as (dsn, conn):
        if migrate is not None:
            migrate(dsn)
        registry.open_up(conn)
        loaded = _load(dsn, found, Report(progress, found))
        noted = tuple(_described(conn, one) for one in loaded)
        identities.fill(dsn, settings.project.name, found)
        mapped.make(dsn, settings, (view.relation for _, made in noted for view in made))
        registry.finish(conn)
    staged = tuple(collection for collection, _ in noted)
    return Staged(dsn, staged, time.monotonic() - began)


@contextlib.contextmanager
def opened(
    settings: Settings, progress: Callable[[Progress], None] | None = None
) -> Iterator[Settings]:
    """Yield the settings of a source that is staged, as `into` does, until the block ends.

    As they are where the source is a database, a baseline or staged already.
    """
    if not settings.to_be_staged:
        yield settings
        return
    with server(settings) as there:
        staged = into(settings, there, progress, functools.partial(build, settings))
        try:
            yield settings_for(settings, staged)
        finally:
            drop(staged)


def drop(staged: Staged) -> None:
    """Drop the database of a staged source, and end the sessions in it."""
    room.drop(staged.dsn.of("postgres"), staged.dsn.dbname)


def settings_for(settings: Settings, staged: Staged | Dsn) -> Settings:
    """Return the settings with the database in which the source lies in the source's place."""
    dsn = staged.dsn if isinstance(staged, Staged) else staged
    source = settings.source.model_copy(update={"url": dsn.raw})
    return settings.model_copy(update={"source": source, "staged": True})


def _load(dsn: Dsn, found: tuple[Collection, ...], report: Report) -> list[Loaded]:
    """Load all collections; the first error ends what is under way, and is raised."""
    largest_first = sorted(found, key=lambda one: -one.size)
    with ThreadPoolExecutor(_BESIDE, thread_name_prefix="gatepost-stage") as pool:
        loads = [pool.submit(load, dsn, one, report.of(one)) for one in largest_first]
        try:
            loaded = [one.result() for one in as_completed(loads)]
        except BaseException:
            report.stop()
            pool.shutdown(cancel_futures=True)
            raise
    return sorted(loaded, key=lambda one: one.collection.name)


def _described(conn: Connection, loaded: Loaded) -> tuple[StagedCollection, list[View]]:
    """Make the views of a collection, and write down what is in it."""
    rules = loaded.collection.rules
    fields = views.declared(_declared(loaded), loaded.census.fields)
    made = views.of(loaded.collection.name, fields, rules.json_fields)
    if rules.ids and all(column.path != rules.ids for column in made[0].columns):
        raise UsageError(
            f"[source.collections.{loaded.collection.name}] ids: '{rules.ids}' lies within a list"
            " or an object, and an id is a field of the record itself"
        )
    for view in made:
        try:
            conn.execute(view.statement)
        except psycopg.errors.DuplicateTable:
            raise UsageError(
                f"collection '{loaded.collection.name}': {view.relation} is the view of what lies"
                " within another collection",
                hint="declare it under another name, with file = …",
            ) from None
    return registry.note(conn, loaded, made), made


def _declared(loaded: Loaded) -> tuple[str, ...]:
    """Return the fields that the project speaks of, each of which has a column then.

    :raises UsageError: one that is to hold something, and that no record has.
    """
    rules, census = loaded.collection.rules, loaded.census
    meant_to_hold = {"ids": (rules.ids,) * bool(rules.ids), "credentials": rules.credentials}
    for key, named in meant_to_hold.items():
        for one in named:
            if census.records and one not in census.fields and one not in rules.fields:
                raise UsageError(
                    f"[source.collections.{loaded.collection.name}] {key}: no record has '{one}'",
                    hint=meant(one, census.fields) or f"it has {', '.join(census.fields)}",
                )
    spoken = (*rules.fields, *rules.json_fields, *rules.waive, *rules.credentials)
    return tuple(dict.fromkeys((*spoken, *meant_to_hold["ids"])))


def _refuse_names(found: tuple[Collection, ...]) -> None:
    if any(one.name == IDS.name for one in found):
        raise UsageError(
            f"collection '{IDS.name}': {IDS} is the table of legacy ids",
            hint="declare it under another name, with file = …",
        )
