"""What is to be asked about a staged source, and about what is counted?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import references
from gatepost.mapping import filled
from gatepost.mapping.ends import SUBJECT
from gatepost.origin import SourceCollection
from gatepost.verdict import NotPlanned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Priority, Settings

    Found = tuple[object, str, Priority]

# What is said of a source that nobody has staged.
_A_DATABASE = "the source is a database, whose tables are compared as they are"


def rules(settings: Settings, collection: str) -> SourceCollection:
    """Return what the project declared of a collection; the defaults where it said nothing."""
    return settings.source.collections.get(collection, SourceCollection())


def coverage(settings: Settings, collections: Sequence[str]) -> Iterator[Found | NotPlanned]:
    """Yield a check for each collection."""
    if not settings.staged:
        yield NotPlanned("coverage", _A_DATABASE)
    for name in collections:
        yield name, name, "critical"


def casts(settings: Settings) -> Iterator[Found | NotPlanned]:
    """Yield a check for each table that a query fills."""
    declared = settings.project.compare_schema
    tables = filled.relations(settings)
    if not settings.staged:
        yield NotPlanned("casts", _A_DATABASE)
    elif not (settings.migrations or declared.build):
        yield NotPlanned("casts", "[schema] names no migrations: no table is known before the load")
    elif not tables:
        yield NotPlanned("casts", "no table has a query: [tables] from")
    else:
        for one in tables:
            yield one, str(one), settings.priority(str(one))


def ids(
    settings: Settings, collections: Sequence[str], before: Catalog, after: Catalog
) -> Iterator[Found | NotPlanned]:
    """Yield a check for each collection with ids, and one for what points to what."""
    if not settings.staged:
        yield NotPlanned("ids", _A_DATABASE)
        return
    with_ids = [name for name in collections if rules(settings, name).ids]
    for name in with_ids:
        yield name, name, "critical"
    if unseen := ", ".join(_unseen(settings, collections)):
        yield NotPlanned(
            "ids",
            f"whether each record arrives, nothing tells of {unseen}:"
            " [source.collections.NAME] ids, or [export.NAME]",
        )
    elif not with_ids:
        yield NotPlanned("ids", "no collection has any: [source.collections.NAME] ids")
    if references.known(settings, before, after):
        yield SUBJECT, SUBJECT, "important"


def _unseen(settings: Settings, collections: Sequence[str]) -> Iterator[str]:
    """Yield what a query can drop records of, which then lack on both sides alike."""
    for name in collections:
        declared = rules(settings, name)
        if not (declared.ids or declared.unmapped or name in settings.project.export):
            yield name


def credentials(settings: Settings, collections: Sequence[str]) -> Iterator[Found | NotPlanned]:
    """Yield a check for each field that holds credentials."""
    if not settings.staged:
        yield NotPlanned("credentials", _A_DATABASE)
        return
    named = [(name, path) for name in collections for path in rules(settings, name).credentials]
    for name, path in named:
        yield (name, path), f"{name}.{path}", "critical"
    if not named:
        yield NotPlanned("credentials", "none are: [source.collections.NAME] credentials")
