"""What is to be asked of what a migration made, and of what the tables before it hold?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost import names
from gatepost.additions import evolution
from gatepost.additions.gone import TELLS
from gatepost.conduct import PHASES
from gatepost.verdict import NotPlanned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.additions.declared import Expectation
    from gatepost.additions.evolution import Evolution
    from gatepost.names import Relation
    from gatepost.schema.catalog import Catalog
    from gatepost.settings import Gate, Priority, Settings

    Found = tuple[object, str, Priority]

NOTHING_NEW = "nothing is new after: no table, no column"
_TWO_DATABASES = "the target is no migrated copy of the source: what is new there, `schema` tells"


def additions(settings: Settings, after: Catalog, new: Evolution) -> Iterator[Found | NotPlanned]:
    """Yield a check for each table that is new, has something new, or was declared to have."""
    if not evolution.is_one_database(settings):
        yield NotPlanned("additions", _TWO_DATABASES)
        return
    for one in settings.project.additions:
        if why := _not_asked(settings, after, new, one):
            yield NotPlanned("additions", why)
    yield from _of(settings, _asked(settings, after, new))


def none(settings: Settings, after: Catalog, new: Evolution) -> bool:
    """Return whether facts say that there is nothing to ask."""
    return evolution.is_one_database(settings) and not _asked(settings, after, new)


def content(settings: Settings, gate: Gate, before: Catalog) -> Iterator[Found | NotPlanned]:
    """Yield a check for each table whose content the project declares."""
    declared = settings.project.content
    if not declared:
        yield NotPlanned("content", "the project declares no [[content]]")
        return
    if gate == "pre" and settings.staged:
        yield NotPlanned("content", "the source is files: asked once the tables are filled")
        return
    wanted: set[Relation] = set()
    for one in declared:
        relation = evolution.subject(one, "content")
        if gate == "pre" and not _is_there(before, one, relation):
            # Before a migration what it makes is not there yet; after it a check says so.
            yield NotPlanned("content", f"{one.name} is not there yet")
        else:
            wanted.add(relation)
    yield from _of(settings, wanted)


def _asked(settings: Settings, after: Catalog, new: Evolution) -> set[Relation]:
    return set(new.relations) | {
        evolution.subject(one, "additions")
        for one in settings.project.additions
        if not _not_asked(settings, after, new, one)
    }


def _not_asked(settings: Settings, after: Catalog, new: Evolution, one: Expectation) -> str:
    """Return why a declared addition is not asked for; empty if it is."""
    relation = evolution.subject(one, "additions")
    if not _is_there(after, one, relation):
        if _is_there(new.before, one, relation):
            return f"{one.name} was there before, and is gone: {TELLS}"
        return f"{one.name} is not there after this phase" if _goes_on(settings) else ""
    columns = {column.name for column in new.columns.get(relation, ())}
    is_new = relation in new.tables or bool(columns)
    if one.column and relation not in new.tables:
        is_new = names.column(one.column)[1] in columns
    return "" if is_new else f"{one.name} is not new: it was there before"


def _goes_on(settings: Settings) -> bool:
    """Whether another phase is to come, which may still make what is not there."""
    if not settings.phase:
        return False
    later = PHASES[PHASES.index(settings.phase) + 1 :]
    return any(settings.project.migrate.phases.of(one) for one in later)


def _is_there(catalog: Catalog, one: Expectation, relation: Relation) -> bool:
    table = catalog.table(relation)
    if table is None or not one.column:
        return table is not None
    return table.column(names.column(one.column)[1]) is not None


def _of(settings: Settings, relations: Iterable[Relation]) -> Iterator[Found]:
    for relation in sorted(relations, key=str):
        yield relation, str(relation), settings.priority(str(relation))
