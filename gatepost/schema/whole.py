"""In what do two databases differ as a whole, by all that either declares?

What the checks `settings`, `extensions`, `schema` and `privileges` would say of the two, one after
the other, without a gate around them and without a server: both may be texts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gatepost.schema import differences, extensions, privileges
from gatepost.schema.catalog import Catalog
from gatepost.schema.configuration import set_otherwise
from gatepost.schema.configuration.set_otherwise import Target
from gatepost.schema.declarations import Object
from gatepost.schema.differences import Differences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.schema.dump import Declared
    from gatepost.schema.selection import Selection
    from gatepost.settings import Project

# What a database is called in a statement that would mend it, where that is not known.
_NAME = "NAME"


@dataclass(frozen=True)
class Said:
    """What is said of one subject of a question."""

    question: str
    subject: str
    differences: Differences


def compare(
    before: Declared, after: Declared, project: Project, selection: Selection
) -> Iterator[Said]:
    """Yield what differs in each subject, the equal ones too.

    :param project: how declarations are compared.
    :param selection: of which objects; what was dumped by a selection of its own is compared with
        no more than that.
    """
    yield from _settings(before, after, project)
    yield from _objects(before, after, project, selection)
    yield from _rights(before, after, project)


def _settings(before: Declared, after: Declared, project: Project) -> Iterator[Said]:
    was, now = _configured(before), _configured(after)
    roles = project.privileges.roles
    for subject in ("database", "roles"):
        found = set_otherwise.compare(subject, was, now, Target(after.name or _NAME), roles)
        yield Said("settings", subject, found)


def _configured(declared: Declared) -> tuple[Object, ...]:
    """Return what is set, and a server of which nothing is known."""
    return (
        *(_named(one, declared) for one in declared.configuration),
        Object("server", "server", {"settings": {}}),
    )


def _named(one: Object, declared: Declared) -> Object:
    """Return an object, that of the database with its name, which is no part of a schema."""
    if one.kind != "database":
        return one
    return replace(one, attributes={"name": declared.name or _NAME, **one.attributes})


def _objects(
    before: Declared, after: Declared, project: Project, selection: Selection
) -> Iterator[Said]:
    was, now = _catalog(before), _catalog(after)
    strict = project.compare_schema.strict_names
    for identity, kind in _selected(before, after, selection):
        if kind == "extension":
            name = identity.removeprefix("extension ")
            yield Said(
                "extensions", name, extensions.compare(was.object(identity), now.object(identity))
            )
        else:
            found = differences.between(identity, was, now, strict=strict)
            yield Said("schema", identity, found)


def _rights(before: Declared, after: Declared, project: Project) -> Iterator[Said]:
    was, now = (tuple(_named(one, side) for one in side.privileges) for side in (before, after))
    compared = privileges.Comparison(was, now, project.privileges)
    for subject in compared.subjects:
        yield Said("privileges", subject, compared.of(subject))


def _catalog(declared: Declared) -> Catalog:
    return Catalog(tables=(), foreign_keys=(), sequences=(), objects=declared.objects)


def _selected(before: Declared, after: Declared, selection: Selection) -> Iterator[tuple[str, str]]:
    """Yield identity and kind of what is compared, extensions first."""
    objects = (*before.objects, *after.objects)
    chosen = (selection, before.selection, after.selection)
    taken = set[str].intersection(*(set(one.taken(objects)) for one in chosen))
    kinds = {one.identity: one.kind for one in objects if one.identity in taken}
    yield from sorted(kinds.items(), key=lambda one: (one[1] != "extension", one[0]))
