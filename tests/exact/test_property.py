"""Do equal data give equal digests, and does any single change give others, whatever the type?

Tables over all types are drawn, dumped and restored into a newer server.  What differs after a
change is asked of `tests.exact.model` as well, which reads both tables whole.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from gatepost.dsn import Dsn
from gatepost.parity import hashes, tables
from tests.exact import model, strategies
from tests.exact.columns import KINDS, TYPES
from tests.exact.restoring import made, restored, told
from tests.exact.strategies import Table
from tests.pairs import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatepost.embedded import Server

pytestmark = pytest.mark.slow

TABLES_PER_TYPE = 2


@dataclass(frozen=True)
class Migrated:
    """One database before, and four after: as restored, and what was done to copies of that."""

    tables: tuple[Table, ...]
    before: Dsn
    after: Dsn
    reordered: Dsn
    changed: Dsn


@pytest.fixture(scope="module")
def drawn() -> tuple[Table, ...]:
    """Tables over all types, the same at every run."""
    found = [
        table
        for start, kind in enumerate(KINDS)
        for table in strategies.drawn(strategies.tables(kind), TABLES_PER_TYPE, start=start)
    ]
    return tuple(replace(table, name=f"t{n}") for n, table in enumerate(found))


@pytest.fixture(scope="module", params=[15, 16], ids="{}_to_18".format)
def migrated(
    request: pytest.FixtureRequest,
    server18: Server,
    drawn: tuple[Table, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Migrated]:
    """All tables, dumped and restored at once."""
    server: Server = request.getfixturevalue(f"server{request.param}")
    name = f"property_{server.major}"
    with contextlib.ExitStack() as held:
        before = held.enter_context(made(server, name))
        after = held.enter_context(made(server18, name))
        told(before, [TYPES, *(table.made() for table in drawn)])
        restored(server, server18, name, tmp_path_factory.mktemp(name))
        copies = [
            held.enter_context(made(server18, f"{name}_{copy}", name))
            for copy in ("reordered", "changed")
        ]
        told(copies[0], (table.reordered() for table in drawn))
        told(copies[1], (table.changed() for table in drawn))
        yield Migrated(drawn, before, after, *copies)


def shown(table: Table) -> str:
    """Return the SQL that makes a table and its change, for whoever reads the failure."""
    return (table.made() + sql.SQL(";\n") + table.changed()).as_string()


def test_every_type_has_values(drawn: tuple[Table, ...]) -> None:
    with_values = {
        column.kind.type
        for table in drawn
        for at, column in enumerate(table.columns)
        if any(row[at] is not None for row in table.rows)
    }

    assert {kind.type for kind in KINDS} <= with_values


@pytest.mark.parametrize("copy", ["after", "reordered"])
def test_equal_data_have_equal_digests(migrated: Migrated, copy: str) -> None:
    with opened(migrated.before, getattr(migrated, copy)) as session:
        for table in migrated.tables:
            found = tables.compare(session, table.relation)

            assert found.was is not None
            assert found.was == found.now, shown(table)
            assert (found.alike, found.finding, found.damage) == (True, "", ())
            assert found.was.rows == len(table.rows)


@pytest.mark.parametrize("method", ["hash64", "sha256"])
def test_any_single_change_is_noticed_and_its_rows_are_named(
    migrated: Migrated, method: hashes.Hash
) -> None:
    unseen = 0
    with (
        opened(migrated.before, migrated.changed) as session,
        model.reader(migrated.before) as before,
        model.reader(migrated.changed) as after,
    ):
        session.handover = replace(session.handover, hash=method)
        for table in migrated.tables:
            found = tables.compare(session, table.relation)
            expected = model.differences(table, before(table), after(table))
            unseen += not expected

            assert (found.was != found.now) == bool(expected), shown(table)
            assert found.alike == (not expected), shown(table)
            if expected:
                assert model.told(table, found.at_fault) == expected, shown(table)

    # A change to what was there already is none; most are.
    assert unseen < len(migrated.tables) // 5
