"""Of what a migration renamed or took away, what is still to be asked, and by which name?

What is gone is told by `rows` and by `schema`: they know whether that was meant.  Between two
databases nothing may be gone, so that every question is asked of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from gatepost import names, references
from gatepost.additions import evolution
from gatepost.names import Relation, dotted
from gatepost.verdict import NotPlanned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.references import Reference
    from gatepost.schema.catalog import Catalog, Table
    from gatepost.schema.selection import Selection
    from gatepost.settings import Priority, Settings

    Found = tuple[object, str, Priority]

Naming = Callable[[Relation], tuple[Relation, Mapping[str, str]]]

TELLS = "`rows` and `schema` tell whether that was declared"


def orphans(settings: Settings, before: Catalog, after: Catalog) -> Iterator[Found | NotPlanned]:
    """Yield a check for each reference, by its names after, and why none for others."""
    found: dict[str, Reference] = {}
    for one in references.known(settings, after, before):
        now = _called(one, partial(evolution.name_after, settings, before, after))
        found.setdefault(now.subject, now)
    for subject, one in sorted(found.items()):
        if why := _lost(settings, before, after, one):
            yield NotPlanned("orphans", f"{subject}: {why}")
        else:
            yield one, subject, settings.priority(str(one.child))


def columns(
    settings: Settings, after: Catalog, tables: Iterable[Table]
) -> Iterator[Found | NotPlanned]:
    """Yield a check for each table whose rows are compared, and why none for others."""
    for table in tables:
        name, because = str(table.relation), evolution.because(settings, table.relation)
        if because and after.table(table.relation) is None:
            yield NotPlanned("columns", f"{name} is gone, as declared: {because}")
        else:
            yield table.relation, name, settings.priority(name)


def earlier(settings: Settings, before: Catalog, after: Catalog, one: Reference) -> Reference:
    """Return a reference by its names on the before side."""
    return _called(one, partial(evolution.name_before, settings, before, after))


def sequences(
    settings: Settings, before: Catalog, after: Catalog, selection: Selection
) -> Iterator[Found | NotPlanned]:
    """Yield a check for each sequence, and why none for others.

    :param selection: what `schema` compares: of all else nobody but this question tells.
    """
    for name in sorted({str(one.relation) for side in (before, after) for one in side.sequences}):
        lost = after.sequence(names.relation(name)) is None and evolution.is_one_database(settings)
        known = before.object(name) if lost else None
        if known is None or not selection.takes(known):
            yield name, name, "important"
        else:
            yield NotPlanned(
                "sequences", f"{name} is gone: `schema` tells whether that was declared"
            )


def counters(settings: Settings, before: Catalog, after: Catalog) -> Iterator[Found | NotPlanned]:
    """Yield a check for each column that holds a count, and why none for others."""
    for one in settings.project.counters:
        relation, column = names.column(one.column)  # one that names none is refused now
        was, now = (side.table(relation) for side in (before, after))
        there = was is not None and was.column(column) is not None
        lost = there and (now is None or now.column(column) is None)
        if lost and evolution.is_one_database(settings):
            yield NotPlanned("counters", f"{one.column} is gone: {TELLS}")
        else:
            yield one, one.column, one.priority
    if not settings.project.counters:
        yield NotPlanned("counters", "the project declares no [[counters]]")


def _lost(settings: Settings, before: Catalog, after: Catalog, one: Reference) -> str:
    """Return what a reference has lost by a migration; empty where it was never there either."""
    lacking = ", ".join(f"{table}.{dotted(column)}" for table, column in one.lacking(after))
    there = earlier(settings, before, after, one).is_in(before)
    if not (lacking and there and evolution.is_one_database(settings)):
        return ""
    return f"{lacking} is gone: {TELLS}"


def _called(one: Reference, naming: Naming) -> Reference:
    child, children = naming(one.child)
    parent, parents = naming(one.parent)
    return replace(
        one,
        child=child,
        child_columns=tuple(children.get(name, name) for name in one.child_columns),
        parent=parent,
        parent_columns=tuple(parents.get(name, name) for name in one.parent_columns),
    )
