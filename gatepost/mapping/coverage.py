"""Is anything in the source that no query takes, and nobody has given up in writing?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatepost.told import Told
from gatepost.wording import counted, meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.mapping.mapped import Collection, Field, Mapped
    from gatepost.origin import SourceCollection

_HINT = "  hint: use it in a query of [tables], or say why not: [source.collections.{name}] {how}"


@dataclass(frozen=True)
class Covered:
    """What becomes of one field.

    :param queries: the tables that a query fills with it; ``waived``: why none does.
    :param left: the kinds of its values that none of these takes, where they take what lies in it.
    """

    path: str
    present: int
    queries: tuple[str, ...]
    waived: str
    left: tuple[str, ...] = ()


def judge(mapped: Mapped, name: str, rules: SourceCollection) -> Told:
    """Return what becomes of a collection; as facts, of each of its fields.  Pure.

    A field counts as soon as one record has it, null or not.  A list or an object is taken where a
    query takes it whole, or anything in it.
    """
    collection = mapped.collection(name)
    reading = mapped.reading(name)
    found = fields(mapped, collection, rules)
    if rules.unmapped:
        return Told((), tuple(_given_up(collection, reading, rules)), found)
    if not reading or (collection.records and not any(one.queries for one in found)):
        return Told((_unread(collection),), (), found)
    return Told(tuple(_lost(collection, found)), tuple(_notes(collection, found, rules)), found)


def fields(mapped: Mapped, collection: Collection, rules: SourceCollection) -> tuple[Covered, ...]:
    """Return what becomes of each field of a collection.  Pure."""
    return tuple(_covered(mapped, collection, one, rules) for one in collection.fields)


def _covered(
    mapped: Mapped, collection: Collection, field: Field, rules: SourceCollection
) -> Covered:
    takers = mapped.takers(collection, field.path)
    reasons = map(rules.waive.get, (field.path, *collection.above(field.path)))
    waived = next(filter(None, reasons), "")
    left: tuple[str, ...] = ()
    if field.plain and takers and not mapped.whole(collection, field.path):
        takers, left = frozenset(), field.plain
    return Covered(field.path, field.present, tuple(sorted(takers)), waived, left)


def _lost(collection: Collection, fields: tuple[Covered, ...]) -> Iterator[str]:
    lost = [one for one in fields if not one.queries and not one.waived]
    paths = {one.path for one in lost}
    for one in lost:
        around = set(collection.above(one.path))
        if around & paths:
            continue  # told with what it is in
        where = counted(one.present, "object")
        if not around:
            where = f"{one.present:,} of {counted(collection.records, 'record')}"
        told = "and no query takes it"
        if one.left:
            told = f"in some as {' or '.join(one.left)}, and queries take only what lies in it"
        yield f"{collection.name}.{one.path}: in {where}, {told}"
    if lost:
        how = f'waive = {{ "{lost[0].path}" = "…" }}'
        yield _HINT.format(name=collection.name, how=how)


def _unread(collection: Collection) -> str:
    records = counted(collection.records, "record")
    hint = _HINT.format(name=collection.name, how='unmapped = "…"')
    return f"{collection.name}: {records}, and no query takes anything of it\n{hint}"


def _given_up(
    collection: Collection, reading: tuple[str, ...], rules: SourceCollection
) -> Iterator[str]:
    yield f"{collection.name}: {counted(collection.records, 'record')} unmapped: {rules.unmapped}"
    if reading:
        yield f"{collection.name}: is said to be unmapped, and read by {', '.join(reading)}"


def _notes(
    collection: Collection, fields: tuple[Covered, ...], rules: SourceCollection
) -> Iterator[str]:
    known = {one.path: one for one in fields}
    for path, reason in rules.waive.items():
        found = known.get(path)
        if found is None:
            near = meant(path, known)
            yield f"{collection.name}: waive '{path}': no record has it" + (near and f"; {near}")
        elif found.queries:
            told = ", ".join(found.queries)
            yield f"{collection.name}: waive '{path}': is taken all the same, by {told}"
        else:
            yield f"{collection.name}.{path}: waived: {reason}"
