"""What do the questions about declarations say of two databases?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gatepost import objects, sequences
from gatepost.database import Connection
from gatepost.parity import digests, readings
from gatepost.schema import (
    catalog,
    configuration,
    differences,
    extensions,
    privileges,
)
from gatepost.schema.configuration import set_otherwise
from gatepost.schema.configuration.set_otherwise import Target
from gatepost.schema.declared import Privileges
from gatepost.schema.differences import Differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatepost.schema.catalog import Catalog
    from gatepost.schema.declarations import Object


@dataclass(frozen=True)
class Facts:
    """All that the questions read of one database."""

    conn: Connection

    @cached_property
    def catalog(self) -> Catalog:
        """What it declares."""
        return catalog.read(self.conn)

    @cached_property
    def configuration(self) -> tuple[Object, ...]:
        """To what it is set."""
        return configuration.read(self.conn)

    @cached_property
    def privileges(self) -> tuple[Object, ...]:
        """Whose it is."""
        return privileges.read(self.conn)

    @cached_property
    def positions(self) -> dict[str, sequences.Position]:
        """Where its sequences stand."""
        return sequences.positions(self.conn)

    def read(self) -> Facts:
        """Read everything now, so that two databases are read at the same time."""
        _ = self.catalog, self.configuration, self.privileges, self.positions
        return self


def _schema(was: Facts, now: Facts) -> Iterator[Differences]:
    for identity in _names(was.catalog.objects, now.catalog.objects):
        if not identity.startswith("extension "):
            yield differences.between(identity, was.catalog, now.catalog)


def _extensions(was: Facts, now: Facts) -> Iterator[Differences]:
    before, after = extensions.read(was.conn), extensions.read(now.conn)
    for identity in _names(before, after):
        name = identity.removeprefix("extension ")
        yield extensions.compare(extensions.named(name, before), extensions.named(name, after))


def _settings(was: Facts, now: Facts) -> Iterator[Differences]:
    for subject in configuration.SUBJECTS:
        target = Target(now.conn.info.dbname)
        yield set_otherwise.compare(subject, was.configuration, now.configuration, target, {})


def _privileges(was: Facts, now: Facts) -> Iterator[Differences]:
    compared = privileges.Comparison(was.privileges, now.privileges, Privileges())
    yield from map(compared.of, compared.subjects)


def _sequences(was: Facts, now: Facts) -> Iterator[Differences]:
    for one in now.catalog.sequences:
        name = str(one.relation)
        if name in was.positions:
            positions = was.positions[name], now.positions[name]
            yield Differences(sequences.findings(one, *positions, ()))


def _objects(was: Facts, now: Facts) -> Iterator[Differences]:
    for subject in objects.SUBJECTS:
        compared = objects.compare(subject, objects.Asked(was.conn), objects.Asked(now.conn))
        # what is out of order on both sides is no difference
        yield Differences(compared.findings)


def _rows(was: Facts, now: Facts) -> Iterator[Differences]:
    for table in now.catalog.tables:
        other = was.catalog.table(table.relation)
        if other is None or {table.kind, other.kind} != {"table"} or other.columns != table.columns:
            continue
        before, after = readings.pair(other, table)
        if digests.digest(was.conn, before) != digests.digest(now.conn, after):
            yield Differences((f"{table.relation}: other rows",))


# Each yields what it says of the one side after the other, subject by subject.
ASKED = {
    "schema": _schema,
    "extensions": _extensions,
    "settings": _settings,
    "privileges": _privileges,
    "sequences": _sequences,
    "objects": _objects,
    "rows": _rows,
}


def _names(was: Iterable[Object], now: Iterable[Object]) -> list[str]:
    return sorted({one.identity for one in (*was, *now)})
